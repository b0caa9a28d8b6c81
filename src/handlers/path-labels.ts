/** Labels of a pull request by its changed files: what is known of its labels -> what is to be added. */
import type { IssueRef, LabelDefinition } from '../actions.js';
import type { PullNow } from '../github/forge.js';
import type { EffectiveConfig } from '../registry/model.js';
import { afterAll, labelsLeaving, type OnTheWay } from '../store/on-the-way.js';
import { changeSubject, type Subject } from '../store/subjects.js';
import { labelsByPath } from '../triage/path-labels.js';
import type { HandlerPorts } from './ports.js';

/** What was known before GitHub was read: a label that we add between the two must not look as if a person had taken it off. */
export interface KnownBefore {
  readonly subject: Subject | null;
  readonly changing: OnTheWay;
}

/** What is to be added; null where the configuration names no path. A label of ours that is gone was taken off by a person, and stays off. */
export async function pathLabels(
  ref: IssueRef,
  pull: PullNow,
  files: readonly string[] | null,
  { subject, changing }: KnownBefore,
  config: EffectiveConfig,
  ports: HandlerPorts,
): Promise<LabelDefinition[] | null> {
  const { policy } = config.triage;
  const writes = !config.paused && (policy === 'suggest' || policy === 'act');
  if (!pull.open || !writes || (config.labels.paths ?? []).length === 0) return null;
  const leaving = await labelsLeaving(ports.db, ref);
  const ours = subject?.ourLabels ?? [];
  const lost = ours.filter((label) => !pull.labels.includes(label) && !leaving.includes(label));
  const removed = [...new Set([...(subject?.removedLabels ?? []), ...lost])];
  if (lost.length > 0)
    await changeSubject(ports.db, ref.repositoryId, ref.number, {
      removedLabels: removed,
      ourLabels: ours.filter((label) => !lost.includes(label)),
    });
  return labelsByPath(
    {
      repository: ref.fullName,
      files,
      labels: afterAll(pull.labels, changing.labels),
      labelsPeopleRemoved: removed,
    },
    config,
    ports.hub().registry,
  );
}
