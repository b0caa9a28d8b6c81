/** The build checks of a pull request as commands see them: those of its head, with the pools that are open to it. */
import { and, asc, eq } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import { endingOf, isToRepeat } from '../ci/report/conclusion.js';
import type { EffectiveConfig } from '../registry/model.js';
import { builds } from '../store/schema.js';
import type { Subject } from '../store/subjects.js';
import type { Asked } from '../triage/commands/command.js';
import type { Building } from '../triage/commands/facts.js';
import { awaitedOn, namedPulls } from './other-pulls.js';
import type { HandlerPorts } from './ports.js';

/** Null where nothing is built: the pull request is closed or not known, or its repository has no checks. */
export async function buildingOf(
  ref: IssueRef,
  subject: Subject,
  config: EffectiveConfig,
  asked: readonly Asked[],
  ports: HandlerPorts,
): Promise<Building | null> {
  const { headSha } = subject;
  if (!subject.open || headSha === null || config.checks.length === 0) return null;
  const rows = await ports.db
    .select()
    .from(builds)
    .where(and(eq(builds.repositoryId, ref.repositoryId), eq(builds.number, ref.number), eq(builds.headSha, headSha)))
    .orderBy(asc(builds.name), asc(builds.id));
  return {
    headSha,
    awaitedOn: await awaitedOn(ref, headSha, ports),
    others: await namedPulls(asked, ref, ports),
    packages: [
      ...new Set([
        ...config.checks.map((check) => check.package),
        ...(config.product?.packages ?? []).map(({ name }) => name),
      ]),
    ],
    checks: rows
      // What nobody wanted any more is no check of this head.
      .filter(({ end }) => end?.kind !== 'ended' || end.why === 'cancelled')
      .map((row) => ({
        id: row.id,
        name: row.name,
        spec: row.plan.spec.replace(/@git\.[0-9a-f]+/, ''),
        pool: row.pool,
        required: row.required,
        state: row.state,
        ending: row.end === null ? null : endingOf(row.end),
        toRepeat: isToRepeat(row.end, row.waiver),
        waived: row.waiver !== null,
      })),
    pools: [...config.pools.values()].map(({ id, title, trust, sandbox }) => ({
      id,
      title,
      needsApproval: trust !== 'everyone' || sandbox === 'none',
    })),
  };
}
