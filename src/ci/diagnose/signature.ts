/**
 * What makes two failures the same one, on another commit, machine or day: the category, the package, the phase, and what was said, with
 * everything taken out that differs between two runs of the same build: directories, hashes, line numbers, times, process numbers.
 */
import { createHash } from 'node:crypto';
import type { Verdict } from '../verdict.js';

/** `category package phase` and a digest of each thing that was said, sorted; a string, so that it can be stored in a column. */
export type Signature = string;

/** Of a cascade the rest adds nothing, and may be cut off elsewhere. */
const MOST_SAID = 20;
/** Says that something failed, but not what. */
const ECHO =
  /^(?:\S{0,40}make(?:\[#\])?: |ninja: |FAILED: |collect#: |compilation terminated|\d* ?errors? generated|==> Error: ProcessError|\S{0,60}: error: linker command failed|See (?:build|test) log|'\/)/i;

/** The signature of a failure; null of what passed, of a machine's failure, and of what says nothing that could be compared. */
export function signatureOf(verdict: Verdict): Signature | null {
  if (verdict.outcome !== 'failed' || verdict.category === null || verdict.category === 'unknown') return null;
  if (verdict.fault === 'infrastructure') return null;
  const said = [...new Set(saidIn(verdict))].sort().slice(0, MOST_SAID).map(digest);
  if (said.length === 0) return null;
  return `1 ${verdict.category} ${verdict.package ?? '-'} ${verdict.phase ?? '-'} ${said.join(' ')}`;
}

/**
 * Is every error of `failure` also one of `known`? A build that stops at its first error may tell of fewer than the other did, so the
 * first may say less, but nothing of its own.
 */
export function isSameFailure(failure: Signature, known: Signature): boolean {
  const [a, b] = [failure.split(' '), known.split(' ')];
  const head = 4;
  if (a.slice(0, head).join(' ') !== b.slice(0, head).join(' ')) return false;
  const others = new Set(b.slice(head));
  return a.length > head && a.slice(head).every((one) => others.has(one));
}

function saidIn({ category, annotations, summary, excerpt }: Verdict): string[] {
  const places = annotations.map(({ path, message }) => `${path}: ${stable(message)}`);
  if (places.length > 0) return places;
  // Of tests the summary names those that failed; what they print differs from run to run.
  if (category === 'test') return [stable(summary, true)];
  const lines = excerpt.split('\n').map((line) => stable(line));
  const errors = lines.filter((line) => TELLING.test(line) && !ECHO.test(line));
  return errors.length > 0 ? errors.slice(0, 3) : [stable(summary)];
}

const TELLING =
  /error|undefined|cannot|not found|multiple definition|no such|failed|missing|no rule|conflict|satisf|invalid/i;

/** The text without what differs between two runs; `numbers` keeps those of names, such as of tests. */
function stable(text: string, numbers = false): string {
  const bare = text
    .replace(/\/[^\s'"`:;,()]{0,500}\/spack-src\//g, '')
    .replace(/(?:\/[^\s'"`:;,()/]{1,200}){1,40}\/([^\s'"`:;,()/]{1,200})/g, '$1')
    .replace(/[‘’“”`"]/g, "'")
    .replace(/\b[0-9a-f]{7,64}\b/g, '#')
    .replace(/\b[a-z2-7]{32}\b/g, '#')
    .replace(/0x[0-9a-f]+/gi, '#');
  const counted = numbers ? bare : bare.replace(/\d+/g, '#');
  return counted
    .replace(/(?:#[.:\-_ ]?){2,}/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
