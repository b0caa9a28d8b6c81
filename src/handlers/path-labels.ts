/** Labels of a pull request by its changed files: what is known of its labels -> what is to be added. */
import type { IssueRef, LabelDefinition } from '../actions.js';
import type { PullNow } from '../github/forge.js';
import type { EffectiveConfig } from '../registry/model.js';
import { afterAll, type OnTheWay } from '../store/on-the-way.js';
import { findSubject, type Subject } from '../store/subjects.js';
import { labelsByPath } from '../triage/path-labels.js';
import type { HandlerPorts } from './ports.js';
import { notingTakenOff } from './taken-off.js';

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
  const { removedLabels } = await notingTakenOff(
    ref,
    { ours: subject?.ourLabels ?? [], now: pull.labels },
    // Made by whoever read GitHub.
    async () => (await findSubject(ports.db, ref.repositoryId, ref.number))!,
    ports,
  );
  return labelsByPath(
    {
      repository: ref.fullName,
      files,
      labels: afterAll(pull.labels, changing.labels),
      labelsPeopleRemoved: removedLabels,
    },
    config,
    ports.hub().registry,
  );
}
