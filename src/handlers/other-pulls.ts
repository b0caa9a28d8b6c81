/** Pull requests of other repositories that are built together with one: as they are now, and which ones wish for them. */
import { and, eq, sql } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import type { BuildWish, OtherPull } from '../ci/facts.js';
import { stillHolds } from '../ci/pairs.js';
import type { PullNow } from '../github/forge.js';
import type { Build } from '../ledger/state.js';
import { approvals, builds, repositories } from '../store/schema.js';
import { findRepository, type Repository } from '../store/subjects.js';
import type { Asked } from '../triage/commands/command.js';
import type { NamedPull } from '../triage/commands/facts.js';
import type { HandlerPorts } from './ports.js';

/** The pull requests that wishes name; what is not there, not a member's or not open to spokebot is left out. */
export async function othersOf(wishes: readonly BuildWish[], ports: HandlerPorts): Promise<OtherPull[]> {
  const found: OtherPull[] = [];
  for (const { with: wanted } of wishes) {
    if (!wanted || found.some((one) => one.repo.repositoryId === wanted.repositoryId && one.number === wanted.number))
      continue;
    const row = await findRepository(ports.db, wanted.repositoryId);
    const seen = row === null ? null : await seeOther(row, wanted.number, ports);
    if (seen !== null) found.push(seen);
  }
  return found;
}

async function seeOther(row: Repository, number: number, ports: HandlerPorts): Promise<OtherPull | null> {
  const { installationId, id: repositoryId, fullName } = row;
  if (row.state !== 'active' || !ports.hub().registry.isMember(fullName)) return null;
  const forge = await ports.forge(installationId);
  const pull = await forge.pull(fullName, number);
  if (pull === null) return null;
  const given = await ports.db
    .select({ headSha: approvals.headSha, pool: approvals.pool })
    .from(approvals)
    .where(and(eq(approvals.repositoryId, repositoryId), eq(approvals.number, number)));
  return {
    repo: { installationId, repositoryId, fullName },
    number,
    open: pull.open,
    headSha: pull.headSha,
    fork: pull.headRepositoryId !== pull.baseRepositoryId,
    author: pull.author,
    permission: pull.open && pull.author !== null ? await forge.permission(fullName, pull.author) : null,
    private: pull.private || row.private,
    approvals: given,
    cloneUrl: pull.cloneUrl,
  };
}

/** What the commands `build with` name, looked up where the hub's catalogue has the repository. */
export async function namedPulls(asked: readonly Asked[], ref: IssueRef, ports: HandlerPorts): Promise<NamedPull[]> {
  const found: NamedPull[] = [];
  for (const { reading } of asked) {
    if (reading.kind !== 'command' || reading.command.verb !== 'build' || reading.command.with === null) continue;
    const { repository, number } = reading.command.with;
    const fullName = repository ?? ref.fullName;
    const named = `${fullName}#${number}`.toLowerCase();
    if (found.some((one) => one.named === named)) continue;
    const [row] = await ports.db
      .select()
      .from(repositories)
      .where(eq(sql`lower(${repositories.fullName})`, fullName.toLowerCase()));
    found.push({ named, seen: row === undefined ? null : await seeOther(row, number, ports) });
  }
  return found;
}

/** Builds of a head that end because the other pull request of their wish moved on, with what became of it. */
export function movedOn(
  built: readonly Pick<Build, 'id' | 'plan'>[],
  wishes: readonly BuildWish[],
  others: readonly OtherPull[],
): { readonly buildId: string; readonly detail: string }[] {
  return wishes.flatMap(({ with: wanted }) => {
    if (!wanted) return [];
    const now = others.find((one) => one.repo.repositoryId === wanted.repositoryId && one.number === wanted.number);
    if (stillHolds(wanted, now)) return [];
    const name = `${wanted.fullName}#${wanted.number}`;
    const what = now?.open ? `has ${now.headSha.slice(0, 7)} now` : 'is not open any more';
    return built
      .filter(({ plan }) =>
        plan.heads?.some((head) => head.headSha === wanted.headSha && head.number === wanted.number),
      )
      .map(({ id }) => ({ buildId: id, detail: `${name} ${what}; say the command again to build with that.` }));
  });
}

/** Pools on which builds of other pull requests wait for this head. */
export async function awaitedOn(
  { fullName, number }: IssueRef,
  headSha: PullNow['headSha'],
  ports: Pick<HandlerPorts, 'db'>,
): Promise<string[]> {
  const wanted = JSON.stringify([{ fullName, number, headSha }]);
  const rows = await ports.db
    .selectDistinct({ pool: builds.pool, repository: builds.repository, number: builds.number })
    .from(builds)
    .where(and(eq(builds.state, 'waiting-approval'), sql`${builds.plan} -> 'heads' @> ${wanted}::jsonb`));
  const others = rows.filter((row) => row.repository !== fullName || row.number !== number);
  return [...new Set(others.map(({ pool }) => pool))].sort();
}
