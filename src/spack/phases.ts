/** Spack's progress lines on stdout, read as they come: which package is in which phase. */

export interface Phase {
  readonly package: string;
  readonly phase: string;
}

/** No name is longer; the hub takes none that is. */
const PHASE = /^==> ([\w-]{1,200}): Executing phase: '([\w-]{1,80})'$/;

/** Takes stdout in pieces of any size and calls `on` for each phase that begins. */
export function createPhaseReader(on: (phase: Phase) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    // A line without end could grow for ever; a phase line is short.
    rest = (lines.pop() ?? '').slice(-4096);
    for (const line of lines) {
      const found = PHASE.exec(line.trimEnd());
      if (found?.[1] && found[2]) on({ package: found[1], phase: found[2] });
    }
  };
}

export interface PhaseClock {
  /** The phase before, if any, ends now. */
  begin(name: string): void;
  end(): void;
  readonly phases: readonly { name: string; seconds: number }[];
}

/** Measures phases by when they were announced; a phase that comes twice is added up. `now` in milliseconds. */
export function createPhaseClock(now: () => number): PhaseClock {
  const phases: { name: string; seconds: number }[] = [];
  let open: { name: string; since: number } | null = null;
  function end(): void {
    if (open === null) return;
    const seconds = Math.max(0, (now() - open.since) / 1000);
    const { name } = open;
    const known = phases.find((phase) => phase.name === name);
    if (known) known.seconds += seconds;
    else phases.push({ name, seconds });
    open = null;
  }
  return {
    phases,
    end,
    begin(name) {
      end();
      open = { name, since: now() };
    },
  };
}
