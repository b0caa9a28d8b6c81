/** A check run in full, a commit, a file. */
import { html } from 'hono/html';
import { roleOf } from '../auth.js';
import type { ChangedFile } from '../diff.js';
import type { CommitFacts } from '../git.js';
import type { CheckRun, Repo } from '../types.js';
import { fullName, type World } from '../world.js';
import { checkMark, chooseActor, type Html, markdown, moment, page } from './layout.js';
import { checkButtons } from './pull.js';

/** `actor` is who acted last in this browser. */
export function runPage(world: World, repo: Repo, run: CheckRun, actor: string | undefined): Html {
  const name = fullName(repo);
  const pulls = world.store.issues.filter((issue) => issue.repoId === repo.id && issue.pull?.headSha === run.headSha);
  const as = chooseActor(world, actor, (login) => roleOf(world, repo, login));
  const [pull] = pulls;
  const rows = run.annotations.map(
    (one) => html`<li><b class="${one.annotation_level === 'failure' ? 'bad' : 'wait'}">${one.annotation_level}</b>
<code>${one.path}:${String(one.start_line)}</code><pre>${one.message}</pre></li>`,
  );
  return page({
    title: run.name,
    content: html`
<p><a href="/${name}">${name}</a> ${pulls.map((issue) => html`<a href="/${name}/pull/${String(issue.number)}">#${String(issue.number)} ${issue.title}</a> `)}</p>
<h1>${run.name}</h1>
<p class="line">${checkMark(run)} <a href="/${name}/commit/${run.headSha}"><code>${run.headSha.slice(0, 8)}</code></a>
${run.completedAt ? moment(run.completedAt) : ''} ${run.detailsUrl ? html`<a href="${safeLink(run.detailsUrl)}">Details</a>` : ''}</p>
${pull ? checkButtons(run, `/${name}/pull/${pull.number}`, as) : ''}
<article class="card"><div class="head"><b>${run.output.title ?? 'No title yet'}</b></div><div class="body">${markdown(run.output.summary)}</div></article>
${run.output.text ? html`<article class="card"><div class="body">${markdown(run.output.text)}</div></article>` : ''}
${rows.length > 0 ? html`<h2>Annotations</h2><div class="card"><ul class="rows">${rows}</ul></div>` : ''}`,
  });
}

/** An address from an App is shown as a link only if it is one for a browser. */
function safeLink(url: string): string {
  return /^https?:\/\//.test(url) ? url : '#';
}

export function commitPage(repo: Repo, commit: CommitFacts, files: readonly ChangedFile[]): Html {
  const name = fullName(repo);
  const [subject = '', ...rest] = commit.message.split('\n');
  return page({
    title: subject,
    content: html`
<p><a href="/${name}">${name}</a></p>
<h1>${subject}</h1>
<p class="soft">${commit.author.name}, ${moment(commit.author.date)}, <code>${commit.sha}</code></p>
${rest.length > 0 ? html`<pre>${rest.join('\n').trim()}</pre>` : ''}
${files.map((file) => html`<h2><a href="/${name}/blob/${commit.sha}/${file.filename}">${file.filename}</a> <span class="soft">${file.status}</span></h2><pre>${file.patch ?? 'binary'}</pre>`)}`,
  });
}

export function filePage(repo: Repo, path: string, ref: string, content: string): Html {
  const name = fullName(repo);
  return page({
    title: path,
    content: html`<p><a href="/${name}">${name}</a> <span class="soft">at ${ref.slice(0, 40)}</span></p><h1>${path}</h1><pre>${content}</pre>`,
  });
}

export function problemPage(message: string, back: string): Html {
  return page({
    title: 'That did not work',
    content: html`<h1>That did not work</h1><article class="card problem"><div class="body">${message}</div></article><p><a href="${back}">Back</a></p>`,
  });
}
