/**
 * CODEOWNERS as GitHub reads it. Owners are kept as bare names (`octocat`, `octo/team`); addresses of mail are left out, since they
 * name nobody on GitHub and belong in no comment.
 */
import { type PathPattern, parsePattern, patternMatches } from './codeowners-pattern.js';

export interface CodeownersRule {
  readonly pattern: string;
  readonly matches: PathPattern;
  /** Logins and `org/team`, without `@`; empty: the rule says that nobody owns what it matches. */
  readonly owners: readonly string[];
  /** Line in the file, from 1. */
  readonly line: number;
}

/** GitHub does not read larger files. */
const MOST_BYTES = 3 * 1024 * 1024;
const OWNER = /^@([A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\/[A-Za-z0-9][\w.-]{0,99})?)$/;
const MAIL = /^[^\s@]+@[^\s@]+$/;

/** The rules in their order. A line that GitHub would refuse is left out; nothing throws. */
export function parseCodeowners(text: string): CodeownersRule[] {
  if (text.length > MOST_BYTES) return [];
  return text.split(/\r\n|[\r\n]/).flatMap((written, index) => {
    const words = wordsOf(written);
    const [pattern, ...names] = words;
    if (pattern === undefined) return [];
    const matches = parsePattern(pattern);
    // One owner that is none makes GitHub skip the whole line.
    if (matches === null || !names.every((name) => OWNER.test(name) || MAIL.test(name))) return [];
    const owners = names.flatMap((name) => OWNER.exec(name)?.[1] ?? []);
    return [{ pattern, matches, owners: [...new Set(owners)], line: index + 1 }];
  });
}

/** Words of a line, up to a comment. `\ ` keeps a space within a pattern. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\.|[^\s\\]|\\$)+/g)) {
    if (word.startsWith('#')) break;
    words.push(word);
  }
  return words;
}

/** Owners of one path (`src/a.c`, no leading slash): those of the last rule that matches; null when none does. */
export function ownersOfPath(rules: readonly CodeownersRule[], path: string): readonly string[] | null {
  return rules.findLast(({ matches }) => patternMatches(matches, path))?.owners ?? null;
}

/** Owners of any of the paths, each once, those of most paths first. */
export function ownersOfPaths(rules: readonly CodeownersRule[], paths: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const path of paths)
    for (const owner of ownersOfPath(rules, path) ?? []) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([owner]) => owner);
}

/**
 * Whom the file names for the repository as a whole, since an issue has no path: the owners of a file at its root that no other
 * rule speaks of, else whoever stands in most rules.
 */
export function ownersAtLarge(rules: readonly CodeownersRule[]): string[] {
  const catchAll = rules.findLast(({ pattern }) => /^\/?(?:\*\*?|\*\*\/\*|)\/?$/.test(pattern));
  if (catchAll !== undefined && catchAll.owners.length > 0) return [...catchAll.owners];
  const counts = new Map<string, number>();
  for (const { owners } of rules) for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([owner]) => owner);
}
