/** The frame of every page, and the small pieces that pages share. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { atLeast } from '../auth.js';
import type { CheckRun, Label, Role } from '../types.js';
import type { World } from '../world.js';
import { renderMarkdown } from './markdown.js';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Frame {
  readonly title: string;
  readonly content: Html;
  /** Seconds after which the page loads itself again; null stays. */
  readonly reload?: number | null;
}

export function page({ title, content, reload }: Frame): Html {
  const refresh = reload ? html`<meta http-equiv="refresh" content="${String(reload)}" />` : '';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
${refresh}
<title>${title} · sandbox GitHub</title>
<link rel="stylesheet" href="/style.css" />
</head>
<body>
<header class="top">
<strong><a href="/">sandbox GitHub</a></strong>
<a href="/deliveries">Deliveries</a>
<span>A stand-in on this machine. Nothing here reaches github.com.</span>
</header>
<main>${content}</main>
<footer>Play the contributor: open an issue, push a commit, re-run a check, and watch what the App does.</footer>
</body>
</html>`;
}

export function markdown(text: string | null): Html {
  if (text === null || text.trim() === '') return html`<p class="soft">No text.</p>`;
  return html`<div class="markdown">${raw(renderMarkdown(text))}</div>`;
}

export function labelChip(label: Label): Html {
  return html`<span class="label" style="--tint: #${label.color}" title="${label.description ?? ''}">${label.name}</span>`;
}

export function face(world: World, login: string): Html {
  const id = world.store.users.find((user) => user.login === login)?.id ?? 0;
  return html`<img class="face" src="/_sandbox/avatar/${String(id)}" alt="" /> <b>${login}</b>`;
}

export function moment(iso: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** People who may act on the page, as a choice; the one who acted last is chosen. */
export function chooseActor(world: World, last: string | undefined, rolesOf: (login: string) => Role): Html {
  const people = world.store.users
    .filter((user) => user.type === 'User' && atLeast(rolesOf(user.login), 'read'))
    .map((user) => user.login)
    .sort((a, b) => Number(a === 'sandbox') - Number(b === 'sandbox'));
  const options = people.map(
    (login) =>
      html`<option value="${login}" ${login === last ? raw('selected') : ''}>${login} (${rolesOf(login)})</option>`,
  );
  return html`<select name="as" aria-label="Act as">${options}</select>`;
}

const MARKS: Readonly<Record<string, readonly [sign: string, tone: string]>> = {
  success: ['✓', 'good'],
  neutral: ['◦', 'soft'],
  skipped: ['◦', 'soft'],
  failure: ['✗', 'bad'],
  timed_out: ['✗', 'bad'],
  cancelled: ['–', 'soft'],
  action_required: ['!', 'wait'],
  queued: ['·', 'wait'],
  in_progress: ['↻', 'wait'],
};

/** The state of a check run, as a sign and in words. */
export function checkMark(run: CheckRun): Html {
  const state = run.conclusion ?? run.status;
  const [sign, tone] = MARKS[state] ?? ['?', 'soft'];
  return html`<span class="mark ${tone}" aria-hidden="true">${sign}</span><span class="${tone}">${state.replace('_', ' ')}</span>`;
}

/** `1 issue`, `2 issues`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
