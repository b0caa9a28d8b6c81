/**
 * Who is freed of the fault: the repository by its own labels or by a remark, with or without a word about whose it is, and packages of
 * which it is said that it is not theirs.
 */
import type { Catalogue } from './catalogue.js';
import { isConditional, isDoubted } from './doubt.js';
import { findMentions } from './mentions.js';
import { isTool, isWellKnownPackage } from './package-names.js';
import { knownName, packageTarget } from './package-target.js';
import { targetKey } from './target.js';

/** A repository's own label for "not ours". */
const OTHERS_LABEL =
  /\b(?:upstream|third[- ]party|3rd[- ]party|library bug|external[- ](?:bug|issue|dependency|lib(?:rary)?)|dependenc(?:y|ies)|not (?:our (?:bug|fault|issue|problem)|a bug)|compiler[- ](?:bug|issue)|(?:bug|issue|problem|error|fault)s?[- ](?:in|with|of)[- ]other (?:software|projects?|packages?))\b/i;
/** One label for several topics says nothing of any: "Docs & Dependencies". */
const TOPICS = / & /;

export function saysNotOurs(labels: readonly string[]): boolean {
  return labels.some((label) => OTHERS_LABEL.test(label) && !TOPICS.test(label));
}

/** The same beyond doubt, as whole labels: "third party" or "needs upstream PR" also mark what the repository does with them. */
const FAULT_LABEL =
  /^upstream(?:[- ](?:bug|issue|problem|fault))?$|\bnot our (?:bug|fault|issue|problem)\b(?! ?\?)|^(?:library|compiler|external)[- ]bug$|^(?:bug[- ]in[- ])?external[- ]lib(?:rary)?(?:[- ]bug)?$/i;

export function saysNeverOurs(labels: readonly string[]): string | null {
  return labels.find((label) => FAULT_LABEL.test(label)) ?? null;
}

/** Told or mended there; what is fixed upstream in a flow, or a rebase from upstream, says nothing. */
const UPSTREAM_END = ' upstream(?=\\s*(?:[.,;:!?)]|$)| (?:in|by|at|already|and|but|so|too|as|now)\\b)';
/** "An upstream bug", "not our fault": said without the product's name. */
const NOT_OURS = new RegExp(
  [
    /\bupstream (?:bug|issue|problem|regression|fix)\b/.source,
    `\\b(?:reported|fixed|filed|raised|opened|solved|resolved)(?: (?:it|this|that|an issue|a ticket))?${UPSTREAM_END}`,
    /\bnot (?:really )?(?:our (?:own )?(?:bug|issue|problem|fault)|ours)\b/.source,
    /\bnot (?:an? )?(?:bug|issue|problem) (?:on|at) our (?:side|end)\b/.source,
    /\bnothing (?:that )?we can (?:really )?do\b/.source,
    /\bnothing (?:that )?[\w-]{2,20}(?: (?:or|and) [\w-]{2,20})? can (?:really )?do about (?:it|this|that)\b/.source,
    /\bcan(?:not|'?t)(?: really)? do (?:much|anything) about (?:it|this|that)\b/.source,
  ].join('|'),
  'im',
);
const WHY_HERE = /\b(?:why|how) (?:is|would|should|can) (?:this|it|that)(?: be)? an? ["'`]?$/i;
const UNRELATED =
  /\b(?:not|isn'?t|nothing|un)[ -]?(?:be |really )?(?:related|to do|connected) (?:to|with)(?: the)? ["'`]?$/i;

const NOT_A =
  /\b(?:not|isn'?t|no longer|(?:doesn'?t|does not|don'?t|do not) (?:look|seem|appear|think|believe)(?: like| to be| it'?s| it is| this is)?)(?: really| actually)?(?: an?| the)? ["'`]?$/i;
const FAULT = /^["'`]?(?:'s)? (?:bug|issue|problem|fault)/i;

/** "This is not an X bug": of the repository's own product. As written. */
export function saysNotHome(prose: string, home: string, catalogue: Catalogue): string | null {
  for (const { product, start, end } of findMentions(prose.slice(0, 8000), catalogue)) {
    if (product !== home) continue;
    const before = prose.slice(Math.max(0, start - 50), start);
    const name = prose.slice(start, end);
    const fault = FAULT.exec(prose.slice(end, end + 20))?.[0];
    const said = fault === undefined ? null : (NOT_A.exec(before) ?? WHY_HERE.exec(before));
    if (said) return `${said[0]}${name}${fault}`;
    const unrelated = UNRELATED.exec(before)?.[0];
    if (unrelated !== undefined) return `${unrelated}${name}`;
  }
  return NOT_OURS.exec(prose)?.[0] ?? null;
}

/** Somebody is to tell the maker of a compiler, a chip or a machine, or did; their tools and compilers are another matter. */
const MAKER =
  "(?:NVIDIA|PGI|Intel|AMD|Cray|HPE|IBM|Apple|Microsoft)(?! (?:[A-Z]\\w|\\d|compilers?|compute|tools?|nodes?|machines?|GPUs?|CPUs?|cards?|hardware)|['-]\\w)";
const TOLD_MAKER = new RegExp(
  [
    `\\b(?:[Rr]eport(?:ed|ing)?|[Tt]icket|[Ss]ubmit(?:ted|ting)?|[Ff]il(?:ed|ing)|[Ff]ile (?:an?|it|this|that))\\b[^.;\\n]{0,25}? (?:to|with|at) ${MAKER}\\b`,
    `\\b(?:[Cc]ontact|[Aa]sk)(?:ed|ing)? ${MAKER}\\b`,
    `\\b${MAKER} (?:has |have |had )?(?:confirm|fix|acknowledg|reproduc)(?:s|e[sd]|ed)\\b`,
    '\\b(?:[Rr]eported|[Ss]upplied|[Ss]ent|[Ss]ubmitted|[Ff]iled)\\b[^.;\\n]{0,20} (?:to|with) the vendor\\b|\\b(?:bug|issue|problem) (?:with|in|of) the vendor\\b|\\bnvidia_bug\\b',
    '\\b(?:AMD|Intel|NVIDIA|Cray|PGI|IBM|Apple) compiler (?:bug|issue|problem)s?\\b',
    // The site's support, whoever runs it; a forge or a distribution is none.
    '\\b(?:[Oo]pen|[Ff]il|[Ss]ubmit|[Cc]reat|[Rr]ais)(?:e|ed|ted|ing|ting)? an? (?:[a-z]+ )?ticket (?:with|at|to) (?:the )?(?!Git[HL]|Debian)[A-Z]',
  ].join('|'),
);
const TOLD =
  '\\b(?:report|fil|fix|solv|resolv|patch|address|submit|send|sent|rais|merg|open)(?:e|es|ed|s|ted|ting|ing)?(?: (?:it|this|that|an issue|a bug))?';
/** The same in other tenses, or with the project's name behind it: weaker than what `NOT_OURS` finds. */
const UPSTREAM = new RegExp(
  `${TOLD}${UPSTREAM_END}|` +
    `${TOLD} (?:in|with|at|to|by) upstream\\b(?! (?:branch|repo|repository|master|main|develop|version|code|source|sources|boundary|cells?|velocity|flow|region)\\b)`,
  'im',
);

/** Where it shows, not whose it is. */
const PLATFORM =
  /^(?:windows|linux|mac\w*|osx|unix|freebsd|android|ios|python|fortran|java|arm\d*|x86\w*|ci|nan|github|gitlab|open(?:mp|acc|cl)|line|my|our|the|this)$/i;
/** `GrADS`, no word at the beginning of a sentence, mathematician or acronym. */
const MIXED_CASE = /[a-z][A-Z]|[A-Z]{2,}[a-z]/;

/** "This is a GrADS problem": of a project by the way it is written, known or not. */
const ANOTHERS =
  /\b(?:[Tt]his|[Ii]t|[Tt]hat|[Ww]hich)(?: is|'s| was)(?: really| actually| probably| likely| clearly| just)? an? ["'`]?([A-Z][\w+-]*)["'`]? (?:problem|bug|issue)\b/g;
/** "It was caused by a bug in the Wibble library" */
const CAUSED_BY =
  /\b(?:caused by|due to|because of|(?:[Tt]his|[Ii]t|hang|crash|error|failure|leak|regression|segfault|slowdown) (?:is|was)) (?:an? )?(?:known )?(?:bug|defect|error|regression) (?:present )?(?:in|of|with) (?:the )?["'`]?([A-Z][\w+-]*)/g;
/** "The wibble update broke us", "broken by the new wibble release": of a project by what is said of it, known or not. */
const BREAKS = [
  /\b([A-Za-z][\w.-]{2,40})[`'"]?(?: v?\d[\w.]*)? (?:update|upgrade|release)s? (?:(?:has|have|seems? to have|is|are|in \w+) )*(?:broke|breaks|broken|breaking)\b/g,
  /\b(?:[Ll]atest|[Nn]ew|[Nn]ewest|[Rr]ecent) [`'"]?([A-Za-z][\w.-]{2,40})[`'"]?(?: v?\d[\w.]*)? (?:release|version|update)\b[^.;\n]{0,60}\b(?:broke|breaks|broken)\b/g,
  /\b(?:broke|broken|breaks?) (?:by|due to|after|since|because of|with) (?:the |an? )?(?:new |latest |recent )?(?:[\w-]+ )?([A-Za-z][\w.-]{2,40}) (?:update|upgrade|release)\b/g,
];
const NO_NAME =
  /^(?:the|this|that|these|last|latest|new|newest|recent|our|my|an?|major|minor|patch|point|system|software|security|version|after|since|with|code|package|dependency|any|every|each|next|previous|current|stable|github|pypi|conda|docker|today'?s?|yesterday'?s?|spack)$/i;

/** A small program without the product shows it, too. */
const WITHOUT_US =
  /\b(?:reproduc\w*|reduced?|shows?|fails?|same|happens|crash\w*|hangs?)\b[^.;\n]{0,60}\b(?:pure|plain|bare|simple|small)[- ]MPI (?:code|program|test|example|reproducer|application)\b|\b(?:program|code|test|reproducer) (?:that|which) only calls? MPI/i;
/** There any program is one of theirs. */
const HAVE_MPI =
  'openmpi mpich mvapich mvapich2 intel-oneapi-mpi ucx libfabric pmix openpmix prrte slurm flux aws-ofi-rccl aws-ofi-nccl scorep tau caliper'.split(
    ' ',
  );

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
  const isAnothers = ([said, name]: RegExpMatchArray): boolean => {
    if (PLATFORM.test(name!)) return false;
    const target = packageTarget(name!.toLowerCase(), catalogue);
    // A part of the product is the product: "a Tpetra bug" in Trilinos.
    return (
      !isHost('product' in target ? target.product : target.outside) &&
      !findMentions(said!, catalogue).some(({ product }) => isHost(product))
    );
  };
  const known = (name: string) =>
    MIXED_CASE.test(name) || (isWellKnownPackage(name.toLowerCase()) && !isTool(name.toLowerCase()));
  const isProject = (name: string) => MIXED_CASE.test(name) || knownName(name.toLowerCase(), catalogue) !== null;
  const anothers =
    [...prose.matchAll(ANOTHERS)].find((match) => known(match[1]!) && isAnothers(match)) ??
    [...prose.matchAll(CAUSED_BY)].find(isAnothers);
  const breaking = BREAKS.flatMap((pattern) => [...prose.matchAll(pattern)]).find(
    (match) =>
      !NO_NAME.test(match[1]!) &&
      (isProject(match[1]!) || /[`'"]|\b(?:conda-forge|pip|spack)\b/.test(match[0])) &&
      isAnothers(match),
  );
  const without = HAVE_MPI.some(isHost) ? null : WITHOUT_US.exec(prose);
  return (
    denied ??
    breaking?.[0] ??
    without?.[0] ??
    TOLD_MAKER.exec(prose)?.[0] ??
    UPSTREAM.exec(prose)?.[0] ??
    anothers?.[0] ??
    null
  );
}

/** "This is not a defect in X", "it isn't an X bug". */
const CLEARED = [
  /\b(?:not|isn'?t|wasn'?t) (?:really |actually |necessarily )?(?:an? |the )?(?:bug|defect|problem|issue|fault|error) (?:in|of|with) (?:the )?["'`]?([a-z][\w+-]{2,})["'`]?/gi,
  /\b(?:not|isn'?t|wasn'?t) (?:really |actually |necessarily )?(?:an? |the )?["'`]?([a-z][\w+-]{2,})["'`]?(?:'s)? (?:bug|defect|problem|issue|fault)\b/gi,
];
/** Said of a version or a time, or asked. */
const ONLY_THEN =
  /^["'`]?(?: (?:version |v)?\d|@| #\d| (?:before|until|till|prior|of last|from last|any ?more)\b|[^.!\n]{0,40}\?)/i;

/** Packages, by `targetKey`, whose fault it is said not to be. */
export function clearedIn(prose: string, catalogue: Catalogue): ReadonlySet<string> {
  const names = CLEARED.flatMap((pattern) =>
    [...prose.matchAll(pattern)].flatMap((match) => {
      const before = prose.slice(Math.max(0, match.index - 60), match.index);
      const asked = /\b(?:is|was|are|were) (?:it|this|that|there) $/i.test(before);
      const then = ONLY_THEN.test(prose.slice(match.index + match[0].length));
      return asked || then || isDoubted(before) || isConditional(before) ? [] : [match[1]!.toLowerCase()];
    }),
  );
  return new Set(names.map((name) => targetKey(packageTarget(name, catalogue))));
}
