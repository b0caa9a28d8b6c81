/** What people do with pull requests, their checks and their buttons. */
import type { Stage } from '../stage.js';

/** Begins the subject of a commit whose checks only have to come to an end: whether any had begun when the next came is chance. */
export const OVERTAKEN = 'Overtaken work';

const recording = (name: string, seconds: number) => `${name} seconds=${seconds}\n`;

/** Red, and green with the next push. */
export async function mended(stage: Stage): Promise<void> {
  const { act, chance, repository: repo } = stage;
  const first = await openPull(stage, 'octocat', chance.pick(['fail-compile', 'fail-test', 'pass']), 0);
  await stage.ended(first.sha);
  const sha = await push(stage, 'octocat', first.branch, 'pass', 0);
  await stage.ended(sha, ['success', 'failure']);
  if (chance.next() < 0.4)
    await act('octocat', `closes #${first.number}`, (octocat) => octocat.closePull(repo, first.number));
}

/** Another push while the build runs. */
export async function superseded(stage: Stage): Promise<void> {
  const { sha, branch } = await openPull(stage, 'octocat', 'pass', 600);
  await stage.shows(sha, 'in_progress');
  const next = await push(stage, 'octocat', branch, 'pass', 0);
  await stage.ended(sha, ['cancelled']);
  await stage.ended(next);
}

/** Another push before anybody can have looked. */
export async function hasty(stage: Stage): Promise<void> {
  const { branch } = await openPull(stage, 'octocat', 'pass', 1, OVERTAKEN);
  const next = await push(stage, 'octocat', branch, 'fail-compile', 0);
  await stage.ended(next);
}

/** From a fork, built once somebody has allowed it. */
export async function forked(stage: Stage): Promise<void> {
  const { act, chance, repository: repo, github, nth } = stage;
  const name = repo.split('/')[1]!;
  await github.as('hubot').fork(repo);
  const branch = `fork-${nth}`;
  const sha = await act('hubot', `pushes ${branch} to a fork`, (hubot) =>
    hubot.push(`hubot/${name}`, branch, filesOf(stage, 'pass', 0), { message: `Work of story ${nth}` }),
  );
  const { number } = await act('hubot', 'opens a pull request from a fork', (hubot) =>
    hubot.openPull(repo, { title: `From a fork (${nth})`, head: `hubot:${branch}` }),
  );
  const held = await stage.ended(sha, ['action_required']);
  if (chance.next() < 0.5)
    await act('mona', `approves #${number} by the button`, () => github.as('mona').pressButton(held.id, 'approve'));
  else {
    const said = await act('mona', `approves #${number}`, (mona) =>
      mona.comment(repo, number, `/spokebot approve ${sha}`),
    );
    await stage.heeded(said);
  }
  await stage.ended(sha, ['success', 'failure']);
}

/** Stopped by a button; another push is built. */
export async function stopped(stage: Stage): Promise<void> {
  const { sha, number, branch } = await openPull(stage, 'octocat', 'pass', 600);
  const running = await stage.shows(sha, 'in_progress');
  await stage.act('octocat', `stops #${number}`, (octocat) => octocat.pressButton(running.id, 'cancel'));
  await stage.ended(sha, ['cancelled']);
  const next = await push(stage, 'octocat', branch, 'pass', 0);
  await stage.ended(next);
}

/** Red, and run again as it is. */
export async function rerun(stage: Stage): Promise<void> {
  const { sha, number } = await openPull(stage, 'octocat', stage.chance.pick(['fail-test', 'fail-compile']), 0);
  const red = await stage.ended(sha);
  await stage.act('octocat', `runs #${number} again`, (octocat) => octocat.rerunCheck(stage.repository, red.id));
}

/** Nothing to build in it, a draft that gets ready, a question. */
export async function looked(stage: Stage): Promise<void> {
  const { act, nth, repository: repo } = stage;
  const branch = `words-${nth}`;
  const sha = await act('octocat', `pushes ${branch}`, (octocat) =>
    octocat.push(repo, branch, { [`docs/${nth}.md`]: 'Words.\n' }, { message: `Words of story ${nth}` }),
  );
  const { number } = await act('octocat', 'opens a draft', (octocat) =>
    octocat.openPull(repo, { title: `Words (${nth})`, head: branch, draft: true }),
  );
  await stage.ended(sha);
  await act('octocat', `says that #${number} is ready`, (octocat) => octocat.setDraft(repo, number, false));
  const said = await act('mona', `asks what is built on #${number}`, (mona) =>
    mona.comment(repo, number, '/spokebot targets'),
  );
  await stage.heeded(said);
}

function filesOf({ nth }: Stage, name: string, seconds: number): Record<string, string> {
  return { [`src/story-${nth}.c`]: `int story_${nth}_${name.length};\n`, '.recording': recording(name, seconds) };
}

async function push(
  stage: Stage,
  who: string,
  branch: string,
  name: string,
  seconds: number,
  subject = 'Work',
): Promise<string> {
  return stage.act(who, `pushes to ${branch}`, (person) =>
    person.push(stage.repository, branch, filesOf(stage, name, seconds), {
      message: `${subject} of story ${stage.nth}`,
    }),
  );
}

async function openPull(
  stage: Stage,
  who: string,
  name: string,
  seconds: number,
  subject?: string,
): Promise<{ sha: string; branch: string; number: number }> {
  const branch = `work-${stage.nth}`;
  const sha = await push(stage, who, branch, name, seconds, subject);
  const { number } = await stage.act(who, `opens a pull request (${name})`, (person) =>
    person.openPull(stage.repository, { title: `Work (${stage.nth})`, head: branch }),
  );
  return { sha, branch, number };
}
