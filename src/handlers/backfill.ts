/** Takes on issues that were there before spokebot, one delivery each, through the handler that takes the new ones. */
import { and, eq } from 'drizzle-orm';
import type { Recorder } from '../intake/record.js';
import type { Registry } from '../registry/model.js';
import type { Db } from '../store/open.js';
import { decisions } from '../store/schema.js';
import { type BackfillAnswer, type BackfillRequest, quietDecision } from '../triage/backfill.js';
import type { HandlerPorts } from './ports.js';

export interface BackfillPorts {
  readonly db: Db;
  readonly recorder: Recorder;
  readonly stored: (seq: number) => void;
  /** The hub in force: what it did not decide under one version may be decided under the next. */
  readonly hub: () => { readonly registry: Pick<Registry, 'isMember'>; readonly digest: string };
}

/** Numbers of the repository's issues that triage has decided on; without case. */
export async function triagedNumbers(db: Db, fullName: string): Promise<number[]> {
  const rows = await db
    .selectDistinct({ repository: decisions.repository, number: decisions.number })
    .from(decisions)
    .where(eq(decisions.kind, 'triage'));
  return rows
    .filter((row) => row.repository.toLowerCase() === fullName.toLowerCase() && row.number !== null)
    .map((row) => row.number!)
    .sort((a, b) => a - b);
}

/** Stores a delivery for one issue unless it was decided on; the same request twice makes one. */
export async function takeOn(request: BackfillRequest, ports: BackfillPorts): Promise<BackfillAnswer> {
  const { registry, digest } = ports.hub();
  const { repositoryId, number, fullName, installationId, labelsOnly } = request;
  if (!registry.isMember(fullName)) return 'refused';
  const [decided] = await ports.db
    .select({ id: decisions.id })
    .from(decisions)
    .where(and(eq(decisions.repositoryId, repositoryId), eq(decisions.number, number), eq(decisions.kind, 'triage')))
    .limit(1);
  if (decided !== undefined) return 'done';
  const { seq } = await ports.recorder.record({
    guid: `backfill-${repositoryId}-${number}-${digest.slice(0, 12)}`,
    event: 'issues',
    source: 'reconciler',
    activity: 'opened',
    installationId,
    repository: fullName,
    payload: JSON.stringify({
      action: 'opened',
      backfill: { labelsOnly },
      issue: { number },
      repository: { id: repositoryId, full_name: fullName, private: request.private },
      installation: { id: installationId },
    }),
  });
  if (seq === null) return 'waiting';
  ports.stored(seq);
  return 'handed';
}

/** The ports of a handler that takes on an old issue: only what is still open, and only the quiet actions. */
export function backfillPorts(ports: HandlerPorts, labelsOnly: boolean): HandlerPorts {
  return {
    ...ports,
    forge: async (installationId) => {
      const forge = await ports.forge(installationId);
      return {
        ...forge,
        issue: async (fullName, number) => {
          const now = await forge.issue(fullName, number);
          return now?.open ? now : null;
        },
      };
    },
    perform: (decided) =>
      ports.perform({
        ...decided,
        decision: quietDecision(decided.decision, labelsOnly),
        backfill: { labelsOnly },
      }),
  };
}
