/**
 * A fair order of people for one issue: chance decides, and every issue that somebody already has halves that chance. The chance
 * is drawn from the name and the login alone, so the same issue always draws the same, and leaving one person out changes
 * nothing between the others.
 */
import { createHash } from 'node:crypto';

/** What somebody carries; issues of all products together. */
export interface Burden {
  /** Open issues that are theirs. */
  readonly open: number;
  /** Issues they were given lately, open or not; so that who answers fast is not given everything. */
  readonly recent: number;
}

/** Who was given an issue lately counts as half an open one. */
const RECENT = 0.5;

/** First is who should have it. `seed` names the issue; `burden` is by login in lower case. */
export function fairOrder(
  logins: readonly string[],
  seed: string,
  burden: ReadonlyMap<string, Burden>,
): readonly string[] {
  // Exponential times with a rate of 2^-weight: the least one is drawn with a chance in proportion to its rate. In logarithms,
  // since the rates of people with many issues would be zero.
  const drawn = logins.map((login) => {
    const key = login.toLowerCase();
    return { login, key, time: Math.log2(-Math.log(chance(seed, key))) + weight(burden.get(key)) };
  });
  return drawn.toSorted((a, b) => a.time - b.time || (a.key < b.key ? -1 : 1)).map(({ login }) => login);
}

/** How much somebody carries, as the draw counts it. */
export function weight(burden: Burden | undefined): number {
  return burden === undefined ? 0 : burden.open + RECENT * burden.recent;
}

/** A number strictly between 0 and 1, from 52 bits of a digest. */
function chance(seed: string, login: string): number {
  const bits = createHash('sha256').update(`${seed}\n${login}`).digest().readBigUInt64BE() >> 12n;
  return (Number(bits) + 0.5) / 2 ** 52;
}
