/**
 * The story that the demo tells, scene by scene, on a real hub and the sandbox GitHub. Every scene says what happens and then what
 * must have come true; the story is true only if all of it did.
 */
import { stopped, waived } from './button-scenes.js';
import { install, oneLine, personsWord, route, wrongRepository } from './issue-scenes.js';
import type { HubProcesses } from './processes.js';
import { broken, fork, green, killed, superseded } from './pull-scenes.js';
import type { Story, Teller } from './scene.js';

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

const SCENES = [
  install,
  route,
  wrongRepository,
  personsWord,
  oneLine,
  green,
  broken,
  superseded,
  stopped,
  fork,
  waived,
  killed,
];

export async function playStory(hub: HubProcesses, tell: Teller): Promise<StoryResult> {
  const began = performance.now();
  const untrue: string[] = [];
  const story: Story = {
    hub,
    github: hub.github,
    issues: [],
    before: [],
    pulls: [],
    tell: {
      ...tell,
      holds(what, isTrue) {
        if (!isTrue) untrue.push(what);
        tell.holds(what, isTrue);
      },
    },
  };
  for (const scene of SCENES)
    try {
      await scene(story);
    } catch (error) {
      // One scene that stalls must not hide the others; the story is untrue either way.
      story.tell.holds(`${scene.name}: ${error instanceof Error ? error.message : String(error)}`, false);
    }
  await hub.github.idle({ quietMs: 500 });
  return { ...(await count(story)), seconds: round((performance.now() - began) / 1000), untrue };
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
