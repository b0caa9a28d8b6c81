/**
 * Finds issues that say the same as one at hand, from what this and other processes have triaged: an index in memory that reads the
 * table of fingerprints to its end before it answers. Nothing here asks GitHub.
 */
import {
  findPrints,
  fingerprintsAfter,
  type NewPrint,
  noteFingerprint,
  type PrintPlace,
  placeOfNewest,
  printPlaces,
  type StoredPrint,
  withoutSuggestion,
  type YoungerIssue,
} from '../store/fingerprints.js';
import type { Db } from '../store/open.js';
import { createDuplicateIndex, type IndexedIssue } from '../triage/duplicates/index.js';
import { type DuplicateSuggestion, mayBeShown, suggestDuplicates, youngerAlike } from '../triage/duplicates/suggest.js';

/** Open issues that are compared with a new one, those that changed last: about 400 MB when there are as many. */
const MOST_INDEXED = 100_000;
/** Rows read at once: what is read is put into the index without a pause. */
const PAGE = 500;
/** What was read so lately is not read again, unless all that was committed has to be seen. */
const FRESH_MS = 1000;
/** A row can become visible after one with a higher number; rows younger than this are read again. */
const SETTLED_MS = 10_000;
/** Younger issues that are looked at again because an older one became known after them. */
const MOST_YOUNGER = 3;

export interface DuplicateFinder {
  /**
   * Keeps the issue and then finds older, open ones that say the same and may be shown beside it, best first. In this order, so that of two that are looked at in the same moment at least one
   * sees the other. `younger` are those that did not see this one; they get a second look.
   */
  meet(issue: IndexedIssue, kept: NewPrint): Promise<{ older: DuplicateSuggestion[]; younger: YoungerIssue[] }>;
  /** Those of the suggestions that may still be shown. */
  still<T extends DuplicateSuggestion>(
    suggestions: readonly T[],
    issue: Omit<IndexedIssue, 'title' | 'body' | 'family'>,
  ): Promise<T[]>;
  /** Where an issue can be read without its being told; null where GitHub's pages have no such address. */
  link(issue: { readonly repository: string; readonly number: number }): string | null;
  /** Keeps an issue as it is now for the ones that come. */
  note(issue: NewPrint): Promise<void>;
  /** Reads what is there already; `meet` does so by itself. */
  load(): Promise<void>;
}

export function createDuplicateFinder(ports: {
  readonly db: Db;
  readonly now: () => Date;
  /** Address of GitHub's API: only its own has pages that redirect. */
  readonly githubApiUrl: string;
  readonly most?: number;
  /** No other process notes issues: then what this one noted is all there is. */
  readonly alone?: boolean;
}): DuplicateFinder {
  const { db, now, most = MOST_INDEXED, alone = false } = ports;
  let index = createDuplicateIndex();
  let places = new Map<number, PrintPlace>();
  /** Everything up to here is in the index; null before it was filled. */
  let through: number | null = null;
  /** Place in the sequence of what was put in lately. */
  let recent = new Map<string, { seq: number; at: number }>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  function put({ repositoryId, number, seq, at, print, ...known }: StoredPrint): void {
    const place = places.get(repositoryId);
    if (place === undefined) return;
    const key = `${repositoryId}#${number}`;
    if ((recent.get(key)?.seq ?? -1) >= seq) return;
    recent.set(key, { seq, at: at.getTime() });
    if (known.open) index.putPrint({ ...known, number, repository: place.fullName, private: place.private }, print);
    else index.remove(place.fullName, number);
  }

  async function read(): Promise<void> {
    const began = now().getTime();
    const before = places;
    places = await printPlaces(db);
    // A repository has another name or may be shown elsewhere no longer: rare enough to begin anew.
    const changed = [...before.values()].some(({ id, fullName, private: hidden }) => {
      const place = places.get(id);
      return place?.fullName !== fullName || place.private !== hidden;
    });
    if (through === null || changed) {
      index = createDuplicateIndex();
      recent = new Map();
      through = await placeOfNewest(db, most);
    }
    let last = through;
    for (;;) {
      const rows = await fingerprintsAfter(db, last, PAGE);
      for (const row of rows) {
        put(row);
        last = row.seq;
        if (began - row.at.getTime() > SETTLED_MS) through = Math.max(through, row.seq);
      }
      if (rows.length < PAGE) break;
    }
    index.trim(most);
    for (const [key, { at }] of recent) if (began - at > 2 * SETTLED_MS) recent.delete(key);
    readAt = began;
  }

  /** `fresh`: with all that was committed before this call. */
  async function load(fresh = false): Promise<void> {
    if (fresh) await reading;
    else if (reading === null && now().getTime() - readAt < FRESH_MS) return;
    reading ??= read().finally(() => {
      reading = null;
    });
    await reading;
  }

  async function still<T extends DuplicateSuggestion>(
    suggestions: readonly T[],
    issue: Parameters<DuplicateFinder['still']>[1],
  ): Promise<T[]> {
    const known = await findPrints(db, suggestions);
    return suggestions.filter(({ repository, number }) =>
      known.some(
        (each) =>
          each.number === number &&
          each.repository.toLowerCase() === repository.toLowerCase() &&
          mayBeShown(each, issue),
      ),
    );
  }

  async function note(issue: NewPrint): Promise<void> {
    const at = now();
    const seq = await noteFingerprint(db, issue, at);
    if (seq === null || through === null) return;
    if (places.has(issue.repositoryId)) put({ ...issue, seq, at });
    // Of a repository that is new: the next question reads what it is called.
    else readAt = Number.NEGATIVE_INFINITY;
  }

  return {
    load: () => load(),
    still,
    note,
    link: ({ repository, number }) =>
      /^https:\/\/api\.github\.com\/?$/.test(ports.githubApiUrl) && /^[\w.-]+\/[\w.-]+$/.test(repository)
        ? `https://redirect.github.com/${repository}/issues/${number}`
        : null,
    async meet(issue, kept) {
      await note(kept);
      await load(!alone);
      // How much a word says must not change by the issue that is asked about.
      index.remove(issue.repository, issue.number);
      const { title: _, body: __, ...known } = issue;
      const found = suggestDuplicates(issue, index);
      const younger = youngerAlike(issue, index, MOST_YOUNGER);
      const place = places.get(kept.repositoryId);
      if (place !== undefined)
        index.putPrint({ ...known, repository: place.fullName, private: place.private }, kept.print);
      return { older: await still(found, issue), younger: await withoutSuggestion(db, younger) };
    },
  };
}
