/** How a product's default branch stands: each check by night with its newest verdict, and the issue about a broken one. */
import { eq } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { ownIssuePlace } from '../../store/own-issues.js';
import { nightlyIssues } from '../../store/schema.js';
import { type CheckView, readChecks } from './checks-of.js';
import type { Visible } from './visible.js';

export interface NightView extends CheckView {
  /** Null while the branch builds. */
  readonly broken: { readonly since: Date; readonly sha: string } | null;
  /** The issue about it, where there is one that may be shown. */
  readonly issue: { readonly repository: string; readonly number: number } | null;
}

/** By name; empty where nothing is built by night. */
export async function readNights(db: Db, visible: Visible, product: string, now: Date): Promise<NightView[]> {
  const checks = await readChecks(db, visible, product, now, 'nightly');
  if (checks.length === 0) return [];
  const rows = await db.select().from(nightlyIssues).where(eq(nightlyIssues.product, product));
  const views: NightView[] = [];
  for (const check of checks) {
    const row = rows.find(({ name, pool }) => name === check.name && pool === check.pool);
    const place = row === undefined ? null : await ownIssuePlace(db, row);
    const repository = place === null ? undefined : visible.names.get(place.repositoryId);
    views.push({
      ...check,
      broken: row?.broken ? { since: row.brokenAt, sha: row.brokenSha } : null,
      issue: place === null || repository === undefined ? null : { repository, number: place.number },
    });
  }
  return views;
}
