/** What `noting-spack` noted: when Spack ran. */

export interface Launch {
  /** Milliseconds since 1970. */
  readonly begin: number;
  readonly end: number;
  readonly command: string;
}

/** Launches in the order of their begins; one without an end is left out. */
export function readLaunches(notes: string): Launch[] {
  const lines = notes.trim().split('\n');
  const ends = new Map<string, number>();
  for (const line of lines) {
    const [at = '', what, id = ''] = line.split(' ');
    if (what === 'end') ends.set(id, milliseconds(at));
  }
  return lines
    .flatMap((line) => {
      const [at = '', what, id = '', ...command] = line.split(' ');
      const end = ends.get(id);
      return what === 'begin' && end !== undefined
        ? [{ begin: milliseconds(at), end, command: command.join(' ') }]
        : [];
    })
    .sort((a, b) => a.begin - b.begin);
}

/** Milliseconds in which at least one of them ran. */
export function timeInSpack(launches: readonly Launch[]): number {
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { begin, end } of launches) {
    total += Math.max(0, end - Math.max(begin, until));
    until = Math.max(until, end);
  }
  return total;
}

function milliseconds(nanoseconds: string): number {
  return Number(nanoseconds.slice(0, -6));
}
