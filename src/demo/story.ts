/**
 * The story that the demo tells, scene by scene, on a real hub and the sandbox GitHub. Every scene says what happens and then what
 * must have come true; the story is true only if all of it did.
 */
import type { CheckView, SandboxClient } from '../sandbox/client.js';
import type { HubProcesses } from './processes.js';

export interface StoryResult {
  readonly issues: number;
  readonly routed: number;
  readonly labelled: number;
  readonly checks: Readonly<Record<string, number>>;
  readonly deliveries: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly seconds: number;
  /** What should have come true and did not. */
  readonly untrue: readonly string[];
}

export interface Teller {
  scene(title: string): void;
  /** Somebody does something. */
  does(who: string, what: string): void;
  /** What can be seen of it. */
  shows(what: string): void;
  /** An expectation, true or not. */
  holds(what: string, isTrue: boolean): void;
}

interface Story {
  readonly hub: HubProcesses;
  readonly github: SandboxClient;
  readonly tell: Teller;
  readonly issues: { repo: string; number: number }[];
  readonly pulls: { repo: string; number: number; heads: string[] }[];
}

const WAIT = { timeoutMs: 60_000 };
/** A source file long enough for the recorded error to point into it. */
const source = (line: string, at: number) =>
  Array.from({ length: 600 }, (_, n) => (n + 1 === at ? line : `/* ${n + 1} */`)).join('\n');
/** What the recorded program plays is chosen by this file of the commit. */
const recording = (name: string) => ({ '.recording': `${name}\n` });

export async function playStory(hub: HubProcesses, tell: Teller): Promise<StoryResult> {
  const began = performance.now();
  const untrue: string[] = [];
  const story: Story = {
    hub,
    github: hub.github,
    issues: [],
    pulls: [],
    tell: {
      ...tell,
      holds(what, isTrue) {
        if (!isTrue) untrue.push(what);
        tell.holds(what, isTrue);
      },
    },
  };
  for (const scene of [install, route, wrongRepository, personsWord, oneLine, green, broken, superseded, fork, killed])
    try {
      await scene(story);
    } catch (error) {
      // One scene that stalls must not hide the others; the story is untrue either way.
      story.tell.holds(`${scene.name}: ${error instanceof Error ? error.message : String(error)}`, false);
    }
  await hub.github.idle({ quietMs: 500 });
  return { ...(await count(story)), seconds: round((performance.now() - began) / 1000), untrue };
}

const REPOSITORIES: Readonly<Record<string, string>> = {
  'kokkos/kokkos': 'Performance portability for C++.',
  'hypre-space/hypre': 'Scalable linear solvers and multigrid.',
  'LLNL/zfp': 'Compressed numerical arrays.',
  'trilinos/Trilinos': 'Object-oriented solver packages.',
  'HDFGroup/hdf5': 'Files for large and complex data.',
  'spack/spack-packages': 'Recipes of Spack packages.',
};

async function install({ github, tell, issues }: Story): Promise<void> {
  tell.scene('The communities install spokebot');
  for (const [repo, description] of Object.entries(REPOSITORIES))
    await github.createRepo(repo, {
      description,
      files: {
        'README.md': `# ${repo.split('/')[1]}\n\n${description}\n`,
        'src/main.c': 'int main(void) { return 0; }\n',
      },
      collaborators: { octocat: 'write', hubot: 'read', mona: 'maintain' },
    });
  const old = await github.as('hubot').openIssue('kokkos/kokkos', {
    title: 'Kokkos::View crashes',
    body: 'An issue from before spokebot came.',
  });
  for (const account of new Set(Object.keys(REPOSITORIES).map((repo) => repo.split('/')[0]!)))
    await github.as('mona').install(account);
  await github.idle({ quietMs: 300 });
  tell.does('mona', `installs spokebot on ${Object.keys(REPOSITORIES).length} repositories`);
  tell.holds(
    'issues from before are left alone unasked',
    (await github.as('mona').labels('kokkos/kokkos', old.number)).length === 0,
  );
  void issues;
}

interface Filed {
  readonly repo: string;
  readonly title: string;
  readonly body: string;
  /** Labels that must be there. */
  readonly expect: readonly string[];
  readonly because: string;
}

const ISSUES: readonly Filed[] = [
  {
    repo: 'hypre-space/hypre',
    title: 'Segmentation fault in BoomerAMG setup with 64-bit integers',
    body: 'Since 2.32.0 the setup phase crashes when the matrix has more than 2^31 entries. Expected: it works, as in 2.31.0.',
    expect: ['kind: bug', 'spoke: fastmath'],
    because: 'a bug in its own repository',
  },
  {
    repo: 'spack/spack-packages',
    title: 'Installation issue: trilinos',
    body: [
      '### Steps to reproduce',
      '',
      '```console',
      '$ spack install trilinos+mpi',
      '==> Installing hdf5-1.14.5-abcdefghijklmnopqrstuvwxyz234567 [41/64]',
      "==> hdf5: Executing phase: 'cmake'",
      '==> Error: ProcessError: Command exited with status 1:',
      "    '/usr/bin/cmake' '-G' 'Unix Makefiles'",
      'See build log for details:',
      '  /tmp/octocat/spack-stage/spack-stage-hdf5-1.14.5-abcdefghijklmnopqrstuvwxyz234567/spack-build-out.txt',
      '==> Warning: Skipping build of trilinos-16.1.0-zyxwvutsrqponmlkjihgfedcba765432 since hdf5-1.14.5 failed',
      '```',
    ].join('\n'),
    expect: ['kind: build', 'spoke: dav'],
    because: 'the title says trilinos, the log says hdf5',
  },
  {
    repo: 'kokkos/kokkos',
    title: '[Feature request] A reducer for complex numbers',
    body: '### Describe the feature\n\nIt would be nice to have a built-in reducer for Kokkos::complex.\n',
    expect: ['kind: feature', 'spoke: s4pst'],
    because: 'a wish',
  },
  {
    repo: 'HDFGroup/hdf5',
    title: 'How do I choose a chunk size for parallel writes?',
    body: 'I have 4096 ranks that each write a slab. Is there a rule of thumb?',
    expect: ['kind: question'],
    because: 'a question',
  },
  {
    repo: 'LLNL/zfp',
    title: 'Documentation: the page on fixed-accuracy mode has a broken link',
    body: 'The documentation of the fixed-accuracy mode links to a page that does not exist. There is a typo in the example as well.',
    expect: ['kind: docs'],
    because: 'documentation',
  },
  {
    repo: 'trilinos/Trilinos',
    title: 'Performance regression: MueLu setup is 3x slower than in 15.0',
    body: 'The setup is three times slower since the upgrade. Profiles show the time in the smoother; memory is the same.',
    expect: ['kind: performance', 'spoke: xsdk'],
    because: 'something became slow',
  },
  {
    repo: 'spack/spack-packages',
    title: 'It does not work on our cluster',
    body: 'Somebody please have a look.',
    expect: ['needs: routing'],
    because: 'nobody can know from this: it waits for a person at the hub',
  },
];

async function route({ github, tell, issues }: Story): Promise<void> {
  tell.scene('Issues come in and go to who answers for them');
  for (const filed of ISSUES) {
    const issue = await github.as('hubot').openIssue(filed.repo, { title: filed.title, body: filed.body });
    issues.push({ repo: filed.repo, number: issue.number });
    tell.does('hubot', `opens ${filed.repo}#${issue.number}: ${filed.title}`);
    const labels = await settled(github, filed.repo, issue.number);
    tell.shows(`${labels.join(', ')}  (${filed.because})`);
    tell.holds(
      `${filed.repo}#${issue.number} is labelled ${filed.expect.join(', ')}`,
      filed.expect.every((label) => labels.includes(label)),
    );
  }
}

async function wrongRepository({ github, tell, issues }: Story): Promise<void> {
  tell.scene('One is filed in the wrong repository');
  const repo = 'kokkos/kokkos';
  const issue = await github.as('hubot').openIssue(repo, {
    title: 'HDF5: H5Dread returns wrong data with chunked datasets',
    body: [
      'Reading a chunked dataset with HDF5 1.14.5 gives zeros. This is a problem in HDF5 and has nothing to do with Kokkos.',
      '',
      '### Which project?',
      '',
      'HDF5',
    ].join('\n'),
  });
  issues.push({ repo, number: issue.number });
  tell.does('hubot', `opens ${repo}#${issue.number}: ${issue.title}`);
  const labels = await settled(github, repo, issue.number);
  tell.shows(labels.join(', '));
  tell.holds('it is routed to the spoke of HDF5, not to that of Kokkos', labels.includes('spoke: dav'));
  const [comment] = await github.as('hubot').comments(repo, issue.number);
  tell.holds('the comment says why', comment?.body.includes('HDF5') === true);
}

async function personsWord({ github, tell, issues }: Story): Promise<void> {
  tell.scene("A person's word is final");
  const { repo, number } = issues[0]!;
  await github.as('mona').removeLabel(repo, number, 'kind: bug');
  tell.does('mona', `takes the label "kind: bug" off ${repo}#${number}`);
  await github.idle({ quietMs: 300 });
  await github.as('hubot').editIssue(repo, number, { body: 'It crashes. Backtrace attached: segmentation fault.' });
  tell.does('hubot', 'edits the issue, which is triaged again');
  await github.idle({ quietMs: 1000 });
  const labels = await github.as('mona').labels(repo, number);
  tell.shows(labels.join(', '));
  tell.holds('the label stays off', !labels.includes('kind: bug'));
}

async function oneLine({ github, tell, issues }: Story): Promise<void> {
  tell.scene('A lead takes an unclear issue on with one line');
  const { repo, number } = issues[ISSUES.length - 1]!;
  await github.as('mona').comment(repo, number, 'I know that one.\n\n/spokebot product zfp');
  tell.does('mona', `who leads RAPIDS, writes "/spokebot product zfp" on ${repo}#${number}`);
  const labels = await github.until(
    'the issue is at its spoke',
    async () => {
      const now = await github.as('mona').labels(repo, number);
      return now.includes('spoke: rapids') && !now.includes('needs: routing') && now;
    },
    WAIT,
  );
  tell.shows(labels.join(', '));
  await github.idle({ quietMs: 300 });
  const ours = (await github.as('mona').comments(repo, number)).filter(
    (comment) => comment.user.login === 'spokebot[bot]',
  );
  tell.holds('it is at RAPIDS now, and there is still one comment', ours.length === 1);
}

async function green(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A pull request that builds');
  const { repo, number, head } = await openPull(story, 'hypre-space/hypre', 'octocat', {
    title: 'Use a faster hash in the coarsening',
    branch: 'faster-hash',
    files: { 'src/hash.c': 'unsigned hash(unsigned x) { return x * 2654435761u; }\n', ...recording('pass') },
  });
  const check = await completed(github, repo, head, tell);
  tell.holds(`the check of ${repo}#${number} is green`, check.conclusion === 'success');
  tell.holds('the check says that the run is a recorded one', `${check.output.title}`.includes('ecorded'));
}

async function broken(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A pull request that breaks the build');
  const { repo, number, head } = await openPull(story, 'LLNL/zfp', 'octocat', {
    title: 'Simplify the bit stream',
    branch: 'simplify',
    files: { 'src/zfp.c': source('zfp_stream zfp = ;', 543), ...recording('fail-compile') },
  });
  const check = await completed(github, repo, head, tell);
  tell.holds(`the check of ${repo}#${number} is red`, check.conclusion === 'failure');
  const error = check.output.summary?.split('\n').find((line) => line.includes('error:'));
  if (error) tell.shows(error.trim());
  tell.holds("it shows the compiler's error", error !== undefined);
}

async function superseded(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A push while a check runs');
  const repo = 'hypre-space/hypre';
  const pull = await openPull(story, repo, 'octocat', {
    title: 'Tune the interpolation',
    branch: 'tune',
    files: { 'src/tune.c': 'int tune = 1;\n', ...recording('pass') },
  });
  await github.until('the build runs', () => inState(github, repo, pull.head, 'in_progress'), WAIT);
  const next = await github.as('octocat').push(repo, 'tune', { 'src/tune.c': 'int tune = 2;\n' });
  story.pulls.at(-1)!.heads.push(next);
  tell.does('octocat', `pushes ${next.slice(0, 7)} on top of ${pull.head.slice(0, 7)}`);
  const old = await github.until('the old one ends', () => inState(github, repo, pull.head, 'completed'), WAIT);
  tell.shows(`${pull.head.slice(0, 7)}: ${old.conclusion} (${old.output.title})`);
  tell.holds('the older check is cancelled', old.conclusion === 'cancelled');
  const check = await completed(github, repo, next, tell);
  tell.holds('the newer one has its own verdict', check.conclusion === 'success');
}

async function fork(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A pull request from a fork');
  const repo = 'LLNL/zfp';
  const hubot = github.as('hubot');
  await hubot.fork(repo);
  const head = await hubot.push('hubot/zfp', 'typo', {
    'README.md': '# zfp\n\nCompressed arrays.\n',
    ...recording('pass'),
  });
  const pull = await hubot.openPull(repo, { title: 'Fix a typo', head: 'hubot:typo' });
  story.pulls.push({ repo, number: pull.number, heads: [head] });
  tell.does('hubot', `opens ${repo}#${pull.number} from a fork: ${pull.title}`);
  const waiting = await github.until('the check waits', () => inState(github, repo, head, 'completed'), WAIT);
  tell.shows(`${waiting.conclusion}: ${waiting.output.title}`);
  tell.holds("a stranger's code waits for approval", waiting.conclusion === 'action_required');
  await github.as('mona').pressButton(waiting.id, 'approve');
  tell.does('mona', `looks at the code and approves ${head.slice(0, 7)}`);
  const check = await github.until(
    'the approved check ends',
    async () => {
      const found = await inState(github, repo, head, 'completed');
      return found && found.conclusion !== 'action_required' && found;
    },
    WAIT,
  );
  tell.shows(`${check.conclusion}: ${check.output.title}`);
  tell.holds('after the approval it is built', check.conclusion === 'success');
}

async function killed(story: Story): Promise<void> {
  const { github, hub, tell, issues } = story;
  tell.scene('The hub dies and comes back');
  const repo = 'hypre-space/hypre';
  const pull = await openPull(story, repo, 'octocat', {
    title: 'Add a test for the smoother',
    branch: 'smoother',
    files: { 'test/smoother.c': 'int test(void) { return 0; }\n', ...recording('pass') },
  });
  await github.until('the build runs', () => inState(github, repo, pull.head, 'in_progress'), WAIT);
  await hub.kill('serve');
  tell.does('you', 'kill -9 the hub in the middle of a build');
  const issue = await github.as('hubot').openIssue(repo, {
    title: 'Build fails with gcc 14: implicit declaration of function',
    body: 'make stops with: error: implicit declaration of function hypre_foo. It used to build with gcc 13.',
  });
  issues.push({ repo, number: issue.number });
  tell.does('hubot', `opens ${repo}#${issue.number} while nobody listens`);
  await github.idle({ timeoutMs: 15_000 });
  await hub.start('serve');
  tell.does('you', 'start it again');
  const labels = await settled(github, repo, issue.number);
  tell.shows(labels.join(', '));
  tell.holds('the issue that no delivery told of is triaged', labels.includes('spoke: fastmath'));
  const check = await completed(github, repo, pull.head, tell);
  tell.holds('the build went on and its check is green', check.conclusion === 'success');
}

async function openPull(
  story: Story,
  repo: string,
  who: string,
  pull: { title: string; branch: string; files: Record<string, string> },
): Promise<{ repo: string; number: number; head: string }> {
  const person = story.github.as(who);
  const head = await person.push(repo, pull.branch, pull.files, { message: pull.title });
  const { number } = await person.openPull(repo, { title: pull.title, head: pull.branch });
  story.pulls.push({ repo, number, heads: [head] });
  story.tell.does(who, `opens ${repo}#${number}: ${pull.title}`);
  return { repo, number, head };
}

/** Labels of an issue once our comment is there, which comes last. */
async function settled(github: SandboxClient, repo: string, number: number): Promise<string[]> {
  const person = github.as('mona');
  await github.until(
    `a comment on ${repo}#${number}`,
    async () => (await person.comments(repo, number)).length > 0,
    WAIT,
  );
  return person.labels(repo, number);
}

async function inState(github: SandboxClient, repo: string, sha: string, status: string): Promise<CheckView | null> {
  const checks = await github.as('mona').checks(repo, sha);
  return checks.find((check) => check.status === status) ?? null;
}

/** Waits for the check of a head and shows each state on the way. */
async function completed(github: SandboxClient, repo: string, sha: string, tell: Teller): Promise<CheckView> {
  let shown = '';
  return github.until(
    `the check of ${repo} at ${sha.slice(0, 7)} ends`,
    async () => {
      const [check] = await github.as('mona').checks(repo, sha);
      if (check === undefined) return null;
      const state = `${check.conclusion ?? check.status}: ${check.output.title}`;
      if (state !== shown) tell.shows(state);
      shown = state;
      return check.status === 'completed' && check;
    },
    WAIT,
  );
}

async function count({ github, issues, pulls }: Story): Promise<Omit<StoryResult, 'seconds' | 'untrue'>> {
  const person = github.as('mona');
  let [routed, labelled, lost, duplicated] = [0, 0, 0, 0];
  for (const { repo, number } of issues) {
    const labels = await person.labels(repo, number);
    const ours = (await person.comments(repo, number)).filter((comment) => comment.user.login === 'spokebot[bot]');
    if (labels.some((label) => label.startsWith('spoke: '))) routed++;
    if (labels.length > 0) labelled++;
    if (ours.length === 0) lost++;
    duplicated += Math.max(0, ours.length - 1);
  }
  const checks: Record<string, number> = {};
  for (const { repo, heads } of pulls)
    for (const head of heads) {
      const runs = await person.checks(repo, head, true);
      if (runs.length === 0) lost++;
      const names = new Set(runs.map((run) => run.name));
      duplicated += runs.length - names.size;
      for (const run of runs) {
        const state = run.conclusion ?? run.status;
        checks[state] = (checks[state] ?? 0) + 1;
        if (run.status !== 'completed') lost++;
      }
    }
  const deliveries = await github.deliveries();
  return { issues: issues.length, routed, labelled, checks, deliveries: deliveries.length, lost, duplicated };
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
