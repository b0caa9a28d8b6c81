/**
 * The one check of a head that branch protection can require. It ends when every required check has ended, says then what each of them
 * found, and is green only when all of them passed. Its text changes four times at most: queued, running, the first bad news, the end.
 */
import type { Conclusion, Ending } from './conclusion.js';
import { code, joinSections, plainLine, prose, TITLE_LIMIT } from './text.js';
import type { CheckButton, CheckReport } from './types.js';
import { whoActs } from './who-acts.js';

/** Name of the roll-up's check run; the one name that branch protection has to know. */
export const ROLL_UP_NAME = 'spokebot';

/** One check of the head, as far as the roll-up looks at it. */
export interface RollUpEntry {
  readonly name: string;
  /** Pull request that it belongs to. */
  readonly number: number;
  readonly required: boolean;
  readonly state: 'queued' | 'running' | 'ended';
  /** Null unless ended. */
  readonly conclusion: Conclusion | null;
  /** What its own check run says in one line. */
  readonly title: string;
  /** Milliseconds since 1970; null unless ended, and where nothing ran. */
  readonly endedAt: number | null;
  /** True when a recording is played instead of a build. */
  readonly recorded: boolean;
  /** True for a build that can be run again; a check that is not one has nothing to run. */
  readonly build: boolean;
  /** How its build ended; null while it goes on, and for a check without a build. */
  readonly ending: Ending | null;
  /** True when a person lets it stand although it did not pass. */
  readonly waived: boolean;
}

export interface RollUpInput {
  readonly headSha: string;
  /** Empty when no open pull request has this head any more. */
  readonly entries: readonly RollUpEntry[];
  readonly detailsUrl: string | null;
}

type Standing = 'passed' | 'waived' | 'nothing' | 'failed' | 'unchecked';

const STANDINGS: Readonly<Record<Conclusion, Standing>> = {
  success: 'passed',
  neutral: 'nothing',
  skipped: 'nothing',
  failure: 'failed',
  timed_out: 'failed',
  cancelled: 'unchecked',
  action_required: 'unchecked',
};

const WORDS: Readonly<Record<Standing, string>> = {
  passed: 'passed',
  waived: 'waived',
  nothing: 'nothing to do',
  failed: 'failed',
  unchecked: 'not checked',
};

const RERUN: CheckButton = {
  label: 'Run failed again',
  description: 'Build again what did not pass',
  identifier: 'retry-failed',
};

/**
 * Conclusion of the roll-up; null while a required check is open. What was not checked outweighs what failed: nobody may take the
 * verdict for a whole one. Where no check is required, the optional ones give advice and hold nothing back.
 */
export function rollUpConclusion(entries: readonly RollUpEntry[]): Conclusion | null {
  const required = entries.filter((entry) => entry.required);
  const asked = required.length > 0 ? required : entries;
  if (asked.some((entry) => entry.conclusion === null)) return null;
  const standings = asked.map(standingOf);
  if (standings.every((one) => one === 'nothing')) return 'skipped';
  if (!standings.some((one) => one === 'failed' || one === 'unchecked')) return 'success';
  if (required.length === 0) return 'neutral';
  return standings.includes('unchecked') ? 'action_required' : 'failure';
}

/** The roll-up's check run. Equal standings make equal reports, whatever optional checks do meanwhile. */
export function reportRollUp(input: RollUpInput): CheckReport {
  const { entries, headSha } = input;
  if (entries.length === 0) return gone(input);
  const conclusion = rollUpConclusion(entries);
  const required = entries.filter((entry) => entry.required);
  const asked = required.length > 0 ? required : entries;
  const shared = { annotations: [], detailsUrl: input.detailsUrl };
  if (conclusion === null) {
    const bad = firstBad(asked);
    const begun = asked.some((entry) => entry.state !== 'queued');
    return {
      ...shared,
      status: begun ? 'in_progress' : 'queued',
      conclusion: null,
      title: line(
        bad === null
          ? `${begun ? 'Running' : 'Queued'}: ${counted(asked.length, required)}`
          : `${wordOf(bad)} already: ${bad.name}`,
      ),
      summary: joinSections([
        recordedNote(asked),
        bad === null ? '**Nothing to do now.**' : `**${prose(bad.name)}**: ${prose(bad.title)}`,
        `It ends when ${required.length > 0 ? 'every required check of' : 'every check of'} ${code(headSha.slice(0, 7))} has ended.`,
      ]),
      text: table(entries, false),
      actions: [],
    };
  }
  return {
    ...shared,
    status: 'completed',
    conclusion,
    title: line(endTitle(asked, required, conclusion)),
    summary: joinSections([
      recordedNote(asked),
      conclusion === 'success' ? `**Nothing to do.** ${allGood(asked)}` : '',
      conclusion === 'skipped' ? '**Nothing to do.**' : '',
      asked.some(isBad) ? `**Next:** ${prose(nextOf(asked))}` : '',
      ...asked
        .filter((entry) => isBad(entry) || entry.waived)
        .map((entry) =>
          entry.name === ROLL_UP_NAME ? prose(entry.title) : `**${prose(entry.name)}**: ${prose(entry.title)}`,
        ),
      conclusion === 'action_required'
        ? `**Not everything was checked**, so this is no verdict on the change.${asked.some((entry) => isBad(entry) && entry.name !== ROLL_UP_NAME) ? ' The checks that are missing say what to do.' : ''}`
        : '',
      conclusion === 'skipped'
        ? asked.map((entry) => `- ${prose(entry.title.replace(/^Nothing to do: /, ''))}`).join('\n')
        : '',
    ]),
    text: table(entries, true),
    actions: asked.some((entry) => isBad(entry) && entry.build) ? [RERUN] : [],
  };
}

function allGood(asked: readonly RollUpEntry[]): string {
  if (!asked.some((entry) => entry.waived)) return 'Everything that this commit has to pass has passed.';
  return 'What this commit has to pass has passed, or a person lets it stand.';
}

function nextOf(asked: readonly RollUpEntry[]): string {
  return whoActs(
    asked.map(({ name, required, state, ending, waived, build, ...entry }) => ({
      name,
      required,
      open: state !== 'ended',
      ending,
      waived,
      heldBack: !build && isBad({ ...entry, name, required, state, ending, waived, build }),
    })),
  ).says;
}

/** No open pull request has the head: whatever was still open ends. */
function gone({ headSha, detailsUrl }: RollUpInput): CheckReport {
  return {
    status: 'completed',
    conclusion: 'cancelled',
    title: 'Cancelled: no open pull request has this commit any more',
    summary: `The pull request was closed, or a newer commit took the place of ${code(headSha.slice(0, 7))}.`,
    text: '',
    annotations: [],
    actions: [],
    detailsUrl,
  };
}

function endTitle(asked: readonly RollUpEntry[], required: readonly RollUpEntry[], conclusion: Conclusion): string {
  if (conclusion === 'skipped') return asked.length === 1 ? asked[0]!.title : 'Nothing to do for this change';
  const bad = asked.filter(isBad);
  if (bad.length === 0) {
    const waived = asked.filter((entry) => entry.waived).length;
    if (waived === asked.length) return `Waived: ${counted(waived, required)}`;
    return `Passed: ${counted(asked.length, required)}${waived === 0 ? '' : `, ${waived} of them waived`}`;
  }
  const parts = (['failed', 'unchecked'] as const).flatMap((standing) => {
    const some = bad.filter((entry) => standingOf(entry) === standing);
    if (some.length === 0) return [];
    return [`${some.length} of ${asked.length} ${WORDS[standing]}`];
  });
  if (asked.length === 1) return bad[0]!.title;
  return `${parts.join(', ')}: ${bad[0]!.name}`;
}

/** What each check found, or before the end only which there are: they say themselves how far they are. */
function table(entries: readonly RollUpEntry[], ended: boolean): string {
  const several = new Set(entries.map((entry) => entry.number)).size > 1;
  const rows = entries
    .toSorted((a, b) => Number(b.required) - Number(a.required) || (a.name < b.name ? -1 : 1) || a.number - b.number)
    .map((entry) => {
      const said = ended && entry.required ? saidBy(entry) : 'see its own check';
      const cells = [prose(entry.name), entry.required ? 'required' : 'optional', said];
      return `| ${[...cells, ...(several ? [`pull request ${entry.number}`] : [])].map(cell).join(' | ')} |`;
    });
  const head = ['Check', '', 'Says', ...(several ? ['For'] : [])];
  return joinSections([
    [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows].join('\n'),
    several ? 'Several pull requests have this very commit; it passes when it passes for each of them.' : '',
  ]);
}

/** Its own title, which says in most cases already whether it passed. */
function saidBy(entry: RollUpEntry): string {
  const word = wordOf(entry);
  // A waived one says so in its title, behind the note on a recording.
  return entry.waived || entry.title.startsWith(word) ? prose(entry.title) : `${word}: ${prose(entry.title)}`;
}

function firstBad(entries: readonly RollUpEntry[]): RollUpEntry | null {
  const bad = entries.filter(isBad);
  return bad.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || (a.name < b.name ? -1 : 1))[0] ?? null;
}

function isBad(entry: RollUpEntry): boolean {
  const standing = entry.conclusion === null ? null : standingOf(entry);
  return standing === 'failed' || standing === 'unchecked';
}

function standingOf({ conclusion, waived }: RollUpEntry): Standing {
  if (waived) return 'waived';
  return conclusion === null ? 'unchecked' : STANDINGS[conclusion];
}

function wordOf(entry: RollUpEntry): string {
  const word = WORDS[standingOf(entry)];
  return `${word[0]!.toUpperCase()}${word.slice(1)}`;
}

function counted(n: number, required: readonly RollUpEntry[]): string {
  const kind = required.length > 0 ? 'required' : 'optional';
  return n === 1 ? `1 ${kind} check` : `${n} ${kind} checks`;
}

function recordedNote(entries: readonly RollUpEntry[]): string {
  return entries.some((entry) => entry.recorded)
    ? '**Recorded run:** an earlier run is played here; nothing was built for this commit.'
    : '';
}

function line(text: string): string {
  return plainLine(text, TITLE_LIMIT);
}

function cell(text: string): string {
  return text.replace(/(?<!\\)\|/g, '\\|');
}
