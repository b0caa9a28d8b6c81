/**
 * What keeps an issue in the repository where it is: a change of its own mends or broke it, a version of its own, it is work on its own
 * recipe; and which packages are the repository's own.
 */
import { type Catalogue, isBuiltOn } from './catalogue.js';
import { isDenied } from './doubt.js';
import { carries } from './embedded.js';
import { findMentions } from './mentions.js';
import type { Place } from './reading.js';

/** A change of this very repository: `#12` without another repository before it. */
const OWN_NUMBER = /(?:^|[\s([,:])(?:PR |pull request |commit )?#\d{1,6}\b/.source;
const FIXED_HERE = [
  new RegExp(
    `\\b(?:fix(?:ed|es|ing)?|address(?:ed|es)|resolv(?:ed|es)|solv(?:ed|es)|clos(?:ed|es)|revert(?:ed|s)?|introduced|broken|broke|caused|submitted|attempting a fix)(?:(?! merged into )[^.;\\n#/]){0,40}${OWN_NUMBER}`,
    'i',
  ),
  new RegExp(`${OWN_NUMBER} (?:should |will |has |have |now )?(?:fix|solve|address|revert|resolve|broke|close)`, 'i'),
  /\b(?:fixed|fix|fix is|merged|pushed|fix merged) (?:in|on|into|to) (?:the |our |current |latest ){0,3}(?:master|main|develop(?:ment)?|trunk|next release)\b/i,
  /\b(?:i|we)(?:'ll| will| can|'ve| have|'m going to)? (?:(?:just|shortly|soon|also|now) )?(?:submit|open|push|prepare|make|create|submitted|opened|pushed|merged|fixed)\w* (?:(?:it|this|that|an?|the|several|some)\b[^.\n]{0,20})?\b(?:PR|pull request|fix(?:es)?|patch|commit|in)\b/i,
  /\b(?:directed|sent|referred|pointed|redirected) (?:me|us) (?:over )?here\b/i,
  /\b(?:open|opened|opening|file|filed|report|reporting) (?:an? )?(?:new )?(?:ticket|issue|bug|it|this) here\b/i,
  /\b(?:add|put|document|mention|note|describe)\w* (?:it|this|that)\b[^.\n]{0,15} (?:to|in) (?:the |our )?(?:[\w+.]{2,20} )?(?:docs?|documentation|readme|wiki|manual|faq)\b/i,
  /\bour (?:own |recent |latest )*(?:change|changes|bug|fault|side)\b/i,
];

/** Words by which somebody says that a change of this repository mends or causes it; null when nobody does. */
export function fixedHere(prose: string): string | null {
  for (const pattern of FIXED_HERE) {
    const match = pattern.exec(prose);
    if (match && !isDenied(prose.slice(Math.max(0, match.index - 40), match.index))) return match[0].trim();
  }
  return null;
}

/** Work on the repository's own recipe in Spack: builds of other packages are steps on the way to it. */
const OWN_RECIPE =
  /\b(?:add|adding|creat(?:e|ing)|writ(?:e|ing)|provid(?:e|ing)|mak(?:e|ing)|submit(?:ting)?|support(?:ing)?)\b[^.:;]{0,60}\bspack\b(?! (?:find|load|env))|\bspack (?:recipe|package|packaging)\b/i;
const FAULT = /\b(?:fail\w*|errors?|broken|bugs?|crash\w*|wrong|issues?|problems?|can(?:no|')t|does ?n[o']t|unable)\b/i;

/** The words of a title that wish for a recipe of the repository's own; null for one that tells of a fault. */
export function wishesRecipe(title: string): string | null {
  const said = title.slice(0, 400);
  return FAULT.test(said) ? null : (OWN_RECIPE.exec(said)?.[0] ?? null);
}

const OTHER_VERSION =
  /\b(?:(?:doesn'?t|does not|didn'?t|did not|never) (?:happen\w*|occur|fail|crash)|works?|worked|fine|since|broken|upgrad\w+|updat\w+)(?: (?:well|fine|correctly|in|on|with|for|from|to|using|the|my|version|release|of|it)){1,4} $/i;
const NEW_VERSION = /\b(?:new|newest|newer|latest|last|recent) (?:(?:version|release)s? of )?$/i;

/** Words that tie the fault to a version of the product itself ("works with X 4.2", "in the new X version"). */
export function ownVersion(prose: string, home: string, catalogue: Catalogue): string | null {
  for (const { product, start, end } of findMentions(prose.slice(0, 8000), catalogue)) {
    if (product !== home) continue;
    const before = prose.slice(Math.max(0, start - 70), start);
    const after = prose.slice(end, end + 20);
    if (OTHER_VERSION.test(before) && /^[ @=v-]{0,2}\d/.test(after)) return prose.slice(start, end);
    if (NEW_VERSION.test(before) && (/^ (?:version|release)/.test(after) || / of $/.test(before)))
      return prose.slice(start, end);
  }
  return null;
}

/** Work on the repository's own recipe, or on what is said to be built on it: what fails on the way was brought there because of it. */
export function isOwnWork(place: Place, title: string, prose: string): boolean {
  return wishesRecipe(title) !== null || (place.kind === 'other' && isNeeded(place.name, prose));
}

/** The text says that something is built on it. */
function isNeeded(name: string, prose: string): boolean {
  const needs = /\b(?:depend(?:s|ing)? (?:up)?on|requires?|needs?|pulls in) (?:the )?[`'"]?(\w[\w-]*)/gi;
  return [...prose.slice(0, 8000).matchAll(needs)].some((match) => match[1]!.toLowerCase() === name);
}

/** A product or package that is brought to a repository because of that: built on its product, or called after it or its organisation. */
export function isBrought(name: string, place: Place, repository: string, catalogue: Catalogue): boolean {
  if (place.kind === 'product') return isBuiltOn(name, place.product, catalogue);
  return place.kind === 'other' && bearsName(name, repository);
}

function bearsName(name: string, repository: string): boolean {
  const parts = name.split('-');
  return repository
    .toLowerCase()
    .split('/')
    .some((word) => word.length > 3 && (name === word || parts.includes(word)));
}

/** Whether a product or package is the repository's own, or carried there. */
export function hostOf(place: Place, { byName }: Catalogue): (name: string) => boolean {
  if (place.kind === 'product') return (name) => name === place.product || carries(place.product, name);
  if (place.kind !== 'other') return () => false;
  const bearers = new Set((byName.get(place.name.replace(/[-_.]/g, ' ')) ?? []).map(({ product }) => product));
  // `Sundials.jl` deals with sundials, and is what its own issues are about.
  const parts = new Set(place.name.split(/[-_.]/));
  return (name) =>
    name === place.name || place.name === `r${name}` || bearers.has(name) || (name.length > 3 && parts.has(name));
}
