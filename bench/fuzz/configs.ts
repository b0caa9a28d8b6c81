/**
 * Mutated configuration files: every one is read without a throw, every problem says where it is and what it is, nothing takes long, and
 * what is in force is always the last version without a problem.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { reportHub } from '../../src/ci/hub-check.js';
import { createConfigReader } from '../../src/handlers/config.js';
import type { HubSnapshot } from '../../src/handlers/ports.js';
import { buildRegistry } from '../../src/registry/build-registry.js';
import { effectiveConfig, REPOSITORY_FILE } from '../../src/registry/effective-config.js';
import { kindOfFile } from '../../src/registry/kind-of-file.js';
import type { Problem, Registry, SourceFile } from '../../src/registry/model.js';
import { checkPath } from '../../src/registry-files/check-path.js';
import { readHubFiles } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';
import { type Dice, diceOf } from './dice.js';
import { mutateYaml } from './mutate-yaml.js';

/** Of the processor; on a busy machine the clock says little. */
const MOST_CPU_MS = 2000;
const MEMBER = 'hypre-space/hypre';
/** A repository's own file with every section in use. */
const OWN = `# yaml-language-server: $schema=https://example.org/repository.schema.json
triage:
  policy: suggest
  owners: [octocat]
labels:
  without: ['kind: question']
checks:
  - spec: hypre
    pool: linux
    required: true
    tests: false
    when:
      paths: ['src/**', '!docs/**']
`;

export interface ConfigFigures {
  readonly configs: number;
  /** How many had problems, and how many problems there were in all. */
  readonly refused: number;
  readonly problems: number;
  readonly slowest: { readonly cpuMs: number; readonly changes: string };
  readonly memoryMb: { readonly start: number; readonly peak: number; readonly end: number };
  readonly failures: readonly string[];
}

export async function fuzzConfigs({
  count,
  seed,
  onDisk: everySo = 5,
  say = () => {},
}: {
  readonly count: number;
  readonly seed: number;
  /** One of so many is also written to disk and looked at with the whole packaged hub. */
  readonly onDisk?: number;
  readonly say?: (line: string) => void;
}): Promise<ConfigFigures> {
  const dice = diceOf(seed);
  const failures: string[] = [];
  const hub = await someOfHub();
  const { registry } = buildRegistry(hub);
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-configs-'));
  const inForce = openReader(registry);
  const memory: number[] = [];
  let refused = 0;
  let problems = 0;
  let slowest = { cpuMs: 0, changes: '' };
  try {
    for (let nth = 0; nth < count; nth++) {
      if (nth % 100 === 99) say(`${nth + 1} files, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`);
      const own = dice.oneIn(2);
      const file = own ? { path: REPOSITORY_FILE, text: OWN } : dice.pick(hub);
      const { text, changes } = mutateYaml(file.text, dice);
      const what = `configuration ${nth} (${file.path}: ${changes.join(', ')})`;
      const began = process.cpuUsage();
      try {
        const mutated = { path: file.path, text };
        const found = own ? await tryOwn(mutated, registry, inForce) : tryHub(mutated, hub);
        const onDisk = dice.oneIn(everySo) ? await tryOnDisk(mutated, directory, dice) : [];
        if (found.length > 0) refused += 1;
        problems += found.length;
        for (const problem of [...found, ...onDisk])
          failures.push(...wrongIn(problem, text).map((each) => `${what}: ${each}`));
      } catch (error) {
        failures.push(
          `${what}: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 800) : String(error)}`,
        );
      }
      const { user, system } = process.cpuUsage(began);
      const cpuMs = (user + system) / 1000;
      if (cpuMs > slowest.cpuMs) slowest = { cpuMs, changes: `${file.path}: ${changes.join(', ')}` };
      if (cpuMs > MOST_CPU_MS) failures.push(`${what}: took ${Math.round(cpuMs)} ms of the processor`);
      memory.push(process.memoryUsage.rss() / 2 ** 20);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  if (({} as { polluted?: unknown }).polluted !== undefined) failures.push('a file has changed every object');
  const memoryMb = { start: memory[Math.floor(count / 5)] ?? 0, peak: Math.max(...memory), end: memory.at(-1) ?? 0 };
  return { configs: count, refused, problems, slowest, memoryMb, failures };
}

/** The packaged hub with few of its products: enough of every kind. */
async function someOfHub(): Promise<SourceFile[]> {
  const files = await readHubFiles(packagedHub());
  const few = /^products\/(?:hypre|kokkos|zfp|hdf5|trilinos)\.yml$/;
  return files.filter((one) => !/^(?:products\/|dependencies\.)/.test(one.path) || few.test(one.path));
}

function tryHub(mutated: SourceFile, hub: readonly SourceFile[]): readonly Problem[] {
  kindOfFile('some.yml', mutated.text);
  const { problems } = buildRegistry([...hub.filter((one) => one.path !== mutated.path), mutated]);
  // What the check of a pull request would say of it.
  reportHub({ problems, folder: '', comparison: null, inForce: 'In force is another.' });
  return problems.filter((one) => one.file === mutated.path);
}

/** What is in force for the repository is the file, when it has no problem, else what was in force before. */
async function tryOwn(
  mutated: SourceFile,
  registry: Registry,
  inForce: (text: string) => Promise<unknown>,
): Promise<readonly Problem[]> {
  const { problems } = effectiveConfig(registry, MEMBER, mutated);
  const now = JSON.stringify(await inForce(mutated.text));
  if (problems.length === 0) lastGood = now;
  else if (lastGood !== null && now !== lastGood)
    throw new Error('a file with problems is in force, or the last good one is not');
  return problems;
}
let lastGood: string | null = null;

/** Reads the repository's configuration as `serve` does, each time with another text on its default branch. */
function openReader(registry: Registry): (text: string) => Promise<unknown> {
  let text = '';
  const reader = createConfigReader({
    hub: () => ({ registry }) as HubSnapshot,
    forge: async () => ({ file: async () => text }) as never,
    now: () => new Date(0),
    log: { info() {}, warn() {}, error() {}, debug() {} } as never,
  });
  return async (next) => {
    text = next;
    reader.forget(MEMBER);
    // Problems are told of the newest text, the rest is what counts.
    const { problems: _, ...config } = (await reader.read({
      installationId: 1,
      repositoryId: 1,
      fullName: MEMBER,
    })) as never as {
      problems: unknown;
    };
    return config;
  };
}

/** The bytes as somebody's disk may have them. */
async function tryOnDisk({ path: name, text }: SourceFile, directory: string, dice: Dice): Promise<readonly Problem[]> {
  const file = path.join(directory, path.basename(name));
  const bytes = Buffer.from(text);
  for (let left = dice.roll(4); left > 0 && bytes.length > 0; left--) bytes[dice.roll(bytes.length)] = dice.roll(256);
  writeFileSync(file, bytes);
  const { problems } = await checkPath(file, { hub: packagedHub(), repository: MEMBER });
  return problems.flatMap((each) =>
    wrongIn(each, readFileSync(file, 'utf8')).map((wrong) => ({ ...each, message: wrong })),
  );
}

/** What a problem does not say, or says wrong. */
function wrongIn({ file, line, column, message }: Problem, text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).length;
  const wrong: string[] = [];
  if (!Number.isInteger(line) || line < 1 || line > lines + 1)
    wrong.push(`no line: ${line} of ${lines} in ${file}, ${message}`);
  if (!Number.isInteger(column) || column < 1) wrong.push(`no column: ${column}, ${message}`);
  if (message.trim() === '' || message.length > 2000) wrong.push(`no message: ${message.slice(0, 100)}`);
  return wrong;
}
