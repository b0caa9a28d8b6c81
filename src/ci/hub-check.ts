/**
 * The check of a change to the hub itself: what is wrong in its files, and what would change for the repositories and the issues that it
 * decides about. Comparing is done on two whole catalogues; nothing takes effect by it.
 */
import { effectiveConfig } from '../registry/effective-config.js';
import type { Pool, Problem, Registry } from '../registry/model.js';
import { annotationsOf, differences, previewPlan, problemText, problemTitle, settingsChanged } from './config-check.js';
import type { PullFacts } from './facts.js';
import { code, joinSections, plainLine, prose, TITLE_LIMIT } from './report/text.js';
import type { CheckReport } from './report/types.js';

/** What would be otherwise for one repository, a sentence each. */
export interface RepositoryChange {
  readonly repository: string;
  readonly lines: readonly string[];
}

/** An issue that would go elsewhere. */
export interface RoutingChange {
  /** `owner/name#12`. */
  readonly issue: string;
  readonly before: string;
  readonly after: string;
}

export interface HubComparison {
  readonly pools: readonly string[];
  readonly repositories: readonly RepositoryChange[];
  readonly routing: readonly RoutingChange[];
  /** Issues that were decided again. */
  readonly issues: number;
}

export interface HubCheck {
  readonly problems: readonly Problem[];
  /** Where the hub's files lie in the repository. */
  readonly folder: '' | 'hub/';
  /** Null for a version that was pushed, and where problems leave nothing to compare. */
  readonly comparison: HubComparison | null;
  /** One sentence on what is in force. */
  readonly inForce: string;
}

const MOST_LINES = 60;

/** Plans and settings of every member repository, and the pools, under two catalogues. The repositories' own files play no part. */
export function compareHubs(before: Registry, after: Registry): Pick<HubComparison, 'pools' | 'repositories'> {
  const names = [...new Set([...repositoriesOf(before), ...repositoriesOf(after)])].sort();
  return {
    pools: comparePools(before.pools, after.pools),
    repositories: names
      .map((repository) => ({ repository, lines: compareRepository(repository, before, after) }))
      .filter(({ lines }) => lines.length > 0),
  };
}

function compareRepository(repository: string, before: Registry, after: Registry): string[] {
  const was = effectiveConfig(before, repository).config;
  const is = effectiveConfig(after, repository).config;
  if (was.member !== is.member) return [is.member ? 'becomes a member' : 'is no member any more'];
  const facts = anyPull(repository);
  const product = (one: typeof was) => one.product?.id ?? 'none';
  return [
    ...(product(was) === product(is) ? [] : [`product: ${product(was)} becomes ${product(is)}`]),
    ...(was.accountable === is.accountable ? [] : [`spoke: ${was.accountable} becomes ${is.accountable}`]),
    ...differences(previewPlan(facts, was, before), previewPlan(facts, is, after)),
    ...settingsChanged(was, is),
  ];
}

function comparePools(before: ReadonlyMap<string, Pool>, after: ReadonlyMap<string, Pool>): string[] {
  const words = ({ sandbox, trust, open, limits, spack }: Pool) =>
    [
      `sandbox ${sandbox}`,
      `trusts ${trust}`,
      `open to ${typeof open === 'boolean' ? (open ? 'all' : 'nobody') : [...open.spokes, ...open.products].join(', ')}`,
      `${limits.minutes} minutes`,
      ...(spack.version === null ? [] : [`Spack ${spack.version}`]),
      ...(spack.packages === null ? [] : [`packages ${spack.packages}`]),
    ].join(', ');
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    if (was === undefined) return [`new pool ${id} (${words(is!)})`];
    if (is === undefined) return [`pool ${id} is gone`];
    return words(was) === words(is) ? [] : [`pool ${id}: ${words(was)} becomes ${words(is)}`];
  });
}

function repositoriesOf({ products, hub }: Registry): string[] {
  return [
    ...hub.central,
    ...[...products.values()].flatMap((product) => [
      ...(product.repository === null ? [] : [product.repository]),
      ...product.otherRepositories,
      ...product.packages.flatMap((one) => one.repositories),
    ]),
  ];
}

/** A pull request about which nothing is known but where it is. */
function anyPull(fullName: string): PullFacts {
  return {
    repo: { installationId: 0, repositoryId: 0, fullName },
    number: 1,
    baseSha: '0'.repeat(40),
    headSha: '0'.repeat(40),
    baseRef: 'main',
    defaultBranch: 'main',
    draft: false,
    fork: false,
    author: null,
    permission: 'write',
    labels: [],
    skipMarker: null,
    takenNames: [],
    pins: {},
    files: null,
    approvals: [],
    wishes: [],
    cloneUrl: `https://github.com/${fullName}.git`,
    private: false,
  };
}

/** The check run of a version of the hub. */
export function reportHub({ problems, folder, comparison, inForce }: HubCheck): CheckReport {
  const shared = { status: 'completed', actions: [], detailsUrl: null } as const;
  if (problems.length > 0)
    return {
      ...shared,
      conclusion: 'failure',
      title: plainLine(`${problems[0]!.file}: ${problemTitle(problems)}`, TITLE_LIMIT),
      summary: joinSections([
        limited(problems.map((one) => `${folder}${one.file}, line ${one.line}: ${problemText(one)}`)),
        prose(inForce),
      ]),
      text: '',
      annotations: annotationsOf(problems, ({ file }) => `${folder}${file}`),
    };
  const { pools, repositories, routing, issues } = comparison ?? {
    pools: [],
    repositories: [],
    routing: [],
    issues: 0,
  };
  const parts = [
    `${pools.length} pools`,
    `${repositories.length} repositories`,
    `${routing.length} of the last ${issues} issues`,
  ];
  const same = pools.length + repositories.length + routing.length === 0;
  return {
    ...shared,
    conclusion: 'success',
    title: plainLine(
      comparison === null
        ? 'No problem: in force'
        : same
          ? 'No problem: nothing would change'
          : `No problem: ${parts.join(', ')}`,
      TITLE_LIMIT,
    ),
    summary: joinSections([
      prose(inForce),
      comparison === null
        ? ''
        : same
          ? 'No plan, no setting and the routing of no issue would be otherwise.'
          : `Otherwise would be: ${parts.join(', ')}.`,
    ]),
    text: joinSections([
      pools.length === 0 ? '' : `**Pools**\n\n${limited(pools)}`,
      repositories.length === 0
        ? ''
        : `**Repositories** (without their own files)\n\n${limited(
            repositories.flatMap(({ repository, lines }) => lines.map((one) => `${repository}: ${one}`)),
          )}`,
      routing.length === 0
        ? ''
        : `**Routing**\n\n${limited(routing.map(({ issue, before, after }) => `${issue}: ${before} becomes ${after}`))}`,
    ]),
    annotations: [],
  };
}

/** The check of a change that touches no file of the hub. */
export function reportNoHubChange(): CheckReport {
  return {
    status: 'completed',
    conclusion: 'skipped',
    title: 'Nothing to do: no file of the hub changes',
    summary: `Only ${code('hub.yml')}, ${code('spokes/')} and ${code('products/')} are the hub.`,
    text: '',
    annotations: [],
    actions: [],
    detailsUrl: null,
  };
}

/** Where an issue goes, in a few words that can be compared. */
export function routeWords(outcome: {
  readonly product: { readonly id: string } | null;
  readonly outside: string | null;
  readonly spokes: { readonly accountable: string; readonly cc: readonly string[] };
  readonly mode: string;
}): string {
  const { product, outside, spokes, mode } = outcome;
  const cc = spokes.cc.length === 0 ? '' : ` and ${spokes.cc.join(', ')}`;
  const what = product?.id ?? (outside === null ? 'no product' : `outside ${outside}`);
  return mode === 'abstain' ? 'undecided' : `${what} (${spokes.accountable}${cc})`;
}

function limited(lines: readonly string[]): string {
  const shown = lines.slice(0, MOST_LINES).map((one) => `- ${prose(one, 500)}`);
  return [...shown, ...(lines.length > MOST_LINES ? [`- and ${lines.length - MOST_LINES} more`] : [])].join('\n');
}
