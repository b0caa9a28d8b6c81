/**
 * Which labels of an issue are ours, by GitHub's own history of it. Needed where our memory may be older than what we did: a look that no
 * delivery of this moment led to, as after the restore of a backup. Otherwise a label of ours would be taken for a person's word.
 */
import { eq } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import type { IssueNow, LabelEvent } from '../github/forge.js';
import { deliveries } from '../store/schema.js';
import { changeSubject, ensureSubject, findSubject, type Subject } from '../store/subjects.js';
import type { HandlerPorts } from './ports.js';

/** Our row of the issue, brought up to what GitHub knows where that is needed. */
export async function withOwnLabels(
  ref: IssueRef,
  now: IssueNow,
  known: Subject | null,
  delivery: string,
  ports: Pick<HandlerPorts, 'db' | 'now' | 'forge'>,
): Promise<Subject | null> {
  const { db } = ports;
  const { repositoryId, number } = ref;
  const [told] = await db
    .select({ source: deliveries.source })
    .from(deliveries)
    .where(eq(deliveries.guid, delivery))
    .limit(1);
  if (told === undefined || told.source === 'webhook') return known;
  const history = await (await ports.forge(ref.installationId)).labelHistory(ref.fullName, number);
  const { ours, taken } = ownLabelsIn(history ?? []);
  const there = ours.filter((label) => now.labels.includes(label));
  if (
    there.every((label) => known?.ourLabels.includes(label)) &&
    taken.every((label) => known?.removedLabels.includes(label))
  )
    return known;
  const { title, author, open } = now;
  await ensureSubject(db, { repositoryId, number }, { isPull: false, title, author, open, headSha: null }, ports.now());
  await changeSubject(db, repositoryId, number, {
    // What we took off ourselves since is no longer ours, and nobody else's doing either.
    ourLabels: there,
    removedLabels: [...new Set([...(known?.removedLabels ?? []), ...taken])],
  });
  return findSubject(db, repositoryId, number);
}

/** Labels that we put on last, and those that a person took off after us. */
export function ownLabelsIn(history: readonly LabelEvent[]): { ours: string[]; taken: string[] } {
  const state = new Map<string, 'ours' | 'taken' | 'other'>();
  for (const { label, on, byUs } of history) {
    const before = state.get(label);
    if (on) state.set(label, byUs ? 'ours' : 'other');
    else state.set(label, !byUs && before === 'ours' ? 'taken' : 'other');
  }
  const those = (which: string) => [...state].filter(([, is]) => is === which).map(([label]) => label);
  return { ours: those('ours'), taken: those('taken') };
}
