/** `perform` and the outbox on an embedded database against `FakeGithub`, with a clock that the test moves. */
import { drizzle } from 'drizzle-orm/pglite';
import type { Action, IssueRef } from '../../src/actions.js';
import { createSender } from '../../src/github/send.js';
import { releaseClaims } from '../../src/outbox/lease.js';
import { deliverLane, type OutboxPorts, openLanes } from '../../src/outbox/outbox.js';
import { type Decided, type PerformPorts, perform } from '../../src/perform.js';
import { type Budgets, DEFAULT_BUDGETS } from '../../src/registry/budgets-section.js';
import type { Db } from '../../src/store/open.js';
import { applyEffect, ensureRepository, ensureSubject, senderState } from '../../src/store/subjects.js';
import { type OpenBackend, openFresh } from '../backend/open.js';
import { backends } from '../setup/backends.js';
import { FakeGithub, Life } from './fake-github.js';

export const REPOSITORY = { id: 5, installationId: 1, fullName: 'octo/hypre', private: false };

/** Room enough for a suite in which the clock hardly moves. */
const WIDE: Budgets = { ...DEFAULT_BUDGETS, callsPerDay: 1000, writesPerHour: 10_000 };

export interface Outside {
  readonly github: FakeGithub;
  readonly db: Db;
  readonly opened: OpenBackend;
  readonly logged: string[];
  /** The process of now; a new one begins with it. */
  begin(life?: Life): Promise<void>;
  issue(number: number): IssueRef;
  /** Commits a triage decision with these actions; every one has facts of its own unless given. */
  decide(actions: readonly Action[], more?: Partial<Decided> & { budgets?: Budgets }): Promise<boolean>;
  /** Sends what is due. */
  send(): Promise<void>;
  wait(minutes: number): void;
}

export async function openOutside(): Promise<Outside> {
  const opened = await openFresh(backends[0]!);
  const github = new FakeGithub();
  const logged: string[] = [];
  // Every statement is a step of the process, as every request is.
  const db = drizzle(opened.store.embedded!, { logger: { logQuery: () => github.life.step() } }) as unknown as Db;
  const { now } = opened;
  await ensureRepository(db, REPOSITORY, now());
  let facts = 0;
  const note = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const outbox: OutboxPorts = {
    db,
    now,
    send: createSender({
      client: async () => github.client,
      now,
      identity: () => ({ appId: 77, slug: 'spokebot' }),
      state: senderState(db, now),
    } as never),
    apply: applyEffect,
    again: async () => {},
    count: () => {},
    log: { warn: note, error: note },
  };
  const ports: PerformPorts = {
    db,
    now,
    version: 'test',
    dispatch: async () => {},
    content: () => {
      throw new Error('no build here');
    },
  } as never;
  return {
    github,
    db,
    opened,
    logged,
    async begin(life = new Life()) {
      github.life = life;
      await releaseClaims(opened.store.db);
    },
    issue: (number) => ({ installationId: 1, repositoryId: 5, fullName: 'octo/hypre', number }),
    async decide(actions, { budgets, ...more } = {}) {
      const [first] = actions;
      const { number } = (first as Extract<Action, { issue: IssueRef }>).issue;
      await ensureSubject(
        opened.store.db,
        { repositoryId: 5, number },
        { isPull: false, title: 'It crashes', author: 'reporter', open: true, headSha: null },
        now(),
      );
      const decided: Decided = {
        kind: 'triage',
        subject: { repositoryId: 5, repository: 'octo/hypre', number },
        facts: { n: facts++ },
        revision: null,
        delivery: null,
        decision: { outcome: {}, actions, reasons: [] },
        ...more,
      };
      return perform(decided, { ...ports, budgets: () => budgets ?? WIDE });
    },
    async send() {
      for (const lane of await openLanes(db, now())) await deliverLane(lane, outbox);
    },
    wait(minutes) {
      opened.clock.at = new Date(opened.clock.at.getTime() + minutes * 60_000);
    },
  };
}
