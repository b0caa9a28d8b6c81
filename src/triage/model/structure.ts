/** The shape of an issue: lengths, lists, fences, questions, line ends, and what tells when it was written. As names of features. */
import type { IssueParts, IssueText } from './read-text.js';

const STEPS: Readonly<Record<string, readonly number[]>> = {
  titleLength: [20, 35, 50, 70, 100],
  titleWords: [3, 5, 8, 12],
  proseLength: [1, 80, 200, 400, 800, 1500, 3000],
  bodyLength: [1, 100, 300, 800, 1500, 3000, 6000, 12_000],
  fences: [1, 2, 4],
  questions: [1, 2, 4],
  exclamations: [1, 3],
  headings: [1, 3, 5, 8],
  links: [1, 2, 5],
  template: [1, 3, 8, 15, 25],
  inlineCode: [1, 3, 8],
  bullets: [1, 3, 8],
  numbers: [1, 3],
  unanswered: [1, 2, 4],
  ticked: [1, 3, 5],
  unticked: [1, 3],
  traceLines: [1, 4],
  pictures: [1, 2],
  references: [1, 3],
  mentions: [1, 2],
};

const TITLE_SIGNS: readonly (readonly [string, RegExp])[] = [
  ['asks', /\?\s*$/],
  ['hasQuestionMark', /\?/],
  ['lowerCase', /^[a-z]/],
  ['prefix', /^[\w /,.-]{2,30}:/],
  ['bracket', /^\s*\[/],
  ['code', /`/],
  ['identifier', /[a-z][A-Z]|_|\(\)|::|\.\w/],
  ['quote', /["“”']/],
  ['version', /\d+\.\d+/],
  ['beginsWithHow', /^\W*how\b/i],
  ['beginsWithWh', /^\W*(?:what|why|where|when|which|who|whats)\b/i],
  ['beginsWithVerb', /^\W*(?:is|are|can|could|does|do|did|should|will|would|has|have|any|may)\b/i],
];

const BODY_SIGNS: readonly (readonly [string, RegExp])[] = [
  ['crlf', /\r\n/],
  ['lf', /(?:^|[^\r])\n/],
  ['commitHash', /\b[0-9a-f]{40}\b/],
  ['playground', /gist\.github|codesandbox|jsfiddle|colab\.research|codepen|stackblitz/],
];

/** How often a global expression matches; no more than a step asks for. */
function count(text: string, pattern: RegExp): number {
  let found = 0;
  pattern.lastIndex = 0;
  while (found < ENOUGH && pattern.test(text)) found += 1;
  pattern.lastIndex = 0;
  return found;
}

/** How often a piece of text occurs. */
function times(text: string, piece: string): number {
  let found = 0;
  for (let at = text.indexOf(piece); at >= 0 && found < ENOUGH; at = text.indexOf(piece, at + piece.length)) found += 1;
  return found;
}

/** More than any step of a count that isn't a length. */
const ENOUGH = 32;

/** Calls back with the name of every feature that the issue has. */
export function eachShape(issue: IssueText, parts: IssueParts, found: (name: string) => void): void {
  const body = issue.body.slice(0, 20_000);
  const { title } = issue;
  const counts: Readonly<Record<keyof typeof STEPS, number>> = {
    titleLength: title.length,
    titleWords: count(title, /[A-Za-z]+/g),
    proseLength: parts.prose.length,
    bodyLength: issue.body.length,
    fences: times(body, '```') >> 1,
    questions: times(parts.prose, '?'),
    exclamations: times(parts.prose, '!'),
    headings: count(body, /^#+ /gm),
    links: times(body, 'http'),
    template: parts.template.length,
    inlineCode: times(parts.prose, '`') >> 1,
    bullets: count(body, /^[ \t]*[-*] /gm),
    numbers: count(body, /^[ \t]*\d{1,3}[.)] /gm),
    unanswered: times(body, '_No response_'),
    ticked: count(body, /\[[xX]\]/g),
    unticked: times(body, '[ ]'),
    traceLines: count(body, /^[ \t]*(?:at [^\n(]{1,200}\(|File "|Traceback|#\d+ +0x)/gm),
    pictures: count(body, /!\[|<img|\.(?:png|jpg|gif|mp4)\b/g),
    references: count(body, /#\d{3,}/g),
    mentions: count(body, /(?<=^|\s)@[A-Za-z0-9-]/g),
  };
  for (const [name, steps] of Object.entries(STEPS))
    for (const at of steps) if (counts[name]! >= at) found(`${name} ${at}`);
  for (const [name, pattern] of TITLE_SIGNS) if (pattern.test(title)) found(`title ${name}`);
  for (const [name, pattern] of BODY_SIGNS) if (pattern.test(body)) found(`body ${name}`);
}

/** How many issues a stretch of time has: short ones where there is enough to learn from, long ones for the rest. */
const STRETCHES = [500, 1000, 2000, 4000, 10_000];

/** When it was written, as far as the text tells: templates and habits change over the years. */
export function eachTime(issue: IssueText, found: (name: string) => void): void {
  const body = issue.body.slice(0, 3000);
  const newest = newestReference(issue.body);
  if (newest > 0) found(`reference ${Math.floor(newest / 2000)}`);
  for (const match of body.matchAll(/\b(\d{1,4}\.\d{1,3})(?:\.\d|\b)/g)) found(`version ${match[1]}`);
}

/** The same as a repository counts: its issues by their numbers, and the days that logs and versions name. */
export function eachTimeHere(issue: IssueText, found: (name: string) => void): void {
  eachTime(issue, found);
  const newest = newestReference(issue.body);
  // Stretches overlap, so that no two neighbours are always told apart.
  if (newest > 0)
    for (const stretch of STRETCHES)
      for (const half of [0, 1]) found(`${stretch} ${half} ${Math.floor(newest / stretch + half / 2)}`);
  for (const [, year, month] of issue.body
    .slice(0, 12_000)
    .matchAll(/\b(20[12]\d)(?:[-/.]?(0[1-9]|1[0-2])(?:[-/.]?\d\d)?)?(?!\d)/g)) {
    found(`year ${year}`);
    if (month !== undefined) found(`month ${year} ${month}`);
  }
}

function newestReference(body: string): number {
  let newest = 0;
  for (const match of body.slice(0, 12_000).matchAll(/(?:#|\/issues\/|\/pull\/)(\d{3,6})\b/g))
    newest = Math.max(newest, Number(match[1]));
  return newest;
}
