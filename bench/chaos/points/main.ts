/** `npm run chaos -- --points [--most N] [--json]`: a hub dies once after each of its effects, and the end must be the same. */
import { tryPoints } from './enumerate.js';
import { openWorld } from './world.js';

/** Answers whether every end was the same. */
export async function pointsMain(most: number | null, json: boolean): Promise<boolean> {
  const world = await openWorld();
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const began = performance.now();
    const { effects, tried, deaths, wrong, calm } = await tryPoints(world, { say, ...(most === null ? {} : { most }) });
    const seconds = Math.round((performance.now() - began) / 1000);
    const figures = { effects: effects.length, tried, deaths, wrong: wrong.length, seconds };
    if (json) process.stdout.write(`${JSON.stringify({ ok: wrong.length === 0, ...figures, points: wrong })}\n`);
    else
      process.stdout.write(
        `${effects.length} effects; died after ${tried} of them (${deaths} deaths), ${wrong.length} with another end; ${seconds} s\n`,
      );
    for (const point of wrong)
      say(`\nafter effect ${point.at} (${point.effect}): ${JSON.stringify({ ...point, calm }, null, 1)}`);
    return wrong.length === 0;
  } finally {
    await world.close();
  }
}
