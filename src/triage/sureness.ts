/**
 * How sure the best answer is: the share of right ones among answers that were founded like it, on issues that the rules had not been
 * made from. A logistic regression over a few signs; its weights are `sureness-weights.ts`.
 */
import type { EvidenceKind } from './evidence.js';
import type { Ranked } from './rank.js';
import { SPACK } from './reading.js';
import { SURENESS } from './sureness-weights.js';
import type { Surroundings } from './surroundings.js';
import { targetKey } from './target.js';

/** What an answer rests on; exactly one holds. */
export const GROUNDS = [
  /** It stays in the repository of its product, or in one outside the catalogue. */
  'home',
  'own',
  /** It leaves such a repository: blamed by several signs, reported by a log or a form to fail, with errors in its build, or only named. */
  'blamed',
  'reported',
  'staged',
  'left',
  /** Where packages meet: Spack itself, what the title is about, what a log or a remark says against the title, the rest. */
  'spack',
  'titled',
  'departs',
  'logged',
  'named',
] as const;
export type Ground = (typeof GROUNDS)[number];

/** What makes it surer. */
export const SUPPORTS = ['agrees', 'buildForm'] as const;
/** What makes it less sure. */
export const DOUBTS = [
  'rival',
  'vague',
  'once',
  'stays',
  'contradicted',
  'hinted',
  'notOurs',
  'leftTo',
  'version',
  'others',
  'spackNamed',
] as const;
export type Sign = Ground | (typeof SUPPORTS)[number] | (typeof DOUBTS)[number];
/** How strongly each sign is there, mostly 0 or 1; those that are left out are not. */
export type Signs = Readonly<Partial<Record<Sign, number>>>;

type Kinds = ReadonlySet<EvidenceKind>;
const kinds = (...names: EvidenceKind[]): Kinds => new Set(names);

/** It is what the title, a form or a bundle's repository says. */
const TITLE = kinds('title-firm', 'title-subject', 'title-ambiguous', 'form-field', 'collection');
const FIRM = kinds('title-firm', 'title-form', 'form-field', 'collection');
/** They say something of their own beside the heaviest evidence. */
const AGREES = kinds(
  'form-field',
  'title-firm',
  'title-subject',
  'command',
  'fixed-here',
  'own-version',
  'blamed-here',
  'recipe-named',
  'failing-title',
  'failing-text',
  'failing-dependency',
  'blamed-title',
  'blamed-text',
  'log-reported',
  'log-stage',
  'log-last',
  'log-spec',
  'spack-strong',
  'spack-trace',
  'spack-internal',
  'spack-label',
  'spack-template',
);
/** Somebody says of it, or a log shows, that it fails. */
const SAID = kinds(
  'form-field',
  'title-form',
  'failing-title',
  'failing-text',
  'failing-dependency',
  'blamed-title',
  'blamed-text',
  'blamed-twice',
  'blamed-again',
  'blamed-away',
  'blamed-elsewhere',
  'copy-fails',
  'log-reported',
  'log-stage',
  'log-spec',
  'log-installed',
  'spack-strong',
  'spack-trace',
  'spack-internal',
  'spack-label',
  'spack-template',
);
/** Words that are no more than hints, however often they stand there. */
const VAGUE = kinds('title-ambiguous', 'title-named', 'text', 'spack-weak');
const LINKED = kinds('tracker-link');
const HINTED = kinds('tracker-link', 'log-last');
/** Words that keep an issue where it is. */
const KEPT = kinds('fixed-here', 'own-version', 'blamed-here', 'recipe-named');
const REPOSITORY = kinds('repository');
const OUTSIDE = kinds('outside-repository');
const FORMER = kinds('repository-name');
const PLACE = kinds('repository', 'outside-repository', 'repository-name');
const SUBJECT = kinds('title-subject');
const AGAIN = kinds('blamed-twice', 'log-reported', 'title-form', 'form-field');
const FORMAL = kinds('title-form');
const BLAMED = kinds('blamed-twice', 'blamed-elsewhere', 'blamed-title');

/** `ranked` is not empty. */
export function signsOf(ranked: readonly Ranked[], around: Surroundings): Signs {
  const [best, ...rest] = ranked;
  const ground = groundOf(best!, rest, around);
  const signs: Partial<Record<Sign, number>> = { [ground]: 1 };
  if (leaves(signs)) {
    if (!has(best!, AGAIN)) signs.once = 1;
    const stays = rest.find(isWhereItIs);
    if (stays) signs.stays = 2 * Math.min(0.5, stays.score);
    if (rest.some((one) => has(one, KEPT))) signs.contradicted = 1;
    return signs;
  }
  // Who fills in a form was asked for it.
  const formSaid = best!.evidence[0]!.kind === 'form-field';
  const more = best!.evidence.slice(1).filter(({ kind }) => AGREES.has(kind)).length + (formSaid ? 1 : 0);
  if (more > 0) signs.agrees = Math.min(2, more);
  // A bundle is where it shows, and so is the repository of an issue whose form names the product.
  const shows = (kind: EvidenceKind) => kind === 'collection' || (formSaid && PLACE.has(kind));
  const rival = rest.find((one) => one.evidence.some(({ kind }) => !shows(kind)));
  // A word that may mean the product, or something else, competes with nothing at all.
  const vague = best!.evidence.every(({ kind }) => VAGUE.has(kind));
  const closest = Math.max(rival?.score ?? 0, vague ? 1 - best!.score : 0);
  if (vague) signs.vague = 1;
  if (closest > 0) signs.rival = 2 * Math.min(0.5, closest);
  const contradicts = (one: Ranked) => has(one, SAID) || (ground === 'own' && has(best!, OUTSIDE) && has(one, SUBJECT));
  if (around.cleared.has(targetKey(best!.target))) signs.contradicted = 1;
  const kept = has(best!, KEPT);
  if (rest.some(contradicts)) {
    if (!kept) signs.contradicted = 1;
    // A log in an issue about Spack itself shows what Spack does.
  } else if (rest.some((one) => has(one, ground === 'spack' ? LINKED : HINTED))) signs.hinted = 1;
  if (ground === 'home' || ground === 'own') {
    if ((around.supposed ?? around.stopped ?? around.built) !== null && !kept && !signs.contradicted) signs.hinted = 1;
    if (around.notOurs !== null) signs.notOurs = 1;
    if (around.leftTo !== null && !kept) signs.leftTo = 1;
    if (around.others.length > 0) signs.others = around.others.length;
    if (around.version !== null && !kept) signs.version = 1;
    if (ground === 'home' && around.spack !== null) signs.spackNamed = 1;
  } else if (targetKey(best!.target) !== SPACK) {
    if (around.buildForm) signs.buildForm = 1;
    const said = ground === 'titled' || ground === 'named';
    if (said && (around.supposed ?? around.setUp) !== null && !kept && !signs.contradicted) signs.hinted = 1;
  }
  return signs;
}

/** True for an answer that sends an issue away from a repository that has issues of its own. */
export function leaves({ blamed, reported, staged, left }: Signs): boolean {
  return (blamed ?? reported ?? staged ?? left) !== undefined;
}

/** True for an answer that leaves an issue in a repository of its own. */
export function staysHome({ home, own }: Signs): boolean {
  return (home ?? own) !== undefined;
}

/** True for what the issue is filed under, where that is a repository. */
export function isWhereItIs(one: Ranked): boolean {
  return has(one, PLACE);
}

/** True for an answer that is not what the issue is filed under, be that a repository or a title. */
export function differs(signs: Signs): boolean {
  return leaves(signs) || signs.departs !== undefined;
}

function groundOf(best: Ranked, rest: readonly Ranked[], { own }: Surroundings): Ground {
  if (has(best, REPOSITORY)) return 'home';
  if (own) {
    if (has(best, OUTSIDE) || has(best, FORMER)) return 'own';
    if (best.evidence[0]!.kind === 'form-field') return 'titled';
    if (has(best, FORMAL)) return 'reported';
    if (has(best, BLAMED)) return 'blamed';
    const logged = best.evidence.find(({ kind }) => kind === 'log-reported' || kind === 'log-stage')?.kind;
    return logged === 'log-reported' ? 'reported' : logged === 'log-stage' ? 'staged' : 'left';
  }
  if (targetKey(best.target) === SPACK) return 'spack';
  const titled = has(best, TITLE);
  if (!titled && rest.some((one) => has(one, TITLE))) return 'departs';
  const logged = best.evidence[0]!.kind.startsWith('log-');
  // The log shows that fails what the title is about.
  if (has(best, FIRM) || (logged && has(best, SUBJECT))) return 'titled';
  return logged ? 'logged' : 'named';
}

function has({ evidence }: Ranked, wanted: Kinds): boolean {
  return evidence.some(({ kind }) => wanted.has(kind));
}

/** In [0, 1]. */
export function sureness(signs: Signs, weights: Readonly<Record<Sign | 'base', number>> = SURENESS): number {
  let sum = weights.base;
  for (const [sign, strength] of Object.entries(signs)) sum += weights[sign as Sign] * strength;
  return 1 / (1 + Math.exp(-sum));
}
