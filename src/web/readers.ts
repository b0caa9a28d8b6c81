/** From an address to the value that it shows; pages and JSON ask the same functions. */
import { eq, inArray, sql } from 'drizzle-orm';
import type { Product, Registry, Spoke } from '../registry/model.js';
import { builds } from '../store/schema.js';
import type { Case } from '../triage/learning/case.js';
import { type ShadowReport, shadowReport } from '../triage/learning/shadow-report.js';
import { type Subject, type TrackRecord, trackRecord } from '../triage/learning/track-record.js';
import { ofSpoke as stewardshipOf } from '../triage/owners/stewardship.js';
import { buildHubView, type HubView, type ProductActivity, productActivities, type SpokeActivity } from './hub-view.js';
import { createLogStore, type LogStore } from './log/log-store.js';
import type { ProductLately, SpokeLately } from './pages/catalogue.js';
import type { WebPorts } from './ports.js';
import { listBuilds } from './read/build-summary.js';
import { readChecks } from './read/checks-of.js';
import { countRouted, listIssues, listWaiting, triagedTo } from './read/decision-summary.js';
import { createEndedReader } from './read/ended.js';
import { createHubReader } from './read/hub.js';
import { readNights } from './read/nights.js';
import { readOpenBuilds } from './read/open-builds.js';
import { actingOf, type PolicyView, policyOf } from './read/policy.js';
import { ANYBODY, readVisible, type Viewer } from './read/visible.js';
import { shown } from './text.js';

const LATELY = 15;

export interface Readers {
  readonly logs: LogStore;
  hub(viewer: Viewer): Promise<HubView>;
  /** What waits and runs for each product of the catalogue. */
  products(registry: Registry, viewer: Viewer): Promise<ProductActivity[]>;
  ofSpoke(registry: Registry, spoke: Spoke, viewer: Viewer): Promise<{ activity: SpokeActivity; lately: SpokeLately }>;
  ofProduct(registry: Registry, product: Product, viewer: Viewer): Promise<ProductLately>;
  /** What spokebot said in the product's repositories beside what people did there. */
  report(registry: Registry, product: Product): Promise<{ policy: PolicyView | null; report: ShadowReport }>;
}

export function createReaders({ db, registry: current, now, cases: readCases }: WebPorts): Readers {
  const readEnded = createEndedReader(db);
  const readHub = createHubReader(db, readEnded);

  async function hub(viewer: Viewer): Promise<HubView> {
    const registry = current();
    const at = now();
    return buildHubView(registry, await readHub(registry, at, viewer), at);
  }

  async function products(registry: Registry, viewer: Viewer): Promise<ProductActivity[]> {
    const visible = await readVisible(db, viewer);
    const [waiting, routed, { openCounts }, { lastChecks }] = await Promise.all([
      listWaiting(db, visible, registry),
      countRouted(db, visible),
      readOpenBuilds(db, visible, 0),
      readEnded(visible),
    ]);
    return productActivities(registry, { waiting, routed, openCounts, lastChecks }, now());
  }

  /** Of public repositories, whoever looks: the figures of a product are the same for everybody. */
  async function visibleCases(): Promise<readonly Case[]> {
    const { names } = await readVisible(db, ANYBODY);
    const cases = (await readCases()).filter(({ repositoryId }) => names.has(repositoryId));
    return cases.map((one) => ({ ...one, title: shown(one.title) }));
  }

  async function record(subject: Subject): Promise<TrackRecord> {
    return trackRecord(await visibleCases(), subject, now());
  }

  async function ofSpoke(
    registry: Registry,
    spoke: Spoke,
    viewer: Viewer,
  ): Promise<{ activity: SpokeActivity; lately: SpokeLately }> {
    const at = now();
    const hubFacts = await readHub(registry, at, viewer);
    const view = buildHubView(registry, hubFacts, at);
    const activity = view.spokes.find((each) => each.id === spoke.id)!;
    const ids = activity.products.map((product) => product.id);
    const visible = await readVisible(db, viewer);
    const [issues, checks] = await Promise.all([
      listIssues(db, visible, triagedTo.spoke(spoke.id), LATELY),
      ids.length === 0 ? [] : listBuilds(db, visible, inArray(builds.product, ids), NEWEST, LATELY),
    ]);
    const files = [...registry.products.values()].filter(({ accountable }) => accountable === spoke.id);
    const lacks = stewardshipOf(
      view.stewardship,
      spoke,
      files.map(({ level }) => level.file),
    );
    const waiting = hubFacts.waiting.filter((issue) => issue.spoke === spoke.id);
    return {
      activity,
      lately: {
        issues,
        builds: checks,
        waiting,
        stewardship: lacks,
        record: await record({ spoke: spoke.id }),
      },
    };
  }

  async function ofProduct(registry: Registry, product: Product, viewer: Viewer): Promise<ProductLately> {
    const { id } = product;
    const visible = await readVisible(db, viewer);
    const [issues, lately, checks, nights] = await Promise.all([
      listIssues(db, visible, triagedTo.product(id), LATELY),
      listBuilds(db, visible, eq(builds.product, id), NEWEST, LATELY),
      readChecks(db, visible, id, now()),
      readNights(db, visible, id, now()),
    ]);
    const told = await record({ product: id });
    return { issues, builds: lately, checks, nights, record: told, policy: policyOf(registry, product, told) };
  }

  async function report(registry: Registry, product: Product) {
    const own = new Set(
      [product.repository, ...product.otherRepositories].flatMap((name) => (name === null ? [] : [name.toLowerCase()])),
    );
    const cases = await visibleCases();
    return {
      policy: policyOf(registry, product, trackRecord(cases, { product: product.id }, now())),
      report: shadowReport(
        cases.filter(({ repository }) => own.has(repository.toLowerCase())),
        product.id,
        actingOf(registry, product),
        now(),
      ),
    };
  }

  return { logs: createLogStore(db), hub, products, ofSpoke, ofProduct, report };
}

const NEWEST = sql`${builds.createdAt} desc`;

/** Products with the words of a query in their name, packages, aliases or spokes; all of them for an empty one. */
export function findProducts(registry: Registry, list: readonly ProductActivity[], query: string): ProductActivity[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter(({ id }) => {
    const product = registry.products.get(id)!;
    const spokes = product.spokes.flatMap((spoke) => [spoke, registry.spokes.get(spoke)?.name ?? '']);
    const text = [id, product.name, ...product.packages.map(({ name }) => name), ...product.aliases, ...spokes]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
