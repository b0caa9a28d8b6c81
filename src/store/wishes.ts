/** What people asked to be built by command, beyond the configuration. A wish is about one head, so a push ends it. */
import { and, asc, eq, isNotNull, ne } from 'drizzle-orm';
import type { Action, IssueRef } from '../actions.js';
import type { BuildWish } from '../ci/facts.js';
import type { Db } from './open.js';
import { repositories, subjects, wishes } from './schema.js';

/** The same wish twice is one. */
export async function keepWish(tx: Db, wish: Extract<Action, { kind: 'wish-build' }>, at: Date): Promise<void> {
  const { issue, headSha, spec, pool, by, with: other } = wish;
  const { repositoryId, number } = issue;
  await tx
    .insert(wishes)
    .values({
      repositoryId,
      number,
      headSha,
      spec: spec ?? '',
      pool: pool ?? '',
      ...(other === null
        ? {}
        : {
            withRepositoryId: other.repositoryId,
            withRepository: other.fullName,
            withNumber: other.number,
            withHeadSha: other.headSha,
          }),
      by,
      at,
    })
    .onConflictDoNothing();
}

/** Wishes for this head, the oldest first. */
export async function wishesFor(
  db: Db,
  { repositoryId, number, headSha }: { repositoryId: number; number: number; headSha: string },
): Promise<BuildWish[]> {
  const rows = await db
    .select()
    .from(wishes)
    .where(and(eq(wishes.repositoryId, repositoryId), eq(wishes.number, number), eq(wishes.headSha, headSha)))
    .orderBy(asc(wishes.at), asc(wishes.spec), asc(wishes.pool));
  return rows.map(({ spec, pool, by, withRepositoryId: repositoryId, withRepository, withNumber, withHeadSha }) => ({
    spec: spec || null,
    pool: pool || null,
    by,
    ...(withHeadSha === ''
      ? {}
      : { with: { repositoryId, fullName: withRepository, number: withNumber, headSha: withHeadSha } }),
  }));
}

/** Open pull requests whose present head is wished to be built together with this pull request, at whatever head of it. */
export async function pullsWishingFor(db: Db, { repositoryId, number }: IssueRef): Promise<IssueRef[]> {
  return db
    .selectDistinct({
      installationId: repositories.installationId,
      repositoryId: wishes.repositoryId,
      fullName: repositories.fullName,
      number: wishes.number,
    })
    .from(wishes)
    .innerJoin(repositories, eq(repositories.id, wishes.repositoryId))
    .innerJoin(
      subjects,
      and(
        eq(subjects.repositoryId, wishes.repositoryId),
        eq(subjects.number, wishes.number),
        eq(subjects.headSha, wishes.headSha),
      ),
    )
    .where(
      and(
        eq(wishes.withRepositoryId, repositoryId),
        eq(wishes.withNumber, number),
        ne(wishes.withHeadSha, ''),
        eq(subjects.open, true),
        isNotNull(subjects.headSha),
      ),
    )
    .orderBy(asc(wishes.repositoryId), asc(wishes.number));
}
