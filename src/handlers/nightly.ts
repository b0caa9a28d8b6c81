/** The nights: when a product's time of day has come, the head of its default branch is planned and built, once. */
import { and, eq, sql } from 'drizzle-orm';
import type { RepoRef } from '../actions.js';
import { nightOf, planNightly } from '../ci/nightly/plan.js';
import { describe } from '../describe-error.js';
import { effectiveConfig } from '../registry/effective-config.js';
import { repositories } from '../store/schema.js';
import { readSetting, writeSetting } from '../store/settings.js';
import type { HandlerPorts } from './ports.js';

/**
 * One look at all products; safe at any time and in several processes. A night that could not begin is begun with the next look. The
 * first look at a product begins nothing: its first night is the next one.
 */
export async function startNights(ports: HandlerPorts): Promise<void> {
  const { registry } = ports.hub();
  for (const product of registry.products.values()) {
    if (product.repository === null) continue;
    // The repository's own file says nothing about nights.
    const { config } = effectiveConfig(registry, product.repository);
    if (config.nightly.at === null || config.paused) continue;
    try {
      await startNight(product.repository, config.nightly.at, ports);
    } catch (error) {
      ports.log.warn({ product: product.id, error: describe(error) }, 'a night could not begin; it is tried again');
    }
  }
}

async function startNight(fullName: string, at: string, ports: HandlerPorts): Promise<void> {
  const ref = await memberRepository(fullName, ports);
  if (ref === null) return;
  const night = nightOf(at, ports.now().getTime());
  const key = `nightly.${ref.repositoryId}`;
  const last = await readSetting(ports.db, key);
  if (typeof last === 'number' && last >= night) return;
  if (typeof last === 'number') await planNight(ref, night, ports);
  await writeSetting(ports.db, key, night, ports.now());
}

/** Plans the head of the default branch as it is now, and has it built. Safe to call any number of times for one night. */
export async function planNight(ref: RepoRef, night: number, ports: HandlerPorts): Promise<void> {
  const forge = await ports.forge(ref.installationId);
  const head = await forge.defaultHead(ref.fullName);
  if (head === null) throw new Error(`GitHub does not tell the default branch of ${ref.fullName}`);
  const config = await ports.config(ref);
  const facts = {
    of: { ...ref, branch: head.branch },
    headSha: head.sha,
    cloneUrl: head.cloneUrl,
    private: head.private,
    since: night,
  };
  const plan = planNightly(facts, config, ports.hub().registry);
  await ports.perform({
    kind: 'nightly',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number: null },
    facts,
    revision: null,
    delivery: null,
    decision: {
      outcome: {
        checks: plan.checks.map(({ name, build }) => ({ name, spec: build.spec, pool: build.pool })),
        skipped: plan.skipped,
      },
      actions: plan.checks.map((check) => ({ kind: 'start-check', check })),
      reasons: plan.skipped.map(({ name, reason }) => `${name}: ${reason}`),
    },
  });
}

/** A repository of the catalogue that spokebot is installed in; null for any other. */
export async function memberRepository(fullName: string, ports: HandlerPorts): Promise<RepoRef | null> {
  if (!ports.hub().registry.isMember(fullName)) return null;
  const [row] = await ports.db
    .select({
      repositoryId: repositories.id,
      installationId: repositories.installationId,
      fullName: repositories.fullName,
    })
    .from(repositories)
    .where(and(eq(sql`lower(${repositories.fullName})`, fullName.toLowerCase()), eq(repositories.state, 'active')));
  return row ?? null;
}
