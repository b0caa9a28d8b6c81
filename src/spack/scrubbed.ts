/**
 * Secrets are taken out on the worker already: what leaves for the hub is stored there. Text comes in pieces, and a secret may lie
 * across two of them, so whole lines are looked at. When that fails the text is withheld, and the build goes on.
 */
import { REDACTED, scrub, scrubSecrets, throughEscapes } from '../ci/scrub.js';

/** Takes secrets out of a text; may throw. */
export type Scrubber = (text: string) => string;

export interface ScrubbedStream {
  /** Takes text in pieces of any size. */
  write(text: string): void;
  /** What is held back because its line has no end yet comes out as it is. */
  end(): void;
}

/** A longer line is cut at a space, or anywhere when it has none. */
const LONG_LINE = 8 * 1024;
const LONGEST_LINE = 64 * 1024;
/** A private key has fewer lines; an opening line that stands alone must not hold up the rest of the log. */
const MOST_KEY_LINES = 200;
/** Short values are words like any other. */
const SHORTEST_SECRET = 8;

/** `put` gets whole lines without secrets, in order. */
export function createScrubbedStream(put: (text: string) => void, scrubber: Scrubber): ScrubbedStream {
  let held = '';
  function release(length: number): void {
    if (length === 0) return;
    put(scrub(held.slice(0, length), scrubber));
    held = held.slice(length);
  }
  return {
    write(text) {
      held += text;
      if (text.includes('\n') || held.length > LONG_LINE) release(settledLength(held));
    },
    end: () => release(held.length),
  };
}

/** How much of the text can be judged without what follows. */
function settledLength(text: string): number {
  let end = text.lastIndexOf('\n') + 1;
  if (text.length - end > LONG_LINE) {
    const space = text.lastIndexOf(' ') + 1;
    end = Math.max(end, space > end ? space : text.length - end > LONGEST_LINE ? text.length : end);
  }
  const key = text.lastIndexOf('-----BEGIN ', end);
  if (key < 0 || !/^-----BEGIN [A-Z ]{0,40}PRIVATE KEY/.test(text.slice(key, key + 80))) return end;
  const block = text.slice(key, end);
  const open = !block.includes('-----END ') && block.split('\n').length <= MOST_KEY_LINES;
  return open ? text.lastIndexOf('\n', key) + 1 : end;
}

/** Secrets of known forms, and these values wherever they stand, also encoded. */
export function scrubberOf(secrets: readonly string[]): Scrubber {
  const values = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET);
  const forms = values.flatMap((value) => [
    value,
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ]);
  // The longest first, so that of two of which one contains the other nothing is left.
  const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) =>
    throughEscapes(text, (part) => {
      let clean = part;
      for (const form of ordered) clean = clean.replaceAll(form, REDACTED);
      return scrubSecrets(clean);
    });
}

const SECRET_NAME = /TOKEN|SECRET|PASSW|PRIVATE_KEY|API_?KEY|CREDENTIAL/i;

/** What in an environment is secret: values of variables that are named so, and passwords in addresses. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value) return [];
    if (SECRET_NAME.test(name)) return [value, ...value.split('\n').map((line) => line.trim())];
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^/@]*:([^/@]+)@/i.exec(value)?.[1];
    return password === undefined ? [] : [password, decoded(password)];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
