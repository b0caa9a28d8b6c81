/** Labels of ours that somebody took off, whether a delivery told us or not: they stay off. */
import type { IssueRef } from '../actions.js';
import { labelsLeaving, labelsMaybeThere } from '../store/on-the-way.js';
import { changeSubject, findSubject, type Subject } from '../store/subjects.js';
import { renamedTo } from '../triage/label-sync.js';
import type { HandlerPorts } from './ports.js';

/** Labels that were ours before GitHub was read, and those that it showed. */
export interface LabelsSeen {
  readonly ours: readonly string[];
  readonly now: readonly string[];
}

/** Somebody took a label off: one of ours stays off, even if it came only a moment ago and GitHub's answer to us is still to come. */
export async function noteTakenOff(
  { repositoryId, number }: Pick<IssueRef, 'repositoryId' | 'number'>,
  label: string,
  { db }: Pick<HandlerPorts, 'db'>,
): Promise<void> {
  const maybeThere = await labelsMaybeThere(db, { repositoryId, number });
  const subject = await findSubject(db, repositoryId, number);
  if (subject === null || ![...subject.ourLabels, ...maybeThere].includes(label)) return;
  await changeSubject(db, repositoryId, number, {
    removedLabels: [...new Set([...subject.removedLabels, label])],
    ourLabels: subject.ourLabels.filter((each) => each !== label),
  });
}

/** Our row of the issue as `read` gives it, with what was taken off; to be called after GitHub was read. */
export async function notingTakenOff(
  ref: IssueRef,
  { ours, now }: LabelsSeen,
  read: () => Promise<Subject>,
  { db, hub }: Pick<HandlerPorts, 'db' | 'hub'>,
): Promise<Subject> {
  // After GitHub and before our row: one that we take off is either still listed here or no longer ours there.
  const leaving = await labelsLeaving(db, ref);
  const subject = await read();
  const missing = ours.filter(
    (label) => !now.includes(label) && !leaving.includes(label) && subject.ourLabels.includes(label),
  );
  if (missing.length === 0) return subject;
  // A label that `labels apply` renamed is ours still, and nobody took it off.
  const { taxonomy } = hub().registry;
  const renamed = missing
    .map((label) => renamedTo(taxonomy, label))
    .filter((name) => name !== null && now.includes(name)) as string[];
  const lost = missing.filter((label) => !renamed.includes(renamedTo(taxonomy, label) ?? ''));
  const change = {
    removedLabels: [...new Set([...subject.removedLabels, ...lost])],
    ourLabels: [...new Set([...subject.ourLabels.filter((label) => !missing.includes(label)), ...renamed])],
  };
  await changeSubject(db, ref.repositoryId, ref.number, change);
  return { ...subject, ...change };
}
