/** The end of a run as people see it, in a form that two runs can be compared by, and what was done twice or never ended. */
import type { Dump, DumpedIssue } from '../../src/sandbox/dump.js';
import type { Effects } from '../../src/sandbox/effects.js';

/** Place to what is there, as text: equal ends are equal entries. */
export type Seen = Readonly<Record<string, string>>;

/** What a run shows; checks of the heads to leave out only have to be at an end. */
export function seenIn(dump: Dump, hubUrl: string, leftOut: (head: string) => boolean): Seen {
  const seen: Record<string, string> = {};
  const put = (place: string, value: unknown) => {
    // Several checks of one name at one head stand one below the other.
    const text = withoutTimes(JSON.stringify(value, null, 1), hubUrl);
    seen[place] = seen[place] === undefined ? text : `${seen[place]}\n${text}`;
  };
  for (const [repository, { labels, issues, checks }] of Object.entries(dump)) {
    put(`${repository}: labels of the repository`, borne(labels, issues));
    for (const { number, ...issue } of issues) {
      for (const [what, value] of Object.entries(issue)) put(`${repository}#${number}: ${what}`, value);
    }
    for (const { head, name, ...check } of checks)
      if (!leftOut(head)) put(`${repository} ${head}: check ${name}`, check);
  }
  return seen;
}

/**
 * The labels that something bears at the end. One that nothing bears tells only who was faster: an issue was labelled before its author
 * rewrote it, or after.
 */
function borne(labels: readonly string[], issues: readonly DumpedIssue[]): string[] {
  const names = new Set(issues.flatMap((issue) => issue.labels));
  return labels.filter((label) => [...names].some((name) => label === name || label.startsWith(`${name} #`)));
}

/** Of a run of one program on one machine only these differ from the next: its port, and how long something took. */
function withoutTimes(text: string, hubUrl: string): string {
  return text
    .replaceAll(hubUrl, 'HUB')
    .replace(/\b\d+ (?:s|min)\b(?: \d+ s\b)?/g, 'N s')
    .replace(/\b\d\d:\d\d(?::\d\d)?(?: UTC)?\b/g, 'TIME');
}

export interface Counted {
  readonly duplicated: readonly string[];
  readonly unended: readonly string[];
  readonly comments: number;
  readonly runs: number;
  readonly events: number;
  readonly deliveries: number;
}

/** What was done, and of that what was done twice: comments with one hidden key, check runs with one external id. */
export function countedIn({ comments, runs, events, deliveries }: Effects): Counted {
  const duplicated = [
    ...twice(comments.map(({ repository, number, body }) => `comment ${repository}#${number} ${keyIn(body)}`)),
    ...twice(runs.map(({ repository, externalId, name }) => `check run ${repository} ${name} ${externalId}`)),
  ];
  const unended = runs
    .filter(({ status }) => status !== 'completed')
    .map(({ repository, headSha, name, status }) => `${repository} ${headSha.slice(0, 7)} ${name}: ${status}`);
  const guids = new Set(deliveries.map(({ guid }) => guid));
  return {
    duplicated,
    unended,
    comments: comments.length,
    runs: runs.length,
    events: events.length,
    deliveries: guids.size,
  };
}

/** Labels and assignments that a run gave more often than another one, which needed no more for the same end. */
export function givenMoreOften(here: Effects, there: Effects): string[] {
  const count = ({ events }: Effects) => {
    const counts = new Map<string, number>();
    for (const { repository, number, event, what } of events) {
      const key = `${event} ${repository}#${number} ${what}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  const [mine, theirs] = [count(here), count(there)];
  return [...mine].flatMap(([key, n]) => {
    const more = n - Math.max(1, theirs.get(key) ?? 1);
    return more > 0 ? [`${key}, ${more} times more`] : [];
  });
}

function keyIn(body: string): string {
  return /<!-- (spokebot:[\w:-]+) -->/.exec(body)?.[1] ?? 'without a key';
}

function twice(list: readonly string[]): string[] {
  const seen = new Set<string>();
  return list.filter((each) => seen.size === seen.add(each).size);
}
