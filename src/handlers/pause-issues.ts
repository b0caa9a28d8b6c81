/** The pauses of triage: one issue in the hub's repository for each repository that pauses, kept up to date, and told when it is over. */
import { and, eq, sql } from 'drizzle-orm';
import type { Action, PauseState, RepoRef } from '../actions.js';
import { type OwnIssueStep, ownIssueStep } from '../ci/own-issue.js';
import { describe } from '../describe-error.js';
import { isOwnIssueComing, ownIssuePlace } from '../store/own-issues.js';
import { listPauses, type PauseFound, wantedUntil } from '../store/pauses.js';
import { repositories } from '../store/schema.js';
import { pauseBody, pauseTitle } from '../triage/budgets/pause-issue.js';
import { WINDOW_MS } from '../triage/budgets/spent.js';
import type { HandlerPorts } from './ports.js';

/**
 * One look at all pauses; safe at any time and in several processes. Where the hub lies in no repository, its page alone tells of them.
 * A private repository is named in no issue: not everybody who reads the hub's repository may know of it.
 */
export async function tellPauses(ports: HandlerPorts): Promise<void> {
  const to = await hubPlace(ports);
  if (to === null) return;
  for (const found of await listPauses(ports.db)) {
    if (found.private || !found.installed) continue;
    try {
      await tellPause(found, to, ports);
    } catch (error) {
      ports.log.warn({ repository: found.repository, error: describe(error) }, 'a pause could not be told');
    }
  }
}

async function tellPause(found: PauseFound, to: RepoRef, ports: HandlerPorts): Promise<void> {
  const { row } = found;
  const until = found.since.getTime() + WINDOW_MS.pause;
  const over = ports.now().getTime() >= until;
  const same = row !== null && row.since.getTime() === found.since.getTime();
  // What is over stays over until the next one.
  if (same ? row.over || !over : over && row === null) return;
  const place = row === null ? null : await ownIssuePlace(ports.db, row);
  const asked = row !== null && row.round > 0 && place === null;
  // GitHub has not answered yet: what is asked for now would be lost behind it.
  if (asked && (await isOwnIssueComing(ports.db, { repositoryId: found.repositoryId, pause: true }, row.round))) return;
  const forge = await ports.forge(to.installationId);
  const open = place !== null && ((await forge.issue(place.repository, place.number))?.open ?? false);
  const before =
    row === null
      ? null
      : {
          broken: same && !row.over,
          // One that GitHub refused is as if it had not been asked for: the next pause asks again.
          round: asked ? 0 : row.round,
          issue: place === null ? null : { open },
        };
  const { hub } = ports.hub().registry;
  const step = ownIssueStep(before, !over, !hub.paused);
  if (step.kind === 'nothing') return;
  const state: PauseState = {
    repositoryId: found.repositoryId,
    repository: found.repository,
    since: found.since.getTime(),
    until,
    over,
    times: step.kind === 'open' || row === null ? 1 : row.times + (same ? 0 : 1),
  };
  await ports.perform({
    kind: 'pause',
    subject: {
      repositoryId: to.repositoryId,
      repository: to.fullName,
      number: step.kind === 'update' ? (place?.number ?? null) : null,
    },
    facts: { ...state, before },
    revision: null,
    delivery: null,
    decision: {
      outcome: { repository: found.repository, over, step: step.kind },
      actions: [await actionOf(step, state, to, place, ports)],
      reasons: [`Triage of ${found.repository} ${over ? 'goes on' : 'pauses'}.`],
    },
  });
}

async function actionOf(
  step: OwnIssueStep,
  state: PauseState,
  to: RepoRef,
  place: { readonly repositoryId: number; readonly repository: string; readonly number: number } | null,
  ports: HandlerPorts,
): Promise<Action> {
  if (step.kind === 'keep' || step.kind === 'nothing') return { kind: 'set-pause', state };
  const wanted = await wantedUntil(ports.db, state.repositoryId, new Date(state.since));
  const { writesPerHour: allowed } = ports.hub().registry.hub.budgets;
  const page = ports.publicUrl === null ? null : `${ports.publicUrl}/`;
  const body = pauseBody({ ...state, wanted, allowed, page });
  if (step.kind === 'open') return { kind: 'open-issue', to, title: pauseTitle(state), body, label: null, state };
  if (place === null) return { kind: 'set-pause', state };
  const { repositoryId, repository: fullName, number } = place;
  return {
    kind: 'edit-issue',
    issue: { installationId: to.installationId, repositoryId, fullName, number },
    body,
    state,
  };
}

/** The repository that the hub lies in, where spokebot is installed. */
async function hubPlace({ db, hubRepository }: HandlerPorts): Promise<RepoRef | null> {
  if (!hubRepository) return null;
  const [row] = await db
    .select({
      repositoryId: repositories.id,
      installationId: repositories.installationId,
      fullName: repositories.fullName,
    })
    .from(repositories)
    .where(
      and(
        eq(sql`lower(${repositories.fullName})`, hubRepository.fullName.toLowerCase()),
        eq(repositories.state, 'active'),
      ),
    );
  return row ?? null;
}
