/** Words and messages by which the fault is a compiler's: said by people, or by the compiler itself as it ends before its time. */
import { isDenied } from './doubt.js';
import type { Place } from './reading.js';

/** Products that are, or have, a compiler of their own. */
const COMPILERS: ReadonlySet<string> = new Set(['llvm', 'chapel', 'legion']);
/** "It is a compiler bug", of a compiler that is not the product's. */
const COMPILER_BUG =
  /\b(?:is|it'?s|be|was|as|by|to|likely|probably|known|dodges)(?: an?| the| likely| probably| clearly| actually| known| really)* (?:(?:[\w-]+ )?compiler (?:bug|issue|problem|defect)|bug (?:in|of) (?:the|this|that|your) compiler)\b/i;
/** The compiler says so itself, or ends before its time. */
const COMPILER_CRASH =
  /\b(?:(?:[Ii]nternal|INTERNAL) (?:[Cc]ompiler|COMPILER) (?:[Ee]rror|ERROR)|[Cc]ompiler [Ii]nternal [Ee]rror|(?:throws|hits|gets|an|triggers) (?:an )?ICE(?= ?(?:[.,;:!?)]|$)| (?:in|with|when|for|on|from|while|during)\b)|[Cc]ompiler (?:front-?end |back-?end )?(?:crash(?:es|ed)?|segfaults?|seg(?:mentation)? faults?)|TERMINATED by signal \d+)/m;
/** "I first thought": what comes next did not hold. */
const ONCE_THOUGHT = /\b(?:thought|looked like|assumed|believed|not|if|whether)\b[^.;\n]{0,25}$/i;

/** Compilers by all their names, where they are what there is trouble with. */
const COMPILER_NAME =
  '(?:the )?(?:(?:intel|gnu|pgi|nvidia|cray|arm|nag)(?= (?:[\\w.+-]+ )?compilers?\\b| v?\\d)|(?:gcc|g\\+\\+|gfortran|nvhpc|nvfortran|cce|clang|flang|xl[cf]|ifort|ifx|icc|icpc|icx|icpx|aocc)\\b(?!-))';
const COMPILER_TROUBLE = new RegExp(
  `(?<!\\b(?:an?|the) )\\b(?:issues?|problems?|trouble|work-?arounds?|bugs?) (?:with|for|in|of) ${COMPILER_NAME}|` +
    `\\b(?:fail\\w*|crash\\w*|br(?:eaks?|oken?)|wrong|errors?|hangs?|segfaults?|faults?)\\b[^.;\\n]{0,60}\\b(?:certain|some|several|specific|many) versions? of ${COMPILER_NAME}`,
  'gi',
);

/** Repositories outside the catalogue that hold one. */
const COMPILER_REPOSITORY =
  /gcc|llvm|clang|flang|f18|compiler|gfortran|^(?:rust|nim|julia|numba|halide|taichi|triton)$/;

/** As written; null where nothing says so, and in the repository of a compiler. `prose` is what people say, `text` everything. */
export function compilersFault(prose: string, text: string, place: Place): string | null {
  if (isCompilers(place)) return null;
  for (const trouble of prose.matchAll(COMPILER_TROUBLE))
    if (!isDenied(prose.slice(Math.max(0, trouble.index - 60), trouble.index))) return trouble[0];
  const bug = COMPILER_BUG.exec(prose);
  if (bug !== null && !ONCE_THOUGHT.test(prose.slice(Math.max(0, bug.index - 60), bug.index))) return bug[0];
  return COMPILER_CRASH.exec(text)?.[0] ?? null;
}

function isCompilers(place: Place): boolean {
  if (place.kind === 'product') return COMPILERS.has(place.product);
  return place.kind === 'other' && COMPILER_REPOSITORY.test(place.name);
}
