/** `spokebot explain-config`: what holds for one repository, and which line of which file says so. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { effectiveConfig } from '../registry/effective-config.js';
import type { Origin, SourceFile } from '../registry/model.js';
import { HubNotFound, loadHub } from '../registry-files/load-hub.js';
import { resolveHub } from '../registry-files/resolve-hub.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { readFlags } from './flags.js';

const USAGE = 'OWNER/NAME [--hub DIR] [--file FILE] [--json]';

export const explainConfig: Command = {
  name: 'explain-config',
  usage: USAGE,
  summary: 'Shows the configuration that holds for a repository, with file and line of every value.',
  async run(args, io) {
    const { fullName, hub, file, json } = read(args);
    const directory = resolveHub(hub, io.env);
    const own = file === null ? null : await readOwn(file);
    const { registry, problems } = await load(directory);
    const { config, origins, problems: ownProblems } = effectiveConfig(registry, fullName, own);
    tell(
      io,
      problems.length > 0,
      `The hub ${directory} has problems; "spokebot check-config ${directory}" names them.`,
    );
    tell(
      io,
      ownProblems.length > 0,
      `${file} has problems and counts for nothing; "spokebot check-config ${file}" names them.`,
    );
    tell(
      io,
      !config.member,
      `${fullName} is no member: no product of this hub names it, so spokebot does nothing there.`,
    );
    tell(io, config.member && config.noChecks !== null, `No build checks: ${config.noChecks}.`);

    const shown = new Map(
      [...origins].map(([key, origin]) => [
        key,
        origin.file === null || origin.file === file ? origin : { ...origin, file: show(directory, origin.file) },
      ]),
    );
    io.stdout.write(json ? `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n` : asText(shown));
    return config.member ? EXIT.ok : EXIT.negative;
  },
};

function read(args: readonly string[]) {
  const { values, positionals } = readFlags(explainConfig, args, {
    hub: { type: 'string' },
    file: { type: 'string' },
    json: { type: 'boolean' },
  });
  const fullName = positionals[0];
  if (fullName === undefined || positionals.length > 1 || !/^[^/\s]+\/[^/\s]+$/.test(fullName))
    throw new UsageError('explain-config takes one repository as OWNER/NAME.');
  return { fullName, hub: values.hub, file: values.file ?? null, json: values.json === true };
}

async function readOwn(file: string): Promise<SourceFile> {
  try {
    return { path: file, text: await readFile(file, 'utf8') };
  } catch {
    throw new UsageError(`--file ${file} cannot be read`);
  }
}

async function load(directory: string) {
  try {
    return await loadHub(directory);
  } catch (error) {
    if (error instanceof HubNotFound) throw new UsageError(error.message);
    throw error;
  }
}

function tell(io: Io, when: boolean, message: string): void {
  if (when) io.stderr.write(`${message}\n`);
}

/** A path that opens from where the person is. */
function show(directory: string, file: string): string {
  const relative = path.relative('', path.join(directory, file));
  return relative.startsWith('..') ? path.resolve(directory, file) : relative;
}

function asText(origins: ReadonlyMap<string, Origin>): string {
  const rows = [...origins].map(([key, { value, file, line }]) => ({
    left: `${key} = ${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}`,
    right: file === null ? 'built in' : line === null ? file : `${file}:${line}`,
  }));
  const width = Math.min(60, Math.max(...rows.map(({ left }) => left.length)));
  return rows.map(({ left, right }) => `${left.padEnd(width)}  ${right}\n`).join('');
}
