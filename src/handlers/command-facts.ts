/** What a command is decided from: who says it, how the issue stands, and what was decided and said before. */
import { and, desc, eq } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import type { EffectiveConfig } from '../registry/model.js';
import { mutedPeople, standingCorrections, wordOf } from '../store/commands.js';
import { afterAll, onTheWay } from '../store/on-the-way.js';
import { decisions } from '../store/schema.js';
import { ensureSubject, findRepository, findSubject } from '../store/subjects.js';
import type { Asked } from '../triage/commands/command.js';
import type { CommandFacts } from '../triage/commands/facts.js';
import { meantToo } from '../triage/commands/meant-too.js';
import type { TriageOutcome } from '../triage/outcome.js';
import { BY_PERSON } from '../triage/word.js';
import { buildingOf } from './building.js';
import type { HandlerPorts } from './ports.js';
import { destinationsOf, issueHere } from './transfers.js';

interface Said {
  readonly ref: IssueRef;
  readonly isPull: boolean;
  readonly sender: string;
  readonly asked: readonly Asked[];
}

/**
 * Null when the issue is not there any more. `revision` is that of the issue's row before anything else was read: what is decided
 * meanwhile makes these facts stale.
 */
export async function gatherFacts(
  { ref, isPull, sender, asked }: Said,
  config: EffectiveConfig,
  ports: HandlerPorts,
): Promise<{ facts: CommandFacts; revision: number } | null> {
  const forge = await ports.forge(ref.installationId);
  const before = await findSubject(ports.db, ref.repositoryId, ref.number);
  const changing = await onTheWay(ports.db, ref);
  const now = await issueHere(ref, ports);
  if (now === null) return null;
  const assignees = afterAll(now.assignees, changing.people);
  const repository = await findRepository(ports.db, ref.repositoryId);
  const permission = await forge.permission(ref.fullName, sender);
  const subject = await ensureSubject(
    ports.db,
    { repositoryId: ref.repositoryId, number: ref.number },
    { isPull, title: now.title, author: now.author, open: now.open },
    ports.now(),
  );
  const word = wordOf(subject);
  const possible = meantToo(asked, ports.hub().catalogue);
  const corrections = await standingCorrections(ports.db, ref.repositoryId, ref.number);
  const decided = isPull ? [] : await triageDecisions(ref, ports);
  const outcome = decided[0]?.outcome ?? null;
  const byBot = decided.map((each) => each.outcome).filter((each) => !each.reasons[0]?.startsWith(BY_PERSON));
  const assigned = decided.flatMap(({ actions }) =>
    actions.flatMap((each) => (each.kind === 'assign' ? each.logins : [])),
  );
  return {
    facts: {
      ref,
      isPull,
      title: now.title,
      url: now.url,
      private: repository?.private ?? true,
      ...(ports.publicUrl === null ? {} : { pages: ports.publicUrl }),
      sender,
      permission,
      author: now.author,
      labels: afterAll(now.labels, changing.labels),
      labelsWeAdded: afterAll(subject.ourLabels, changing.labels),
      labelsPeopleRemoved: subject.removedLabels,
      assignees,
      outcome,
      earlier: byBot.find((each) => routeOf(each) !== routeOf(byBot[0]!)) ?? null,
      assignedByBot: [...new Set(assigned)].filter((login) => assignees.includes(login)),
      word,
      // A move that was made is no correction that could be taken back.
      corrections: corrections.filter(({ verb }) => verb !== 'transfer' || word.transfer?.state === 'agreement'),
      ...(await mutedPeople(ports.db, ports.now())),
      // Said only where it counts: a day is no reason to decide the same command again.
      ...(possible.some(namesDay) ? { today: ports.now().toISOString().slice(0, 10) } : {}),
      planned: isPull ? await plannedReasons(ref, ports) : [],
      building: isPull ? await buildingOf(ref, subject, config, possible, ports) : null,
      destinations: isPull ? [] : await destinationsOf(possible, word, ref, ports),
      commentBody: subject.commentBody,
    },
    revision: before?.revision ?? 0,
  };
}

function routeOf({ product, outside, spokes }: TriageOutcome): string {
  return JSON.stringify([product?.id ?? null, outside, spokes.accountable]);
}

/** Newest first, the last twenty. */
export async function triageDecisions(ref: IssueRef, ports: HandlerPorts) {
  const rows = await newest('triage', 20, ref, ports);
  return rows.map(({ outcome, actions }) => ({ outcome: outcome as TriageOutcome, actions }));
}

async function plannedReasons(ref: IssueRef, ports: HandlerPorts): Promise<readonly string[]> {
  return (await newest('plan', 1, ref, ports))[0]?.reasons ?? [];
}

function newest(kind: 'triage' | 'plan', count: number, ref: IssueRef, ports: HandlerPorts) {
  return ports.db
    .select({ outcome: decisions.outcome, actions: decisions.actions, reasons: decisions.reasons })
    .from(decisions)
    .where(
      and(eq(decisions.repositoryId, ref.repositoryId), eq(decisions.number, ref.number), eq(decisions.kind, kind)),
    )
    .orderBy(desc(decisions.id))
    .limit(count);
}

function namesDay({ reading }: Asked): boolean {
  if (reading.kind !== 'command') return false;
  const { command } = reading;
  return command.verb === 'who' || (command.verb === 'mute-me' && command.until !== undefined);
}
