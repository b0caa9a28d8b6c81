/** The hub is killed in the middle of its work, again and again; what is on GitHub in the end is the same as without. */
import { describe, expect, test } from '@jest/globals';
import { tellSmallStory } from './small-story.js';

describe('the whole hub', () => {
  test('kill -9 of serve at three places ends in the same state on GitHub as no kill at all', async () => {
    const calm = await tellSmallStory();
    const places: string[] = [];
    const stormy = await tellSmallStory({
      at: async (hub, where) => {
        places.push(where);
        await hub.kill('serve');
        await hub.start('serve');
      },
    });
    expect(places).toHaveLength(3);
    expect(stormy).toEqual(calm);
  }, 240_000);
});
