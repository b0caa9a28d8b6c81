/** What a failure was recognised as, before anything is said about whose it is. */
import type { Category } from '../verdict.js';
import type { Finding } from './finding.js';
import type { ErrorBlock } from './story.js';

export interface Classified {
  readonly category: Category;
  /** What Spack's message says about phase and package; null leaves both to the story. */
  readonly phase: string | null;
  readonly package: string | null;
  /** One line for people, without the package. */
  readonly detail: string | null;
  /** Places in `evidence.build`, best first. */
  readonly findings: readonly Finding[];
  /** The lines to show, when they are not those of the findings. */
  readonly shown: readonly string[] | null;
  /** The compiler itself does not work, or not with what it was given. */
  readonly brokenTools: boolean;
  /** A step failed and nothing says why. */
  readonly unexplained: boolean;
  /** The machine failed in a way that has no category of its own. */
  readonly machineTrouble: boolean;
}

/** To build one from: nothing but the category has to be said. */
export const NOTHING = {
  phase: null,
  package: null,
  detail: null,
  findings: [],
  shown: null,
  brokenTools: false,
  unexplained: false,
  machineTrouble: false,
} as const;
/** Phases in which a build asks the system what it has. */
export const CONFIGURE_PHASE =
  /^(?:cmake|configure|autoreconf|meson|bootstrap|setup|initconfig|qmake|sip_build|generate|edit|autogen)$/;

/** The first finding with what follows it, and one line for each of the next. */
export function shownAround(lines: readonly string[], findings: readonly Finding[]): readonly string[] {
  const first = findings[0]!.at;
  const shown = lines.slice(first, first + 12);
  const cut = shown.findIndex(
    (line, at) => at > 0 && /^(?:\S{0,20}make(?:\[\d+\])?: (?!\*\*\*)|\[ {0,2}\d{1,3}%\])/.test(line),
  );
  const kept = cut > 0 ? shown.slice(0, cut) : shown;
  const more = findings.filter((one) => one.at >= first + kept.length).slice(0, 6);
  return more.length === 0 ? kept : [...kept, '', ...more.map((one) => lines[one.at]!)];
}

/** An error as Spack wrote it, without its excerpt and the path of a log on a machine nobody can reach. */
export function blockText(block: ErrorBlock): readonly string[] {
  const end = block.lines.findIndex((line) => /^See (?:build|test) log/.test(line));
  return [`==> Error: ${block.head}`, ...(end < 0 ? block.lines : block.lines.slice(0, end))].slice(0, 30);
}
