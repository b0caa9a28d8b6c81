/** Deliveries that the reconciler makes itself: they go the one way through the program, and the same difference makes the same one. */
import type { Repository } from '../../store/subjects.js';
import type { NewDelivery } from '../record.js';
import type { ReconcilePorts } from './ports.js';

export function subjectDelivery(
  repository: Repository,
  event: 'issues' | 'pull_request',
  activity: string,
  number: number,
  mark: string,
): NewDelivery {
  const payload = {
    action: activity,
    [event === 'issues' ? 'issue' : 'pull_request']: { number },
    repository: { id: repository.id, full_name: repository.fullName, private: repository.private },
    installation: { id: repository.installationId },
  };
  return synthetic(event, `${event}-${repository.id}-${number}-${mark}`, payload, {
    activity,
    installationId: repository.installationId,
    repository: repository.fullName,
  });
}

export function synthetic(
  event: string,
  mark: string,
  payload: object,
  rest: Pick<NewDelivery, 'activity' | 'installationId' | 'repository'>,
): NewDelivery {
  return { guid: `reconcile-${mark}`, event, source: 'reconciler', payload: JSON.stringify(payload), ...rest };
}

/** Minute of now: what has to be said again later must not look like the same delivery. */
export function stamp(ports: ReconcilePorts): string {
  return ports.now().toISOString().slice(0, 16);
}

/** Where triage is off or paused an issue stays without a decision: to ask again every minute would only fill the table. */
export function tenMinutes(ports: ReconcilePorts): string {
  return stamp(ports).slice(0, -1);
}

/** Returns how many deliveries that made: none where it is known. */
export async function record(delivery: NewDelivery, ports: ReconcilePorts): Promise<number> {
  const { seq } = await ports.recorder.record(delivery);
  if (seq === null) return 0;
  ports.stored(seq);
  return 1;
}
