/** Turns the state of a build into the intent that shows it on its check run. The same content twice makes one request. */
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { CheckRunContent } from '../check-run.js';
import { checkLane } from '../outbox/intent.js';
import { enqueueIntents } from '../outbox/outbox.js';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';
import type { Build, BuildAttempt, Outgoing } from './state.js';

export interface ReportPorts {
  readonly now: () => Date;
  /** Pure: what the check run of a build in this state says. */
  readonly content: (build: Build, attempt: BuildAttempt | null) => CheckRunContent;
  /** Address that people reach the pages at, without a slash at its end; for the roll-up. */
  readonly publicUrl?: string | null;
}

/** Commits the intent for the build's present state; `known` spares a read when the caller has the attempt at hand. */
export async function reportBuild(
  tx: Db,
  build: Build,
  known: BuildAttempt | null,
  ports: ReportPorts,
  out: Outgoing,
): Promise<void> {
  const [read] =
    known !== null || build.attempt === 0
      ? []
      : await tx
          .select()
          .from(attempts)
          .where(and(eq(attempts.buildId, build.id), eq(attempts.attempt, build.attempt)));
  // What is built by night is no part of what a pull request has to show.
  if (build.number !== null) out.heads.set(`${build.repositoryId} ${build.headSha}`, build);
  const content = ports.content(build, known ?? read ?? null);
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  if (digest === build.reportDigest) return;
  const revision = build.reportRevision + 1;
  await tx.update(builds).set({ reportDigest: digest, reportRevision: revision }).where(eq(builds.id, build.id));
  const lanes = await enqueueIntents(tx, ports.now(), [
    {
      key: `check-${build.id}-${revision}`,
      lane: checkLane(build.id),
      installationId: build.installationId,
      intent: {
        kind: 'check-run',
        repositoryId: build.repositoryId,
        repository: build.repository,
        buildId: build.id,
        headSha: build.headSha,
        content,
        ...(out.lookFirst && revision === 1 ? { lookFirst: true } : {}),
      },
    },
  ]);
  for (const lane of lanes) out.lanes.add(lane);
}
