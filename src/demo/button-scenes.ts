/** The scenes about what people can do to a check: stop it, run it again, let it stand, ask what there is. */
import { completed, inState, openPull, recording, rollUp, type Story, WAIT } from './scene.js';

export async function stopped(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A contributor stops a build, and runs it again');
  const pull = await openPull(story, 'hypre-space/hypre', 'octocat', {
    title: 'Try another ordering',
    branch: 'ordering',
    files: { 'src/ordering.c': 'int ordering = 1;\n', ...recording('pass', 4) },
  });
  const { repo, head } = pull;
  const running = await github.until('the build runs', () => inState(github, repo, head, 'in_progress'), WAIT);
  await github.as('octocat').pressButton(running.id, 'cancel');
  tell.does('octocat', 'presses "Cancel" on the check');
  const ended = await completed(github, repo, head, tell);
  tell.holds('the check is cancelled', ended.conclusion === 'cancelled');
  const waiting = await rollUp(github, pull, 'action_required');
  tell.holds('what was stopped does not pass for checked', waiting.conclusion === 'action_required');
  await github.as('octocat').rerunCheck(repo, ended.id);
  tell.does('octocat', 'presses "Re-run" on it');
  await github.until('it runs again', () => inState(github, repo, head, 'in_progress'), WAIT);
  const again = await completed(github, repo, head, tell);
  tell.holds('the same check is green now', again.id === ended.id && again.conclusion === 'success');
  await rollUp(github, pull, 'success');
}

export async function waived(story: Story): Promise<void> {
  const { github, tell } = story;
  tell.scene('A lead lets a red check stand');
  const pull = await openPull(story, 'LLNL/zfp', 'octocat', {
    title: 'Round to nearest',
    branch: 'rounding',
    files: { 'src/round.c': 'double round(double x);\n', ...recording('fail-test', 2) },
  });
  const { repo, number, head } = pull;
  const red = await completed(github, repo, head, tell);
  tell.holds('a test that fails is red', red.conclusion === 'failure');
  await github
    .as('mona')
    .comment(repo, number, '/spokebot waive install zfp because the expected values are of the old rounding');
  tell.does('mona', 'who leads RAPIDS, writes "/spokebot waive install zfp because ..."');
  const passed = await rollUp(github, pull, 'success');
  tell.shows(`spokebot: ${passed.conclusion} (${passed.output.title})`);
  const check = await github.until(
    'the check says who waived it',
    async () => {
      const now = await inState(github, repo, head, 'completed');
      return now?.conclusion === 'neutral' && now;
    },
    WAIT,
  );
  tell.shows(`${check.conclusion}: ${check.output.title}`);
  tell.holds('the check names who and why', `${check.output.summary}`.includes('expected values'));
  await github.as('octocat').comment(repo, number, '/spokebot targets');
  tell.does('octocat', 'asks "/spokebot targets"');
  const answer = await github.until(
    'the answer',
    async () =>
      (await github.as('octocat').comments(repo, number)).find(
        (comment) => comment.user.login === 'spokebot[bot]' && comment.body.includes('install zfp'),
      ),
    WAIT,
  );
  for (const line of answer.body.split('\n').filter((each) => each.startsWith('|'))) tell.shows(line);
  tell.holds('the answer lists what is built here', /\| `install zfp` \|/.test(answer.body));
}
