/** Has builds tried again that were set aside; each is a decision of its own, so that the record says that it was asked for by command. */
import { listSetAside } from '../store/set-aside.js';
import type { HandlerPorts } from './ports.js';

/** More than anybody replays at once. */
const MOST = 500;

export interface ReplayAnswer {
  /** Names for people, `owner/name#number check`. */
  readonly replayed: readonly string[];
  /** Ids that are not set aside (any more). */
  readonly unknown: readonly string[];
}

/** `ids` may be beginnings of ids; null means all that are set aside. */
export async function replaySetAside(
  ids: readonly string[] | null,
  ports: Pick<HandlerPorts, 'db' | 'now' | 'perform'>,
): Promise<ReplayAnswer> {
  const all = await listSetAside(ports.db, ports.now(), MOST);
  const wanted = ids === null ? all : all.filter(({ id }) => ids.some((one) => id.startsWith(one)));
  for (const { id, repositoryId, repository, number, name, at } of wanted)
    await ports.perform({
      kind: 'button',
      subject: { repositoryId, repository, number },
      facts: { replay: id, setAside: at.toISOString() },
      revision: null,
      delivery: null,
      decision: {
        actions: [{ kind: 'retry-build', buildId: id, by: "the hub's operators" }],
        reasons: [`${name} had been set aside and is tried again, as the hub's operators asked.`],
        outcome: { replay: id },
      },
    });
  return {
    replayed: wanted.map(
      ({ repository, number, name }) => `${repository}${number === null ? '' : `#${number}`} ${name}`,
    ),
    unknown: (ids ?? []).filter((one) => !all.some(({ id }) => id.startsWith(one))),
  };
}
