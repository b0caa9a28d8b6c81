/** What people do with answers, on the real serve: it is counted, shown, and decides whether `act` acts. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { and, eq } from 'drizzle-orm';
import { gatherLessons, retrainByNight } from '../../src/handlers/retrain.js';
import { openLearntKinds } from '../../src/learnt-kinds.js';
import { type Learning, NO_LEARNING } from '../../src/registry/learning-section.js';
import { createCaseReader, type RepositoryCase } from '../../src/store/cases.js';
import { explainSubject } from '../../src/store/explain.js';
import { lastRetrain } from '../../src/store/kind-models.js';
import { decisions, repositories, subjects } from '../../src/store/schema.js';
import { bareFacts } from '../../src/triage/facts.js';
import type { RetrainReport } from '../../src/triage/learning/retrain.js';
import type { Kind } from '../../src/triage/outcome.js';
import { NOBODY_KNOWN } from '../../src/triage/owners/people.js';
import { decideAgain, recordOf } from '../../src/triage/replay.js';
import { words } from '../web/open-web.js';
import { startTestHub, type TestHub } from './hub.js';

const FILES: Readonly<Record<string, string>> = {
  'hub.yml': `name: Test hub
fallback: peso
triage: { policy: act, target: 0.5, least: 4 }
learning: { retrain: act }
labels:
  - { name: 'spoke: {spoke}', color: '5319e7' }
  - { name: 'kind: bug', color: 'd73a4a' }
  - { name: 'kind: performance', color: 'fbca04' }
commands:
  may: { accept: [owner, lead], kind: [owner, lead], route: [owner, lead], undo: [owner, lead], explain: [contributor] }
`,
  'spokes/peso.yml': 'id: peso\nname: PESO\n',
  'spokes/dav.yml': 'id: dav\nname: DAV\nleads: [lead]\n',
  'spokes/xsdk.yml': 'id: xsdk\nname: xSDK\n',
  'products/zfp.yml': 'id: zfp\nname: zfp\nspokes: [dav]\nrepository: octo/zfp\nowners: [hubot, lead]\n',
  'products/visit.yml':
    'id: visit\nname: VisIt\nspokes: [dav]\nrepository: octo/visit\nowners: [hubot]\ntriage: { policy: shadow }\n',
};

const ZFP = 'octo/zfp';
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub({ catalogue: FILES });
  for (const repo of [ZFP, 'octo/visit'])
    await hub.github.createRepo(repo, { collaborators: { octocat: 'admin', hubot: 'write', lead: 'write' } });
  await hub.github.addUser('mona');
  await hub.github.as('octocat').install('octo');
  await settled();
}, 60_000);
afterAll(() => hub.close());

const settled = () => hub.settled();
const person = (login: string) => hub.github.as(login);
const page = async (address: string) => words(await (await fetch(hub.running.url + address)).text());
/** What a page tells of many issues was read a while ago, the longer the slower the machine. */
const shows = (address: string, text: string) =>
  hub.github.until(`"${text}" on ${address}`, async () => (await page(address)).includes(text));
const json = async (address: string) => (await fetch(hub.running.url + address)).json();

async function open(repo: string, title: string): Promise<number> {
  return (await person('mona').openIssue(repo, { title, body: 'zfp 1.0 on Linux: run the example, it crashes.' }))
    .number;
}

const THINGS = ['window', 'table', 'message', 'cache', 'server', 'editor', 'image', 'model', 'layer', 'button'];
/** Of one community that words its issues in its own way. */
const lesson = (at: number) => ({
  title: `The ${THINGS[at % THINGS.length]} and the ${THINGS[(at >> 2) % THINGS.length]} of the view, ${at}`,
  body: `We use the ${THINGS[at % THINGS.length]} in our code with the default settings, run ${at}.`,
});

/** Issues as triage decided about them when they were filed, and again when a person had said what they are; returns that kind. */
async function lessons(n: number): Promise<Kind> {
  const { parts } = hub.running;
  const { catalogue, digest } = parts.hub();
  const { db } = parts.backend.store;
  const [repository] = await db.select().from(repositories).where(eq(repositories.fullName, ZFP));
  const repositoryId = repository!.id;
  const config = await parts.handlers.config({ installationId: 1, repositoryId, fullName: ZFP });
  const truth = catalogue.kinds!.ask(lesson(0)).id === 'bug' ? 'question' : 'bug';
  const rows = Array.from({ length: n }, (_, at) => {
    const facts = bareFacts({ repository: ZFP, number: 1000 + at, ...lesson(at) });
    const words = [facts.word, { ...facts.word, kind: truth } as const];
    return words.map((word, later) => {
      const inputs = {
        facts: { ...facts, word },
        config,
        people: NOBODY_KNOWN,
        hub: digest,
        weights: catalogue.kinds!.version,
      };
      const record = JSON.parse(JSON.stringify(recordOf(inputs)));
      const { outcome, reasons } = decideAgain(record, catalogue)!;
      const moment = new Date(Date.now() - (200 - at) * 3600_000 + later * 60_000);
      const place = { repositoryId, repository: ZFP, number: 1000 + at, kind: 'triage' as const };
      return {
        ...place,
        facts: record,
        factsDigest: `${at}-${later}`,
        outcome,
        reasons: [...reasons],
        actions: [],
        version: '0',
        at: moment,
      };
    });
  }).flat();
  await db.insert(decisions).values(rows);
  await db.insert(subjects).values(
    Array.from({ length: n }, (_, at) => ({
      repositoryId,
      number: 1000 + at,
      isPull: false,
      title: lesson(at).title,
      author: null,
      updatedAt: new Date(),
    })),
  );
  return truth;
}

const assignees = async (number: number) =>
  (await person('octocat').issue(ZFP, number)).assignees.map(({ login }) => login);

test('triage R9: act holds back until the record is good enough, then assigns, and a correction holds it back again', async () => {
  const first: number[] = [];
  for (const title of ['Crash in the decoder', 'Wrong rate', 'Leak of a stream', 'Bad header'])
    first.push(await open(ZFP, title));
  await settled();
  expect(await assignees(first[0]!)).toEqual([]);
  expect(await page(`/issues/${ZFP}/${first[0]}`)).toContain(
    'acts as suggest: too few judged answers to say (0, from 4 on)',
  );
  expect(await page('/products/zfp')).toContain('act (hub.yml) · acts as suggest: too few judged answers to say (0');
  expect(await page('/spokes/dav')).toContain('Routed here, and nobody has it yet 4');

  for (const number of first) await person('lead').comment(ZFP, number, '/spokebot accept');
  await settled();
  // What a person has accepted needs no record.
  expect(await assignees(first[0]!)).toHaveLength(1);
  await shows('/spokes/dav', 'Nothing waits here.');
  await shows('/products/zfp', 'Too few to say (4): 4 of 4 judged answers right');

  const fifth = await open(ZFP, 'Crash in the encoder');
  await hub.github.until('an assignee', async () => (await assignees(fifth)).length > 0);
  await settled();

  await person('lead').addLabels(ZFP, first[3]!, 'spoke: xsdk');
  await settled();
  const { policy, record } = await hub.github.until('the correction', async () => {
    const told = (await json('/api/v1/products/zfp')) as {
      policy: { held: string };
      record: { corrections: { number: number; became: { spoke: string } }[] };
    };
    return told.record.corrections.length > 0 && told;
  });
  expect(record.corrections).toMatchObject([{ number: first[3], became: { spoke: 'xsdk' } }]);
  expect(policy.held).toBe('acts as suggest: 3 of 4 right, lower bound 0.30 < 0.50');
  const sixth = await open(ZFP, 'Wrong sign');
  await hub.github.until('a comment', async () => (await person('mona').comments(ZFP, sixth)).length > 0);
  await settled();
  expect(await assignees(sixth)).toEqual([]);
});

test('shadow writes nothing and ends in a report of what people did otherwise', async () => {
  await person('octocat').createLabel('octo/visit', { name: 'spoke: xsdk' });
  await person('octocat').createLabel('octo/visit', { name: 'spoke: dav' });
  const [agreed, wrong, quiet] = [
    await open('octo/visit', 'VisIt crashes at start'),
    await open('octo/visit', 'VisIt draws nothing'),
    await open('octo/visit', 'VisIt is slow'),
  ];
  await settled();
  await person('octocat').addLabels('octo/visit', agreed, 'spoke: dav');
  await person('octocat').addLabels('octo/visit', wrong, 'spoke: xsdk');
  await person('octocat').assign('octo/visit', quiet, 'octocat');
  await settled();
  for (const number of [agreed, wrong, quiet]) expect(await person('mona').comments('octo/visit', number)).toEqual([]);
  const report = await hub.github.until('a report of today', async () => {
    const { report: told } = (await json('/api/v1/products/visit/report')) as { report: { assignee: { n: number } } };
    return told.assignee.n === 1 && told;
  });
  expect(report).toMatchObject({
    issues: 3,
    would: { own: 3, elsewhere: 0, spokeOnly: 0, leftOpen: 0 },
    routing: { agree: 1, n: 2 },
    assignee: { agree: 0, n: 1 },
    next: { policy: 'shadow' },
  });
  const text = await page('/products/visit/report');
  expect(text).toContain('The policy is shadow: everything is decided, nothing is written.');
  expect(text).toContain(
    `VisIt draws nothing octo/visit#${wrong} · whose it is · spokebot: visit · people: spoke xsdk`,
  );
});

test('labels that are on their way count as ours and as there', async () => {
  const { github } = hub;
  // GitHub has the labels long before its answer says so.
  const slow = { kind: 'delay', ms: 1500 } as const;
  await github.faults({ on: 'request', method: 'POST', path: '/repos/octo/zfp/issues/*/labels', effect: slow });
  const number = await open(ZFP, 'zfp crashes with a segmentation fault');
  await github.until('labels', async () => (await person('mona').labels(ZFP, number)).includes('kind: bug'));
  await person('lead').comment(ZFP, number, '/spokebot kind performance');
  await github.until('the new kind', async () =>
    (await person('mona').labels(ZFP, number)).includes('kind: performance'),
  );
  await settled();
  expect((await person('mona').labels(ZFP, number)).toSorted()).toEqual(['kind: performance', 'spoke: dav']);
  expect(await page(`/issues/${ZFP}/${number}`)).not.toContain('a person chose dav');
});

test('what people say of kinds bends the model by night: the better weights answer, and every decision names its own', async () => {
  const { parts } = hub.running;
  const { db } = parts.backend.store;
  const shipped = parts.hub().catalogue.kinds!.version;
  const truth = await lessons(80);
  const cases = createCaseReader(db, () => new Date());
  const night = (day: number, retrain: Learning['retrain'] = 'act', copies = 0, read?: () => Promise<never>) => {
    const now = () => new Date(Date.now() + day * 24 * 3600_000);
    const { registry, ...snapshot } = parts.hub();
    const asked = {
      ...snapshot,
      registry: { ...registry, hub: { ...registry.hub, learning: { retrain, at: '02:30' } } },
    };
    const copied = async () => {
      const found = await cases();
      return [...found, ...Array<RepositoryCase>(copies).fill(found.find(({ number }) => number >= 1000)!)];
    };
    return retrainByNight({ ...parts.handlers, hub: () => asked, now, cases: read ?? copied, learnt: parts.kinds });
  };
  const told = async () =>
    ((await json('/api/v1/hub')) as { learnt: { taken: string; report: RetrainReport } | null }).learnt!;
  // The first look begins nothing: the first night is the next one.
  await night(0);
  expect(await told()).toBeNull();
  await night(1, 'off');
  await night(1, 'suggest');
  expect(await told()).toMatchObject({ policy: 'suggest', taken: null, report: { lessons: 80, better: true } });
  expect(await page('/')).toMatch(
    /\d+ of 24 answers became right and 0 wrong.* Nothing changes by itself: retrain: act/,
  );
  expect(parts.hub().catalogue.kinds!.version).toBe(shipped);
  await night(2, 'act', 12);
  const learnt = await told();
  expect(learnt).toMatchObject({ policy: 'act', base: shipped, inUse: shipped, report: { lessons: 80, better: true } });
  // There is nothing new to learn from, and copies of what is there are none the next night either.
  await night(3, 'act', 12);
  expect(await told()).toEqual(learnt);
  // One that fails is not tried again before the next, and takes nothing back.
  const broken = async (): Promise<never> => {
    throw new Error('a record that cannot be read');
  };
  const before = (await lastRetrain(db))!.night;
  await night(4, 'act', 0, broken);
  expect(await told()).toEqual(learnt);
  expect((await lastRetrain(db))!.night).toBeGreaterThan(before);
  expect(await page('/')).toMatch(
    /What corrections teach better The model of kinds, bent by what people corrected: \d+ of 24 answers became right and 0 wrong.* They answer now\./,
  );
  const seen = (change: Partial<RepositoryCase>) =>
    gatherLessons(
      { db, now: () => new Date(), cases: async () => (await cases()).map((one) => ({ ...one, ...change })) },
      parts.hub().catalogue,
    );
  const stood = { kindByPeople: null, shown: true, open: false } as const;
  expect(await seen({ private: true })).toEqual([]);
  expect((await seen(stood)).map(({ byPeople }) => byPeople)).toEqual(Array(80).fill(false));
  expect(await seen({ ...stood, people: 'withdrawn' })).toEqual([]);
  expect(await seen({ ...stood, open: true, at: new Date() })).toEqual([]);
  expect(await seen({ ...stood, shown: false })).toEqual([]);
  const judge = parts.hub().catalogue.kinds!;
  expect([judge.version, learnt.taken]).toEqual([learnt.taken, expect.not.stringMatching(shipped)]);
  expect(judge.ask(lesson(200)).id).toBe(truth);
  // Another process, or this one after a restart, reads them.
  const other = openLearntKinds(db);
  await other.sync();
  expect(other.over(parts.hub()).catalogue.kinds?.version).toBe(learnt.taken);
  const off = { ...parts.hub().registry, hub: { ...parts.hub().registry.hub, learning: NO_LEARNING } };
  expect(other.over({ ...parts.hub(), registry: off }).registry).toBe(off);
  const { number } = await person('mona').openIssue(ZFP, lesson(201));
  await settled();
  const [row] = await db
    .select()
    .from(decisions)
    .where(and(eq(decisions.repository, ZFP), eq(decisions.number, number)));
  expect(row!.facts).toMatchObject({ weights: learnt.taken });
  const explained = await explainSubject(db, ZFP, number);
  expect(explained!.decisions[0]!.model).toBe(learnt.taken);
});

test('every stored decision can be made again from its record', async () => {
  const { parts } = hub.running;
  const rows = await parts.backend.store.db
    .select()
    .from(decisions)
    .where(and(eq(decisions.kind, 'triage')));
  expect(rows.length).toBeGreaterThan(12);
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
  const versions = new Set(rows.map(({ facts }) => (facts as { weights: string }).weights));
  expect(versions.size).toBe(2);
  for (const version of versions) {
    const catalogue = { ...parts.hub().catalogue, kinds: (await parts.kinds.of(version))!.judge };
    for (const { facts, outcome } of rows)
      if ((facts as { weights: string }).weights === version)
        expect(plain(decideAgain(facts, catalogue)?.outcome)).toEqual(outcome);
  }
});
