/**
 * Words by which a text supposes the fault with another package, or with another's version, without saying so: too little to move an
 * issue, enough not to be sure that it stays.
 */
import { isConditional, isDenied } from './doubt.js';

/** Where a package is named in a text. */
export interface NamedAt {
  readonly name: string;
  /** The number behind it, as written; null when there is none. */
  readonly number: string | null;
  readonly start: number;
  readonly end: number;
}

/** Up to three words between a name and what is said of it: "a libfabric rxm provider bug". */
const FEW = "(?: (?!or\\b|and\\b|with\\b|in\\b|for\\b)[\\w'-]{1,20}){0,3}";
const ITS_FAULT = new RegExp(`^["'\`]?${FEW} (?:bug|defect|regression|issue|problem|fault)s?\\b(?! ?#?\\d)`, 'i');
const ITS_BUG = new RegExp(`^["'\`]?${FEW} (?:bug|defect|regression)s?\\b(?! ?#?\\d)`, 'i');
const ITS_PEOPLE =
  /^(?:'s)? (?:folks|people|developers?|devs|team|maintainers?|community|mailing list|list|forum|support|tracker)\b/i;
const ITS_BUILD =
  /^["'`]?(?: v?\d[\w.]*)? (?:build|install(?:ation)?|configur(?:e|ation)|compil(?:e|ation)|package|step|tpls?)\b/i;
/** It does not build, by what stands behind its name. */
export const NOT_BUILT =
  /^["'`]?(?: library)?(?:[@ ]v?\d[\w.]*)? (?:(?:build|install(?:ation)?|configur(?:e|ation)|compilation)s? (?:fail|error|stop|crash)\w*|(?:fail(?:s|ed)?|refuses) to (?:build|install|configure|compile)|(?:doesn'?t|does not|won'?t|didn'?t|did not|cannot be|can'?t be) (?:build|built|install|installed|configure|compile|compiled)\b)/i;
const ITS_CHANGE = /^["'`]?(?:'s)? (?:v?\d[\w.]* )?(?:update|upgrade|change|release|version bump|bump)s?\b/i;

/** What stands right before the name and right behind it. */
const SUPPOSED: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\b(?:avoid|circumvent|work(?:s|ing)? around|hit|hits|fix(?:es)?|solves?) (?:the|this|that|an?) ["'`]?$/i,
    ITS_FAULT,
  ],
  [/\b(?:related|linked|tied|owing|attributed) to (?:an? |the |some )?(?:known |old |new )?["'`]?$/i, ITS_FAULT],
  [
    /\b(?:it'?s|is|be|being|like|was|probably|likely|perhaps|maybe|of) (?:an? |the )(?:known |new |old )?(?:[\w-]{2,30}\/)?["'`]?$/i,
    ITS_FAULT,
  ],
  [/\b(?:an?|likely|known) ["'`]?$/i, ITS_BUG],
  [
    /\b(?:related|linked|tied|owing|attributed|due) to (?:an? |the |some )?(?:earlier|older|newer|previous|recent|specific|particular|different|outdated) ["'`]?$/i,
    /^["'`]? (?:version|release)s?\b/i,
  ],
  [/\b(?:due to|because of|caused by) (?:the )?["'`]?$/i, /^["'`]? ?(?:[<>]=?|@) ?v?\d[\w.]*/],
  [
    /\b(?:fix|solution|cure|work-?around) (?:to (?:this|it) )?(?:\([^)\n]{0,60}\) )?(?:is|was|would be) to (?:change|bump|update|upgrade|downgrade|use|switch to|pin)(?: to)? (?:the |an? )?(?:newer |older |latest |newest )?["'`]?$/i,
    /^(?![-_./]\w)/,
  ],
  [
    /\bwait(?:ing)? (?:for|on) (?:the |an? )?(?:new )?(?:fix|patch|release|update|version|answer) (?:to|in|of|for|from|by) (?:the )?["'`]?$/i,
    /^/,
  ],
  [
    /\b(?:locali[sz]ed|isolated|traced(?: back)?|narrowed(?: down)?|tracked(?: down)?|boils? down) (?:to|at) (?:be )?(?:an? |the )?(?:[\w-]{1,30} (?:\+|and) )?["'`]?$/i,
    /^(?![-_./]\w)/,
  ],
  [
    /\b(?:resolved|fixed|solved|cured|gone|healed|goes away|went away)\b[^.;\n]{0,20}\b(?:by|with|in|after) (?:the |an? )?(?:\w+ )?(?:respin|rebuild|rebuilding|update|updating|upgrade|upgrading|reinstall\w*|downgrad\w+)(?: (?:of|to|in|with))?(?: (?:the|an?))?(?: (?:newer|latest|new|older) (?:version of )?)? ?["'`]?$/i,
    /^(?![-_./]\w)/,
  ],
  // The step at which it stops is another's.
  [
    /\b(?:fail\w*|errors?|stop(?:s|ped)?|stuck|br(?:eaks|oke)|crash\w*|hangs?|problems?|issues?)\b[^.;:\n]{0,30}\b(?:during|while|when|at) (?:the )?["'`]?$/i,
    ITS_BUILD,
  ],
  [
    /\b(?:fail\w*|errors?|stop(?:s|ped)?|stuck|br(?:eaks|oke)|crash\w*|hangs?|problems?|issues?)\b[^.;:\n]{0,30}\b(?:building|compiling|installing|configuring|linking|gets to|got to|comes to|came to|reaches) (?:the )?["'`]?$/i,
    /^(?![-_./]\w| (?:support|examples?|filters?|tests?|statically|options?|bindings|interfaces?|output|files?|code)\b)/,
  ],
  [
    /\b(?:ask|asked|asking|contact(?:ed)?|talk(?:ing)? to|check(?:ing)? with|ping|consult|reach out to|work(?:ing)? (?:it out )?with) (?:the )?["'`]?$/i,
    ITS_PEOPLE,
  ],
  [
    /\b(?:due to|because of|caused by|(?:broken|broke) (?:by|after|since)|(?:starting|began|begun) with)(?: (?:an?|the|recent|latest|new|newest|last)){0,3} ["'`]?$/i,
    ITS_CHANGE,
  ],
  [
    /\b(?:perhaps|maybe|possibly|probably|likely|might be|may be|could be|must be|suspect(?:ed|s)?|guess(?:ing)?) (?:it'?s |it is |that |is )?(?:due to|because of|caused by|from|(?:an? )?(?:bug|changes?|regression|issue|problem|fault) (?:in|of|with|from))(?: (?:an?|the|some|changes? (?:in|to|of))){0,2} ["'`]?$/i,
    /^/,
  ],
  [
    /\bworks?\b[^.;\n]{0,50}\b(?:but|and) (?:\w+ ){0,2}(?:fail|crash|hang|break|not)\w* (?:with|in|on|using) (?:the )?["'`]?$/i,
    /^/,
  ],
  [
    /\b(?:looks? like|seems? (?:like|that)|appears? (?:like|that)) (?:the )?["'`]?$/i,
    /^["'`]? (?:is|does|has|was|itself)\b/i,
  ],
  [
    /\b(?:my|the|best|only) guess(?: is| would be)?(?: that)? (?:the )?(?:spack )?["'`]?$/i,
    /^["'`]? (?:package|recipe|build|install(?:ation)?|itself|is|does|doesn'?t|has|lacks|needs|should)\b/i,
  ],
  [
    /\b(?:missing|removed|gone|dropped|vanished) (?:from|in) ["'`]?$/i,
    /^["'`]?(?:@| v?)\d[\w.]*[^.;\n]{0,8}[^;\n]{0,40}\b(?:but|while|whereas) (?:not|it)\b/i,
  ],
  [/\buse the ["'`]?$/i, /^["'`]?(?:'s)? (?:repo|repository|(?:issue )?tracker|forum|mailing list)\b/i],
  [
    /\bwith (?:the )?(?:newer |latest |updated |newest )?["'`]?$/i,
    /^["'`]? v?\d[\w.]*[^.;\n]{0,60}\b(?:(?:is|are|was|were) (?:gone|resolved|solved|fixed)|disappear(?:s|ed)|go(?:es)? away|went away)\b/i,
  ],
  [
    /(?:^|\W)$/,
    /^["'`]? (?:folks|people|developers?|devs|team|maintainers?) (?:were|was|are|have been) (?:asked|informed|told|notified|aware)\b/i,
  ],
];

/** With one version it works, with the other it does not. */
const WORKS = /\b(?:works?|worked|fine|pass(?:es|ed)?|gone|fixed|resolved|solved|runs?|ran)\b/i;
const FAILS = /\b(?:fail\w*|crash\w*|br(?:eaks|oken?)|segfaults?|segmentation|errors?|hangs?|regress\w*|wrong|not)\b/i;
const SAME = /\b(?:both|either|all|any)\b/i;
/** How far two versions may stand from each other to be compared. */
const NEAR = 160;

/**
 * As written; null when nothing is supposed. `named`: packages other than the repository's own; `brought`: which of them are brought there
 * because of it, when they do not build.
 */
export function supposedIn(
  prose: string,
  named: readonly NamedAt[],
  brought: (name: string) => boolean = () => false,
): string | null {
  const versions = new Map<string, NamedAt & { readonly number: string }>();
  for (const one of named) {
    const before = prose.slice(Math.max(0, one.start - 90), one.start);
    const after = prose.slice(one.end, one.end + 70);
    const notBuilt = brought(one.name) || isDenied(before) || isConditional(before) ? null : NOT_BUILT.exec(after);
    if (notBuilt !== null) return `${prose.slice(one.start, one.end)}${notBuilt[0]}`;
    for (const [ahead, behind] of SUPPOSED) {
      const said = ahead.exec(before);
      if (said === null || isDenied(before.slice(0, said.index)) || isConditional(before.slice(0, said.index)))
        continue;
      const rest = behind.exec(after);
      if (rest !== null) return `${said[0]}${prose.slice(one.start, one.end)}${rest[0]}`.trim();
    }
    const number = one.number?.replace(/^\D+|\.+$/g, '') ?? '';
    if (number === '') continue;
    const other = versions.get(one.name);
    if (other === undefined) versions.set(one.name, { ...one, number });
    else if (other.number !== number && one.start - other.end < NEAR) {
      const told = prose.slice(Math.max(0, other.start - 60), one.end + 60);
      if (WORKS.test(told) && FAILS.test(told) && !SAME.test(told))
        return `${prose.slice(other.start, other.end)} ${other.number}, ${number}`;
    }
  }
  return null;
}
