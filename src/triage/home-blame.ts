/**
 * What an issue in a product's repository says of that product itself: its own change mends or broke it, which keeps the issue where
 * it is, or the fault is said not to be there.
 */
import type { Catalogue } from './catalogue.js';
import { isDenied } from './doubt.js';
import { findMentions } from './mentions.js';
import { packageTarget } from './package-target.js';
import { targetKey } from './target.js';

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
  /\bour (?:own |recent |latest )*(?:code|change|changes|bug|fault|side)\b/i,
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

/** "An upstream bug", "not our fault": said without the product's name. */
const NOT_OURS =
  /\bupstream (?:bug|issue|problem|regression|fix)\b|\b(?:reported|fixed|filed|raised|opened|solved|resolved)(?: (?:it|this|that|an issue|a ticket))? upstream\b|\bnot (?:really )?(?:our (?:own )?(?:bug|issue|problem|fault)|ours)\b|\bnot (?:an? )?(?:bug|issue|problem) (?:on|at) our (?:side|end)\b|\bnothing (?:that )?we can do\b|\bcan(?:not|'?t)(?: really)? do (?:much|anything) about (?:it|this|that)\b/i;
const WHY_HERE = /\b(?:why|how) (?:is|would|should|can) (?:this|it|that)(?: be)? an? ["'`]?$/i;
const UNRELATED =
  /\b(?:not|isn'?t|nothing|un)[ -]?(?:be |really )?(?:related|to do|connected) (?:to|with)(?: the)? ["'`]?$/i;

/** "This is not an X bug": of the repository's own product. */
export function saysNotHome(prose: string, home: string, catalogue: Catalogue): string | null {
  for (const { product, start, end } of findMentions(prose.slice(0, 8000), catalogue)) {
    if (product !== home) continue;
    const before = prose.slice(Math.max(0, start - 50), start);
    const after = prose.slice(end, end + 20);
    if (
      /\b(?:not|isn'?t|no longer|(?:doesn'?t|does not|don'?t|do not) (?:look|seem|appear|think|believe)(?: like| to be| it'?s| it is| this is)?)(?: really| actually)?(?: an?| the)? ["'`]?$/i.test(
        before,
      ) &&
      /^["'`]?(?:'s)? (?:bug|issue|problem|fault)/i.test(after)
    )
      return `not ${prose.slice(start, end)}${after.trimEnd()}`;
    if (WHY_HERE.test(before) && /^["'`]? (?:bug|issue|problem|fault)/i.test(after))
      return `why a ${prose.slice(start, end)} issue`;
    if (UNRELATED.test(before)) return `not related to ${prose.slice(start, end)}`;
  }
  return NOT_OURS.exec(prose)?.[0] ?? null;
}

/** Somebody is to tell the maker of a compiler, a chip or a machine, or did. */
const MAKER = '(?:NVIDIA|PGI|Intel|AMD|Cray|HPE|IBM|Apple|Microsoft)';
const TOLD_MAKER = new RegExp(
  [
    `\\b(?:[Rr]eport|[Tt]icket|[Ss]ubmit|[Ff]il[ei])\\w*\\b[^.;\\n]{0,25}? (?:to|with|at|by|for) ${MAKER}\\b`,
    `\\b(?:[Cc]ontact|[Aa]sk)(?:ed|ing)? ${MAKER}\\b`,
    `\\b${MAKER} (?:has |have |had )?(?:confirm|fix|acknowledg|reproduc)(?:s|e[sd]|ed)\\b`,
  ].join('|'),
);
/** The project that something is made from is meant, not a branch of it. */
const UPSTREAM =
  /\b(?:in|with|at|to|by|from|see|filed?|reported|fixed|solved) upstream\b(?! (?:branch|repo|repository|master|main|develop|version|code|source|sources)\b)/i;

/** Where it shows, not whose it is. */
const PLATFORM = /^(?:windows|linux|mac\w*|osx|unix|freebsd|android|ios|python|fortran|java|arm\d*|x86\w*|ci)$/i;

/** A project by its capital, known or not: "this is a GrADS problem". */
const ANOTHERS = [
  /\b(?:[Tt]his|[Ii]t|[Tt]hat|[Ww]hich)(?: is|'s| was)(?: really| actually| probably| likely| clearly| just)? an? ["'`]?([A-Z][\w+-]*)["'`]? (?:problem|bug|issue)\b/g,
  /\b(?:caused by|due to|because of|[Tt]his (?:is|was)) (?:an? )?(?:known )?(?:bug|defect|error|regression) (?:in|of|with) (?:the )?["'`]?([A-Z][\w+-]*)/g,
];

/**
 * Words by which a remark leaves the fault to others, whoever they are; weaker than `saysNotHome`. Null when there are none. `isHost`:
 * whether a product or package is the repository's own.
 */
export function leftToOthers(
  prose: string,
  home: string | null,
  isHost: (name: string) => boolean,
  catalogue: Catalogue,
): string | null {
  const denied = home === null ? NOT_OURS.exec(prose)?.[0] : saysNotHome(prose, home, catalogue);
  const anothers = ANOTHERS.flatMap((pattern) => [...prose.matchAll(pattern)]).find((match) => {
    if (PLATFORM.test(match[1]!)) return false;
    const target = packageTarget(match[1]!.toLowerCase(), catalogue);
    return !isHost('product' in target ? target.product : target.outside);
  });
  return denied ?? TOLD_MAKER.exec(prose)?.[0] ?? UPSTREAM.exec(prose)?.[0] ?? anothers?.[0] ?? null;
}

/** "This is not a defect in X", "it isn't an X bug". */
const CLEARED = [
  /\b(?:not|isn'?t|wasn'?t) (?:really |actually |necessarily )?(?:an? |the )?(?:bug|defect|problem|issue|fault|error) (?:in|of|with) (?:the )?["'`]?([a-z][\w+-]{2,})/gi,
  /\b(?:not|isn'?t|wasn'?t) (?:really |actually |necessarily )?(?:an? |the )?["'`]?([a-z][\w+-]{2,})["'`]?(?:'s)? (?:bug|defect|problem|issue|fault)\b/gi,
];

/** Packages, by `targetKey`, whose fault it is said not to be. */
export function clearedIn(prose: string, catalogue: Catalogue): ReadonlySet<string> {
  const names = CLEARED.flatMap((pattern) => [...prose.matchAll(pattern)].map((match) => match[1]!.toLowerCase()));
  return new Set(names.map((name) => targetKey(packageTarget(name, catalogue))));
}
