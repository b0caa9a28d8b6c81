/**
 * The lines that recur in a repository's issues: its templates. They say which form was used and which of its questions were
 * answered, and they are not the reporter's own words.
 */
import { hashText, joinHashes } from './hash.js';

/** In so many issues of one repository a line must stand to count as a template's. */
const RECURS = 3;

/** A line as it is compared: case, digits and spacing don't matter. */
export function normalLine(line: string): string {
  return line.trim().toLowerCase().replace(/\d+/g, '0').replace(/\s+/g, ' ');
}

export function lineHash(repo: string, normal: string): number {
  return joinHashes(hashText(repo), hashText(normal));
}

/** Hashes of (repository, line) of every template line. Two characters are not a line: they are a bracket or a fence. */
export function findTemplates(issues: readonly { readonly repo: string; readonly body: string }[]): Set<number> {
  const seenIn = new Map<number, number>();
  for (const { repo, body } of issues) {
    const lines = new Set(linesOf(body).map(normalLine));
    for (const line of lines) {
      if (line.length <= 2) continue;
      const hash = lineHash(repo, line);
      seenIn.set(hash, (seenIn.get(hash) ?? 0) + 1);
    }
  }
  const templates = new Set<number>();
  for (const [hash, count] of seenIn) if (count >= RECURS) templates.add(hash);
  return templates;
}

/** A log of megabytes is not read to its end. */
export function linesOf(body: string): string[] {
  return body.slice(0, 20_000).split('\n');
}
