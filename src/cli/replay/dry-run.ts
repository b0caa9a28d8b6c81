/** The handlers that `serve` uses, on an empty throw-away database and without network. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noteRepository, route } from '../../app.js';
import { describeActions } from '../../describe-actions.js';
import { createConfigReader } from '../../handlers/config.js';
import { createDuplicateFinder } from '../../handlers/duplicates.js';
import type { HandlerPorts, HubSnapshot } from '../../handlers/ports.js';
import { buildContent } from '../../ledger/content.js';
import { type Decided, perform } from '../../perform.js';
import { type Db, openEmbedded } from '../../store/open.js';
import { intents } from '../../store/schema.js';
import { VERSION } from '../../version.js';
import { payloadForge } from './payload-forge.js';
import type { Delivery } from './recorded.js';

export interface Shown {
  readonly event: string;
  readonly decisions: readonly {
    readonly kind: string;
    readonly outcome: unknown;
    readonly reasons: readonly string[];
    readonly actions: readonly string[];
  }[];
  readonly intents: readonly { readonly key: string; readonly kind: string; readonly payload: unknown }[];
}

/** What a delivery leads to; nothing is sent. */
export async function dryRun(delivery: Delivery, hub: HubSnapshot): Promise<Shown> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-replay-'));
  const store = await openEmbedded(directory);
  try {
    const decided: Decided[] = [];
    await noteRepository(store.db, delivery.payload, new Date());
    await route(
      { id: delivery.guid, name: delivery.event, payload: delivery.payload },
      ports(delivery, hub, store.db, decided),
      {
        appId: ownAppId(delivery.payload),
        slug: 'spokebot',
      },
    );
    const rows = await store.db.select().from(intents).orderBy(intents.id);
    return {
      event: delivery.event,
      decisions: decided.map(({ kind, decision }) => ({
        kind,
        outcome: decision.outcome,
        reasons: decision.reasons,
        actions: describeActions(decision.actions),
      })),
      intents: rows.map(({ key, kind, payload }) => ({ key, kind, payload })),
    };
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function ports(delivery: Delivery, hub: HubSnapshot, db: Db, decided: Decided[]): HandlerPorts {
  const now = () => new Date();
  const log = { info() {}, warn() {} };
  const forge = async () => payloadForge(delivery.payload);
  const config = createConfigReader({ hub: () => hub, forge, now, log });
  return {
    db,
    now,
    log,
    hub: () => hub,
    forge,
    config: config.read,
    forgetConfig: config.forget,
    duplicates: createDuplicateFinder({ db, now, githubApiUrl: '' }),
    people: { hints: async () => [], assignable: async () => true, limited: async () => new Set() },
    // Nothing is known of earlier answers, so act acts as it would at first.
    cases: async () => [],
    recipes: { look: async () => null },
    publicUrl: null,
    perform: async (one) => {
      decided.push(one);
      return perform(one, {
        db,
        now,
        version: VERSION,
        dispatch: async () => {},
        content: (build, attempt) => buildContent(build, attempt, null),
      });
    },
  };
}

/** In a replay the check run of the payload counts as ours. */
function ownAppId(payload: Record<string, unknown>): number {
  const { check_run: run, check_suite: suite } = payload as Record<string, { app?: { id?: number } } | undefined>;
  return run?.app?.id ?? suite?.app?.id ?? 0;
}
