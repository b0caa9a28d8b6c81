/** A repository: its issues and pull requests, and forms to play a contributor. */
import { html } from 'hono/html';
import { roleOf } from '../auth.js';
import { labelsOf } from '../shapes/issue.js';
import type { Issue, Repo } from '../types.js';
import { fullName, type World } from '../world.js';
import { chooseActor, type Html, labelChip, moment, page } from './layout.js';

/** Who looks, and what git says about the repository. */
export interface RepoView {
  readonly actor: string | undefined;
  readonly branches: readonly { readonly name: string; readonly sha: string }[];
  /** A file that a breaking commit would break, with its content. */
  readonly sample: { readonly path: string; readonly content: string };
}

export function repoPage(world: World, repo: Repo, view: RepoView): Html {
  const all = world.store.issues
    .filter((issue) => issue.repoId === repo.id && issue.movedTo === null)
    .sort((a, b) => b.number - a.number);
  const list = (issues: Issue[]) =>
    issues.length > 0 ? issues.map((issue) => issueRow(world, repo, issue)) : html`<li class="soft">None.</li>`;
  const name = fullName(repo);
  const as = chooseActor(world, view.actor, (login) => roleOf(world, repo, login));
  return page({
    title: name,
    content: html`
<h1>${name}</h1>
<p class="soft">${repo.description} ${repo.private ? html`<span class="state wait">private</span>` : ''}</p>
<div class="two">
<section><h2>Pull requests</h2><div class="card"><ul class="rows">${list(all.filter((issue) => issue.pull))}</ul></div></section>
<section><h2>Issues</h2><div class="card"><ul class="rows">${list(all.filter((issue) => !issue.pull))}</ul></div></section>
</div>
<h2>Take part</h2>
<details class="form"><summary>Open an issue</summary>
<form class="block" method="post" action="/${name}/issues">
<label for="issue-title">Title</label><input type="text" id="issue-title" name="title" required />
<label for="issue-body">Text (Markdown)</label><textarea id="issue-body" name="body"></textarea>
<div class="submit"><button class="main">Open issue</button> as ${as}</div>
</form></details>
<details class="form"><summary>Open a pull request</summary>
<form class="block" method="post" action="/${name}/pulls">
<label for="pull-title">Title</label><input type="text" id="pull-title" name="title" required />
<label for="pull-body">Text (Markdown)</label><textarea id="pull-body" name="body"></textarea>
<label for="pull-path">File to change</label><input type="text" id="pull-path" name="path" value="${view.sample.path}" required />
<label for="pull-content">Its new content</label><textarea class="code" id="pull-content" name="content">${view.sample.content}</textarea>
<div class="submit"><button class="main">Push and open</button> as ${as}
<label><input type="checkbox" name="fork" value="yes" /> from a fork</label>
<label><input type="checkbox" name="draft" value="yes" /> as a draft</label></div>
<p class="soft">Whoever has no write access here pushes to a fork in any case.</p>
</form></details>
<details class="form"><summary>Push a commit to a branch</summary>
<form class="block" method="post" action="/${name}/push">
<label for="push-branch">Branch (made if it is not there)</label><input type="text" id="push-branch" name="branch" value="${repo.defaultBranch}" required />
<label for="push-path">File</label><input type="text" id="push-path" name="path" value="${view.sample.path}" required />
<label for="push-content">Its new content</label><textarea class="code" id="push-content" name="content">${view.sample.content}</textarea>
<label for="push-message">Message</label><input type="text" id="push-message" name="message" value="Change ${view.sample.path}" required />
<div class="submit"><button class="main">Push</button> as ${as}</div>
</form></details>
<h2>Branches</h2>
<div class="card"><ul class="rows">${view.branches.map(
      (branch) =>
        html`<li><div class="line"><span class="grow"><code>${branch.name}</code></span><a href="/${name}/commit/${branch.sha}"><code>${branch.sha.slice(0, 8)}</code></a></div></li>`,
    )}</ul></div>`,
  });
}

function issueRow(world: World, repo: Repo, issue: Issue): Html {
  const where = `/${fullName(repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  const state = issue.pull?.merged ? 'merged' : issue.state;
  return html`<li><div class="line"><span class="grow"><a href="${where}">${issue.title}</a> <span class="soft">#${String(issue.number)}</span>
${labelsOf(world, issue).map(labelChip)}</span><span class="state ${state === 'open' ? 'good' : 'soft'}">${state}</span></div>
<div class="soft">${issue.author}, ${moment(issue.createdAt)}</div></li>`;
}
