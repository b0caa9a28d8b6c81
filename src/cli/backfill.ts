/**
 * `spokebot backfill`: issues that were there before spokebot. `--plan` prints what triage would do to each and writes nothing;
 * `--apply` hands them to the `serve` that runs here, one after the other. What was decided before is skipped, so a run that broke
 * off is simply started again. Nobody is assigned or mentioned.
 */
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describeActions } from '../describe-actions.js';
import { dataDirectory } from '../environment.js';
import { listOpenIssues, type OpenIssue } from '../github/open-issues.js';
import { triagedNumbers } from '../handlers/backfill.js';
import { BACKFILL_ANSWERS, type BackfillAnswer, quietDecision } from '../triage/backfill.js';
import { decideTriage } from '../triage/decide.js';
import { bareFacts } from '../triage/facts.js';
import type { TriageOutcome } from '../triage/outcome.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { type Member, NotReachable, openMember, parseRepository } from './member.js';
import { askServe, findServe, type RunningServe } from './running.js';
import { withState } from './state.js';
import { columns } from './text.js';

/** Issues a minute: each is a comment, and GitHub lets an App write some 500 comments an hour. */
const RATE = 6;

export const backfill: Command = {
  name: 'backfill',
  usage: 'OWNER/NAME --plan|--apply [--labels-only] [--limit N] [--rate N] [--hub DIR] [--json]',
  summary: 'Triages the open issues from before spokebot: shows what it would do, or has serve do it.',
  run,
};

interface Wanted {
  readonly labelsOnly: boolean;
  readonly limit: number;
  readonly rate: number;
  readonly json: boolean;
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readFlags(backfill, args, {
    plan: { type: 'boolean', default: false },
    apply: { type: 'boolean', default: false },
    'labels-only': { type: 'boolean', default: false },
    limit: { type: 'string' },
    rate: { type: 'string' },
    hub: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  noneBeyond(backfill, positionals, 1);
  if (values.plan === values.apply) {
    const where = positionals.length === 0 ? ', and of which repository: OWNER/NAME' : values.plan ? ', not both' : '';
    throw new UsageError(`Say either --plan or --apply${where}.`);
  }
  const fullName = parseRepository(positionals[0]);
  const wanted: Wanted = {
    labelsOnly: values['labels-only'],
    limit: number('limit', values.limit, Number.POSITIVE_INFINITY),
    rate: number('rate', values.rate, RATE),
    json: values.json,
  };
  try {
    const running = findServe(dataDirectory(io.env));
    if (values.apply && running === null)
      throw new NotReachable('No serve runs here, and only serve writes. Start it, or look with --plan.');
    const member = await openMember(fullName, values.hub, io);
    const issues = await listOpenIssues(member.client, member.repository.fullName);
    const done = new Set(await decidedBefore(member.repository.fullName, io));
    const todo = issues.filter((issue) => !done.has(issue.number)).slice(0, wanted.limit);
    const skipped = issues.filter((issue) => done.has(issue.number)).length;
    return values.apply
      ? await apply(member, todo, skipped, running!, wanted, io)
      : plan(member, todo, skipped, wanted, io);
  } catch (error) {
    if (!(error instanceof NotReachable)) throw error;
    io.stderr.write(`${error.message}\n`);
    return EXIT.negative;
  }
}

function number(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--${name} takes a number from 1, not "${text}".`);
  return Number(text);
}

/** A place without state has decided nothing; looking does not make one. */
async function decidedBefore(fullName: string, io: Io): Promise<readonly number[]> {
  if (findServe(dataDirectory(io.env)) === null && !io.env.DATABASE_URL && !existsSync(dataDirectory(io.env)))
    return [];
  const found = await withState<{ numbers: readonly number[] }>(io.env, `/triaged/${fullName}`, async (db) => ({
    numbers: await triagedNumbers(db, fullName),
  }));
  return found?.numbers ?? [];
}

/** Why nothing would be written although there are issues; null when something would. */
function silence({ config }: Member): string | null {
  if (config.paused) return 'The hub is paused (hub.yml, paused: true), so nothing would be written.';
  const { policy } = config.triage;
  if (policy === 'off' || policy === 'shadow')
    return `The policy of this repository is "${policy}" (triage.policy), so nothing would be written.`;
  return null;
}

interface Planned {
  readonly number: number;
  readonly title: string;
  readonly outcome: TriageOutcome;
  readonly actions: readonly string[];
}

function plan(member: Member, todo: readonly OpenIssue[], skipped: number, wanted: Wanted, io: Io): number {
  const { repository, config } = member;
  const planned = todo.map((issue) => planIssue(issue, member, wanted.labelsOnly));
  const quiet = silence(member);
  if (wanted.json) {
    io.stdout.write(
      `${JSON.stringify({ repository: repository.fullName, policy: config.triage.policy, issues: planned, skipped })}\n`,
    );
    if (quiet !== null) io.stderr.write(`${quiet}\n`);
    return EXIT.ok;
  }
  const rows = planned.map(({ number, title, outcome, actions }) => [
    `#${number}`,
    outcome.mode,
    goesTo(outcome),
    outcome.labels.add.length > 0 ? outcome.labels.add.join(', ') : '-',
    actions.some((action) => action.startsWith('write the comment')) ? 'comment' : '-',
    title.replace(/\p{Cc}+/gu, ' ').slice(0, 60),
  ]);
  if (rows.length > 0) io.stdout.write(`${columns(rows)}\n`);
  io.stdout.write(`${repository.fullName}: ${rows.length} open issues to take on, ${skipped} decided on before.\n`);
  if (quiet !== null) io.stdout.write(`${quiet}\n`);
  else if (rows.length > 0)
    io.stdout.write(`To do it, ${wanted.rate} a minute: spokebot backfill ${repository.fullName} --apply\n`);
  return EXIT.ok;
}

function planIssue(issue: OpenIssue, { repository, config, hub }: Member, labelsOnly: boolean): Planned {
  const { installationId, repositoryId, fullName } = repository;
  const facts = {
    ...bareFacts({ ...issue, repository: fullName }),
    assignees: issue.assignees,
    private: repository.private,
    ref: { installationId, repositoryId, fullName, number: issue.number },
  };
  const { outcome, actions } = quietDecision(decideTriage(facts, hub.catalogue, config), labelsOnly);
  return { number: issue.number, title: issue.title, outcome, actions: describeActions(actions) };
}

function goesTo({ product, outside, candidates, spokes }: TriageOutcome): string {
  const what = product?.id ?? outside ?? (candidates.map((one) => one.product).join('/') || '?');
  return `${what} -> ${spokes.accountable}`;
}

async function apply(
  member: Member,
  todo: readonly OpenIssue[],
  skipped: number,
  running: RunningServe,
  wanted: Wanted,
  io: Io,
): Promise<number> {
  const quiet = silence(member);
  if (quiet !== null) throw new NotReachable(quiet);
  const counts = Object.fromEntries(BACKFILL_ANSWERS.map((answer) => [answer, 0])) as Record<BackfillAnswer, number>;
  counts.done = skipped;
  for (const [at, issue] of todo.entries()) {
    if (at > 0) await pause(60_000 / wanted.rate);
    const answer = await handOver(member, issue.number, running, wanted.labelsOnly);
    counts[answer] += 1;
    if (!wanted.json) io.stdout.write(`#${issue.number}  ${WORDS[answer]}  (${at + 1} of ${todo.length})\n`);
    if (answer === 'refused')
      throw new NotReachable(`The serve that runs here does not know ${member.repository.fullName} as a member.`);
  }
  const { handed, waiting, done } = counts;
  if (wanted.json)
    io.stdout.write(`${JSON.stringify({ repository: member.repository.fullName, handed, waiting, done })}\n`);
  else
    io.stdout.write(
      `${member.repository.fullName}: ${handed} handed to serve, ${waiting} handed before and not decided yet, ${done} decided on before.\n`,
    );
  return EXIT.ok;
}

const WORDS: Readonly<Record<BackfillAnswer, string>> = {
  handed: 'handed to serve',
  waiting: 'was handed before',
  done: 'is decided',
  refused: 'refused',
};

async function handOver(
  { repository }: Member,
  number: number,
  running: RunningServe,
  labelsOnly: boolean,
): Promise<BackfillAnswer> {
  const { installationId, repositoryId, fullName } = repository;
  const request = { installationId, repositoryId, fullName, private: repository.private, number, labelsOnly };
  const found = await askServe<{ answer: BackfillAnswer }>(running, '/backfill', request).catch((error: Error) => {
    throw new NotReachable(`serve did not take #${number}: ${error.message}. Run the same command again; it goes on.`);
  });
  if (found === null)
    throw new NotReachable('The serve that runs here is older than this command and knows no backfill. Restart it.');
  return found.answer;
}
