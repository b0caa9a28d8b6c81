/** `spokebot plan`: pull requests as JSON lines in, the checks they would get as JSON lines out, in the same order, without network. */
import { z } from 'zod';
import { PERMISSIONS, type PullFacts } from '../ci/facts.js';
import { type CheckPlan, planChecks } from '../ci/plan.js';
import { effectiveConfig } from '../registry/effective-config.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { readFlags } from './flags.js';
import { inWords, jsonLines } from './json-lines.js';
import { openHub } from './open-hub.js';

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
  const registry = await openHub(values.hub, io);
  let exit: number = EXIT.ok;
  for await (const pull of jsonLines(positionals[0] ?? '-', io, pullLine)) {
    if (pull === null) {
      exit = EXIT.negative;
      continue;
    }
    const facts = factsOf(pull);
    const { config } = effectiveConfig(registry, facts.repo.fullName);
    const answer = answerOf(facts, planChecks(facts, config, registry));
    io.stdout.write(inWords(values.json, io) ? `${readable(answer)}\n` : `${JSON.stringify(answer)}\n`);
  }
  return exit;
}

function factsOf(pull: z.infer<typeof pullLine>): PullFacts {
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
