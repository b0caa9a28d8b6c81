/**
 * Commands about the build checks of a pull request: what is built, again, no longer, or allowed. They change nothing that triage
 * says, so none of them is a correction; the ledger joins what is asked for twice.
 */

import { type Ending, isGreen } from '../../ci/report/conclusion.js';
import { buildSpec } from '../../ci/spec.js';
import { DOWNSTREAM_WISH } from '../../ci/wishes.js';
import { parseCheckSpec } from '../../registry/check-spec.js';
import { nearest } from '../../registry/nearest.js';
import { plain, quote } from '../safe-text.js';
import { allowing } from './authority.js';
import { otherHead } from './build-with.js';
import type { Command } from './command.js';
import type { Building, HeadCheck } from './facts.js';
import { type Case, has, type Order, refused, type Step } from './step.js';
import { onlyFor } from './who-may.js';

export type BuildCommand = Extract<Command, { verb: 'build' | 'retry' | 'cancel' | 'targets' | 'approve' | 'waive' }>;

const PREFIX = /^spokebot\s*\/\s*/i;
/** What the machines or the hub are to blame for. */
const INFRA: readonly (Ending | null)[] = ['infrastructure', 'environment', 'lost', 'unreadable', 'expired'];

export function buildingStep(command: BuildCommand, at: Case): Step {
  const { rules, roles, facts } = at;
  const role = allowing(command.verb, roles, rules);
  if (role === null) return refused(onlyFor(rules.may[command.verb], at));
  const { building } = facts;
  if (building === null) return refused('the pull request is closed, or nothing is built for this repository');
  const ordered = (orders: readonly Order[], says: string | null = null): Step => ({
    kind: 'ordered',
    role,
    orders,
    says,
  });
  switch (command.verb) {
    case 'build':
      return build(command, building, at, ordered);
    case 'retry':
      return retry(command.which, building, ordered);
    case 'cancel':
      return cancel(command.check, building, ordered);
    case 'approve':
      return approve(command.sha, building, ordered);
    case 'waive':
      return waive(command, building, ordered);
    case 'targets':
      return { kind: 'told', role, says: targetsText(building), explain: false };
  }
}

type Ordered = (orders: readonly Order[], says?: string | null) => Step;

function build(command: Extract<Command, { verb: 'build' }>, building: Building, at: Case, ordered: Ordered): Step {
  const { spec, pool } = command;
  const { headSha } = building;
  const held = at.config.checks.flatMap(({ skipLabels }) => skipLabels).find((label) => has(at.labels, label));
  if (held !== undefined)
    return refused(`the label ${quote(held)} is set; nothing is built until somebody takes it off`);
  const other = command.with === null ? null : otherHead(command.with, building, at);
  if (other !== null && 'kind' in other) return other;
  const wish = { kind: 'wish', headSha, by: at.facts.sender, with: other } as const;
  if (pool !== null && !building.pools.some(({ id }) => id === pool)) {
    const ids = building.pools.map(({ id }) => id);
    const meant = nearest(pool, ids);
    return {
      kind: 'unclear',
      why: ids.length === 0 ? 'no pool is open to this repository' : `the pools open to it are ${ids.join(', ')}`,
      meant: meant === null ? null : `build ${spec === null ? '' : `${spec} `}on ${meant}`,
    };
  }
  if (spec === null || (spec.toLowerCase() === DOWNSTREAM_WISH && other === null))
    return ordered([{ ...wish, spec: spec === null ? null : DOWNSTREAM_WISH, pool }]);
  // A spec may begin with what is changed about the product's own package.
  const own = building.packages[0];
  const whole = /^[a-z0-9_]/.test(spec) || own === undefined ? spec : `${own}${/^[+~@]/.test(spec) ? '' : ' '}${spec}`;
  const parsed = parseCheckSpec(whole);
  if (parsed.kind === 'wrong') return { kind: 'unclear', why: `the spec ${parsed.message}`, meant: null };
  if (!building.packages.includes(parsed.package)) {
    const meant = nearest(parsed.package, building.packages);
    return {
      kind: 'unclear',
      why: `packages that are built from here are ${building.packages.join(', ') || 'none'}`,
      meant: meant === null ? null : `build ${meant}${parsed.variants}`,
    };
  }
  const spelled = buildSpec({ package: parsed.package, headSha, version: null, constraints: parsed.variants });
  if (!spelled.ok) return { kind: 'unclear', why: plain(spelled.problem, 200), meant: null };
  return ordered([{ ...wish, spec: whole, pool }]);
}

function retry(which: string | null, { checks }: Building, ordered: Ordered): Step {
  const ended = checks.filter(({ state }) => state === 'completed');
  if (which === null || which === 'infra') {
    const again = ended.filter(({ ending, toRepeat }) => toRepeat && (which === null || INFRA.includes(ending)));
    if (again.length > 0) return ordered(again.map(({ id }) => ({ kind: 'retry', buildId: id })));
    const busy = checks.filter(({ state }) => state === 'queued' || state === 'running').length;
    const what = which === null ? 'no check of this commit has failed' : 'no check failed by the machines';
    return refused(busy > 0 ? `${what}; ${busy} ${busy === 1 ? 'is' : 'are'} not done yet` : what);
  }
  const found = findCheck(which, checks, 'retry');
  if ('kind' in found) return found;
  if (found.state !== 'completed') return ordered([], `${quote(found.name)} is not done yet; nothing begins twice`);
  return ordered([{ kind: 'retry', buildId: found.id }]);
}

function cancel(which: string | null, { checks }: Building, ordered: Ordered): Step {
  const open = checks.filter(({ state }) => state !== 'completed');
  if (which === null) {
    if (open.length === 0) return refused('nothing is being built for this commit');
    return ordered(open.map(({ id }) => ({ kind: 'cancel', buildId: id })));
  }
  const found = findCheck(which, checks, 'cancel');
  if ('kind' in found) return found;
  if (found.state === 'completed') return refused(`${quote(found.name)} has ended already`);
  return ordered([{ kind: 'cancel', buildId: found.id }]);
}

/** The commit has to be named, so that a push between reading and writing is not approved unseen. */
function approve(sha: string | null, { headSha, checks, awaitedOn = [] }: Building, ordered: Ordered): Step {
  const now = headSha.slice(0, 10);
  if (sha === null)
    return {
      kind: 'unclear',
      why: `name the commit that you have looked at; the head is \`${now}\` now`,
      meant: `approve ${now}`,
    };
  if (!headSha.startsWith(sha))
    return refused(
      `\`${sha.slice(0, 12)}\` is not the head any more, \`${now}\` is; look at that and approve it by name`,
    );
  const waiting = checks.filter(({ state }) => state === 'waiting-approval');
  if (waiting.length + awaitedOn.length === 0) return refused('no check of this commit waits for approval');
  return ordered([
    ...waiting.map(({ id }): Order => ({ kind: 'approve', buildId: id })),
    ...awaitedOn.map((pool): Order => ({ kind: 'approve-head', headSha, pool })),
  ]);
}

function waive(
  { check, words, on }: Extract<Command, { verb: 'waive' }>,
  { checks }: Building,
  ordered: Ordered,
): Step {
  const found = findCheck(check, checks, 'waive');
  if ('kind' in found) return found;
  if (!on) {
    if (!found.waived) return refused(`${quote(found.name)} is not waived`);
    return ordered([{ kind: 'waive', buildId: found.id, reason: null }]);
  }
  if (found.state !== 'completed') return refused(`${quote(found.name)} is not done yet; cancel it first, or wait`);
  if (isGreen(found.ending)) return refused(`${quote(found.name)} has passed; there is nothing to waive`);
  return ordered([{ kind: 'waive', buildId: found.id, reason: plain(words, 300) }]);
}

/** One check by its name, with or without our prefix, or by a part that only one has. */
function findCheck(
  said: string,
  checks: readonly HeadCheck[],
  verb: string,
): HeadCheck | Extract<Step, { kind: 'unclear' }> {
  const wanted = bare(said);
  const exact = checks.filter(({ name }) => bare(name) === wanted);
  const found = exact.length > 0 ? exact : checks.filter(({ name }) => bare(name).includes(wanted));
  if (found.length === 1) return found[0]!;
  const names = checks.map(({ name }) => bare(name));
  if (names.length === 0) return { kind: 'unclear', why: 'this commit has no build checks', meant: null };
  const meant = found.length > 1 ? bare(found[0]!.name) : nearest(wanted, names);
  return {
    kind: 'unclear',
    why: `${found.length > 1 ? 'several checks fit' : 'there is no such check'}; there are ${names.map((name) => quote(name)).join(', ')}`,
    meant: meant === null ? null : `${verb} ${meant}`,
  };
}

/** Copied from where we wrote it, a name may hold the gaps that keep it from mentioning somebody. */
function bare(name: string): string {
  return name
    .replace(/\p{Cf}/gu, '')
    .replace(PREFIX, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

const STATES: Readonly<Record<HeadCheck['state'], string>> = {
  'waiting-approval': 'waits for approval',
  queued: 'waits for a worker',
  running: 'is being built',
  completed: 'done',
};

function targetsText({ headSha, checks, pools, packages }: Building): string {
  const cell = (text: string) => quote(text).replaceAll('|', '\\|');
  const rows = checks.map(
    ({ name, pool, spec, required, state, ending, waived }) =>
      `| ${cell(bare(name))} | ${cell(spec)} | ${pool} | ${required ? 'yes' : 'no'} | ${state === 'completed' ? (waived ? 'waived' : isGreen(ending) ? 'passed' : 'did not pass') : STATES[state]} |`,
  );
  const list = pools.map(
    ({ id, title, needsApproval }) =>
      `- ${quote(id)} ${plain(title, 80)}${needsApproval ? '; code of people who cannot push here needs approval' : ''}`,
  );
  return [
    checks.length === 0
      ? `Nothing is planned for ${headSha.slice(0, 7)}.`
      : `What is built for ${headSha.slice(0, 7)}:`,
    ...(checks.length === 0 ? [] : ['', '| check | spec | pool | required | now |', '|---|---|---|---|---|', ...rows]),
    '',
    packages.length === 0
      ? 'No Spack package is built from this repository.'
      : `Something else: \`build SPEC on POOL\`, with a spec of ${packages.map((name) => quote(name)).join(', ')}. Pools:`,
    '',
    ...list,
  ].join('\n');
}
