/** ci R26: a machine whose clock is wrong, and one in any time zone, comes to the same state on GitHub. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { HubProcesses } from '../../src/demo/processes.js';
import { tellSmallStory } from './small-story.js';

const shim = new URL('./shifted-clock.mjs', import.meta.url).href;

/** `serve` is wrong by so many hours, the worker by as many the other way. */
const wrongBy = (hours: number) => ({
  NODE_OPTIONS: `--import=${shim}`,
  SHIFTED_CLOCK: JSON.stringify({ 'dist/main.js': hours, 'dist/cli.js': -hours }),
});

/** Hours between the clock of `serve` and ours, by the first line of its log. */
function clockOf({ directory }: HubProcesses): number {
  const [line] = readFileSync(path.join(directory, 'serve.log'), 'utf8').split('\n');
  return Math.round((JSON.parse(line!).time - Date.now()) / 3600_000);
}

/** The story with a clock that is wrong, in a time zone. Resolves to what is on GitHub in the end. */
async function told(hours: number, TZ: string): Promise<unknown> {
  return tellSmallStory({
    env: { TZ, ...wrongBy(hours) },
    atTheEnd: async (hub) => {
      expect(clockOf(hub)).toBe(hours);
      const refused = (await hub.github.requests()).requests.filter((each) => each.status === 401);
      // GitHub did refuse what the wrong clock dated, was asked again by its own, and refused nothing else.
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.filter((each) => !each.path.startsWith('/app'))).toEqual([]);
    },
  });
}

test('ci R26: two hours ahead in Kolkata and two hours behind in St. John’s the story ends in the same state', async () => {
  const [ahead, behind] = await Promise.all([told(2, 'Asia/Kolkata'), told(-2, 'America/St_Johns')]);
  expect(ahead).toEqual(behind);
}, 240_000);
