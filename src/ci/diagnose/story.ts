/** What Spack tells about a run in its own words (stdout and stderr), as facts per package. Order between the two streams counts for nothing. */
import { isExcerptHeading, readExcerpt } from './excerpt.js';
import { hashOfExtraStage, type PackageId, packageOfSpec, packageOfStage, parsePackageId } from './package-id.js';

export interface Install {
  readonly id: PackageId;
  readonly index: number;
  readonly total: number;
}

/** One `==> Error:` with everything that belongs to it. */
export interface ErrorBlock {
  /** First line without `==> Error: `. */
  readonly head: string;
  /** Python's class when the message begins with one: `ProcessError`, `FetchError`, ... */
  readonly type: string | null;
  /** The lines after the head, excerpt excluded. */
  readonly lines: readonly string[];
  /** The command that failed, unquoted. */
  readonly command: readonly string[] | null;
  readonly excerpt: readonly string[];
  /** Where in a recipe it was raised. */
  readonly recipe: { readonly package: string; readonly line: number; readonly inFunction: string } | null;
  readonly package: string | null;
  readonly testLog: boolean;
}

export interface Story {
  readonly installs: readonly Install[];
  /** In the order of the text, per package. */
  readonly phases: ReadonlyMap<string, readonly string[]>;
  readonly installed: ReadonlySet<string>;
  readonly skipped: readonly { readonly package: string; readonly because: string }[];
  readonly errors: readonly ErrorBlock[];
  /** Packages that the newer installer lists as failed. */
  readonly failed: readonly string[];
  /** Names of all packages seen. */
  readonly names: ReadonlySet<string>;
  /** Package built from a commit (`@git.<sha>`) or a checkout. */
  readonly fromSource: string | null;
}

const INSTALLING = /^==> Installing (\S+)(?: \[(\d+)\/(\d+)\])?/;
const PHASE = /^==> (\S+): Executing phase: '([^']+)'/;
const SUCCESS = /^==> (\S+): Successfully installed /;
const NO_PATCHES = /^==> No patches needed for (\S+)/;
const SKIPPING = /^==> Warning: Skipping build of (\S+) since (\S+) failed/;
const NEW_INSTALLER = /^([a-z2-7]{7}) (\S+): ([a-z][a-z0-9_-]*)$/;
const PRESENT = /^\[\+\] \S*?([^/\s]+)$/;
const ERROR = /^==> Error: ?(.*)$/;
const ID_IN_HEAD =
  /^(\S+): Package was not installed|^(?:Cannot proceed with|Detected uninstalled dependencies for) (\S+):/;
const RECIPE_AT = /packages\/([A-Za-z0-9_-]+)\/package\.py:(\d+), in ([A-Za-z0-9_<>]+)/;

/** Reads the story. Tolerates any text; what is not Spack's is passed over. */
export function readStory(lines: readonly string[]): Story {
  const names = namesIn(lines);
  const installs: Install[] = [];
  const phases = new Map<string, string[]>();
  const installed = new Set<string>();
  const skipped: { package: string; because: string }[] = [];
  const failed: string[] = [];
  const nameOf = (id: string): string | null => parsePackageId(id, names)?.name ?? packageOfSpec(id);
  let source: string | null = null;
  for (const line of lines) {
    source ??= sourceIn(line, names);
    const installing = INSTALLING.exec(line);
    const id = installing && parsePackageId(installing[1]!, names);
    if (installing && id) installs.push({ id, index: Number(installing[2] ?? 0), total: Number(installing[3] ?? 0) });
    const phase = PHASE.exec(line);
    if (phase) push(phases, phase[1]!, phase[2]!);
    const success = SUCCESS.exec(line)?.[1];
    if (success) installed.add(success);
    const skipping = SKIPPING.exec(line);
    if (skipping) skipped.push({ package: nameOf(skipping[1]!) ?? '', because: nameOf(skipping[2]!) ?? '' });
    const present = PRESENT.exec(line)?.[1];
    const presentName = present && parsePackageId(present, names)?.name;
    if (presentName) installed.add(presentName);
    const newer = NEW_INSTALLER.exec(line);
    const newerName = newer && packageOfSpec(newer[2]!);
    if (newer && newerName) readNewer(newerName, newer[3]!, { phases, installed, failed });
  }
  const errors = readErrors(lines, names, installs);
  for (const block of errors) failed.push(...failedList(block).filter((name) => !failed.includes(name)));
  return { installs, phases, installed, skipped, errors, failed, names, fromSource: source };
}

function readNewer(
  name: string,
  state: string,
  into: { phases: Map<string, string[]>; installed: Set<string>; failed: string[] },
): void {
  if (state === 'finished') into.installed.add(name);
  else if (state === 'failed') into.failed.push(name);
  else if (state === 'staging') push(into.phases, name, 'fetch');
  else push(into.phases, name, state);
}

/** Names that stand alone somewhere, so that ids can be cut at the right dash. */
function namesIn(lines: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const line of lines) {
    const name = PHASE.exec(line)?.[1] ?? NO_PATCHES.exec(line)?.[1] ?? SUCCESS.exec(line)?.[1];
    if (name) names.add(name);
  }
  return names;
}

/** A spec at a commit or of a checkout names the product, wherever it stands. */
function sourceIn(line: string, names: ReadonlySet<string>): string | null {
  if (line.includes('git.')) {
    const spec = /(?:^|[\s'"`^])([a-z0-9_][a-z0-9_-]{0,99})@=?git\.[0-9a-f]{7,64}/.exec(line)?.[1];
    if (spec) return spec;
    const id = /(?:^|[\s/(])(?:spack-stage-)?([a-z0-9_][a-z0-9_-]{0,99}-git\.[0-9a-f]{7,64}\S{0,200})/.exec(line)?.[1];
    if (id) return parsePackageId(id, names)?.name ?? null;
  }
  if (!line.includes('dev_path=')) return null;
  return /(?:^|[\s'"`^])([a-z0-9_][a-z0-9_-]{0,99})@[^^]{1,400}\bdev_path=/.exec(line)?.[1] ?? null;
}

function readErrors(lines: readonly string[], names: ReadonlySet<string>, installs: readonly Install[]): ErrorBlock[] {
  const blocks: ErrorBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const head = ERROR.exec(lines[at]!)?.[1];
    if (head === undefined) continue;
    const body: string[] = [];
    const excerpt: string[] = [];
    let next = at + 1;
    while (next < lines.length && !lines[next]!.startsWith('==> ') && !/^\[[+e]\] /.test(lines[next]!)) {
      if (isExcerptHeading(lines[next]!)) {
        const found = readExcerpt(lines, next);
        excerpt.push(...found.lines);
        next = found.end;
      } else body.push(lines[next++]!);
    }
    blocks.push(blockOf(head, body, excerpt, names, installs));
    at = next - 1;
  }
  return blocks;
}

function blockOf(
  head: string,
  lines: readonly string[],
  excerpt: readonly string[],
  names: ReadonlySet<string>,
  installs: readonly Install[],
): ErrorBlock {
  const text = [head, ...lines];
  const recipe = first(text, (line) => RECIPE_AT.exec(line));
  return {
    head,
    type:
      /^(?:Failed to install \S+ due to )?([A-Z][A-Za-z]*(?:Error|Exception|Interrupt|Failure))\b/.exec(head)?.[1] ??
      null,
    lines,
    command: first(lines, commandIn),
    excerpt,
    recipe: recipe && { package: recipe[1]!.replaceAll('_', '-'), line: Number(recipe[2]), inFunction: recipe[3]! },
    package: packageOfBlock(text, names, installs),
    testLog: lines.some((line) => line.startsWith('See test log')),
  };
}

/** The stage named in the error decides; the log's path stands last and is the surest. */
function packageOfBlock(
  text: readonly string[],
  names: ReadonlySet<string>,
  installs: readonly Install[],
): string | null {
  const logAt = text.findIndex((line) => /^See (?:build|test) log/.test(line));
  const paths = logAt >= 0 ? [text[logAt + 1] ?? '', ...text] : text;
  const failed = /^Failed to install (\S+) due to /.exec(text[0]!)?.[1];
  if (failed) return failed;
  const id = ID_IN_HEAD.exec(text[0]!);
  if (id) return parsePackageId(id[1] ?? id[2]!, names)?.name ?? null;
  for (const line of paths) {
    const hash = hashOfExtraStage(line);
    const owner = hash && installs.find((install) => install.id.hash.startsWith(hash));
    if (owner) return owner.id.name;
    const stage = packageOfStage(line, names);
    if (stage) return stage.name;
  }
  return null;
}

/** `    '/usr/bin/make' '-j2' 'install'` -> its words. */
export function commandIn(line: string): string[] | null {
  if (!/^\s*(?:==> \[[^\]]{0,40}\] )?'[^']+'/.test(line)) return null;
  const words = line.match(/'(?:[^'\\]|\\.)*'/g);
  return words ? words.map((word) => word.slice(1, -1)) : null;
}

/** `name@version/hash: path` under "The following packages failed to install:". */
function failedList(block: ErrorBlock): string[] {
  if (!/^The following packages failed to install/.test(block.head)) return [];
  return block.lines.flatMap((line) => /^\s*([a-z0-9_][a-z0-9_-]*)@\S+\/[a-z2-7]{32}/.exec(line)?.[1] ?? []);
}

function first<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
