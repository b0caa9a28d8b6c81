/** What Spack's own error messages mean. The first row that fits an error decides; a command that failed is looked into elsewhere. */
import type { Category } from '../verdict.js';
import type { ErrorBlock } from './story.js';

interface Meaning {
  readonly category: Category;
  readonly pattern: RegExp;
  /** Spack's word for where it happens, when the message alone tells. */
  readonly phase?: string;
  /** Group of the pattern that names the package. */
  readonly package?: number;
}

const NAME = '\'?"?([a-z0-9_][a-z0-9_-]{0,99})\'?"?';

/** Matched against the head of an error and the lines under it, one at a time. */
const MEANINGS: readonly Meaning[] = [
  {
    category: 'checksum',
    pattern: /^ChecksumError\b|\bchecksum failed for\b|^(?:NoChecksum|ChecksumException)/i,
    phase: 'fetch',
  },
  {
    category: 'checksum',
    pattern: /^Error: .*(?:Will not fetch|No checksum)|\bwas not given a checksum\b/,
    phase: 'fetch',
  },
  { category: 'cache-miss', pattern: /No binary found when cache-only was specified/ },
  {
    category: 'cache-miss',
    pattern:
      /^No (?:installed )?spec with hash \S+ could be found|^No specs? (?:in|found in) (?:the )?(?:binary|build ?)cache/i,
  },
  {
    category: 'cache-miss',
    pattern:
      /^NoVerifyException|^NoSignatureException|^NoOverwriteException|could not be verified with any key|no installed or cached spec/i,
  },
  {
    category: 'dependency',
    pattern: /^Cannot proceed with \S+ .*(?:uninstalled dependenc|is marked as an install failure)/,
  },
  { category: 'dependency', pattern: /^Detected uninstalled dependencies for / },
  {
    category: 'fetch',
    pattern: /^FetchError\b|^All fetchers failed|^FailedDownloadError|^(?:Will not fetch|Fetching from .* failed)/,
    phase: 'fetch',
  },
  {
    category: 'fetch',
    pattern:
      /^(?:URLError|DetailedURLError|DetailedHTTPError|HTTPError|FetchCacheError|NoFetchStrategy|TimeoutError: .*(?:read|connect))|urlopen error/i,
    phase: 'fetch',
  },
  {
    category: 'patch',
    pattern: /^(?:PatchDirectiveError|PatchLookupError|NoSuchPatchError)\b|^Patch \S+ failed/,
    phase: 'patch',
  },
  // The spec itself.
  {
    category: 'invalid-spec',
    pattern:
      /unexpected (?:characters|tokens?) in the spec|^(?:Spec)?(?:Syntax|Parsing|Tokenization)Error\b|^Invalid spec\b/i,
    phase: 'concretize',
  },
  {
    category: 'invalid-spec',
    pattern: new RegExp(`cannot concretize .{1,1000}, since ${NAME} does not exist`),
    phase: 'concretize',
    package: 1,
  },
  { category: 'invalid-spec', pattern: /cannot concretize an anonymous spec/, phase: 'concretize' },
  {
    category: 'invalid-spec',
    pattern: new RegExp(`^(?:UnknownPackageError: )?(?:Package )?${NAME} (?:not found|does not exist)`),
    phase: 'concretize',
    package: 1,
  },
  {
    category: 'invalid-spec',
    pattern:
      /^(?:UnknownPackageError|UnknownNamespaceError|UnknownVersionError|InvalidNamespaceError)\b|^Unknown (?:package|namespace|version)/i,
    phase: 'concretize',
  },
  {
    category: 'invalid-spec',
    pattern: new RegExp(`^(?:UnknownVariantError: )?No such variant.*(?:for spec:?|in package|for package) ${NAME}`),
    phase: 'concretize',
    package: 1,
  },
  {
    category: 'invalid-spec',
    pattern: new RegExp(`(?:invalid|[Mm]ultiple) values? (?:.{0,40} )?for variant .{1,80} in package ${NAME}`),
    phase: 'concretize',
    package: 1,
  },
  {
    category: 'invalid-spec',
    pattern: new RegExp(`(?:trying to set|cannot set) variant .{1,80} (?:in|for|on) package ${NAME}`),
    phase: 'concretize',
    package: 1,
  },
  {
    category: 'invalid-spec',
    pattern:
      /^(?:InvalidVariant|UnknownVariant|MultipleValuesInExclusiveVariant|InconsistentValidation|DuplicateVariant|DuplicateDependency|MultipleVersion|InvalidDependency|DuplicateArchitecture|DuplicateCompilerSpec|InvalidHash|AmbiguousHash)\w*Error\b/,
    phase: 'concretize',
  },
  {
    category: 'invalid-spec',
    pattern: new RegExp(`^(?:Package )?${NAME} does not depend on`),
    phase: 'concretize',
    package: 1,
  },
  {
    category: 'invalid-spec',
    pattern:
      /\bhas no variant\b|\bmultiple values are not allowed for variant\b|\bis not a valid (?:spec|target|version)\b/,
    phase: 'concretize',
  },
  {
    category: 'concretization',
    pattern:
      /^(?:Unsatisfiable|Internal|OutputDoesNotSatisfy|NoProvider|NoValidVersion|Concretiz|InsufficientArchitecture|NoCompilers?)\w*Error\b|concretizer (?:internal error|timed out)|\bis unsatisfiable\b|^No (?:satisfying )?compilers?\b|^Cannot (?:concretize|find a valid provider)|^conflicting (?:requirements|constraints)/i,
    phase: 'concretize',
  },
  { category: 'test', pattern: /^TestFailure\b|^\d+ tests? failed/, phase: 'test' },
  // Recipes.
  {
    category: 'recipe',
    pattern:
      /^(?:DirectiveError|DependencyError|CircularReferenceError|DirectiveMeta\w*|RepoError|IndexError: .*repo|BadRepoError|FailedConstructorError|NoSuchMethodError|InvalidPackageError|PackageError|DeprecatedVersionsNotAllowed|BuilderError|VariantError|MultipleProvider\w*|InvalidExtensionError)\b/,
  },
  { category: 'recipe', pattern: new RegExp(`cannot load package ${NAME} from`), package: 1 },
  {
    category: 'recipe',
    pattern: /module 'spack_repo\.[\w.]{1,100}\.packages\.(\w{1,100})\.package' has no attribute/,
    package: 1,
  },
  { category: 'recipe', pattern: /\(package\.py, line \d+\)|package\.py", line \d+/ },
  { category: 'recipe', pattern: /^(?:Syntax|Indentation|Tab)Error\b/ },
];

export interface SpackMeaning {
  readonly category: Category;
  readonly phase: string | null;
  readonly package: string | null;
}

/** What an error of Spack means by itself; null when it only says that a command, a build or something unheard of failed. */
export function meaningOf(block: ErrorBlock): SpackMeaning | null {
  for (const line of [block.head, ...block.lines.slice(0, 200)]) {
    const text = line.trim().replace(/^Failed to install \S+ due to /, '');
    for (const meaning of MEANINGS) {
      const match = meaning.pattern.exec(text);
      if (match === null) continue;
      return {
        category: meaning.category,
        phase: meaning.phase ?? null,
        package: meaning.package === undefined ? null : (match[meaning.package]?.replaceAll('_', '-') ?? null),
      };
    }
    if (block.type === 'ProcessError') return null;
  }
  return null;
}

/** Says what another error said before, or nothing of the build. */
export function isSecondary(block: ErrorBlock): boolean {
  return /: Package was not installed|^Installation request failed|^Exception occurred in writer daemon|^Keyboard interrupt/.test(
    block.head,
  );
}

/** Python's classes that a recipe raises by a mistake of its own; `ProcessError` and its like are a command's failure. */
export function isPythonFault(block: ErrorBlock): boolean {
  return (
    block.type !== null &&
    /^(?:Value|Attribute|Key|Type|Name|Index|Import|ModuleNotFound|UnboundLocal|Assertion|Recursion|NotImplemented|ZeroDivision|Unicode\w*|Syntax|Runtime|Lookup|StopIteration|Indentation|NoSuchMethod|NoLibraries|NoHeaders|InvalidArgs|Overflow|Eof|EOF)Error$/.test(
      block.type,
    )
  );
}

/** A recipe (or Spack for it) looked for a file of the package and did not find it. */
export function isMissingFile(block: ErrorBlock): boolean {
  return /^(?:FileNotFoundError|NotADirectoryError|IsADirectoryError|(?:shutil\.)?Error: \[Errno 2\]|OSError: (?:\[Errno 2\]|No such file))/.test(
    block.head,
  );
}
