/**
 * Buttons on our check runs: GitHub's own re-run, and ours. The sender's authority is looked up at once; GitHub shows the buttons to
 * more people than may use them.
 */
import { and, desc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Action } from '../actions.js';
import { mayWrite } from '../ci/facts.js';
import { isToRepeat } from '../ci/report/conclusion.js';
import type { ShownRow } from '../ledger/shown-checks.js';
import type { Build } from '../ledger/state.js';
import type { Verb } from '../registry/commands-section.js';
import { ownValue } from '../registry/own-value.js';
import { builds, shownChecks, subjects } from '../store/schema.js';
import { findSubject } from '../store/subjects.js';
import { allowing, homeOf, rolesHere } from '../triage/commands/authority.js';
import { isHubRepository } from './hub.js';
import { CheckRunPayload, CheckSuitePayload, readPayload, repoRef } from './payload.js';
import type { HandlerPorts } from './ports.js';
import { planPull } from './pulls.js';

/** `check_run.rerequested` and `check_run.requested_action`. */
export async function onCheckRun(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(CheckRunPayload, payload);
  const { check_run: run, requested_action: pressed, sender } = data;
  const build = await findBuild(ports, run.id, run.external_id ?? null);
  const verb = pressed?.identifier ?? 'retry';
  if (build === null) return onShownCheck(data, verb, delivery, ports);
  if (build.repositoryId !== data.repository.id) return;
  if (!(await mayPress(ports, data, { login: sender.login, verb, number: build.number }))) {
    ports.log.info({ buildId: build.id, verb, sender: sender.login }, 'a button was pressed without authority');
    return;
  }
  const action = await actionOf(verb, build, sender.login, ports);
  if (action === null) return;
  await act([action], build, delivery, sender.login, ports);
  // What it waits for besides is seen by a plan.
  if (action.kind === 'approve-build' && build.number !== null && build.plan.heads !== undefined)
    await planPull({ ...repoRef(data), number: build.number }, delivery, ports);
}

/** A check without a build: the roll-up runs again what did not pass, any other is looked at anew. */
async function onShownCheck(
  payload: z.infer<typeof CheckRunPayload>,
  verb: string,
  delivery: string,
  ports: HandlerPorts,
): Promise<void> {
  const { check_run: run, repository, sender } = payload;
  const shown = await findShown(ports, run.id, run.external_id ?? null);
  if (shown === null || shown.repositoryId !== repository.id || !['retry', 'retry-failed'].includes(verb)) return;
  if (!(await mayPress(ports, payload, { login: sender.login, verb, number: shown.number }))) {
    ports.log.info({ check: shown.name, verb, sender: sender.login }, 'a button was pressed without authority');
    return;
  }
  if (shown.role === 'roll-up') {
    for (const build of await notPassed(ports, shown)) {
      const action = await actionOf('retry', build, sender.login, ports);
      if (action !== null) await act([action], build, delivery, sender.login, ports);
    }
  }
  for (const number of shown.number === null ? await pullsOf(ports, shown) : [shown.number])
    await planPull({ ...repoRef(payload), number }, delivery, ports);
}

/** Builds of a head that ended without passing and that somebody still wants. */
async function notPassed(ports: HandlerPorts, head: { repositoryId: number; headSha: string }): Promise<Build[]> {
  const rows = await ports.db
    .select()
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, head.repositoryId),
        eq(builds.headSha, head.headSha),
        eq(builds.state, 'completed'),
        eq(builds.origin, 'pull'),
      ),
    );
  return rows.filter(({ end, waiver }) => isToRepeat(end, waiver));
}

async function pullsOf(ports: HandlerPorts, head: { repositoryId: number; headSha: string }): Promise<number[]> {
  const rows = await ports.db
    .select({ number: subjects.number })
    .from(subjects)
    .where(
      and(
        eq(subjects.repositoryId, head.repositoryId),
        eq(subjects.headSha, head.headSha),
        eq(subjects.isPull, true),
        eq(subjects.open, true),
      ),
    );
  return rows.map(({ number }) => number);
}

/** `check_suite.rerequested`: every build of that head that has ended and is still wanted, and whatever a plan says now. */
export async function onCheckSuite(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(CheckSuitePayload, payload);
  const { check_suite: suite, repository, sender } = data;
  const rows = await ports.db
    .select()
    .from(builds)
    .where(
      and(eq(builds.repositoryId, repository.id), eq(builds.headSha, suite.head_sha), eq(builds.state, 'completed')),
    );
  const pulls = await pullsOf(ports, { repositoryId: repository.id, headSha: suite.head_sha });
  const number = rows.find((row) => row.number !== null)?.number ?? pulls[0] ?? null;
  if (rows.length === 0 && number === null) return;
  if (!(await mayPress(ports, data, { login: sender.login, verb: 'retry', number }))) return;
  for (const build of rows) {
    const action = isUnwanted(build) ? null : await actionOf('retry', build, sender.login, ports);
    if (action !== null) await act([action], build, delivery, sender.login, ports);
  }
  for (const each of pulls) await planPull({ ...repoRef(data), number: each }, delivery, ports);
}

/** Taken out of the plan before it had a verdict: a plan that wants it again starts it by itself. */
function isUnwanted({ end }: Build): boolean {
  return end?.kind === 'ended' && end.why !== 'cancelled';
}

async function actionOf(verb: string, build: Build, by: string, ports: HandlerPorts): Promise<Action | null> {
  const current = await isCurrent(build, ports);
  switch (verb) {
    case 'cancel':
      return { kind: 'cancel-build', buildId: build.id, by };
    // What is approved or repeated must still be the head: an old commit's code is nobody's wish any more.
    case 'approve':
      return current ? { kind: 'approve-build', buildId: build.id, by } : null;
    case 'retry':
      return current ? { kind: 'retry-build', buildId: build.id, by } : null;
    case 'retry-fresh':
      return current ? { kind: 'retry-build', buildId: build.id, by, fresh: true } : null;
    default:
      return null;
  }
}

/** Whether the commit is still what somebody asked for: the head of its open pull request, or of the branch as last built. */
async function isCurrent({ repositoryId, number, headSha, name }: Build, { db }: HandlerPorts): Promise<boolean> {
  if (number !== null) {
    const subject = await findSubject(db, repositoryId, number);
    return subject?.open === true && subject.headSha === headSha;
  }
  const [newest] = await db
    .select({ headSha: builds.headSha })
    .from(builds)
    .where(and(eq(builds.repositoryId, repositoryId), eq(builds.name, name), eq(builds.origin, 'nightly')))
    .orderBy(desc(builds.createdAt))
    .limit(1);
  return newest?.headSha === headSha;
}

async function act(
  actions: readonly Action[],
  build: Build,
  delivery: string,
  by: string,
  ports: HandlerPorts,
): Promise<void> {
  await ports.perform({
    kind: 'button',
    subject: { repositoryId: build.repositoryId, repository: build.repository, number: build.number },
    // One press is one delivery; the same delivery again is the same facts.
    facts: { delivery, build: build.id, actions: actions.map((action) => action.kind), by },
    revision: null,
    delivery,
    decision: {
      outcome: { pressed: actions.map((action) => action.kind) },
      actions,
      reasons: [`${by} pressed a button on the check.`],
    },
  });
}

/** A button is a command without words: the same table says who may. Without a table those may who can write. */
async function mayPress(
  ports: HandlerPorts,
  payload: { installation: { id: number }; repository: { id: number; full_name: string; private: boolean } },
  { login, verb, number }: { login: string; verb: string; number: number | null },
): Promise<boolean> {
  const ref = repoRef(payload);
  const { registry } = ports.hub();
  const hub = isHubRepository(ref.fullName, ports);
  if (!hub && !registry.isMember(ref.fullName)) return false;
  const forge = await ports.forge(ref.installationId);
  const permission = await forge.permission(ref.fullName, login);
  // The hub's repository belongs to no product and no spoke.
  if (hub) return mayWrite(permission);
  const rules = registry.hub.commands;
  if (rules === null) return mayWrite(permission);
  const subject = number === null ? null : await findSubject(ports.db, ref.repositoryId, number);
  const facts = { ref, sender: login, permission, author: subject?.author ?? null };
  const side = homeOf(facts, registry) ?? { product: null, spoke: registry.hub.fallback };
  const roles = rolesHere(side, facts, await ports.config(ref), registry);
  const named = ownValue(VERB_OF, verb);
  return named !== undefined && allowing(named, roles, rules) !== null;
}

const VERB_OF: Readonly<Record<string, Verb>> = {
  retry: 'retry',
  'retry-failed': 'retry',
  'retry-fresh': 'retry',
  cancel: 'cancel',
  approve: 'approve',
};

async function findShown(ports: HandlerPorts, checkRunId: number, externalId: string | null): Promise<ShownRow | null> {
  const [byRun] = await ports.db.select().from(shownChecks).where(eq(shownChecks.checkRunId, checkRunId));
  if (byRun !== undefined || externalId === null) return byRun ?? null;
  const [byKey] = await ports.db.select().from(shownChecks).where(eq(shownChecks.id, externalId));
  return byKey ?? null;
}

async function findBuild(ports: HandlerPorts, checkRunId: number, externalId: string | null): Promise<Build | null> {
  const [byRun] = await ports.db.select().from(builds).where(eq(builds.checkRunId, checkRunId));
  if (byRun !== undefined) return byRun;
  if (externalId === null) return null;
  const [byKey] = await ports.db.select().from(builds).where(eq(builds.id, externalId));
  return byKey ?? null;
}
