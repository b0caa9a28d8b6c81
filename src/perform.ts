/**
 * The only place that carries actions out. A decision, the state that follows from it, its intents and its builds are committed
 * in one transaction; what then has to leave the process is sent, and found again by the sweeper if this process dies first.
 * `describe-actions.ts` is its dry-run twin.
 */
import { and, desc, eq, isNull, like, or } from 'drizzle-orm';
import type { Action, Decision } from './actions.js';
import { digest } from './digest.js';
import { isNews } from './intake/news.js';
import { approveBuild, approveHead } from './ledger/approve.js';
import { openBuild, retryBuild } from './ledger/builds.js';
import { cancelBuild, endBuilds } from './ledger/end.js';
import { performMembership } from './ledger/membership.js';
import { rollUpHeads, touchHeads } from './ledger/roll-up.js';
import type { LedgerPorts } from './ledger/row.js';
import { showChecks } from './ledger/shown-checks.js';
import { nothingOutgoing, type Outgoing } from './ledger/state.js';
import { waiveBuild } from './ledger/waive.js';
import { addsNothing, admitDecided, heldDigest, isOwnIssue } from './outbox/admission.js';
import { issueIntent, type Origin } from './outbox/issue-intent.js';
import { enqueueIntents } from './outbox/outbox.js';
import { type Budgets, DEFAULT_BUDGETS } from './registry/budgets-section.js';
import { noteComment, setMuted, setWord } from './store/commands.js';
import { noteMentions } from './store/manners.js';
import type { Db } from './store/open.js';
import { keepOwnIssue, openIntent } from './store/own-issues.js';
import { decisions, subjects } from './store/schema.js';
import { keepWish } from './store/wishes.js';

export interface PerformPorts extends LedgerPorts {
  readonly db: Db;
  readonly version: string;
  readonly dispatch: (out: Outgoing) => Promise<void>;
  /** Of the hub in force; the built-in ones when left out. */
  readonly budgets?: () => Budgets;
  /** When this process began; without it everything counts as new. */
  readonly since?: Date;
}

/** A decision with what it was made from. */
export interface Decided {
  readonly kind: 'triage' | 'plan' | 'button' | 'membership' | 'command' | 'downstream' | 'nightly' | 'pause';
  readonly subject: { repositoryId: number; repository: string; number: number | null };
  /** Everything the decision depends on; equal facts in a row decide nothing twice. */
  readonly facts: unknown;
  /** Where the facts hold more than makes two decisions different: what does. */
  readonly sameIf?: unknown;
  /** Revision of the subject that the facts were gathered at; null where there is no subject. */
  readonly revision: number | null;
  readonly delivery: string | null;
  readonly decision: Decision;
  /** Set for an issue from before spokebot; what is held of it stays as quiet later. */
  readonly backfill?: { readonly labelsOnly: boolean };
}

/** The subject changed while the decision was made; gather again. */
export class StaleFacts extends Error {}

/** True for a decision that somebody else's came before, also where several handlers say so. */
export function isStale(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isStale);
  return error instanceof StaleFacts;
}

/**
 * Commits the decision and all that follows, as far as the budgets go; the rest is looked at again later. Returns false when the last
 * decision of this kind on this subject was made from the same facts: then everything that follows from it is already committed. Throws `StaleFacts` when somebody else decided meanwhile.
 */
export async function perform(decided: Decided, ports: PerformPorts): Promise<boolean> {
  const out = nothingOutgoing();
  const done = await ports.db.transaction(async (raw) => {
    const tx = raw as Db;
    const { subject, decision } = decided;
    if (subject.number !== null) await raiseRevision(tx, subject.repositoryId, subject.number, decided.revision);
    const factsDigest = digest(decided.sameIf ?? decided.facts);
    const now = ports.now();
    if (subject.number !== null && addsNothing(await lastDigest(tx, decided), factsDigest, now)) return false;
    const admitted = await admitDecided(tx, decided, (ports.budgets ?? builtIn)(), now);
    // It is asked for again until there is room, and said once.
    if (admitted.held !== null && isOwnIssue(decided) && (await isHeldAlready(tx, decided, factsDigest))) return false;
    out.lookFirst = ports.since !== undefined && !(await isNews(tx, decided.delivery, ports.since));
    const [row] = await tx
      .insert(decisions)
      .values({
        ...subject,
        kind: decided.kind,
        facts: decided.facts,
        factsDigest: heldDigest(admitted.held, factsDigest),
        outcome: decision.outcome ?? null,
        reasons: [...decision.reasons, ...admitted.reasons],
        actions: [...admitted.actions],
        version: ports.version,
        delivery: decided.delivery,
        at: now,
      })
      .returning({ id: decisions.id });
    const id = {
      decision: row!.id,
      byPerson: decided.kind !== 'triage',
      notBefore: admitted.notBefore,
      lookFirst: out.lookFirst,
    };
    for (const action of admitted.actions) await carryOut(tx, action, id, ports, out);
    await rollUpHeads(tx, ports, out);
    return true;
  });
  await ports.dispatch(out);
  return done;
}

async function raiseRevision(tx: Db, repositoryId: number, number: number, seen: number | null): Promise<void> {
  const where = and(eq(subjects.repositoryId, repositoryId), eq(subjects.number, number));
  const [row] = await tx.select({ revision: subjects.revision }).from(subjects).where(where).for('update');
  if (row === undefined) return;
  if (seen !== null && row.revision !== seen) throw new StaleFacts(`#${number} was decided by somebody else meanwhile`);
  await tx
    .update(subjects)
    .set({ revision: row.revision + 1 })
    .where(where);
}

async function lastDigest(tx: Db, { subject, kind }: Decided): Promise<string | null> {
  const [row] = await tx
    .select({ digest: decisions.factsDigest })
    .from(decisions)
    .where(
      and(
        eq(decisions.repositoryId, subject.repositoryId),
        eq(decisions.number, subject.number!),
        eq(decisions.kind, kind),
      ),
    )
    .orderBy(desc(decisions.id))
    .limit(1);
  return row?.digest ?? null;
}

/** Whether a decision from the same facts waits for room already; told apart by facts alone, since an issue to be made has no number. */
async function isHeldAlready(tx: Db, { subject, kind }: Decided, factsDigest: string): Promise<boolean> {
  const { repositoryId, number } = subject;
  const found = await tx
    .select({ id: decisions.id })
    .from(decisions)
    .where(
      and(
        eq(decisions.repositoryId, repositoryId),
        number === null ? isNull(decisions.number) : eq(decisions.number, number),
        eq(decisions.kind, kind),
        or(
          like(decisions.factsDigest, `held % ${factsDigest}`),
          like(decisions.factsDigest, `paused % ${factsDigest}`),
        ),
      ),
    )
    .limit(1);
  return found.length > 0;
}

const builtIn = () => DEFAULT_BUDGETS;

async function carryOut(tx: Db, action: Action, from: Origin, ports: PerformPorts, out: Outgoing): Promise<void> {
  switch (action.kind) {
    case 'start-check':
      await openBuild(tx, action.check, ports, out);
      return;
    case 'end-builds':
      await endBuilds(
        tx,
        {
          repositoryId: action.repo.repositoryId,
          number: action.number,
          keep: action.keep,
          keepSha: action.keepSha,
          ...(action.apart ? { apart: action.apart } : {}),
          ...(action.planned ? { planned: action.planned } : {}),
        },
        { kind: 'ended', why: action.why, detail: action.detail, bySha: action.keepSha },
        ports,
        out,
      );
      if (action.number !== null) await touchHeads(tx, { ...action.repo, number: action.number }, out);
      return;
    case 'retry-build':
      await retryBuild(tx, action.buildId, ports, out, action.fresh);
      return;
    case 'cancel-build':
      await cancelBuild(tx, action.buildId, `Stopped by ${action.by}.`, ports, out);
      return;
    case 'approve-head':
      await approveHead(tx, action, ports.now());
      return;
    case 'approve-build':
      await approveBuild(tx, action, ports, out);
      return;
    case 'waive-build':
      await waiveBuild(tx, action, ports, out);
      return;
    case 'wish-build':
      await keepWish(tx, action, ports.now());
      return;
    case 'show-checks':
      await showChecks(tx, action, ports, out);
      return;
    case 'set-installation':
    case 'set-repositories':
      await performMembership(tx, action, ports, out);
      return;
    case 'set-word':
      await setWord(tx, action, from.decision, ports.now());
      return;
    case 'note-comment':
      await noteComment(tx, action);
      return;
    case 'set-nightly':
    case 'set-pause':
      await keepOwnIssue(tx, action.state, false, ports.now());
      return;
    case 'open-issue': {
      const round = await keepOwnIssue(tx, action.state, true, ports.now());
      // Somebody else has asked for it.
      if (round === null) return;
      const lanes = await enqueueIntents(tx, ports.now(), [openIntent(action, round)], from.notBefore);
      for (const lane of lanes) out.lanes.add(lane);
      return;
    }
    case 'mute':
      await setMuted(tx, action, ports.now());
      return;
    default: {
      // Of the people to be called those whom this issue has not called yet.
      const called = action.kind === 'mention-comment' ? await noteMentions(tx, action, ports.now()) : [];
      if (action.kind === 'mention-comment' && called.length === 0) return;
      const some = action.kind === 'mention-comment' ? { ...action, logins: called } : action;
      if (action.kind === 'edit-issue') await keepOwnIssue(tx, action.state, false, ports.now());
      const lanes = await enqueueIntents(tx, ports.now(), [issueIntent(some, from)], from.notBefore);
      for (const lane of lanes) out.lanes.add(lane);
      if (action.kind === 'sticky-comment')
        await tx
          .update(subjects)
          .set({ commentBody: action.body })
          .where(and(eq(subjects.repositoryId, action.issue.repositoryId), eq(subjects.number, action.issue.number)));
    }
  }
}
