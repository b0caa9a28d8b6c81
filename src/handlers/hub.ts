/** The hub's own repository: a push takes effect, a pull request is told what it would change. */
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { IssueRef, RepoRef, ShownCheck } from '../actions.js';
import { CONFIG_CHECK } from '../ci/config-check.js';
import {
  compareHubs,
  type HubComparison,
  type RoutingChange,
  reportHub,
  reportNoHubChange,
  routeWords,
} from '../ci/hub-check.js';
import type { CheckReport } from '../ci/report.js';
import { checkRunContent } from '../ledger/content.js';
import { decisions, repositories } from '../store/schema.js';
import { ensureSubject, findSubject } from '../store/subjects.js';
import type { Catalogue } from '../triage/catalogue.js';
import { decideAgain } from '../triage/replay.js';
import type { HandlerPorts, HubRepository } from './ports.js';

/** So many issues are routed anew to show what a change of the hub would do. */
const ISSUES = 100;

export function isHubRepository(fullName: string, { hubRepository }: Pick<HandlerPorts, 'hubRepository'>): boolean {
  return hubRepository?.fullName.toLowerCase() === fullName.toLowerCase();
}

/** Looks for a new version on the default branch, and shows on its commit whether it is in force. */
export async function lookAtHub(delivery: string, ports: HandlerPorts): Promise<void> {
  const look = (await ports.hubRepository?.look()) ?? null;
  if (look === null) return;
  const { commit, place, folder, problems, inForce } = look;
  const report = reportHub({
    problems,
    folder,
    comparison: null,
    inForce:
      problems.length === 0
        ? 'This version of the hub is in force.'
        : `This version is not in force; the hub goes on with ${inForce.slice(0, 7)}.`,
  });
  await ports.perform({
    kind: 'plan',
    subject: { repositoryId: place.repositoryId, repository: place.fullName, number: null },
    facts: { hubCommit: commit, inForce, problems },
    revision: null,
    delivery,
    decision: {
      outcome: { checks: [], skipped: [], config: { problems } },
      actions: [{ kind: 'show-checks', repo: place, number: null, headSha: commit, checks: [shown(report)] }],
      reasons: [`${problems.length} problems in the hub's files.`],
    },
  });
}

/** A pull request to the hub: problems at their lines, else what it would change. Its files are read as data at its head. */
export async function checkHubPull(ref: IssueRef, delivery: string, ports: HandlerPorts): Promise<void> {
  const { hubRepository } = ports;
  if (!hubRepository) return;
  const forge = await ports.forge(ref.installationId);
  const before = await findSubject(ports.db, ref.repositoryId, ref.number);
  const pull = await forge.pull(ref.fullName, ref.number);
  if (pull === null) return;
  const { title, author, open, headSha } = pull;
  await ensureSubject(
    ports.db,
    { repositoryId: ref.repositoryId, number: ref.number },
    { isPull: true, title, author, open, headSha },
    ports.now(),
  );
  if (!open) return;
  const files = await forge.changedFiles(ref.fullName, ref.number);
  const { report, problems } = await checkVersion(headSha, files, hubRepository, ports);
  const { number, ...repo } = ref;
  await ports.perform({
    kind: 'plan',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number },
    facts: { headSha, files, open, hub: ports.hub().digest, said: report },
    revision: before?.revision ?? 0,
    delivery,
    decision: {
      outcome: { checks: [], skipped: [], config: { problems } },
      actions: [{ kind: 'show-checks', repo, number, headSha, checks: [shown(report)] }],
      reasons: [report.title],
    },
  });
}

async function checkVersion(
  headSha: string,
  files: readonly string[] | null,
  hubRepository: HubRepository,
  ports: HandlerPorts,
): Promise<{ report: CheckReport; problems: number }> {
  const isPart = (path: string) =>
    /^(?:hub\/)?(?:(?:hub|dependencies)\.ya?ml|(?:spokes|products)\/[^/]+\.ya?ml)$/.test(path);
  if (files !== null && !files.some(isPart)) return { report: reportNoHubChange(), problems: 0 };
  const { snapshot, problems, folder } = await hubRepository.at(headSha);
  const current = ports.hub();
  const comparison: HubComparison | null =
    problems.length > 0
      ? null
      : {
          ...compareHubs(current.registry, snapshot.registry),
          ...(await compareRouting(current.catalogue, snapshot.catalogue, ports)),
        };
  const inForce = 'In force is what the default branch says, until this is merged there.';
  return { report: reportHub({ problems, folder, comparison, inForce }), problems: problems.length };
}

/** The newest decision of each of the last issues, made again with both catalogues. Private repositories are left out. */
async function compareRouting(
  before: Catalogue,
  after: Catalogue,
  ports: HandlerPorts,
): Promise<Pick<HubComparison, 'routing' | 'issues'>> {
  const newest = ports.db
    .select({ id: sql<number>`max(${decisions.id})`.as('newest_id') })
    .from(decisions)
    .innerJoin(repositories, and(eq(repositories.id, decisions.repositoryId), eq(repositories.private, false)))
    .where(and(eq(decisions.kind, 'triage'), isNotNull(decisions.number)))
    .groupBy(decisions.repositoryId, decisions.number)
    .as('newest');
  const rows = await ports.db
    .select({ repository: decisions.repository, number: decisions.number, facts: decisions.facts })
    .from(decisions)
    .innerJoin(newest, eq(newest.id, decisions.id))
    .orderBy(desc(decisions.id))
    .limit(ISSUES);
  const routing: RoutingChange[] = [];
  let issues = 0;
  for (const { repository, number, facts } of rows) {
    const [was, is] = [decideAgain(facts, before), decideAgain(facts, after)];
    if (was === null || is === null) continue;
    issues += 1;
    const change = { before: routeWords(was.outcome), after: routeWords(is.outcome) };
    if (change.before !== change.after) routing.push({ issue: `${repository}#${number}`, ...change });
  }
  return { routing, issues };
}

function shown(report: CheckReport): ShownCheck {
  return {
    role: 'config',
    required: true,
    content: checkRunContent(CONFIG_CHECK, report, { startedAt: null, completedAt: null }),
  };
}

/** A push to the hub's repository, or a check of it that somebody wants made again. */
export async function onHubPush(repo: RepoRef, delivery: string, ports: HandlerPorts): Promise<void> {
  if (isHubRepository(repo.fullName, ports)) await lookAtHub(delivery, ports);
}
