/** From an address to the value that it shows; pages and JSON ask the same functions. */
import { eq, inArray, sql } from 'drizzle-orm';
import type { Registry, Spoke } from '../registry/model.js';
import { builds } from '../store/schema.js';
import { buildHubView, type HubView, type ProductActivity, productActivities, type SpokeActivity } from './hub-view.js';
import { createLogStore, type LogStore } from './log/log-store.js';
import type { Activity } from './pages/catalogue.js';
import type { WebPorts } from './ports.js';
import { listBuilds } from './read/build-summary.js';
import { countRouted, listIssues, listWaiting, triagedTo } from './read/decision-summary.js';
import { createEndedReader } from './read/ended.js';
import { createHubReader } from './read/hub.js';
import { readOpenBuilds } from './read/open-builds.js';
import { readVisible } from './read/visible.js';

const LATELY = 15;

export interface Readers {
  readonly logs: LogStore;
  hub(): Promise<HubView>;
  /** What waits and runs for each product of the catalogue. */
  products(registry: Registry): Promise<ProductActivity[]>;
  ofSpoke(registry: Registry, spoke: Spoke): Promise<{ activity: SpokeActivity; lately: Activity }>;
  ofProduct(id: string): Promise<Activity>;
}

export function createReaders({ db, registry: current, now }: WebPorts): Readers {
  const readEnded = createEndedReader(db);
  const readHub = createHubReader(db, readEnded);

  async function hub(): Promise<HubView> {
    const registry = current();
    const at = now();
    return buildHubView(registry, await readHub(registry, at), at);
  }

  async function products(registry: Registry): Promise<ProductActivity[]> {
    const visible = await readVisible(db);
    const [waiting, routed, { openCounts }, { lastChecks }] = await Promise.all([
      listWaiting(db, visible, registry),
      countRouted(db, visible),
      readOpenBuilds(db, visible, 0),
      readEnded(visible),
    ]);
    return productActivities(registry, { waiting, routed, openCounts, lastChecks }, now());
  }

  async function ofSpoke(registry: Registry, spoke: Spoke): Promise<{ activity: SpokeActivity; lately: Activity }> {
    const at = now();
    const view = buildHubView(registry, await readHub(registry, at), at);
    const activity = view.spokes.find((each) => each.id === spoke.id)!;
    const ids = activity.products.map((product) => product.id);
    const visible = await readVisible(db);
    const [issues, checks] = await Promise.all([
      listIssues(db, visible, triagedTo.spoke(spoke.id), LATELY),
      ids.length === 0 ? [] : listBuilds(db, visible, inArray(builds.product, ids), NEWEST, LATELY),
    ]);
    return { activity, lately: { issues, builds: checks } };
  }

  async function ofProduct(id: string): Promise<Activity> {
    const visible = await readVisible(db);
    const [issues, checks] = await Promise.all([
      listIssues(db, visible, triagedTo.product(id), LATELY),
      listBuilds(db, visible, eq(builds.product, id), NEWEST, LATELY),
    ]);
    return { issues, builds: checks };
  }

  return { logs: createLogStore(db), hub, products, ofSpoke, ofProduct };
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
