/** Changed files as GitHub lists them (`pulls/N/files`, compare, commits), read from the output of `git diff`. */
import type { GitStore } from './git.js';

export interface ChangedFile {
  readonly sha: string | null;
  readonly filename: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly additions: number;
  readonly deletions: number;
  readonly changes: number;
  readonly patch?: string;
  readonly previous_filename?: string;
}

const STATUS: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

const remembered = new WeakMap<GitStore, Map<string, readonly ChangedFile[]>>();

/** Files changed between two commits of a repository. Commits never change, so answers are kept. */
export async function changedFiles(
  git: GitStore,
  repoId: number,
  from: string | null,
  to: string,
): Promise<readonly ChangedFile[]> {
  const cache = remembered.get(git) ?? new Map<string, readonly ChangedFile[]>();
  remembered.set(git, cache);
  const key = `${repoId} ${from} ${to}`;
  const known = cache.get(key);
  if (known) return known;
  const { raw, patch } = await git.diff(repoId, from, to);
  const files = parseDiff(raw, patch);
  if (cache.size > 500) cache.clear();
  cache.set(key, files);
  return files;
}

/** Pure half: `raw` is `git diff --raw --numstat -z --full-index`, `patch` the same comparison as text. */
export function parseDiff(raw: string, patch: string): ChangedFile[] {
  const fields = raw.split('\0').filter((field) => field !== '');
  const entries: { status: ChangedFile['status']; sha: string | null; filename: string; previous: string | null }[] =
    [];
  let at = 0;
  for (; fields[at]?.startsWith(':'); ) {
    const [, , , newSha = '', letter = ''] = (fields[at] ?? '').split(' ');
    const renamed = letter.startsWith('R');
    const filename = fields[at + (renamed ? 2 : 1)] ?? '';
    const sha = /^0+$/.test(newSha) ? null : newSha;
    const previous = renamed ? (fields[at + 1] ?? null) : null;
    entries.push({ status: STATUS[letter.charAt(0)] ?? 'changed', sha, filename, previous });
    at += renamed ? 3 : 2;
  }
  const counts: { additions: number; deletions: number }[] = [];
  while (at < fields.length) {
    // A renamed file has an empty name here, followed by two fields of their own.
    const [added = '0', removed = '0', name = ''] = (fields[at] ?? '').split('\t');
    counts.push({ additions: Number(added) || 0, deletions: Number(removed) || 0 });
    at += name === '' ? 3 : 1;
  }
  const patches = patch.split(/^diff --git /m).slice(1);
  return entries.map((entry, index) => {
    const { additions, deletions } = counts[index] ?? { additions: 0, deletions: 0 };
    const hunks = hunksOf(patches[index] ?? '');
    return {
      sha: entry.sha,
      filename: entry.filename,
      status: entry.status,
      additions,
      deletions,
      changes: additions + deletions,
      ...(hunks === null ? {} : { patch: hunks }),
      ...(entry.previous === null ? {} : { previous_filename: entry.previous }),
    };
  });
}

function hunksOf(patch: string): string | null {
  const start = patch.search(/^@@ /m);
  return start < 0 ? null : patch.slice(start).trimEnd();
}
