/** What people do with issues. Each story ends with nothing under way that another one could depend on. */
import type { Stage } from '../stage.js';
import { reportOf } from './texts.js';

export async function filed(stage: Stage): Promise<void> {
  const { number } = await open(stage);
  await stage.answered(number);
}

export async function rewritten(stage: Stage): Promise<void> {
  const { act, repository: repo } = stage;
  const { number } = await open(stage);
  const text = reportOf(stage);
  await act('hubot', `rewrites #${number}`, (hubot) => hubot.editIssue(repo, number, text));
  await act('octocat', `talks on #${number}`, (octocat) => octocat.comment(repo, number, 'I see the same here.'));
  await stage.answered(number);
}

export async function overruled(stage: Stage): Promise<void> {
  const { act, chance, repository: repo } = stage;
  const { number } = await open(stage);
  await stage.answered(number);
  for (const line of [
    `kind ${chance.pick(['bug', 'docs', 'performance'])}`,
    `product ${chance.pick(['zfp', 'hypre'])}`,
  ]) {
    const said = await act('mona', `says "${line}" on #${number}`, (mona) =>
      mona.comment(repo, number, `/spokebot ${line}`),
    );
    await stage.heeded(said);
  }
  if (chance.next() < 0.5) {
    const said = await act('mona', `takes that back on #${number}`, (mona) =>
      mona.comment(repo, number, '/spokebot undo'),
    );
    await stage.heeded(said);
  }
}

export async function unlabelled(stage: Stage): Promise<void> {
  const { act, repository: repo } = stage;
  const { number } = await open(stage);
  await stage.answered(number);
  const label = (await stage.github.as('mona').labels(repo, number)).find((each) => each.startsWith('kind: '));
  if (label !== undefined) {
    await act('mona', `takes "${label}" off #${number}`, (mona) => mona.removeLabel(repo, number, label));
  }
  const body = `${reportOf(stage).body}\n\nIt is the same with the newest version.`;
  await act('hubot', `adds to #${number}`, (hubot) => hubot.editIssue(repo, number, { body }));
}

export async function labelledByHand(stage: Stage): Promise<void> {
  const { act, repository: repo } = stage;
  const { number } = await open(stage);
  await stage.answered(number);
  await act('mona', `puts "help wanted" on #${number}`, (mona) => mona.addLabels(repo, number, 'help wanted'));
  await act('mona', `assigns octocat to #${number}`, (mona) => mona.assign(repo, number, 'octocat'));
  const said = await act('octocat', `asks for an explanation on #${number}`, (octocat) =>
    octocat.comment(repo, number, '/spokebot explain'),
  );
  await stage.heeded(said);
}

export async function taken(stage: Stage): Promise<void> {
  const { act, repository: repo } = stage;
  const { number } = await open(stage);
  await stage.answered(number);
  const said = await act('octocat', `takes #${number}`, (octocat) =>
    octocat.comment(repo, number, 'Mine.\n\n/spokebot assign me\n/spokebot label gpu: cuda'),
  );
  await stage.heeded(said);
  await stage.labelled(number, 'gpu: cuda');
  await act('octocat', `closes #${number}`, (octocat) => octocat.closeIssue(repo, number));
  if (stage.chance.next() < 0.5) await act('mona', `reopens #${number}`, (mona) => mona.reopen(repo, number));
}

async function open(stage: Stage): Promise<{ number: number }> {
  const { act, repository } = stage;
  const issue = reportOf(stage);
  return act('hubot', `opens an issue: ${issue.title}`, (hubot) => hubot.openIssue(repository, issue));
}
