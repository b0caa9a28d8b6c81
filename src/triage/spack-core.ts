/**
 * Signs that an issue is about Spack's own code, not about a package that it builds: its concretizer, its environments, its
 * build caches, its commands and files. Only looked for where Spack can be meant.
 */
import { isConditional, isDenied, isDoubted, isGuessed } from './doubt.js';
import { packageOf } from './package-names.js';

export interface CoreSign {
  readonly text: string;
  /** Strong: names a part of Spack and nothing else. Weak: a word that Spack's own issues often have. */
  readonly strong: boolean;
}

const STRONG: readonly RegExp[] = [
  /^\W*spack (?!(?:fails|builds|installs|errors|issues|packages|versions) )(?:[a-z]{3,}s|does|doesn'?t|can'?t|cannot|won'?t|should|never|always|not)\b/i,
  /\bspack (?:install|spec|concretize|solve)(?: -\S+)* (?:takes|is|hangs|ignores|picks|chooses|does|doesn't|should|cannot|can't|always|never)\b/i,
  /\bunif(?:y|ies|ied|ication)\b|\bdependency resolution\b|\bcompilers?\b.{0,40}\b(?:detected|detection|found|recogni[sz]ed)\b/i,
  /\bconcreti[sz]er\b/i,
  /\b(?:clingo|asp\.py|unify: ?\w+|spec\.(?:json|yaml)|lockfile|spack\.lock)\b/i,
  /\bspack[ -]environments?\b|\benvironments?\b(?! (?:modules?|variables?))|\benv (?:activate|create|status|remove|view)\b/i,
  /\b(?:spack|packages|compilers|config|modules|mirrors|repos|upstreams|concretizer|toolchains?)\.yaml\b/i,
  /\bbuild ?caches?\b|\bbinary (?:cache|mirror|package)s?\b|\bmirrors?\b/i,
  /\bspack (?:find|load|unload|external|compilers?|config|env|mirror|buildcache|module|view|bootstrap|gc|clean|uninstall|reindex|ci|checksum|create|info|list|test(?! run)|audit|style|graph|diff|deprecate|verify|repo|dev-build|develop|cd|stage|python|unit-test|tags|maintainers|change|mark|location|help|commands|arch|debug|edit|fetch|logs|blame|containerize|export|pkg|providers|url|tutorial)\b/i,
  /\b(?:lmod|tcl module|module ?files?|modulefile)\b/i,
  /\bbootstrap(?:ping|ped|s)?\b/i,
  /\b(?:setup-env|spack shell|shell (?:support|integration|completion)|bash completion)\b/i,
  /\b(?:compiler wrappers?|spack'?s? wrappers?|sbang|long install(?:ation)? (?:paths?|prefix(?:es)?)|rpath(?:s|ing)? relocation|relocat(?:e|ion|ing) (?:of )?binar)/i,
  /\b(?:install[ _]tree|install[ _]?db|upstream (?:instance|install)|padded_length|projections?|database lock|package repositor(?:y|ies)|repo(?:s)? api|package api)\b/i,
  /\b(?:spec (?:parser|syntax|hash|matrix|groups?)|dag[ _]hash|package hash|splic(?:e|ing)|when[ _]possible|--reuse|reuse[: ]|--fresh)\b/i,
  /\bexternals?\b|\bexternal packages?\b|\bcompiler (?:detection|find|mixing)|compilers as nodes\b/i,
  /\b(?:virtual (?:packages?|dependenc\w+)|variant propagation|conditional variants?|dependency types?|build[- ]only dep\w+|can_splice|microarchitecture|archspec)\b/i,
];
const WEAK: readonly RegExp[] = [
  /\bconcreti[sz](?:e[sd]?|ation|ing)\b/i,
  /\bspack\b/i,
  /\b(?:unsatisfiable|solver|fetch(?:er|ing)? (?:cache|strategy)|stage director|download cache|git hash|checksums?)\b/i,
  /\b(?:yaml|ci pipelines?|gitlab|unit tests?|documentation|docs|tutorial|command[- ]line|cli|error message|parallel installs?|lock(?:s|ing)?)\b/i,
];
/** Frames and messages of Spack's own code. */
const TRACE =
  /lib\/spack\/(?:spack|llnl)\/(?!build_systems|build_environment|builder|phase_callbacks|package_base|package\.py|package_test|install_test|stage|fetch_strategy|(?:new_)?installer|util\/executable|build_error)[\w/]{1,200}\.py|spack\.solver\.|InternalConcretizerError|concretizer internal error|UnknownPackageError|RepoError|SpackYAMLSyntaxError|ConfigFormatError|ProviderIndex was not|have the same SHA-1 prefix/i;

export function coreSigns(text: string): CoreSign[] {
  const signs: CoreSign[] = [];
  for (const pattern of STRONG) push(signs, pattern.exec(text), true);
  for (const pattern of WEAK) push(signs, pattern.exec(text), false);
  return signs;
}

function push(signs: CoreSign[], match: RegExpExecArray | null, strong: boolean): void {
  if (match) signs.push({ text: match[0].trim(), strong });
}

/** Spack's message; compilers have one that begins alike. */
const NAMESPACE = /==> Error: Unknown namespace: /;

/** What Python says when Spack itself stumbles; in a recipe it stumbles with a frame of that. */
const STUMBLE =
  /^==> Error: (?:'(\w{1,80})' object (?:has no attribute|is not)\b|maximum recursion depth exceeded|(?:unhashable|unsupported) )/m;
const NOT_BELOW = /^==> Error: Package [\w-]{1,60} does not depend on\b/m;
/** The same in a title, which has no sign of Spack's before it. */
const TITLE_STUMBLE = /\bError: '(\w{1,80})' object has no attribute\b/;
/** A recipe is told of, so that it may be its mistake; Spack's own file is called alike. */
const RECIPE_FILE = /(?<!lib\/spack\/spack\/)\bpackage\.py\b/;
/** Before a package's own build begins nothing of it runs. */
const FRAMED =
  /^==> Error: (?:Type|Attribute|Key|Index|Name|UnboundLocal|Assertion|UnicodeDecode|Syntax)Error\b[^\n]{0,300}\n(?:[^\n]{0,300}\n){0,2}?\S{0,300}lib\/spack\/spack\/(?:package(?:_base)?\.py:\d+, in do_(?:patch|stage|restage|fetch)|build_environment\.py:\d+, in (?:child_process|_setup_pkg_and_run|setup_package))\b/m;
/** `spack -d` tells with each line of its own where that was written. */
const DEBUG_LINE = /^.*\.py:\d+ ==> .*$/gm;

/** A package that no repository has, or a virtual one. */
const NOT_FOUND = /^==> Error: Package '(?:[\w.]+\.)?([\w-]+)' not found\b/m;
/** The recipe that speaks of it is out of date. */
const OUTDATED = /\b(?:recipe|depends_on|removed|renamed)\b/i;

/** Spack's message about a package that nobody asked for: its repositories do not fit together. Null too where a recipe is blamed. */
export function lostPackage(text: string, isAskedFor: (name: string) => boolean): string | null {
  const lost = NOT_FOUND.exec(text);
  return lost === null || isAskedFor(lost[1]!) || OUTDATED.test(text) ? null : lost[0];
}

/** Said by what Spack reads its own files with; recipes read none of these. */
const OWN_FILES = /^==> Error: (?:JSONDecodeError|ScannerError|ParserError|LockTimeoutError)\b/m;

/** What Spack needs for itself, in its own place. */
const BOOTSTRAPPED = /^==> Error: (?!ProcessError|ChildError|InstallError)[^\n]{0,300}\/bootstrap\/store\b/m;

/** Spack's settings or its ways are at fault, perhaps: its compilers, its clean environment, its records of what is installed. */
const SET_UP =
  /\bmight be due to a change in Spack's package format\b|\bSPACK_(?:FC|F77|CC|CXX)=None\b|\bmissing due to corrupt install directory\b|(?:>> ?\d+|package\.py:\d+)[^\n]{0,80}\bimplicit_rpaths\(\)|--dirty\b[^.\n]{0,40}\b(?:works?|worked|succeeds?|helps?|fixes|builds)\b|\b(?:works?|succeeds?|builds) (?:fine )?with [`'"]?--dirty\b|\b(?:check|set|add|missing|have|need)\b[^.\n]{0,30}\b(?:f77|fc)\b[^.\n]{0,30}\bcompilers?(?:\.yaml)?\b/i;

/** As written; null where nothing points there. */
export function setUpAtFault(text: string): string | null {
  return SET_UP.exec(text)?.[0] ?? null;
}

/** A trace through Spack's own code, as written, or null. */
export function coreTrace(title: string, text: string): string | null {
  const named = TITLE_STUMBLE.exec(title);
  return (
    TRACE.exec(withoutDebug(`${title}\n${text}`))?.[0] ??
    NAMESPACE.exec(text)?.[0] ??
    (named !== null && !namesPackage(named[1]!, title) && !RECIPE_FILE.test(withoutDebug(text))
      ? named[0]
      : coreStumble(text))
  );
}

/** Python's words for a mistake in Spack itself, whichever package was at hand; null when there are none, or a recipe made it. */
export function coreStumble(text: string): string | null {
  const plain = withoutDebug(text);
  const bootstrapped = BOOTSTRAPPED.exec(plain);
  if (bootstrapped !== null) return bootstrapped[0];
  if (RECIPE_FILE.test(plain)) return null;
  // An installed package that is asked for by its hash brings along what the other never named.
  const refused = /\^\/[a-z0-9]{4,32}\b/.test(plain) ? NOT_BELOW.exec(plain) : null;
  if (refused !== null) return refused[0];
  const unread = OWN_FILES.exec(plain);
  if (unread !== null) return unread[0];
  const stumble = STUMBLE.exec(plain);
  // An object that is called after a package is its recipe.
  if (stumble?.[1] !== undefined && namesPackage(stumble[1], plain)) return null;
  return stumble?.[0] ?? FRAMED.exec(plain)?.[0].split('\n')[0] ?? null;
}

function withoutDebug(text: string): string {
  return text.replaceAll('\\', '/').replace(DEBUG_LINE, '');
}

function namesPackage(className: string, text: string): boolean {
  return /^[A-Z]/.test(className) && new RegExp(`(?<![\\w'-])${packageOf(className)}(?![\\w-])`).test(text);
}

/** Spack's own words for a fault of its own, whatever it was asked to do. */
const INTERNAL =
  /\bspack concreti[sz]er internal error\b|\binternal solver error\b|\binternal_error\("|\berror: spack requires ['"`]/i;

export function internalError(text: string): string | null {
  return INTERNAL.exec(text)?.[0] ?? null;
}

/** Somebody puts it down to Spack, or to its concretizer, in plain words. */
const BLAMED =
  /\b(?:this|it|that)(?:'s| is| was| looks like| seems to be)(?: (?:just|really|actually|probably|likely))?(?: an?| the| another| yet another)?(?: (?:known|instance of (?:an?|the)))?(?: (?:old|known|original))? (?:spack|concreti[sz](?:er|ation)) (?:bug|defect|problem|issue|limitation)\b|\bknown (?:bug|issue|problem|limitation) (?:of|in|with) (?:the )?(?:spack|(?:(?:old|original|current|new) )?concreti[sz]er)\b|\b(?:this|it|that)(?:'s| is| was| looks like| seems to be) an? (?:bug|defect|problem|limitation) (?:in|of|with) (?:the )?(?:spack|concreti[sz]er)\b(?![-'\u2019]|(?: [\w-]+){0,2} (?:package|recipe|repo|build)\b)/i;

const CARE = 'spack (?:clean|reindex|repo update|bootstrap|compilers? (?:find|add)|external find)\\b';
const IT = '(?:it|this|that|things|the (?:issue|problem|error))';
/** What sets Spack right helped, so that nothing else was wrong. */
const CURED = new RegExp(
  `\\b${CARE}(?:(?!\\bnot\\b|\\bnever\\b|n't)[^.?\\n]){0,40}\\b(?:resolved|fixed|solved|helped|mended|did) (?:${IT}\\b|for me)|` +
    `\\b(?:resolved|fixed|solved|mended|cured) (?:${IT} )?(?:by|with|after)(?: (?:running|an?|using|calling))? [\`'"]{0,3}${CARE}`,
  'i',
);

export function curedBySpack(prose: string): string | null {
  const found = CURED.exec(prose);
  return found === null || isTakenBack(found, prose) ? null : found[0];
}

export function blamedSpack(prose: string): string | null {
  const found = BLAMED.exec(prose);
  if (found === null || isTakenBack(found, prose)) return null;
  const before = prose.slice(Math.max(0, found.index - 80), found.index);
  const another = /^ (?:template|tracker|#?\d)/i.test(prose.slice(found.index + found[0].length));
  return another || isGuessed(before) || /\bcould it be(?: that)? $/i.test(before) ? null : found[0];
}

/** Denied, doubted or said on condition before it, or a question by what comes behind. */
function isTakenBack(found: RegExpExecArray, prose: string): boolean {
  const before = prose.slice(Math.max(0, found.index - 80), found.index);
  const asked = /^[^.!\n]{0,60}\?/.test(prose.slice(found.index + found[0].length));
  return asked || isDenied(before) || isDoubted(before) || isConditional(before);
}

/** Labels by which Spack's own team marks its own code. */
const CORE_LABEL =
  /^(?:concreti[sz]ation|environments?|build ?cache|binary-packages|modules?|bootstrap\w*|external-packages|compilers?|commands?|configuration|config|ci|spec-syntax|mirrors?|core|tests|shell-support|windows|relocation|hashes|upstreams?|views?|gitlab|solver|splicing)$/i;

/** Labels that Spack's issue forms put: one for builds of packages, one each for bugs and wishes of Spack's own code. */
export function formOf(labels: readonly string[]): 'build' | 'core' | null {
  const has = (pattern: RegExp) => labels.some((label) => pattern.test(label));
  const core = has(/^(?:bug|feature)$/i);
  if (has(/^(?:build|test|install)-error$/i)) return core ? null : 'build';
  // Spack's team puts these on what is a recipe's.
  return core && !has(/^(?:new-|update-)?packages?$/i) ? 'core' : null;
}

export function isCoreLabel(label: string): boolean {
  return CORE_LABEL.test(label);
}

/** Of these the ones that name no platform and nothing that packages have as well. */
export function isPlainCoreLabel(label: string): boolean {
  return /^(?:concreti[sz]ation|bootstrap\w*|build ?cache|binary-packages|environments?|solver|splicing)$/i.test(label);
}
