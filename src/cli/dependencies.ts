/**
 * `spokebot dependencies`: from what Spack lists of its recipes to the hub's `dependencies.yml`, which says what of the catalogue is
 * built on what. One run for each revision of the package repository; the program itself needs no Spack for it.
 */
import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { z } from 'zod';
import { dependenciesFrom, readProviders } from '../registry/dependencies-file.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { misfit } from './misfit.js';
import { openHub } from './open-hub.js';
import { whyUnreadable } from './read-failure.js';

export const dependencies: Command = {
  name: 'dependencies',
  usage: '[FILE|-] --packages REVISION [--providers FILE] [--hub DIR]',
  summary: "Writes a hub's dependencies.yml from what `spack list --format version_json` prints.",
  run,
};

const HEAD = [
  '# yaml-language-server: $schema=../schema/dependencies.schema.json',
  "# What of this catalogue Spack's recipes build on what. Written by `spokebot dependencies`; run that again instead of editing it:",
  "#   for v in $(spack providers); do echo \"$v: $(spack providers $v | sed 1d | tr '\\n' ' ')\"; done > providers.txt",
  '#   spack list --format version_json | npx spokebot dependencies --packages REVISION --providers providers.txt > hub/dependencies.yml',
];

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readFlags(dependencies, args, {
    packages: { type: 'string' },
    providers: { type: 'string' },
    hub: { type: 'string' },
  });
  noneBeyond(dependencies, positionals, 1);
  const revision = values.packages?.trim();
  if (!revision)
    throw new UsageError(
      'Say with --packages which revision of the package repository it is, e.g. --packages "$(git -C spack-packages rev-parse HEAD)".',
    );
  const ours = await packagesOf(values.hub, io);
  const listed = parse(await textOf(positionals[0] ?? '-', io));
  const providers = readProviders(values.providers === undefined ? '' : await textOf(values.providers, io));
  if (values.providers !== undefined && providers.size === 0)
    throw new UsageError(`${values.providers} names no virtual package; its lines are like "mpi: mpich openmpi".`);
  try {
    const file = dependenciesFrom(listed, revision, ours, providers);
    const text = stringify(file, { lineWidth: 0 });
    io.stdout.write(`${HEAD.join('\n')}\n${text}`);
    const found = Object.keys(file.recipes).length;
    io.stderr.write(`${found} of ${ours.size} packages of the catalogue have a recipe at ${revision}.\n`);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new UsageError(`This is not what "spack list --format version_json" prints: ${misfit(error, listed, 'it')}.`);
  }
}

async function packagesOf(hub: string | undefined, io: Io): Promise<Set<string>> {
  const { products } = await openHub(hub, io);
  return new Set([...products.values()].flatMap(({ packages }) => packages.map(({ name }) => name)));
}

async function textOf(file: string, io: Io): Promise<string> {
  if (file !== '-')
    return readFile(file, 'utf8').catch((error: Error) => {
      throw new UsageError(`Cannot read ${file}: ${whyUnreadable(error)}.`);
    });
  const parts: Buffer[] = [];
  for await (const part of io.stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('The input is no JSON. Give it what "spack list --format version_json" prints.');
  }
}
