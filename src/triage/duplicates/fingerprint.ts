/**
 * What the index keeps of an issue: numbers instead of words. Words and error lines are hashed, so that a hundred thousand issues
 * fit in memory and in a narrow table, and no text of an issue lies anywhere but in its own record.
 */
import { createHash } from 'node:crypto';
import { type Block, readBlocks } from '../markdown.js';
import { errorSignatures, type Signature } from './signature.js';
import { IN_TITLE, termsOf } from './terms.js';

export interface Fingerprint {
  /** Hashes of terms, each once; those of the title stand first. */
  readonly terms: Int32Array;
  /** How many of them are the title's. */
  readonly titled: number;
  readonly errors: readonly ErrorPrint[];
}

/** An error that stands in the issue. Equal hashes mean the same error. */
export interface ErrorPrint {
  readonly hash: string;
  /** Words in it that say which error it is. */
  readonly weight: number;
}

/** An issue's own words beside their hashes; only the issue that is asked about is read like this. */
export interface ReadIssue {
  readonly print: Fingerprint;
  /** Terms by hash, the title's first. */
  readonly words: ReadonlyMap<number, string>;
  /** Signatures by hash, those nearest to the cause first. */
  readonly errors: ReadonlyMap<string, Signature>;
}

/** Reads title and text; `blocks` saves reading the text again. */
export function readIssueText(title: string, body: string, blocks: readonly Block[] = readBlocks(body)): ReadIssue {
  const titled = new Map<number, string>();
  const rest = new Map<number, string>();
  for (const [term, weight] of termsOf(title, blocks)) (weight === IN_TITLE ? titled : rest).set(hashTerm(term), term);
  for (const hash of titled.keys()) rest.delete(hash);
  const errors = new Map(errorSignatures(title, blocks).map((each) => [hashError(each.text), each]));
  return {
    print: {
      terms: Int32Array.from([...titled.keys(), ...rest.keys()]),
      titled: titled.size,
      errors: [...errors].map(([hash, { weight }]) => ({ hash, weight })),
    },
    words: new Map([...titled, ...rest]),
    errors,
  };
}

/** 32 bits (FNV-1a): among a million words a few hundred pairs share one, which moves a score by less than can be seen. */
export function hashTerm(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
  // Low bits of FNV are weak for short words.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** 64 bits: one shared error is enough for a suggestion, so chance must not make one. */
function hashError(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 11);
}

/** Terms as text for a column: how many are the title's, then all of them, in base64. */
export function packTerms({ terms, titled }: Pick<Fingerprint, 'terms' | 'titled'>): string {
  const bytes = Buffer.alloc(terms.length * 4);
  for (const [at, term] of terms.entries()) bytes.writeInt32LE(term, at * 4);
  return `${titled}:${bytes.toString('base64')}`;
}

export function unpackTerms(packed: string): Pick<Fingerprint, 'terms' | 'titled'> {
  const colon = packed.indexOf(':');
  const bytes = Buffer.from(packed.slice(colon + 1), 'base64');
  const terms = new Int32Array(bytes.length >> 2);
  for (let at = 0; at < terms.length; at++) terms[at] = bytes.readInt32LE(at * 4);
  return { terms, titled: Math.min(Number(packed.slice(0, colon)) || 0, terms.length) };
}
