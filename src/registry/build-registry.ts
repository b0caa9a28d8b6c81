/**
 * The files of a hub in, the catalogue and every problem out. A file with a problem of its own is left out (its repositories are then
 * no members, so nothing happens in them); who holds an earlier registry without problems keeps that instead.
 */
import { DEFAULT_BUDGETS } from './budgets-section.js';
import { crossCheck } from './cross-check.js';
import { DEPENDENCIES_FILE, type DependenciesFile, dependenciesFile, tableOf } from './dependencies-file.js';
import { type HubFile, hubFile } from './hub-schema.js';
import { NO_LEARNING } from './learning-section.js';
import { hubOf, poolsOf, productOf, spokeOf } from './levels.js';
import type { Hub, Pool, Problem, Product, Registry, RegistryResult, SourceFile, Spoke } from './model.js';
import { firstOfEach } from './most-problems.js';
import { type ProductFile, productFile } from './product-schema.js';
import { DEFAULT_RETENTION } from './retention-section.js';
import { type SpokeFile, spokeFile } from './spoke-schema.js';
import { buildTaxonomy } from './taxonomy.js';
import { validate } from './validate.js';
import { whereKeysBelong } from './where-keys-belong.js';
import { parseYaml, type YamlSource } from './yaml-source.js';

/** A file and its text's places. */
export interface Loaded<T> {
  readonly file: T;
  /** False: something in it is wrong, and what is right is only looked at for further problems. */
  readonly good: boolean;
  readonly source: YamlSource;
}

export interface LoadedHub {
  readonly hub: Loaded<HubFile> | null;
  readonly spokes: readonly Loaded<SpokeFile>[];
  readonly products: readonly Loaded<ProductFile>[];
  readonly dependencies: Loaded<DependenciesFile> | null;
}

/** What a path of a hub's directory holds; null for what is none of the catalogue's. */
export function kindOfPath(path: string): 'hub' | 'spoke' | 'product' | 'dependencies' | null {
  if (path === 'hub.yml') return 'hub';
  if (path === DEPENDENCIES_FILE) return 'dependencies';
  if (/^spokes\/[^/]+\.yml$/.test(path)) return 'spoke';
  return /^products\/[^/]+\.yml$/.test(path) ? 'product' : null;
}

/** Builds the catalogue. Never throws; without a usable `hub.yml` everything is off and no pool exists. */
export function buildRegistry(files: readonly SourceFile[]): RegistryResult {
  const { loaded, problems } = loadFiles(files);
  if (!files.some(({ path }) => path === 'hub.yml'))
    problems.push({
      file: 'hub.yml',
      line: 1,
      column: 1,
      message: 'A hub needs the file hub.yml, and there is none',
      suggestion: 'Add hub.yml with at least "name" and "fallback".',
    });
  problems.push(...crossCheck(loaded, files));
  return { registry: assemble(onlyGood(loaded)), problems: firstOfEach(problems.toSorted(byPlace)) };
}

function loadFiles(files: readonly SourceFile[]): { loaded: LoadedHub; problems: Problem[] } {
  const problems: Problem[] = [];
  const spokes: Loaded<SpokeFile>[] = [];
  const products: Loaded<ProductFile>[] = [];
  let hub: Loaded<HubFile> | null = null;
  let dependencies: Loaded<DependenciesFile> | null = null;
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const kind = kindOfPath(file.path);
    if (kind === null) {
      problems.push({
        file: file.path,
        line: 1,
        column: 1,
        message:
          'This file is no part of a hub, which holds hub.yml, spokes/<id>.yml, products/<id>.yml and dependencies.yml',
        suggestion: file.path.endsWith('.yaml') ? file.path.replace(/\.yaml$/, '.yml') : null,
      });
      continue;
    }
    const source = parseYaml(file);
    const checked =
      kind === 'hub'
        ? validate(source, hubFile, whereKeysBelong('hub'))
        : kind === 'spoke'
          ? validate(source, spokeFile, whereKeysBelong('spoke'))
          : kind === 'product'
            ? validate(source, productFile, whereKeysBelong('product'))
            : validate(source, dependenciesFile);
    problems.push(...checked.problems);
    if (checked.rest === null) continue;
    const good = checked.value !== null;
    if (kind === 'hub') hub = { file: checked.rest as HubFile, source, good };
    else if (kind === 'dependencies') dependencies = { file: checked.rest as DependenciesFile, source, good };
    else if (kind === 'spoke') spokes.push({ file: checked.rest as SpokeFile, source, good });
    else products.push({ file: checked.rest as ProductFile, source, good });
  }
  return { loaded: { hub, spokes, products, dependencies }, problems };
}

function onlyGood({ hub, spokes, products, dependencies }: LoadedHub): LoadedHub {
  return {
    hub: hub?.good ? hub : null,
    spokes: spokes.filter(({ good }) => good),
    products: products.filter(({ good }) => good),
    dependencies: dependencies?.good ? dependencies : null,
  };
}

function assemble({ hub, spokes, products, dependencies }: LoadedHub): Registry {
  const spokeMap = new Map<string, Spoke>();
  for (const { file, source } of spokes) if (!spokeMap.has(file.id)) spokeMap.set(file.id, spokeOf(file, source));
  const productMap = new Map<string, Product>();
  const repositories = new Map<string, Product>();
  const packages = new Map<string, Product>();
  for (const { file, source } of products) {
    if (productMap.has(file.id)) continue;
    const product = productOf(file, source);
    productMap.set(product.id, product);
    const places = [
      ...(product.repository ? [product.repository] : []),
      ...product.otherRepositories,
      ...product.packages.flatMap((one) => one.repositories),
    ];
    for (const name of places.map((place) => place.toLowerCase()))
      if (!repositories.has(name)) repositories.set(name, product);
    for (const { name } of product.packages) if (!packages.has(name)) packages.set(name, product);
  }
  const pools: Map<string, Pool> = hub ? poolsOf(hub.file) : new Map();
  const theHub = hub ? hubOf(hub.file, hub.source) : NO_HUB;
  const central = new Set(theHub.central.map((name) => name.toLowerCase()));
  const taxonomy = buildTaxonomy(hub?.file.labels ?? [], { spokes: spokeMap.values(), products: productMap.values() });
  return {
    hub: theHub,
    spokes: spokeMap,
    products: productMap,
    pools,
    taxonomy,
    dependencies: dependencies === null ? null : tableOf(dependencies.file),
    productByRepository: (fullName) => repositories.get(fullName.toLowerCase()) ?? null,
    productByPackage: (name) => packages.get(name) ?? null,
    isMember: (fullName) => repositories.has(fullName.toLowerCase()) || central.has(fullName.toLowerCase()),
    isCentral: (fullName) => central.has(fullName.toLowerCase()),
  };
}

const NO_HUB: Hub = {
  name: 'unnamed hub',
  fallback: 'peso',
  paused: true,
  central: [],
  roles: { keepers: [], approvers: [] },
  lock: [],
  commands: null,
  budgets: DEFAULT_BUDGETS,
  retention: DEFAULT_RETENTION,
  learning: NO_LEARNING,
  measured: { target: 0.9, least: 20 },
  level: { file: 'hub.yml', settings: {}, lines: new Map() },
};

function byPlace(a: Problem, b: Problem): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column;
}
