/**
 * `spokebot labels`: `plan` shows what brings a repository's labels in line with the hub's taxonomy and changes nothing; `apply`
 * does exactly that. A run that breaks off is continued by the next: what is right already is no step any more.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { classifyFailure } from '../github/failure.js';
import { carryOutStep, readLabels } from '../github/repository-labels.js';
import { describeStep, type LabelStep, type LabelSync, planLabelSync } from '../triage/label-sync.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { readFlags } from './flags.js';
import { type Member, NotReachable, openMember, parseRepository } from './member.js';

/** GitHub asks for a second between writes of one client. */
const PACE_MS = 1000;

export const labels: Command = {
  name: 'labels',
  usage: 'plan|apply OWNER/NAME [--plan ID] [--pace MS] [--hub DIR] [--json]',
  summary: "Brings a repository's labels in line with the hub's taxonomy; deletes none.",
  run,
};

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readFlags(labels, args, {
    plan: { type: 'string' },
    pace: { type: 'string' },
    hub: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [verb, name] = positionals;
  if ((verb !== 'plan' && verb !== 'apply') || positionals.length > 2)
    throw new UsageError('labels is followed by plan or apply.');
  const fullName = parseRepository(name);
  const paceMs = readPace(values.pace);
  let member: Member;
  try {
    member = await openMember(fullName, values.hub, io);
  } catch (error) {
    if (!(error instanceof NotReachable)) throw error;
    io.stderr.write(`${error.message}\n`);
    return EXIT.negative;
  }
  const { client, repository, config, hub } = member;
  const sync = planLabelSync(hub.registry.taxonomy, await readLabels(client, repository.fullName), config);
  const id = planId(repository.fullName, sync.steps);
  if (verb === 'plan') {
    if (values.json) io.stdout.write(`${JSON.stringify({ repository: repository.fullName, plan: id, ...sync })}\n`);
    else io.stdout.write(asText(repository.fullName, id, sync));
    return EXIT.ok;
  }
  if (values.plan !== undefined && values.plan !== id && sync.steps.length > 0) {
    io.stderr.write(`The plan is ${id} now, not ${values.plan}: look at it again with spokebot labels plan ${name}\n`);
    return EXIT.negative;
  }
  if (config.paused && sync.steps.length > 0) {
    io.stderr.write('The hub is paused (hub.yml, paused: true), so nothing is written.\n');
    return EXIT.negative;
  }
  const { done, failure } = await apply(member, sync.steps, paceMs);
  const left = sync.steps.length - done.length;
  if (values.json)
    io.stdout.write(
      `${JSON.stringify({ repository: repository.fullName, plan: id, done, left, right: sync.right, notes: sync.notes, failure })}\n`,
    );
  else {
    for (const step of done) io.stdout.write(`${describeStep(step)}\n`);
    for (const note of sync.notes) io.stdout.write(`note    ${note}\n`);
    io.stdout.write(`${repository.fullName}: ${done.length} done, ${left} left, ${sync.right} were right already.\n`);
  }
  if (failure === null) return EXIT.ok;
  io.stderr.write(`${failure}\nRun the same command again; it goes on with the ${left} that are left.\n`);
  return EXIT.negative;
}

function readPace(text: string | undefined): number {
  if (text === undefined) return PACE_MS;
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--pace takes milliseconds between two changes, not "${text}".`);
  return Number(text);
}

/** One step after the other; stops at the first that fails and says why. */
async function apply(
  { client, repository }: Member,
  steps: readonly LabelStep[],
  paceMs: number,
): Promise<{ done: LabelStep[]; failure: string | null }> {
  const done: LabelStep[] = [];
  for (const step of steps) {
    if (done.length > 0 && paceMs > 0) await pause(paceMs);
    try {
      await carryOutStep(client, repository.fullName, step);
    } catch (error) {
      const failed = classifyFailure(error, new Date());
      const wait = failed.kind === 'later' && failed.seconds !== null ? ` Wait ${failed.seconds} seconds.` : '';
      return { done, failure: `Could not ${describeStep(step)}: GitHub answered ${failed.why}.${wait}` };
    }
    done.push(step);
  }
  return { done, failure: null };
}

/** The same steps have the same id, so that what was reviewed is what is done. */
function planId(fullName: string, steps: readonly LabelStep[]): string {
  return createHash('sha256')
    .update(JSON.stringify([fullName.toLowerCase(), steps]))
    .digest('hex')
    .slice(0, 10);
}

function asText(fullName: string, id: string, { steps, right, notes }: LabelSync): string {
  const lines = [...steps.map(describeStep), ...notes.map((note) => `note    ${note}`)];
  const what = steps.length === 0 ? 'nothing to do' : `${steps.length} to do (plan ${id})`;
  lines.push(`${fullName}: ${what}, ${right} are right already.`);
  if (steps.length > 0) lines.push(`To do exactly this: spokebot labels apply ${fullName} --plan ${id}`);
  return `${lines.join('\n')}\n`;
}
