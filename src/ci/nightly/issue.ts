/**
 * What the issue about a default branch that does not build says (when there is one: `../own-issue.ts`). Pure.
 */
import type { OwnIssueBefore } from '../own-issue.js';
import type { Ending } from '../report/conclusion.js';
import { fromSource } from '../report/ending-text.js';
import { code, fenced, plainLine, prose, shorten } from '../report/text.js';
import { scrub } from '../scrub.js';
import type { Verdict } from '../verdict.js';

/** What is kept of a check that was broken. */
export interface BrokenBefore extends OwnIssueBefore {
  readonly brokenSha: string;
  /** Milliseconds since 1970. */
  readonly brokenAt: number;
}

/** Endings that say that the branch itself cannot be built; the machines' failures, and what is not known, open no issue. */
const BROKEN: readonly Ending[] = ['change', 'base', 'recipe', 'dependency'];

/** Null where the build says nothing about the branch. */
export function isBroken(ending: Ending): boolean | null {
  if (ending === 'passed') return false;
  return BROKEN.includes(ending) ? true : null;
}

export interface NightlyText {
  readonly product: string;
  readonly repository: string;
  readonly branch: string;
  /** The check as people know it, and its spec without the commit. */
  readonly name: string;
  readonly spec: string;
  readonly pool: string;
  readonly sha: string;
  /** First commit that was broken, and when that was found (milliseconds since 1970). */
  readonly brokenSha: string;
  readonly brokenAt: number;
  readonly verdict: Verdict | null;
  readonly reproduce: readonly string[] | null;
  /** Address of the build's page; null where the hub has none. */
  readonly page: string | null;
  /** When it was built (milliseconds since 1970). */
  readonly at: number;
}

export function nightlyTitle({ spec, branch, pool }: NightlyText): string {
  return plainLine(`Nightly: ${spec} does not build from ${branch} (pool ${pool})`, 200);
}

/** The whole text of the issue, as it is now. */
export function nightlyBody(text: NightlyText, broken: boolean): string {
  const { verdict } = text;
  const where = `${code(text.spec)} from branch ${code(text.branch)} of ${text.repository}, in pool ${code(text.pool)}`;
  const head = broken
    ? `**${where} does not build** since ${text.brokenSha.slice(0, 12)} (found ${day(text.brokenAt)}).`
    : `**Green again:** ${where} builds at ${text.sha.slice(0, 12)} (${day(text.at)}). It had not since ${text.brokenSha.slice(0, 12)} (${day(text.brokenAt)}). Close this issue when it is dealt with.`;
  const last = broken ? `Last tried ${day(text.at)} at ${text.sha.slice(0, 12)}.` : '';
  const excerpt = verdict?.excerpt ? fenced(shorten(fromSource(scrub(verdict.excerpt)), 6000)) : '';
  const why = broken && verdict !== null ? [prose(scrub(verdict.summary), 600), excerpt] : [];
  const home =
    broken && text.reproduce !== null ? `**See it at home**\n\n${fenced(text.reproduce.join('\n'), 'sh')}` : '';
  return [
    head,
    last,
    ...why,
    home,
    text.page === null ? '' : `[The build with its whole log](${text.page})`,
    broken
      ? `This is the check ${code(text.name)}. There is one issue for it and this pool: while it is open its text is kept up to date, and it says so when it is green again.`
      : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** For those who are assigned to the issue: an edit of its text tells nobody. Markdown in which nothing calls anybody. */
export function greenAgain(text: Pick<NightlyText, 'name' | 'pool' | 'sha'>, mute: boolean): string {
  return [
    `${code(text.name)} in pool ${code(text.pool)} is green again at ${text.sha.slice(0, 12)}, and you are assigned here. Close this issue when it is dealt with; spokebot does not.`,
    ...(mute ? ['Write `/spokebot mute-me` on a line of its own and spokebot calls you nowhere any more.'] : []),
  ].join(' ');
}

function day(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
