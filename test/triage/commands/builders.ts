/** A small hub with people, and facts with a valid default; each test changes one thing. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { buildRegistry } from '../../../src/registry/build-registry.js';
import { type CommandsSection, commandsSection, type Role } from '../../../src/registry/commands-section.js';
import { buildCatalogue } from '../../../src/triage/catalogue.js';
import type { Asked } from '../../../src/triage/commands/command.js';
import { decideCommands } from '../../../src/triage/commands/decide.js';
import type {
  Building,
  CommandConfig,
  CommandFacts,
  Correction,
  Destination,
  HeadCheck,
} from '../../../src/triage/commands/facts.js';
import { parseCommands } from '../../../src/triage/commands/parse.js';
import type { TriageOutcome } from '../../../src/triage/outcome.js';
import { NOTHING_SAID, type Word } from '../../../src/triage/word.js';

/** The table of the packaged hub. */
export const RULES: CommandsSection = commandsSection.parse(
  (parse(readFileSync(new URL('../../../hub/hub.yml', import.meta.url), 'utf8')) as { commands: unknown }).commands,
);

const HUB = `name: Test hub
fallback: peso
central: [octo/tracker, octo/zfp]
roles: { keepers: [keeper], approvers: [approver] }
triage: { policy: suggest }
commands: ${JSON.stringify(RULES)}
labels:
${['bug', 'build', 'question'].map((kind) => `  - { name: 'kind: ${kind}', color: 'd73a4a' }`).join('\n')}
  - { name: 'spoke: {spoke}', color: '5319e7' }
  - { name: 'product: {product}', color: 'c5def5', where: central }
  - { name: 'needs: routing', color: 'f9d0c4' }
  - { name: 'needs: info', color: 'f9d0c4' }
  - { name: 'status: possible duplicate', color: 'cfd3d7' }
  - { name: 'gpu: cuda', color: 'c2e0c6' }
  - { name: 'gpu: hip', color: 'c2e0c6' }
  - { name: 'facility: OLCF', color: '0e8a16', where: central }
  - { name: security, color: 'ee0701' }
  - { name: 'accountable/math', color: 'ee0701' }
`;

const spoke = (id: string, lead: string) => ({
  path: `spokes/${id}.yml`,
  text: `id: ${id}\nname: ${id.toUpperCase()}\nleads: [${lead}]\n`,
});
const product = (id: string, spokes: string, more = '') => ({
  path: `products/${id}.yml`,
  text: `id: ${id}\nname: ${id}\nspokes: [${spokes}]\nrepository: octo/${id}\nspack: { packages: [{ name: ${id} }] }\n${more}`,
});

const { registry, problems } = buildRegistry([
  { path: 'hub.yml', text: HUB },
  spoke('peso', 'hublead'),
  spoke('math', 'mathlead'),
  spoke('data', 'datalead'),
  spoke('tools', 'toolslead'),
  product('hypre', 'math, tools', 'owners: [owner]\naliases: [BoomerAMG]\n'),
  product('petsc', 'math', 'dependsOn: [hypre]\n'),
  product('hdf5', 'data', 'owners: [hdfowner]\n'),
  product('zfp', 'data, math'),
  {
    path: 'products/amrex.yml',
    text: 'id: amrex\nname: AMReX\nspokes: [math]\nrepository: Elsewhere/amrex\nspack: { packages: [{ name: amrex }] }\n',
  },
  { path: 'products/pumi.yml', text: 'id: pumi\nname: PUMI\nspokes: [math]\nhomepage: https://example.org\n' },
]);
if (problems.length > 0) throw new Error(JSON.stringify(problems));

export const CATALOGUE = buildCatalogue(registry);
export const HYPRE: TriageOutcome = {
  product: { id: 'hypre', confidence: 0.96 },
  outside: null,
  spokes: { accountable: 'math', cc: ['tools'] },
  kind: { id: 'build', confidence: 0.9 },
  labels: { add: [] },
  owners: [],
  missing: [],
  mode: 'act',
  candidates: [
    { product: 'hypre', score: 0.9 },
    { product: 'hdf5', score: 0.05 },
  ],
  reasons: ['the title is about hypre: "hypre"'],
};
/** Nobody's yet, with a guess. */
export const UNSURE: TriageOutcome = {
  ...HYPRE,
  product: null,
  spokes: { accountable: 'peso', cc: [] },
  mode: 'abstain',
  candidates: [
    { product: 'hdf5', score: 0.4 },
    { product: 'hypre', score: 0.3 },
  ],
};

export const CONFIG: CommandConfig = {
  triage: { policy: 'suggest' },
  labels: { enabled: true, without: [] },
  owners: [],
  central: false,
  checks: [],
};

const REF = { installationId: 1, repositoryId: 2, fullName: 'octo/hypre', number: 7 };

export function facts(change: Partial<CommandFacts> & { repository?: string } = {}): CommandFacts {
  const { repository, ...rest } = change;
  return {
    ref: { ...REF, fullName: repository ?? REF.fullName },
    isPull: false,
    title: 'hypre fails to link',
    url: 'https://github.test/octo/hypre/issues/7',
    private: false,
    destinations: [destination('octo/petsc'), destination('Elsewhere/amrex'), destination('octo/tracker')],
    sender: 'stranger',
    permission: 'read',
    author: 'reporter',
    labels: [],
    labelsWeAdded: [],
    labelsPeopleRemoved: [],
    assignees: [],
    outcome: HYPRE,
    earlier: null,
    assignedByBot: [],
    word: NOTHING_SAID,
    corrections: [],
    muted: [],
    planned: [],
    building: null,
    commentBody: null,
    ...rest,
  };
}

/** A repository that an issue can be moved to. */
export function destination(
  fullName: string,
  seen: Partial<NonNullable<Destination['seen']>> | null = {},
  installed = true,
): Destination {
  return {
    named: fullName.toLowerCase(),
    seen: seen && { fullName, private: false, issues: true, archived: false, ...seen },
    ours: installed ? { installationId: fullName.startsWith('octo/') ? 1 : 9, repositoryId: 20, fullName } : null,
  };
}

export const HEAD = '1234567890abcdef1234567890abcdef12345678';

/** A pull request of octo/hypre with a check in each state that commands care about. */
export function pullFacts(change: Partial<CommandFacts> = {}): CommandFacts {
  return facts({ isPull: true, outcome: null, building: BUILDING, ...change });
}

export const BUILDING: Building = {
  headSha: HEAD,
  packages: ['hypre'],
  pools: [
    { id: 'linux', title: 'Linux', needsApproval: true },
    { id: 'arm', title: 'Arm', needsApproval: false },
  ],
  checks: [
    check('passed', 'install hypre', 'completed', 'passed'),
    check('red', 'install hypre+mpi', 'completed', 'change'),
    check('lost', 'install hypre+cuda', 'completed', 'lost'),
    check('runs', 'install hypre~mpi', 'running', null),
    check('held', 'install hypre on arm', 'waiting-approval', null),
  ],
};

function check(id: string, name: string, state: HeadCheck['state'], ending: HeadCheck['ending']): HeadCheck {
  const pool = id === 'held' ? 'arm' : 'linux';
  return {
    id,
    name: `spokebot / ${name}`,
    spec: name.split(' ')[1]!,
    pool,
    required: true,
    state,
    ending,
    toRepeat: id === 'red' || id === 'lost',
    waived: false,
  };
}

/** One person for each role towards octo/hypre and its issues, who has no other. */
export const PEOPLE: Readonly<Record<Role, Pick<CommandFacts, 'sender' | 'permission'>>> = {
  contributor: { sender: 'stranger', permission: 'read' },
  reporter: { sender: 'reporter', permission: 'read' },
  triager: { sender: 'triager', permission: 'triage' },
  approver: { sender: 'approver', permission: 'read' },
  writer: { sender: 'writer', permission: 'write' },
  owner: { sender: 'Owner', permission: 'read' },
  lead: { sender: 'mathlead', permission: null },
  keeper: { sender: 'keeper', permission: 'none' },
};

export function asked(...lines: string[]): Asked[] {
  return parseCommands(lines.map((line) => `/spokebot ${line}`).join('\n'), ['spokebot']);
}

const ORDERS: readonly string[] = [
  'wish-build',
  'retry-build',
  'cancel-build',
  'approve-build',
  'approve-head',
  'waive-build',
];

/** What comes of the commands: results, reaction, the word that is kept, the actions by kind. */
export function decide(
  lines: string | readonly string[],
  given: CommandFacts,
  { config = CONFIG, rules = RULES }: { config?: CommandConfig; rules?: CommandsSection } = {},
) {
  const { outcome, actions } = decideCommands(
    asked(...(typeof lines === 'string' ? [lines] : lines)),
    given,
    99,
    CATALOGUE,
    config,
    rules,
  );
  const one = <K extends (typeof actions)[number]['kind']>(kind: K) =>
    actions.find((action): action is Extract<(typeof actions)[number], { kind: K }> => action.kind === kind);
  return {
    results: outcome.commands.map(({ result }) => result),
    says: outcome.commands.map(({ says }) => says),
    actions: actions.map(({ kind }) => kind),
    reaction: one('react')?.content,
    word: one('set-word')?.word as Word,
    made: one('set-word')?.corrections ?? [],
    undone: one('set-word')?.undone ?? [],
    set: one('set-word'),
    added: one('add-labels')?.labels.map(({ name }) => name) ?? [],
    removed: one('remove-labels')?.labels ?? [],
    assigned: one('assign')?.logins ?? [],
    unassigned: one('unassign')?.logins ?? [],
    comment: one('sticky-comment')?.body ?? null,
    muted: one('mute')?.muted ?? null,
    until: one('mute')?.until ?? null,
    orders: actions.filter(({ kind }) => ORDERS.includes(kind)),
  };
}

/** The facts after `decide` has been performed. */
export function performed(given: CommandFacts, done: ReturnType<typeof decide>, firstId = 1): CommandFacts {
  const kept = given.corrections.filter(({ id }) => !done.undone.includes(id));
  const fresh = done.made
    .filter(({ undone }) => !undone)
    .map(({ undone: _, ...each }, at) => ({ ...each, id: firstId + at }));
  const drop = (list: readonly string[], other: readonly string[]) => list.filter((each) => !other.includes(each));
  return {
    ...given,
    word: done.word,
    corrections: [...kept, ...fresh],
    labels: [...drop(given.labels, done.removed), ...done.added],
    labelsWeAdded: [...drop(given.labelsWeAdded, done.removed), ...done.added],
    assignees: [...drop(given.assignees, done.unassigned), ...done.assigned],
  };
}

export function correction(change: Partial<Correction & { id: number }>): Correction & { id: number } {
  const standing = { product: 'hypre', outside: null, spoke: 'math', kind: 'build' } as const;
  return {
    id: 1,
    verb: 'kind',
    by: 'somebody',
    role: 'writer',
    said: standing,
    became: standing,
    before: NOTHING_SAID,
    effects: { added: [], removed: [], assigned: [], unassigned: [] },
    ...change,
  };
}
