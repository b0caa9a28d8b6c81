/**
 * Spack's excerpt of a build log ("4 errors found in build log:"), given back as the log's own lines. Spack numbers them, marks some,
 * and wraps them at the width of a terminal it does not have, in the middle of words.
 */

const HEADING = /^\d+ (?:errors?|warnings?) found in (?:build|test) log:/;
const NUMBERED = /^(?: {5}| {2}>> )(\d+)( .*|)$/;

export interface Excerpt {
  /** Lines of the build log, unwrapped; '' stands where Spack left lines out. */
  readonly lines: readonly string[];
  /** Position after the excerpt in the lines it was read from. */
  readonly end: number;
}

/** Is this the heading of an excerpt? */
export function isExcerptHeading(line: string): boolean {
  return HEADING.test(line);
}

/** The lines without the excerpts among them, which hold numbers and pieces of lines. */
export function withoutExcerpts(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (isExcerptHeading(lines[at]!)) at = readExcerpt(lines, at).end - 1;
    else kept.push(lines[at]!);
  }
  return kept;
}

/** Digits of the largest number among the marked lines, which is what Spack sets the width of its column by. */
function numberWidth(block: readonly string[]): number {
  let marked = 0;
  let any = 1;
  for (const line of block) {
    const digits = NUMBERED.exec(line)?.[1]?.length ?? 0;
    if (line.startsWith('  >> ')) marked = Math.max(marked, digits);
    any = Math.max(any, digits);
  }
  return marked === 0 ? any : marked;
}

/** Reads the excerpt whose heading is at `at`. It ends with "See build log", with the next message of Spack or with the text. */
export function readExcerpt(lines: readonly string[], at: number): Excerpt {
  let end = at + 1;
  while (end < lines.length && !/^(?:See (?:build|test) log|==> )/.test(lines[end]!) && !HEADING.test(lines[end]!))
    end++;
  const block = lines.slice(at + 1, end);
  const indent = 5 + numberWidth(block) + 4;
  const out: string[] = [];
  for (const line of block) {
    if (NUMBERED.test(line)) out.push(line.slice(indent));
    else if (/^ {5}\.\.\.$/.test(line)) out.push('');
    else if (line.startsWith(' '.repeat(indent)) && out.length > 0) out.push(out.pop()! + line.slice(indent));
    else if (line.trim() !== '') out.push(line);
  }
  return { lines: out, end };
}
