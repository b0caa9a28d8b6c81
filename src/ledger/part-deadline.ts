/**
 * When a running build must have ended, by the limits of its whole and of the part that it is in. The worker stops it at the limit
 * itself; these deadlines lie a little later and are for workers that don't.
 */
import { type BuildPart, partOf, type ReachedLimit } from '../ci/phase-limits.js';
import { type Build, type BuildAttempt, LIMITS, plusSeconds, runDeadline } from './state.js';

type Phases = BuildAttempt['phases'];

/** The earlier of the two. `phases` are those that the attempt has entered, the present one last. */
export function partDeadline(build: Pick<Build, 'plan' | 'startedAt'>, phases: Phases, now: Date): Date {
  const whole = runDeadline(build, build.startedAt ?? now);
  const part = presentPart(phases);
  const most = part === null ? undefined : build.plan.limits.parts?.[part];
  if (part === null || most === undefined) return whole;
  const since = new Date(phases.at(-1)?.at ?? now);
  const left = most - secondsIn(part, phases, since);
  const ends = plusSeconds(since, left + LIMITS.partGrace);
  return new Date(Math.min(ends.getTime(), whole.getTime()));
}

/** Which limit a build that is past its deadline has reached. */
export function limitReached(build: Pick<Build, 'plan' | 'startedAt'>, phases: Phases, now: Date): ReachedLimit {
  const { seconds, parts } = build.plan.limits;
  const part = presentPart(phases);
  const most = part === null ? undefined : parts?.[part];
  const own = most !== undefined && partDeadline(build, phases, now) < runDeadline(build, build.startedAt ?? now);
  return part !== null && own ? { part, seconds: most } : { part: null, seconds };
}

function presentPart(phases: Phases): BuildPart | null {
  const last = phases.at(-1);
  return last === undefined ? null : partOf(phaseName(last.name));
}

/** Seconds that the part had taken before `until`. */
function secondsIn(part: BuildPart, phases: Phases, until: Date): number {
  let total = 0;
  phases.forEach(({ name, at }, index) => {
    if (partOf(phaseName(name)) !== part) return;
    const end = phases[index + 1]?.at;
    total += Math.max(0, (end === undefined ? until : new Date(end)).getTime() - new Date(at).getTime()) / 1000;
  });
  return total;
}

/** `cmake` of `hypre: cmake`. */
function phaseName(told: string): string {
  return told.slice(told.lastIndexOf(': ') + 1).trim();
}
