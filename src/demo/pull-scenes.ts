/** The scenes about pull requests: green, red and mended, superseded, from a fork, and over the death of the hub. */
import { completed, inState, openPull, recording, type Story, settled, source, WAIT } from './scene.js';

export async function green(story: Story): Promise<void> {
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

export async function broken(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A pull request that breaks the build, and mends it');
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
  const next = await github
    .as('octocat')
    .push(repo, 'simplify', { 'src/zfp.c': source('zfp_stream* zfp = 0;', 543), ...recording('pass', 2) });
  story.pulls.at(-1)!.heads.push(next);
  tell.does('octocat', `mends the line and pushes ${next.slice(0, 7)}`);
  const mended = await completed(github, repo, next, tell);
  tell.holds('the check of the new commit is green', mended.conclusion === 'success');
}

export async function superseded(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A push while a check runs');
  const repo = 'hypre-space/hypre';
  const pull = await openPull(story, repo, 'octocat', {
    title: 'Tune the interpolation',
    branch: 'tune',
    files: { 'src/tune.c': 'int tune = 1;\n', ...recording('pass') },
  });
  await github.until('the build runs', () => inState(github, repo, pull.head, 'in_progress'), WAIT);
  const next = await github
    .as('octocat')
    .push(repo, 'tune', { 'src/tune.c': 'int tune = 2;\n', ...recording('pass', 2) });
  story.pulls.at(-1)!.heads.push(next);
  tell.does('octocat', `pushes ${next.slice(0, 7)} on top of ${pull.head.slice(0, 7)}`);
  const old = await github.until('the old one ends', () => inState(github, repo, pull.head, 'completed'), WAIT);
  tell.shows(`${pull.head.slice(0, 7)}: ${old.conclusion} (${old.output.title})`);
  tell.holds('the older check is cancelled', old.conclusion === 'cancelled');
  const check = await completed(github, repo, next, tell);
  tell.holds('the newer one has its own verdict', check.conclusion === 'success');
}

export async function fork(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A pull request from a fork');
  const repo = 'LLNL/zfp';
  const hubot = github.as('hubot');
  await hubot.fork(repo);
  const head = await hubot.push('hubot/zfp', 'typo', {
    'README.md': '# zfp\n\nCompressed arrays.\n',
    ...recording('pass', 2),
  });
  const pull = await hubot.openPull(repo, { title: 'Fix a typo', head: 'hubot:typo' });
  story.pulls.push({ repo, number: pull.number, heads: [head] });
  tell.does('hubot', `opens ${repo}#${pull.number} from a fork: ${pull.title}`);
  const waiting = await github.until('the check waits', () => inState(github, repo, head, 'completed'), WAIT);
  tell.shows(`${waiting.conclusion}: ${waiting.output.title}`);
  tell.holds("a stranger's code waits for approval", waiting.conclusion === 'action_required');
  await github.as('mona').comment(repo, pull.number, `Looks harmless.\n\n/spokebot approve ${head}`);
  tell.does(
    'mona',
    `has read the code and writes "/spokebot approve ${head.slice(0, 7)}…", which holds for this commit only`,
  );
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

export async function killed(story: Story): Promise<void> {
  const { github, hub, tell, issues, before } = story;
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
  const old = await Promise.all(before.map(({ repo: where, number }) => github.as('mona').labels(where, number)));
  tell.holds('issues from before are still left alone', old.flat().length === 0);
}
