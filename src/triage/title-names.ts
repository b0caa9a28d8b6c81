/** The names in a title: the catalogue's, and, where packages are the subject, any package by its shape or its place. */
import { isCompilerOf } from './blame.js';
import type { Catalogue } from './catalogue.js';
import { carries } from './embedded.js';
import { findMentions } from './mentions.js';
import {
  isPackageName,
  isSpecShaped,
  isTellingName,
  isTool,
  isWellKnownPackage,
  nameBeforeVersion,
  nameOfSpec,
} from './package-names.js';
import { productOfPackage } from './package-target.js';
import type { Target } from './target.js';
import {
  failsBehindColon,
  failsFirst,
  hasSpecBehind,
  hasVariant,
  hasVersionBehind,
  isBuiltFirst,
  isHeading,
  isItsBuild,
  isItsError,
  isMeant,
  isSentence,
  isToBeAdded,
  isToBeUpdated,
  lacksDependency,
  leads,
  type Span,
} from './title-shapes.js';

export interface FoundName extends Span {
  readonly target: Target;
  readonly text: string;
  /** Stands where only a package can stand: behind Spack's title form, before a colon, in a spec. */
  readonly firm: boolean;
  /** Firm only since the words around it say that it is built, updated or set. */
  readonly byWords: boolean;
  /** May be an everyday word, or a piece of an identifier. */
  readonly ambiguous: boolean;
}

export interface TitleContext {
  readonly catalogue: Catalogue;
  /** Packages are the subject: Spack's repositories, or Spack's title form. */
  readonly packages: boolean;
  /** Behind Spack's title form (`Installation issue: …`). */
  readonly formal: boolean;
  /** The repository holds Spack's own code as well, whose parts are put before a colon, too. */
  readonly core: boolean;
}

/** Words at places where a package could stand. */
const ENGLISH: ReadonlySet<string> = new Set(
  `a an the to is are was of no not can cannot could do does did don doesn has have had be been it its this that these those
  there i we you they my our your unable fail fails failed failing failure failures error errors issue issues problem problems
  trouble build builds building built install installs installing installation installed compile compiles compiling compilation
  configure package packages recipe recipes spec specs add adds added new update updated updates upgrade version versions
  support request missing latest broken wrong undefined unknown invalid linking link linker test tests testing run running
  spack when with while how why what where which who use uses using used in on for from by at as and or if all any some every
  everything something nothing anything multiple several many both two various different other others another same bug bugs fix
  fixes default unexpected incorrect please help need needs needed allow make only just also still even after before during
  since without again always never mac linux cray ci docs doc documentation style audit cmd commands config env
  environment environments concretizer concretization bootstrap gitlab github pipelines pipeline modules module views view
  mirror mirrors buildcache buildcaches fetch fetching compilers compiler dependencies dependency software library libraries
  application applications codes code project projects things stuff gpu cpu mpi blas lapack e4s ecp xsdk develop release
  despite although requiring requires require required depending unless until though because incomplete inconsistent
  insufficient uninstalled unsupported unresolved unused unsatisfiable unexpectedly variant variants conflict conflicts
  circular cyclic duplicate checksum hash hashes patch patches archive archives source sources binary binaries static shared
  header headers file files path paths directory directories permission permissions symbol symbols object objects output input
  warning warnings message messages crash crashes hang hangs slow slower incompatible compatible compatibility regression
  remove removed removing rename renamed deprecate deprecated deprecating better more less wish wanted proposal question
  discussion how-to copyright license licenses manual manuals tutorial tutorials year database schema container containers
  runners runner workflow workflows action actions submodule submodules lockfile template templates script scripts manager
  managers class classes search repository repositories layout sample samples example examples`
    .trim()
    .split(/\s+/),
);

/** Operating systems with their versions say where. */
const SYSTEM =
  /^(?:centos|rhel|ubuntu|debian|fedora|sles?|suse|opensuse|leap|rocky|alma(?:linux)?|amzn|macos|osx|windows)-?\d*$/;

/** True for a word that is no package's name, wherever one could stand. */
export function isEnglish(word: string): boolean {
  return ENGLISH.has(word) || SYSTEM.test(word);
}

/** All names in order of place; a name may come twice. */
export function namesIn(title: string, context: TitleContext): FoundName[] {
  const mentions = findMentions(title, context.catalogue);
  // "Quantum Espresso" is one name, not the package "quantum".
  const packages = packagesIn(title, context).filter(
    (one) => !('outside' in one.target && mentions.some(({ start, end }) => start <= one.start && end > one.end)),
  );
  const others = mentions
    .filter(({ product, shape }) => product !== 'spack' && shape !== 'dependency' && shape !== 'variant')
    .filter((mention) => !isCompilerOf(title, mention))
    .filter(({ start }) => !packages.some((one) => start >= one.start && start < one.end))
    .filter((mention) => !insidePackageName(title, mention))
    .map(
      (mention): FoundName => ({
        target: { product: mention.product },
        text: mention.text,
        start: mention.start,
        end: mention.end,
        ...firmness(
          mention.shape === 'spec' ||
            (context.formal && leads(title, mention)) ||
            isHeading(title, mention) ||
            (context.packages && hasSpecBehind(title, mention)),
          // "Kokkos does not compile in lammps" is about what carries it.
          context.packages &&
            isObject(title, mention) &&
            !mentions.some(({ product }) => carries(product, mention.product)),
        ),
        ambiguous:
          mention.shape === 'identifier' || (mention.ambiguous && !(context.packages && isMeant(title, mention))),
      }),
    );
  return [...packages, ...others].sort((a, b) => a.start - b.start);
}

/** Whole words that are packages: `py-torch`, `hdf5@1.14`, `trilinos-14.4`, and outside ones where they stand as such. */
function packagesIn(title: string, context: TitleContext): FoundName[] {
  const found: FoundName[] = [];
  for (const token of title.matchAll(/[^\s,;()[\]"'`/\u3000-\u303f\uff00-\uff0f]+/g)) {
    const text = token[0].replace(/[:.!?]+$/, '');
    const name = asSpackHasIt(nameOfSpec(text.toLowerCase()));
    // Behind the form a word that stands alone is a package, whatever else it means.
    const alone = context.formal && title.trim() === text;
    if (name === null || (isEnglish(name) && !alone) || /^[\^+~%@=]/.test(text)) continue;
    const span = { start: token.index, end: token.index + text.length };
    if (isCompilerOf(title, span)) continue;
    const first = context.formal && leads(title, span);
    // Behind the form any word may be a version: `swig@fortran`.
    const spec =
      (isSpecShaped(text) || (first && /^[a-z0-9][\w-]*@[a-z][\w-]*$/.test(text))) &&
      !/^[\w.-]+@[\w-]+\.[a-z]{2,}$/i.test(text);
    // `gettext-0.22.5` is a package with its version.
    const whole = spec || /^[A-Za-z0-9][\w-]*$/.test(text) || nameBeforeVersion(text.toLowerCase()) === name;
    const product = productOfPackage(name, context.catalogue);
    // A compiler behind "with" is named, spec or not.
    const firm = first || isHeading(title, span) || (!isTool(name) && (spec || hasSpecBehind(title, span)));
    const byWords =
      context.packages &&
      (isBuiltFirst(title, span) ||
        (!isTool(name) && (isObject(title, span) || (leads(title, span) && isUnmistakable(name)))));
    if (
      product === undefined
        ? !isOutside(title, text, name, span, spec, whole, context)
        : !(whole && (spec || context.formal || name.includes('-')))
    )
      continue;
    if (product === 'spack') continue;
    found.push({
      target: product === undefined ? { outside: name } : { product },
      text,
      ...span,
      ...firmness(firm || (first && whole), byWords),
      ambiguous: false,
    });
  }
  return found;
}

function firmness(firm: boolean, byWords: boolean): Pick<FoundName, 'firm' | 'byWords'> {
  return { firm: firm || byWords, byWords: byWords && !firm };
}

/** Something is built, updated or set there: the title says so before or behind the name. */
function isObject(title: string, span: Span): boolean {
  return (
    isBuiltFirst(title, span) ||
    failsFirst(title, span) ||
    isItsError(title, span) ||
    isToBeUpdated(title, span) ||
    hasVersionBehind(title, span) ||
    (leads(title, span) && hasVariant(title, span))
  );
}

/** Nothing else is called `intel-oneapi-mpi` or `py-torch`. */
function isUnmistakable(name: string): boolean {
  return name.includes('-') && (isWellKnownPackage(name) || /^(?:py|r|perl)-/.test(name));
}

/** "libxml2-dev" is what Linux distributions call `libxml2`. */
function asSpackHasIt(name: string | null): string | null {
  const bare = name?.replace(/-dev(?:el)?$/, '') ?? null;
  return name !== null && bare !== null && !isWellKnownPackage(name) && isWellKnownPackage(bare) ? bare : name;
}

function isOutside(
  title: string,
  text: string,
  name: string,
  span: Span,
  spec: boolean,
  whole: boolean,
  { catalogue, packages, formal, core }: TitleContext,
): boolean {
  if (!packages || !whole || catalogue.byName.has(name.replace(/[-_.]/g, ' '))) return false;
  if (spec) return /^[a-z0-9]/.test(text) || (formal && leads(title, span));
  if (/^(?:py|r|perl|lua|ruby)-[a-z0-9]/.test(text)) return true;
  if (isWellKnownPackage(name) && isTellingName(name)) return true;
  // The language is a package like others, and a letter like others elsewhere.
  if (name === 'r' && leads(title, span) && (formal || text === 'R'))
    return (
      formal ||
      /^ (?:install|build|package\b|recipe|fail|cannot|can't|does not|doesn't|won't)/.test(title.slice(span.end))
    );
  if (!isPackageName(name) || name.length < 2) return false;
  if (text === name && isToBeUpdated(title, span))
    return !core || leads(title, span) || /[-\d]/.test(name) || /packag|recipe|\d\.\d/i.test(title);
  if (text === name && isToBeAdded(title, span)) return true;
  if (formal && leads(title, span)) return !isSentence(title, span);
  // "RegCM recipe lacks …": a recipe is a package's, however its name is written.
  if (leads(title, span) && /^["'`]?(?:'s)? recipe\b/i.test(title.slice(span.end))) return true;
  if (leads(title, span) && lacksDependency(title, span)) return true;
  if (text !== name) return false;
  if (hasSpecBehind(title, span) || failsFirst(title, span) || lacksDependency(title, span)) return true;
  if (isItsBuild(title, span)) return !core || /\d/.test(name);
  // In Spack's own repository "modules: …" is a part of Spack; a dash or a digit tells a package.
  return isHeading(title, span) && leads(title, span) && (!core || /[-\d]/.test(name) || failsBehindColon(title, span));
}

/** `py-h5py` and `hdf5-blosc` hold no name but their own; `mfem-related` does. */
function insidePackageName(title: string, { start, end }: Span): boolean {
  if (/(?:^|[^\w-])(?:py|r|perl|lua|ruby|rocm|cray|intel)-$/.test(title.slice(0, start))) return true;
  return /^-(?!related|based|enabled|dependent|specific|version|v?\d|bug|issue|only|like|side|style|internal|compatible|config|dev\b)[a-z0-9]+/.test(
    title.slice(end),
  );
}
