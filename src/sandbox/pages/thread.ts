/** One issue or pull request: the conversation, what happened in between, and what a person can do next. */
import { html } from 'hono/html';
import { roleOf } from '../auth.js';
import { isPull } from '../operations/pull-events.js';
import { labelsOf } from '../shapes/issue.js';
import type { Comment, Issue, Reaction, ReactionContent, Repo, TimelineEvent } from '../types.js';
import { fullName, type World } from '../world.js';
import { chooseActor, face, type Html, labelChip, markdown, moment, page } from './layout.js';
import { type PullView, pullSection } from './pull.js';

export interface ThreadView {
  readonly actor: string | undefined;
  /** Set for pull requests. */
  readonly pull: PullView | null;
  readonly live: boolean;
}

export function threadPage(world: World, repo: Repo, issue: Issue, view: ThreadView): Html {
  const name = fullName(repo);
  const where = `/${name}/issues/${issue.number}`;
  const as = chooseActor(world, view.actor, (login) => roleOf(world, repo, login));
  const state = issue.pull?.merged ? 'merged' : issue.pull?.draft && issue.state === 'open' ? 'draft' : issue.state;
  return page({
    title: `${issue.title} · ${name}#${issue.number}`,
    reload: view.live ? 3 : null,
    content: html`
<p><a href="/${name}">${name}</a></p>
<h1>${issue.title} <span class="number">#${String(issue.number)}</span></h1>
<p class="line"><span class="state ${state === 'open' ? 'good' : 'soft'}">${state}</span>
${labelsOf(world, issue).map(labelChip)}
${issue.assignees.length > 0 ? html`<span class="soft">assigned to ${issue.assignees.join(', ')}</span>` : ''}
<a href="?${view.live ? '' : 'live=1'}">${view.live ? 'Stop watching' : 'Watch (loads again every 3 s)'}</a></p>
${entry(world, issue.author, issue.createdAt, issue.body, reactionsTo(world, 'issue', issue.id))}
${conversation(world, issue)}
${view.pull && isPull(issue) ? pullSection(world, repo, issue, view.pull, as) : ''}
<h2>Take part</h2>
<form class="block" method="post" action="${where}/comments">
<label for="comment">Comment (Markdown; a line that begins with /spokebot is a command)</label>
<textarea id="comment" name="body" required></textarea>
<div class="submit"><button class="main">Comment</button> as ${as}</div>
</form>
<form class="block" method="post" action="${where}/labels">
<label for="label">Labels, separated by commas</label><input type="text" id="label" name="labels" required />
<div class="submit"><button name="do" value="add">Add</button><button name="do" value="remove">Remove</button> as ${as}</div>
</form>
<form class="block" method="post" action="${where}/state">
<div class="submit"><button name="state" value="${issue.state === 'open' ? 'closed' : 'open'}">${issue.state === 'open' ? 'Close' : 'Reopen'}</button> as ${as}</div>
</form>`,
  });
}

function entry(world: World, author: string, at: string, body: string | null, reactions: readonly Reaction[]): Html {
  const bot = author.endsWith('[bot]');
  const faces = reactions.map(({ content, user }) => html`<span class="reaction">${FACES[content]} ${user}</span> `);
  return html`<article class="card ${bot ? 'bot' : ''}"><div class="head">${face(world, author)} <span>${moment(at)}</span></div>
<div class="body">${markdown(body)}${faces.length > 0 ? html`<p class="soft">${faces}</p>` : ''}</div></article>`;
}

/** Comments and events in the order in which they came; ids grow with time. */
function conversation(world: World, issue: Issue): Html[] {
  const comments = world.store.comments.filter((comment) => comment.issueId === issue.id);
  const events = world.store.timeline.filter((event) => event.issueId === issue.id);
  const all: (Comment | TimelineEvent)[] = [...comments, ...events];
  return all
    .sort((a, b) => a.id - b.id)
    .map((one) =>
      'body' in one
        ? entry(world, one.author, one.createdAt, one.body, reactionsTo(world, 'comment', one.id))
        : eventLine(one),
    );
}

const FACES: Readonly<Record<ReactionContent, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
};

function reactionsTo(world: World, subject: Reaction['subject'], id: number): readonly Reaction[] {
  return world.store.reactions.filter((one) => one.subject === subject && one.subjectId === id);
}

function eventLine(event: TimelineEvent): Html {
  const what = event.label
    ? html`${event.event === 'labeled' ? 'added' : 'removed'} <span class="label" style="--tint: #${event.label.color}">${event.label.name}</span>`
    : event.assignee
      ? html`${event.event} ${event.assignee}`
      : event.rename
        ? html`changed the title from “${event.rename.from}”`
        : html`${event.event.replaceAll('_', ' ')}`;
  return html`<p class="event">${event.actor} ${what}, ${moment(event.createdAt)}</p>`;
}
