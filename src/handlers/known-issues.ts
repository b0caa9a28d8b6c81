/**
 * What earlier looks at an issue, and at others, have left for the next decision: what its reporter was asked, which older issues
 * seem to say the same. Read before a decision and kept after it; neither costs a read of GitHub.
 */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import type { IssueNow } from '../github/forge.js';
import type { EffectiveConfig } from '../registry/model.js';
import { standingCorrections } from '../store/commands.js';
import { findConversation, noteHappenings } from '../store/conversations.js';
import { type NewPrint, suggestedFor, withdrawFingerprint } from '../store/fingerprints.js';
import { searchAgain as searchAgainFor } from '../store/look-again.js';
import type { Db } from '../store/open.js';
import { decisions } from '../store/schema.js';
import { findSubject } from '../store/subjects.js';
import { type Happening, questionIn } from '../triage/conversation.js';
import { decideTriage } from '../triage/decide.js';
import { readIssueText } from '../triage/duplicates/fingerprint.js';
import type { IssueFacts } from '../triage/facts.js';
import { canBeAsked } from '../triage/missing.js';
import type { Alike, TriageOutcome } from '../triage/outcome.js';
import type { HandlerPorts } from './ports.js';

type Ports = Pick<HandlerPorts, 'db' | 'now' | 'hub' | 'duplicates'>;

/** Issues whose suggestion is taken back at once when the older one is closed; the others' goes with their next change. */
const MOST_FOLLOWED = 20;

/** What is known beside the issue itself. `facts` are all others of this decision. */
export async function gatherKnown(
  facts: IssueFacts,
  ref: IssueRef,
  now: IssueNow,
  config: EffectiveConfig,
  ports: Ports,
  /** True: an older issue may be known by now that was not when the same text was searched for. */
  searchAgain: boolean,
): Promise<Pick<IssueFacts, 'question' | 'alike'>> {
  const question = questionIn(await findConversation(ports.db, ref));
  return { question, alike: await alikeOf({ ...facts, question }, ref, now, config, ports, searchAgain) };
}

/**
 * Older issues that say the same. What was found once stays as it was until it may no longer be shown; a new search is made only of a
 * text that was not searched for before, so that the same issue does not get another answer each time somebody looks. Where this is
 * the older of two that came at the same time, and the younger was looked at first, that one gets a second look.
 */
async function alikeOf(
  facts: IssueFacts,
  ref: IssueRef,
  now: IssueNow,
  config: EffectiveConfig,
  { db, hub, duplicates, now: clock }: Ports,
  searchAgain: boolean,
): Promise<readonly Alike[]> {
  const { word } = facts;
  if (word.duplicateOf !== null || word.noDuplicates || word.withdrawn) return [];
  const last = await lastSearch(db, ref);
  if (!now.open) return last?.alike ?? [];
  const { fullName: repository, number } = ref;
  const issue = { repository, number, createdAt: now.createdAt, open: true, private: facts.private };
  const kept = last === null ? [] : await duplicates.still(last.alike, issue);
  const searched = last !== null && last.title === now.title && last.body === now.body;
  if (kept.length > 0 || (searched && !searchAgain)) return kept;
  const { outcome } = decideTriage(facts, hub().catalogue, config);
  const { older, younger } = await duplicates.meet(
    { ...issue, title: now.title, body: now.body, family: familyOf(outcome) },
    printOf(ref, now, outcome, null),
  );
  for (const each of younger) await searchAgainFor(db, each, ref, clock());
  return older.map((one) => ({
    ...one,
    score: Math.round(one.score * 1000) / 1000,
    because: facts.private ? withoutWords(one.because) : one.because,
    link: duplicates.link(one),
  }));
}

/** The text that was last searched for, and what was found. */
async function lastSearch(
  db: Db,
  ref: IssueRef,
): Promise<{ title: string; body: string; alike: readonly Alike[] } | null> {
  const [row] = await db
    .select({
      title: sql<string>`${decisions.facts} ->> 'title'`,
      body: sql<string>`${decisions.facts} ->> 'body'`,
      alike: sql<unknown>`${decisions.facts} -> 'alike'`,
    })
    .from(decisions)
    .where(
      and(eq(decisions.repositoryId, ref.repositoryId), eq(decisions.number, ref.number), eq(decisions.kind, 'triage')),
    )
    .orderBy(desc(decisions.id))
    .limit(1);
  return row === undefined || !Array.isArray(row.alike) ? null : { ...row, alike: row.alike as Alike[] };
}

/** No word of a private issue stands in a decision. */
function withoutWords(because: string): string {
  return because.replace(/: ".*"$/s, '');
}

function familyOf({ product, outside, candidates }: TriageOutcome): string[] {
  const named = [product?.id ?? outside, ...candidates.map((one) => one.product)];
  return [...new Set(named.filter((name) => name !== null))];
}

export interface Looked {
  readonly facts: IssueFacts;
  readonly ref: IssueRef;
  readonly now: IssueNow;
  readonly outcome: TriageOutcome;
  /** Who made the change that led here; null when unknown. */
  readonly by: string | null;
}

/** Keeps what follows from a look, once its decision is committed. A second time changes nothing. */
export async function keepKnown({ facts, ref, now, outcome, by }: Looked, ports: Ports): Promise<void> {
  const { db } = ports;
  const talk = await findConversation(db, ref);
  const at = wholeSecond(ports.now());
  const events: Happening[] = [];
  const { missing } = outcome;
  const asks = missing.length > 0 && canBeAsked(facts.author) && !talk?.missing;
  if (asks && (await commentShows(ref, facts, db))) events.push({ kind: 'missing', what: missing, at });
  if (missing.length === 0 && talk?.missing && !facts.word.withdrawn) events.push({ kind: 'added', by, at });
  const { needsInfo } = facts.word;
  const open = talk?.needsInfo?.answered === null;
  // A person's question is kept with what people said; here it only gets its time.
  if (needsInfo !== null && !open) events.push({ kind: 'asked', by: await whoAsked(db, ref), at });
  if (needsInfo === null && open) events.push({ kind: 'settled', by: null, at });
  if (talk === null || events.length > 0) await noteHappenings(db, ref, now.createdAt, events);
  const best = outcome.duplicates?.[0];
  await ports.duplicates.note(printOf(ref, now, outcome, best ? `${best.repository}#${best.number}` : null));
}

function printOf(ref: IssueRef, now: IssueNow, outcome: TriageOutcome, suggested: string | null): NewPrint {
  return {
    repositoryId: ref.repositoryId,
    number: ref.number,
    createdAt: now.createdAt,
    open: now.open,
    print: readIssueText(now.title, now.body).print,
    family: familyOf(outcome),
    suggested,
  };
}

/** Whether our comment stands, or is about to, so that what is missing has been asked for. */
async function commentShows(ref: IssueRef, { word }: IssueFacts, db: Db): Promise<boolean> {
  if (word.quiet) return false;
  const subject = await findSubject(db, ref.repositoryId, ref.number);
  return subject !== null && subject.commentBody !== null && !subject.commentGone;
}

async function whoAsked(db: Db, ref: IssueRef): Promise<string | null> {
  const said = await standingCorrections(db, ref.repositoryId, ref.number);
  return said.findLast(({ verb }) => verb === 'needs-info')?.by ?? null;
}

/** GitHub's own times have no fractions: a reply in the same second must not look older than the question. */
function wholeSecond(date: Date): string {
  return new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString();
}

/** The issue is closed or gone: no other is told any more that it may say the same. Returns the issues whose comments say so. */
export async function noLongerSuggested(
  { repositoryId, fullName, number }: IssueRef,
  { db, now }: Pick<HandlerPorts, 'db' | 'now'>,
): Promise<IssueRef[]> {
  await withdrawFingerprint(db, repositoryId, number, now());
  return suggestedFor(db, { repository: fullName, number }, MOST_FOLLOWED);
}
