/** Turns validated files into the values of the model, each with the settings it contributes and where they stand. */
import { DEFAULT_BUDGETS } from './budgets-section.js';
import type { HubFile } from './hub-schema.js';
import { learningOf } from './learning-section.js';
import type { Hub, Level, Pool, Product, SpackPackage, Spoke } from './model.js';
import type { ProductFile } from './product-schema.js';
import type { RepositoryFile } from './repository-schema.js';
import { DEFAULT_RETENTION } from './retention-section.js';
import type { SpokeFile } from './spoke-schema.js';
import type { YamlSource } from './yaml-source.js';

export function hubOf(file: HubFile, source: YamlSource): Hub {
  const { name, fallback, paused, central, roles, lock } = file;
  return {
    name,
    fallback,
    paused,
    central,
    roles,
    lock,
    commands: file.commands ?? null,
    budgets: file.budgets ?? DEFAULT_BUDGETS,
    retention: file.retention ?? DEFAULT_RETENTION,
    learning: learningOf(file.learning),
    measured: measuredOf(file),
    level: levelOf(source, {
      triage: file.triage,
      checks: file.checks,
      downstream: file.downstream,
      nightly: file.nightly,
    }),
  };
}

function measuredOf({ triage }: HubFile): Hub['measured'] {
  const { target = 0.9, least = 20 } = typeof triage === 'object' ? triage : {};
  return { target, least };
}

export function poolsOf(file: HubFile): Map<string, Pool> {
  return new Map(
    Object.entries(file.pools).map(([id, pool]) => [
      id,
      {
        id,
        ...pool,
        // A declared sandbox is what makes anybody's code fit to run; a hub may still ask for more.
        trust: pool.trust ?? (pool.sandbox === 'none' ? 'write' : 'everyone'),
        spack: { version: pool.spack?.version ?? null, packages: pool.spack?.packages ?? null },
        capabilities: capabilitiesOf(pool),
        share: shareOf(pool),
        mirrors: pool.mirrors.map(({ name, url, key }) => ({ name, url, key: key ?? null })),
        publish: pool.publish ?? null,
        pullCache: pool.pullCache ?? null,
        environment: pool.environment ?? null,
      },
    ]),
  );
}

function capabilitiesOf({ capabilities }: HubFile['pools'][string]): Pool['capabilities'] {
  if (capabilities === undefined) return null;
  const { targets, compilers, gpus, memoryGigabytes } = capabilities;
  return { targets, compilers, gpus, memoryGigabytes: memoryGigabytes ?? null };
}

function shareOf({ share }: HubFile['pools'][string]): Pool['share'] {
  return { most: share?.most ?? null, mostPerSpoke: share?.mostPerSpoke ?? null, weights: share?.weights ?? {} };
}

export function spokeOf(file: SpokeFile, source: YamlSource): Spoke {
  const { id, name, description, website, kind, leads, triage, labels, checks, downstream, nightly } = file;
  return {
    id,
    name,
    fullName: file.fullName ?? name,
    description,
    website,
    kind,
    leads,
    rota: file.rota ?? null,
    absences: file.absences,
    level: levelOf(source, { triage, labels, checks, downstream, nightly }),
  };
}

export function productOf(file: ProductFile, source: YamlSource): Product {
  const spokes = [...new Set(file.spokes)];
  const packages = packagesOf(file);
  const ambiguous = new Set(file.ambiguousAliases);
  const names = [file.name, ...packages.map(({ name }) => name), ...file.aliases];
  return {
    id: file.id,
    name: file.name,
    accountable: spokes[0]!,
    informed: spokes.slice(1),
    spokes,
    repository: file.repository,
    otherRepositories: file.otherRepositories,
    homepage: file.homepage,
    packages,
    aliases: file.aliases,
    ambiguousAliases: file.ambiguousAliases,
    names: [...new Set(names)].filter((name) => !ambiguous.has(name)),
    dependsOn: file.dependsOn,
    e4s: file.e4s ?? null,
    owners: file.owners ?? [],
    absences: file.absences,
    level: levelOf(source, {
      owners: file.owners,
      triage: file.triage,
      labels: file.labels,
      checks: file.checks,
      downstream: file.downstream,
      nightly: file.nightly,
    }),
  };
}

export function repositoryLevel(file: RepositoryFile, source: YamlSource): Level {
  return levelOf(source, file);
}

function packagesOf(file: ProductFile): SpackPackage[] {
  return file.spack.packages.map(({ name, repositories }, index) => ({
    name,
    repositories: repositories ?? (index === 0 && file.repository ? [file.repository] : []),
  }));
}

function levelOf(source: YamlSource, settings: Level['settings']): Level {
  return { file: source.file, settings, lines: source.lines };
}
