import { expect, test } from '@jest/globals';
import { type PauseText, pauseBody, pauseTitle } from '../../../src/triage/budgets/pause-issue.js';

const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
const TEXT: PauseText = {
  repositoryId: 7,
  repository: 'octo/hypre',
  since: at('01:02:03'),
  until: at('02:02:03'),
  over: false,
  times: 1,
  wanted: 5012,
  allowed: 1000,
  page: 'https://spokebot.example/',
};

test('the issue about a pause says where, until when, why, what to look at, and that nothing is lost', () => {
  expect(pauseTitle(TEXT)).toBe('Triage pauses in octo/hypre: far more was to be written than its budget lets through');
  expect(pauseBody(TEXT)).toBe(
    [
      '**Triage of `octo/hypre` pauses until 2026-11-23 02:02 UTC**, since 2026-11-23 01:02 UTC. 5012 writes had been wanted there within an hour. The budget is 1000, and from 5 times that on spokebot takes it that something goes round in circles.',
      'Nothing is lost: issues are looked at again when it ends, commands of people are carried out then, and build checks go on.',
      '**What to look at**\n\n- Does another program answer what spokebot writes there, or undo it? Switch one of them off for that repository.\n- Did somebody change very many issues at once? Then nothing is wrong; it goes on by itself.\n- Is so much to be written there every day? Raise `writesPerHour` under `budgets` in `hub.yml`.',
      "[The hub's page](https://spokebot.example/) shows it too.",
      'There is one issue for each repository: while it is open its text is kept up to date, and it says so when the pause is over.',
    ].join('\n\n'),
  );
});

test('when it is over it says so, and that a person closes it', () => {
  const over = pauseBody({ ...TEXT, over: true, times: 3, wanted: null, page: null });
  expect(over.split('\n')[0]).toBe(
    '**Over:** triage of `octo/hypre` goes on since 2026-11-23 02:02 UTC. It had paused since 2026-11-23 01:02 UTC. Too much had been wanted there within an hour. The budget is 1000, and from 5 times that on spokebot takes it that something goes round in circles. It is pause 3 since this issue was opened. Close this issue when it is dealt with; spokebot does not.',
  );
  expect(over).not.toContain('kept up to date');
  expect(over).not.toContain('undefined');
});
