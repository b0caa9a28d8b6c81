/** Where in a title a name stands and what stands around it: the difference between a package and a word. */

/** A piece of a title by its places. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Nothing but signs before it. */
export function leads(title: string, { start }: Pick<Span, 'start'>): boolean {
  return /^\W*$/.test(title.slice(0, start));
}

/** `hypre: …`, `[hypre] …`, `hypre - …`, `py-torch, hypre: …`: the package is put before what is to be said of it. */
export function isHeading(title: string, { start, end }: Span): boolean {
  return (
    start <= 40 &&
    /^(?:[`"'\]]*(?:@\S+)?\s*:(?!:)|\]|\s+[-\u2013]\s)/.test(title.slice(end)) &&
    /^\W*(?:[\w-]+(?:[,/]| and)\s*)*$/.test(title.slice(0, start))
  );
}

/** `ior: build error`: behind the colon stands that it does not build. */
export function failsBehindColon(title: string, { end }: Pick<Span, 'end'>): boolean {
  return /^["'`]?\s*:\s+(?:build|install(?:ation)?|compil(?:e|ation)|link(?:ing)?)[- ](?:error|fail\w*|issue|problem)|^["'`]?\s*:\s+(?:fails? to|cannot|can'?t|does(?: not|n't)) (?:build|install|compile|link)/i.test(
    title.slice(end),
  );
}

/** Followed by a variant, compiler or dependency with a blank between: `nalu-wind +hypre fails`. */
export function hasSpecBehind(title: string, { end }: Pick<Span, 'end'>): boolean {
  return /^ ?(?:[+~][a-z_]\w+|%[a-z]{2,}|\^[a-z]{2,}|@[\d:=])/.test(title.slice(end));
}

/** "MPICH configured with pmi=pmi": a variant that is given a value, or one that is put on or off. */
export function hasVariant(title: string, { end }: Pick<Span, 'end'>): boolean {
  return /^[^:]{0,40}(?:\s[a-z_]{2,}=\w+|\s[+~][a-z_]\w+)\b/.test(title.slice(end));
}

const BUILT_BEFORE =
  /\b(?:install(?:ing|s|ation of)?|build(?:ing|s)?|compil(?:e|es|ing|ation of)|package|spec|failures? (?:in|of|for|with)|errors? (?:in|of|for|with|from))\s+(?:the )?["'`]?$/i;
const BUILT_BEHIND =
  /^["'`]?(?:@\S+|\s+v?\d[\w.]*)?\s+(?:library )?(?:(?:package|recipe|build|install|installation|compile|compilation|concreti[sz]ation)\b|fail(?:s|ed|ing)?\b|(?:doesn'?t|does not|won'?t|will not|cannot|can'?t|not) (?:be )?(?:built|buil[dt]|install|compil|link|concreti[sz]))/i;

/** Behind or before a word for building a name is a package's: "error while installing tau". */
export function isBuilt(title: string, { start, end }: Span): boolean {
  return BUILT_BEFORE.test(title.slice(0, start)) || BUILT_BEHIND.test(title.slice(end));
}

/** Begins a title that goes on to say that it does not build: "amr-wind fails to compile". */
export function failsFirst(title: string, span: Span): boolean {
  return leads(title, span) && BUILT_BEHIND.test(title.slice(span.end));
}

const BUILT_FIRST =
  /^\W*(?:(?:i |we )?(?:am |are )?(?:fail(?:s|ed|ures?|ing)?|unable|not able|cannot|can'?t|could ?n[o']t|problems?|errors?|trouble|issues?|difficult(?:y|ies))(?: (?:in|with|while|when|during|to))? )?(?:to )?(?:(?:build|install)(?:ing)?|compil(?:e|ing)) (?:the )?["'`]?$/i;
/** No noun that the name belongs to: "building python bindings of …". */
const NAME_ENDS =
  /^["'`]?(?:[@+~%^]\S*|\s+v?\d[\w.]*)*(?:\s*$|\s*[,:;(.!?)[]|\s+(?:[-+~%^@]|(?:with|on|for|in|from|under|using|due|because|as|at|by|via|when|while|after|if|and|or|fail\w*|is|was|does|doesn't|cannot|can't|to|against|through|without|inside|within|library|itself)\b))/i;

/** What a title says is built before it says anything else: "failed to build rust", "installing cmake on Delta". */
export function isBuiltFirst(title: string, { start, end }: Span): boolean {
  return BUILT_FIRST.test(title.slice(0, start)) && NAME_ENDS.test(title.slice(end));
}

/** "Error during wi4mpi installation" */
export function isItsBuild(title: string, { start, end }: Span): boolean {
  return (
    /^\W*(?:errors?|problems?|fail(?:s|ed|ures?)|issues?|trouble)(?: (?:during|with|in|at|while|on))?(?: the)? ["'`]?$/i.test(
      title.slice(0, start),
    ) && /^["'`]?(?:[@ ]v?\d[\w.]*)? (?:install(?:ation)?|build|compilation|recipe)\b/i.test(title.slice(end))
  );
}

/** The whole title: "elfutils error". */
export function isItsError(title: string, span: Span): boolean {
  return leads(title, span) && /^["'`]?(?:@\S+|\s+v?\d[\w.]*)?\s+errors?\s*$/i.test(title.slice(span.end));
}

/** Begins a title and has its version behind it: "gettext 1.0 does not provide libintl". */
export function hasVersionBehind(title: string, span: Span): boolean {
  return leads(title, span) && /^["'`]? v?\d+(?:\.\d[\w.]*)+(?=[\s,:;]|$)/.test(title.slice(span.end));
}

/** Goes on as a sentence does and a name does not: "paving the way to …". */
export function isSentence(title: string, { end }: Pick<Span, 'end'>): boolean {
  return /^\s+(?:(?:up|out|over|off) )?(?:an?|the|my|our|your|these|those|some|any|every)\s/i.test(title.slice(end));
}

/** Begins a title that goes on to say what it is not built on: "libxcb missing xproto dependency". */
export function lacksDependency(title: string, span: Span): boolean {
  return (
    leads(title, span) &&
    /^["'`]?\s+(?:is |does |should |recipe |package )*(?:not )?(?:miss(?:es|ing)|lack(?:s|ing)?|needs?|requires?|depends?)\b.*\b(?:dep(?:s|end\w*))\b/i.test(
      title.slice(span.end),
    )
  );
}

const UPDATED_BEHIND =
  /^["'`]? (?:(?:package|recipe|version) )?(?:update|upgrade|bump|release|(?:new|newer|newest|latest) (?:version|release))(?: (?:to|request|available))*(?: version)?:? v?\d/i;

/** "upgrade packaging of uriparser from 0.9.3", "update foo to v2", "librsb update to 1.3" */
export function isToBeUpdated(title: string, { start, end }: Span): boolean {
  if (leads(title, { start }) && UPDATED_BEHIND.test(title.slice(end))) return true;
  return (
    /\b(?:upgrad|updat|bump)(?:e|es|ed|ing|ping)?(?: (?:version|package|packaging|recipe|of|for|in)){0,4} ["'`]?$/i.test(
      title.slice(0, start),
    ) && /^["'`]? (?:(?:package|packaging|recipe) )?(?:(?:from|to|for) )?(?:version )?v?\d/i.test(title.slice(end))
  );
}

/** "add new package shadow", "new package request for foo"; with more behind it, it may be any word ("new package manager for …"). */
export function isToBeAdded(title: string, { start, end }: Span): boolean {
  if (!/^["'`)]*(?: v?\d[\w.]*)?(?:\W*$|[,(:]| \(| (?:for|with|from)\b)/.test(title.slice(end))) return false;
  return /\b(?:add(?:ing|ition of)?|new|create|creating|request(?: for)?|missing)(?: an?| the| new| spack| of)* (?:package|recipe)s?(?: request)?(?: for)?:? ["'`]?$/i.test(
    title.slice(0, start),
  );
}

/** Words that are packages' names and are said of other things even where packages are the subject. */
const CHATTY = new Set(['visit', 'stat', 'er', 'diy', 'clang', 'camp', 'stc', 'regent', 'torch', 'sz']);

/** Among packages, an everyday word is a package's name unless it is one of the few that are said all the time. */
export function isMeant(title: string, span: Span): boolean {
  if (leads(title, span) || isHeading(title, span) || isBuilt(title, span) || hasSpecBehind(title, span)) return true;
  const word = title.slice(span.start, span.end);
  // A proper name in the middle of a sentence.
  if (/^[A-Z]/.test(word) && /\b[a-z]{3,}\b/.test(title.slice(0, span.start) + title.slice(span.end))) return true;
  return !CHATTY.has(word.toLowerCase());
}

/** What follows explains the subject, it is not the subject. */
const EXPLAINS =
  /\s(?:with|w\/|using|due to|because(?: of)?|caused by|when|while|against|after|since|on|for|as dependency|as a dependency|if|via|under|without|during|by|from|in|inside|within)\s|\s\^|\(/i;

/** Place at which the explanation begins; the length of the title when there is none, or nothing before it. */
export function subjectEnds(title: string): number {
  const at = title.search(EXPLAINS);
  return at > 0 ? at : title.length;
}
