/** `spokebot plan`: pull requests as JSON lines in, the checks they would get as JSON lines out, in the same order, without network. */
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { PERMISSIONS, type PullFacts } from '../ci/facts.js';
import { type CheckPlan, planChecks } from '../ci/plan.js';
import { effectiveConfig } from '../registry/effective-config.js';
import type { Registry } from '../registry/model.js';
import { HubNotFound, loadHub } from '../registry-files/load-hub.js';
import { resolveHub } from '../registry-files/resolve-hub.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { readFlags } from './flags.js';

const sha = z.string().regex(/^[0-9a-f]{40,64}$/, 'must be a full commit SHA (40 hex digits)');

/** Null means absent; other keys are ignored. What is absent is taken for the least trusted case. */
const pullLine = z.object({
  repository: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'must be OWNER/NAME'),
  number: z.number().int().positive('must be a positive number'),
  baseSha: sha,
  headSha: sha,
  baseRef: z.string().nullish(),
  draft: z.boolean().nullish(),
  fork: z.boolean().nullish(),
  author: z.string().nullish(),
  permission: z.enum(PERMISSIONS).nullish(),
  labels: z.array(z.string()).nullish(),
  files: z.array(z.string()).nullish(),
});

export const plan: Command = {
  name: 'plan',
  usage: '[FILE|-] [--hub DIR] [--json]',
  summary: 'Says which checks pull requests would get and why, read as JSON lines.',
  run,
};

/** Exit code 1 when a line could not be read; the others are answered. */
async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readFlags(plan, args, { hub: { type: 'string' }, json: { type: 'boolean' } });
  if (positionals.length > 1) throw new UsageError('One file at most.');
  const file = positionals[0] === undefined || positionals[0] === '-' ? null : positionals[0];
  const registry = await openHub(values.hub, io);
  const input = file === null ? io.stdin : await openFile(file);
  let exit: number = EXIT.ok;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const text = number === 1 ? line.replace(/^\ufeff/, '') : line;
    if (text.trim() === '') continue;
    const facts = parseLine(text);
    if (typeof facts === 'string') {
      io.stderr.write(`line ${number}: ${facts}; skipped\n`);
      exit = EXIT.negative;
      continue;
    }
    const { config } = effectiveConfig(registry, facts.repo.fullName);
    const answer = answerOf(facts, planChecks(facts, config, registry));
    io.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : `${readable(answer)}\n`);
  }
  return exit;
}

/** Opened before it is read, so that a missing file is told instead of ending the process. */
async function openFile(file: string): Promise<NodeJS.ReadableStream> {
  try {
    const handle = await open(file, 'r');
    if (!(await handle.stat()).isDirectory()) return handle.createReadStream({ encoding: 'utf8' });
    await handle.close();
    throw new Error('it is a directory');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read ${file}: ${why}. Name a file of JSON lines, or - for standard input.`);
  }
}

async function openHub(flag: string | undefined, io: Io): Promise<Registry> {
  try {
    const { registry, problems } = await loadHub(resolveHub(flag, io.env));
    for (const { file, line, column, message } of problems) {
      io.stderr.write(`${file}:${line}:${column}: ${message} (spokebot check-config says more)\n`);
    }
    return registry;
  } catch (error) {
    if (error instanceof HubNotFound) throw new UsageError(error.message);
    throw error;
  }
}

/** The facts of one line, or what is wrong with it. */
function parseLine(text: string): PullFacts | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `not JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  const parsed = pullLine.safeParse(value);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    const where = first?.path.join('.') ?? '';
    return `${where === '' ? 'the line' : `"${where}"`} ${first?.message ?? 'is not valid'}`;
  }
  const pull = parsed.data;
  const branch = pull.baseRef ?? 'main';
  return {
    repo: { installationId: 0, repositoryId: 0, fullName: pull.repository },
    number: pull.number,
    baseSha: pull.baseSha,
    headSha: pull.headSha,
    baseRef: branch,
    defaultBranch: branch,
    draft: pull.draft ?? false,
    fork: pull.fork ?? true,
    author: pull.author ?? null,
    permission: pull.permission ?? null,
    labels: pull.labels ?? [],
    skipMarker: null,
    takenNames: [],
    pins: {},
    files: pull.files ?? null,
    approvals: [],
    wishes: [],
    cloneUrl: `https://github.com/${pull.repository}.git`,
    private: false,
  };
}

/** One output line; keys in the order in which they are documented. */
function answerOf(facts: PullFacts, { checks, skipped }: CheckPlan) {
  return {
    repository: facts.repo.fullName,
    number: facts.number,
    checks: checks.map((check) => ({
      name: check.name,
      spec: check.build.spec,
      pool: check.build.pool,
      required: check.required,
      needsApproval: check.needsApproval !== null,
      reasons: check.reasons,
    })),
    skipped: skipped.map(({ name, reason }) => ({ name, reason })),
  };
}

function readable({ repository, number, checks, skipped }: ReturnType<typeof answerOf>): string {
  const lines = [`${repository}#${number}`];
  for (const check of checks) {
    const how = [check.required ? 'required' : 'optional', ...(check.needsApproval ? ['needs approval'] : [])].join(
      ', ',
    );
    lines.push(`  ${check.name}  (${how})`, `    ${check.spec} on pool ${check.pool}`);
    for (const reason of check.reasons) lines.push(`    - ${reason}`);
  }
  for (const skip of skipped) lines.push(`  ${skip.name}  (not run)`, `    - ${skip.reason}`);
  return lines.map((line) => line.replace(/\p{Cc}/gu, ' ')).join('\n');
}
