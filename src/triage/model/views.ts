/**
 * The views that a model has of an issue. Each is a set of features with a weight of its own: without that, the many
 * character n-grams of a long log would drown the few words of the title.
 */
import { hashText, joinHashes } from './hash.js';
import { eachPhrase, GROUP_COUNT } from './lexicon.js';
import { type IssueText, readText } from './read-text.js';
import { eachShape, eachTime, eachTimeHere } from './structure.js';
import { eachCharacterRun, eachRun, wordsOf } from './tokens.js';

export interface View {
  readonly name: string;
  /** Share in the similarity of two issues; the square of the factor on its features. */
  readonly weight: number;
  /** `text`: tf-idf brought to unit length. `signs`: present or not, rare signs weigh more, any number of them. */
  readonly form: 'text' | 'signs';
  /** Its features are told apart by repository, so that a repository can differ from the pool. */
  readonly perRepo: boolean;
  /** Says something in a repository that the model was not trained on; version numbers and templates do not. */
  readonly anywhere: boolean;
}

/** Which repositories a model is to answer for: those of its training file above all, or any. */
export type Scope = 'trained' | 'any';

const text = (name: string, weight: number, where: 'anywhere' | 'where trained' | 'per repository'): View => ({
  name,
  weight,
  form: 'text',
  perRepo: where === 'per repository',
  anywhere: where === 'anywhere',
});

export const VIEWS: readonly View[] = [
  text('title characters', 1, 'anywhere'),
  text('body words', 1, 'anywhere'),
  text('opening words', 1, 'anywhere'),
  text('prose stems', 1, 'anywhere'),
  text('closing words', 0.3, 'anywhere'),
  text('template', 0.25, 'where trained'),
  text('answers', 0.5, 'where trained'),
  text('time', 0.3, 'where trained'),
  { name: 'signs', weight: 1, form: 'signs', perRepo: false, anywhere: true },
  text('title words here', 0.7, 'per repository'),
  text('time here', 0.8, 'per repository'),
  text('answers here', 0.2, 'per repository'),
  { name: 'signs here', weight: 1, form: 'signs', perRepo: true, anywhere: false },
];

const BY_NAME = new Map(VIEWS.map(({ name }, at) => [name, at]));

function number(name: string): number {
  const at = BY_NAME.get(name);
  if (at === undefined) throw new Error(`There is no view "${name}".`);
  return at;
}

const TITLE_CHARACTERS = number('title characters');
const BODY_WORDS = number('body words');
const OPENING = number('opening words');
const PROSE = number('prose stems');
const CLOSING = number('closing words');
const TEMPLATE = number('template');
const ANSWERS = number('answers');
const TIME = number('time');
const SIGNS = number('signs');
const TITLE_HERE = number('title words here');
const TIME_HERE = number('time here');
const ANSWERS_HERE = number('answers here');
const SIGNS_HERE = number('signs here');

/** Takes one occurrence of a feature; features of different views never share a hash but by chance. */
export type Sink = (view: number, hash: number) => void;

/** All features of an issue, repeated as often as they occur. */
export function eachFeature(issue: IssueText, templates: ReadonlySet<number>, found: Sink): void {
  const parts = readText(issue, templates);
  const here = hashText(issue.repo);
  const both = (view: number, viewHere: number, hash: number) => {
    found(view, hash);
    found(viewHere, joinHashes(here ^ viewHere, hash));
  };
  const title = wordsOf(parts.title);
  eachRun(title.hashes, 0, title.count, 3, TITLE_HERE, (hash) => found(TITLE_HERE, joinHashes(here, hash)));
  eachCharacterRun(` ${parts.title} `, 2, 5, TITLE_CHARACTERS, (hash) => found(TITLE_CHARACTERS, hash));
  const body = wordsOf(parts.body);
  eachRun(body.hashes, 0, body.count, 2, BODY_WORDS, (hash) => found(BODY_WORDS, hash));
  eachRun(body.hashes, 0, wordsBefore(body.ends, 500), 2, OPENING, (hash) => found(OPENING, hash));
  const prose = wordsOf(parts.prose);
  eachRun(prose.stems, 0, Math.min(prose.count, 400), 2, PROSE, (hash) => found(PROSE, hash));
  // Who ends with a wish, a question or a stack trace says what it is about.
  eachRun(prose.hashes, Math.max(0, prose.count - 25), prose.count, 2, CLOSING, (hash) => found(CLOSING, hash));
  for (const line of parts.template) found(TEMPLATE, hashText(line, TEMPLATE));
  for (const answer of parts.answers) both(ANSWERS, ANSWERS_HERE, hashText(answer, ANSWERS));
  eachTime(issue, (name) => found(TIME, hashText(name, TIME)));
  eachTimeHere(issue, (name) => found(TIME_HERE, joinHashes(here ^ TIME_HERE, hashText(name, TIME))));
  const sign = (hash: number) => both(SIGNS, SIGNS_HERE, hash);
  for (const answer of parts.answers) if (ASKS_KIND.test(answer)) sign(hashText(answer, SIGNS));
  const [form] = parts.template;
  if (form !== undefined) sign(hashText(`form ${form}`, SIGNS));
  eachShape(issue, parts, (name) => sign(hashText(name, SIGNS)));
  phrases(title, title.count, prose, sign);
}

/** A form's question after the kind weighs more than one answer among many. */
const ASKS_KIND = /^[^=]*\b(?:type|kind|category|bug|feature)\b[^=]*=/;

function wordsBefore(ends: Uint32Array, limit: number): number {
  let words = 0;
  while (words < ends.length && ends[words]! <= limit) words += 1;
  return words;
}

const COUNTS = new Uint16Array(GROUP_COUNT);

/** The lexicon in four places: in the title, at its beginning, in the opening of the prose, anywhere in it (once, and often). */
function phrases(
  title: ReturnType<typeof wordsOf>,
  titleWords: number,
  prose: ReturnType<typeof wordsOf>,
  sign: (hash: number) => void,
): void {
  const say = (place: number, group: number) => sign(joinHashes(place, group));
  eachPhrase(title, titleWords, (group, at) => {
    say(1, group);
    if (at <= 2) say(2, group);
  });
  COUNTS.fill(0);
  eachPhrase(prose, Math.min(prose.count, 600), (group, at) => {
    COUNTS[group]! += 1;
    if (at < 45) say(3, group);
  });
  for (let group = 0; group < GROUP_COUNT; group += 1) {
    if (COUNTS[group]! >= 1) say(4, group);
    if (COUNTS[group]! >= 3) say(5, group);
  }
}
