/** The part of a pull request's page that issues don't have: its checks with their buttons, its files, and forms to push to it. */
import { html } from 'hono/html';
import type { ChangedFile } from '../diff.js';
import { requiredChecks } from '../operations/protection.js';
import type { PullIssue, PullNumbers } from '../shapes/pull.js';
import type { CheckRun, Repo } from '../types.js';
import { fullName, type World } from '../world.js';
import { checkMark, count, type Html } from './layout.js';

export interface PullView {
  readonly files: readonly ChangedFile[];
  readonly numbers: PullNumbers;
  /** A file of the head that a commit could change, with its content. */
  readonly sample: { readonly path: string; readonly content: string };
}

export function pullSection(world: World, repo: Repo, issue: PullIssue, view: PullView, as: Html): Html {
  const { pull } = issue;
  const head = world.store.repos.get(pull.headRepoId);
  const name = fullName(repo);
  const where = `/${name}/pull/${issue.number}`;
  const runs = newestRuns(world, repo, pull.headSha);
  return html`
<h2>Checks of <code>${pull.headSha.slice(0, 8)}</code></h2>
<p class="soft">${head ? fullName(head) : 'a repository that is gone'}:${pull.headRef} into ${pull.baseRef},
${count(view.numbers.commits, 'commit')}, ${count(view.numbers.changedFiles, 'file')}, ${mergeWords(view.numbers)}</p>
<div class="card"><ul class="rows">${
    runs.length > 0
      ? runs.map((run) => checkRow(repo, run, where, as))
      : html`<li class="soft">No checks on this head.</li>`
  }</ul></div>
${protection(world, repo, issue)}
<form class="block" method="post" action="${where}/merge"><div class="submit"><button class="main">Merge</button>
<button name="do" value="${pull.draft ? 'ready' : 'draft'}">${pull.draft ? 'Ready for review' : 'Convert to draft'}</button> as ${as}</div></form>
<h2>Files</h2>
${view.files.map(
  (file) => html`<details class="form"><summary>${file.filename} <span class="good">+${String(file.additions)}</span>
<span class="bad">−${String(file.deletions)}</span></summary><pre>${file.patch ?? 'binary'}</pre></details>`,
)}
<details class="form"><summary>Push a commit to this pull request</summary>
<form class="block" method="post" action="${where}/push">
<label for="push-path">File</label><input type="text" id="push-path" name="path" value="${view.sample.path}" required />
<label for="push-content">Its new content</label><textarea class="code" id="push-content" name="content">${view.sample.content}</textarea>
<label for="push-message">Message</label><input type="text" id="push-message" name="message" value="Change ${view.sample.path}" />
<div class="submit"><button class="main">Push</button> as ${as}</div>
</form></details>
<form class="block" method="post" action="${where}/break"><div class="submit">
<button class="danger">Push a commit that breaks ${view.sample.path}</button> as ${as}</div></form>`;
}

export function newestRuns(world: World, repo: Repo, sha: string): CheckRun[] {
  const newest = new Map<string, CheckRun>();
  for (const run of world.store.runs.filter((found) => found.repoId === repo.id && found.headSha === sha))
    newest.set(`${run.appId} ${run.name}`, run);
  return [...newest.values()];
}

function checkRow(repo: Repo, run: CheckRun, where: string, as: Html): Html {
  return html`<li><div class="line"><span class="grow">${checkMark(run)} <a href="/${fullName(repo)}/runs/${String(run.id)}">${run.name}</a>
<span class="soft">${run.output.title ?? ''}</span></span>
${checkButtons(run, where, as)}</div></li>`;
}

/** What a person can do with a check: the App's own buttons, and GitHub's. `where` is a pull request that has it. */
export function checkButtons(run: CheckRun, where: string, as: Html): Html {
  const buttons = run.actions.map(
    (action) =>
      html`<button name="press" value="${action.identifier}" title="${action.description}">${action.label}</button>`,
  );
  return html`<form class="inline line" method="post" action="${where}/checks/${String(run.id)}">${buttons}<button name="rerun" value="yes">Re-run</button> ${as}</form>`;
}

function mergeWords(numbers: PullNumbers): string {
  if (numbers.mergeable === null) return 'not open';
  const words: Readonly<Record<string, string>> = {
    blocked: 'blocked: a required check has not passed',
    dirty: 'conflicts with its base',
    clean: 'can be merged',
    unstable: 'can be merged, but not all checks are green',
    draft: 'a draft',
    behind: 'behind its base',
  };
  return words[numbers.mergeableState] ?? numbers.mergeableState;
}

function protection(world: World, repo: Repo, issue: PullIssue): Html {
  const required = requiredChecks(world, repo, issue.pull.baseRef, issue.pull.headSha);
  if (required.length === 0) return html``;
  const rows = required.map(
    (check) =>
      html`<li><span class="mark ${check.passes ? 'good' : 'wait'}">${check.passes ? '✓' : '·'}</span>${check.context}
<span class="soft">${check.conclusion ?? check.status ?? 'expected'}</span></li>`,
  );
  return html`<h2>Required on ${issue.pull.baseRef}</h2><div class="card"><ul class="rows">${rows}</ul></div>`;
}
