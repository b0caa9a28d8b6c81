/** Which weights of the kind model answer: those that came with the program, or such as were learnt here and a hub lets be used. */
import type { HubSnapshot } from './handlers/ports.js';
import { kindJudge, kindModel } from './kind-weights.js';
import { kindWeights, learntInUse } from './store/kind-models.js';
import type { Db } from './store/open.js';
import { buildJudge, type KindJudge } from './triage/model/judge.js';
import type { KindModel } from './triage/model/kind-model.js';
import { parseModel } from './triage/model/serialise.js';

export interface LearntKinds {
  /** The hub with the model that answers. */
  over(snapshot: HubSnapshot): HubSnapshot;
  /** The model that came with the program. */
  shipped(): Promise<{ readonly model: KindModel; readonly version: string }>;
  /** The model behind a version, to make a decision again; null where it was never in use here. */
  of(version: string): Promise<{ readonly model: KindModel; readonly judge: KindJudge } | null>;
  /** Takes over what was taken into use, by this or another process. */
  sync(): Promise<void>;
}

/** Nothing is read before the first `sync`. */
export function openLearntKinds(db: Db): LearntKinds {
  let learnt: KindJudge | null = null;
  let last: { from: HubSnapshot; by: KindJudge; to: HubSnapshot } | null = null;

  async function of(version: string) {
    const shipped = await kindJudge();
    if (version === shipped.version) return { model: await kindModel(), judge: shipped };
    const text = await kindWeights(db, version);
    if (text === null) return null;
    const model = parseModel(text);
    return { model, judge: buildJudge(model, version) };
  }

  return {
    over(snapshot) {
      if (learnt === null || snapshot.registry.hub.learning.retrain !== 'act') return snapshot;
      if (last?.from !== snapshot || last.by !== learnt)
        last = { from: snapshot, by: learnt, to: { ...snapshot, catalogue: { ...snapshot.catalogue, kinds: learnt } } };
      return last.to;
    },
    shipped: async () => ({ model: await kindModel(), version: (await kindJudge()).version }),
    of,
    async sync() {
      const version = await learntInUse(db, (await kindJudge()).version);
      if (version === (learnt?.version ?? null)) return;
      learnt = version === null ? null : ((await of(version))?.judge ?? null);
    },
  };
}
