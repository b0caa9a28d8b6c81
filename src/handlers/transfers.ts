/**
 * Issues that change their repository, whoever moves them: what is known goes along before triage looks at the new place. GitHub
 * tells the old repository (`issues.transferred`) and the new one (`issues.opened`, with where it came from), in any order; what
 * neither told is found when an issue looks like one that was known elsewhere.
 */
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { IssueRef, RepoRef } from '../actions.js';
import type { PlacedIssue } from '../github/forge.js';
import { wordOf } from '../store/commands.js';
import { moveSubject } from '../store/moves.js';
import { followMoves } from '../store/places.js';
import { repositories, subjects } from '../store/schema.js';
import { findRepository, findSubject } from '../store/subjects.js';
import { routingAfterMove } from '../triage/commands/after-move.js';
import type { Asked } from '../triage/commands/command.js';
import type { Destination } from '../triage/commands/facts.js';
import { standingOf } from '../triage/commands/step.js';
import { repositoryNamed } from '../triage/commands/transfer.js';
import type { Word } from '../triage/word.js';
import { lastOutcome } from './last-outcome.js';
import type { HandlerPorts } from './ports.js';

/** As many issues are looked at whether they have become this one. */
const MOST_ORIGINS = 3;

export interface Moved {
  readonly from: Omit<IssueRef, 'installationId'> & { readonly private: boolean };
  readonly to: IssueRef & { readonly private: boolean };
  /** A person; null when it was a machine, or nobody told. */
  readonly by: string | null;
  /** Labels before the move; null when nobody told. */
  readonly before: readonly string[] | null;
}

/** Takes along what is known. Safe to call any number of times, from both ends. */
export async function adoptMove({ from, to, by, before }: Moved, ports: HandlerPorts): Promise<void> {
  const old = await findSubject(ports.db, from.repositoryId, from.number);
  if (old === null || old.movedTo !== null) return;
  const { registry, catalogue } = ports.hub();
  const member = registry.isMember(to.fullName);
  const now = member ? await (await ports.forge(to.installationId)).issue(to.fullName, to.number) : null;
  const outcome = await lastOutcome(from, ports.db);
  await ports.db.transaction((tx) =>
    moveSubject(
      tx as typeof ports.db,
      {
        from: { ...from, repository: from.fullName },
        to: { repositoryId: to.repositoryId, repository: to.fullName, number: to.number },
        installationId: to.installationId,
        member,
        by,
        showFrom: to.private || !from.private,
        routing: (subject) => {
          const word = wordOf(subject);
          const standing = standingOf(word, { facts: { outcome }, catalogue });
          return routingAfterMove(standing, word.routing, to.fullName, by, registry);
        },
        before,
        after: now?.labels ?? [],
      },
      ports.now(),
    ),
  );
}

/** An issue that spokebot has never seen may be one that it knows: where an issue of that name and author was, GitHub tells. */
export async function adoptUntold(
  ref: IssueRef,
  now: PlacedIssue,
  isPrivate: boolean,
  ports: HandlerPorts,
): Promise<void> {
  if (now.author === null) return;
  const owner = ref.fullName.split('/')[0]!.toLowerCase();
  const candidates = await ports.db
    .select({ number: subjects.number, repository: repositories })
    .from(subjects)
    .innerJoin(repositories, eq(repositories.id, subjects.repositoryId))
    .where(
      and(
        eq(subjects.title, now.title),
        eq(subjects.author, now.author),
        eq(subjects.isPull, false),
        isNull(subjects.movedTo),
        ne(subjects.repositoryId, ref.repositoryId),
        sql`lower(split_part(${repositories.fullName}, '/', 1)) = ${owner}`,
      ),
    )
    .limit(MOST_ORIGINS);
  for (const { number, repository } of candidates) {
    const { id: repositoryId, installationId, fullName } = repository;
    const there = await (await ports.forge(installationId)).issue(fullName, number);
    if (there === null || !samePlace(there, ref)) continue;
    const from = { repositoryId, fullName, number, private: repository.private };
    return adoptMove({ from, to: { ...ref, private: isPrivate }, by: null, before: null }, ports);
  }
}

/** The issue as it is, if it still lies there; a repository that was only renamed is the same one. */
export async function issueHere(ref: IssueRef, ports: HandlerPorts): Promise<PlacedIssue | null> {
  const forge = await ports.forge(ref.installationId);
  const now = await forge.issue(ref.fullName, ref.number);
  if (now === null || samePlace(now, ref)) return now;
  const { repository, number } = now.place;
  return number === ref.number && (await forge.repository(repository))?.id === ref.repositoryId ? now : null;
}

function samePlace({ place }: PlacedIssue, { fullName, number }: Pick<IssueRef, 'fullName' | 'number'>): boolean {
  return place.number === number && place.repository.toLowerCase() === fullName.toLowerCase();
}

/** The issue under its present place, as far as spokebot knows. */
export async function whereNow(ref: IssueRef, ports: HandlerPorts): Promise<IssueRef> {
  const place = await followMoves(ports.db, ref);
  if (place === ref || !('repository' in place)) return ref;
  const { repositoryId, number } = place;
  const row = await findRepository(ports.db, repositoryId);
  return {
    installationId: row?.installationId ?? ref.installationId,
    repositoryId,
    fullName: row?.fullName ?? place.repository,
    number,
  };
}

/** The repositories that these commands would move the issue to, as they are now. */
export async function destinationsOf(
  asked: readonly Asked[],
  word: Word,
  ref: IssueRef,
  ports: HandlerPorts,
): Promise<Destination[]> {
  const { catalogue } = ports.hub();
  const named = asked.flatMap(({ reading }) => {
    if (reading.kind !== 'command') return [];
    const { command } = reading;
    if (command.verb === 'accept' && word.transfer?.state === 'agreement') return [word.transfer.to.toLowerCase()];
    if (command.verb !== 'transfer') return [];
    const place = repositoryNamed(command.to, catalogue);
    // One comment may ask for a move and agree to it.
    return place.kind === 'repository' ? [place.fullName] : [];
  });
  const forge = await ports.forge(ref.installationId);
  return Promise.all(
    [...new Set(named)].map(async (fullName): Promise<Destination> => {
      const seen = await forge.repository(fullName);
      return { named: fullName, seen, ours: seen === null ? null : await installedOn(seen.id, seen.fullName, ports) };
    }),
  );
}

/** Null where spokebot is not installed. */
async function installedOn(id: number, fullName: string, ports: HandlerPorts): Promise<RepoRef | null> {
  const row = await findRepository(ports.db, id);
  if (row === null || row.state !== 'active') return null;
  return { installationId: row.installationId, repositoryId: id, fullName };
}
