/**
 * Takes secrets of known forms out of text before it leaves for GitHub, a page or a log. When that fails the text is withheld: a
 * verdict without its excerpt is better than a leaked key.
 */

import { hasEscapes, withoutEscapes } from './escapes.js';

/** What stands where a secret stood. */
export const REDACTED = '[redacted]';
export const WITHHELD = '[text withheld: it could not be checked for secrets]';

interface SecretForm {
  readonly name: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Every quantifier is bounded or runs over one class up to a character outside it, so that long lines stay cheap. */
const FORMS: readonly SecretForm[] = [
  {
    name: 'private key block, also one that is cut off',
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){0,20000}(?:-----END [A-Z ]{0,40}-----)?/g,
    replacement: REDACTED,
  },
  { name: 'GitHub token', pattern: /\bgh[opsur]_[A-Za-z0-9_.-]{20,1000}/g, replacement: REDACTED },
  { name: 'GitHub fine-grained token', pattern: /\bgithub_pat_[A-Za-z0-9_]{20,255}/g, replacement: REDACTED },
  { name: 'GitLab token', pattern: /\bgl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{20,255}/g, replacement: REDACTED },
  { name: 'our own: of a pool, of an attempt', pattern: /\bsb[ap]_[0-9a-f]{32,128}/g, replacement: REDACTED },
  { name: 'JSON Web Token', pattern: /\beyJ[\w-]{8,4000}\.[\w-]{8,8000}(?:\.[\w-]{0,4000})?/g, replacement: REDACTED },
  { name: 'AWS key id', pattern: /\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}\b/g, replacement: REDACTED },
  {
    name: 'AWS secret',
    pattern: /(\baws_?(?:secret_?access_?key|session_?token)\b["']?\s{0,8}[=:]\s{0,8}["']?)[A-Za-z0-9/+=]{20,2000}/gi,
    replacement: `$1${REDACTED}`,
  },
  { name: 'Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g, replacement: REDACTED },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g, replacement: REDACTED },
  { name: 'Google key', pattern: /\bAIza[\w-]{35}/g, replacement: REDACTED },
  {
    name: 'credentials in a URL',
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@'"<>]{1,500}@/gi,
    replacement: `$1${REDACTED}@`,
  },
  {
    name: 'authorization header',
    pattern: /\b(authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:basic|bearer|token)\s{1,4})[^\s'"]{8,4000}/gi,
    replacement: `$1${REDACTED}`,
  },
  {
    name: 'value of a variable that is named like a secret',
    pattern:
      /\b([A-Z0-9_]{0,60}(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY)=)(?:'[^'\n]{1,500}'|"[^"\n]{1,500}"|[^\s'"]{4,500})/g,
    replacement: `$1${REDACTED}`,
  },
];

/** The text without secrets of known forms. May throw only if it is not a string. */
export function scrubSecrets(text: string): string {
  return throughEscapes(text, (part) => {
    let clean = part;
    for (const form of FORMS) clean = clean.replace(form.pattern, form.replacement);
    return clean;
  });
}

/**
 * Finds what colours hide: a token that begins right after an escape sequence, or has one in its middle, is whole again once the
 * sequences are gone. Lines in which that makes a difference lose their colours; all others stay as they are.
 */
export function throughEscapes(text: string, scrubber: (text: string) => string): string {
  if (!hasEscapes(text)) return scrubber(text);
  const lines = scrubber(text)
    .split('\n')
    .map((line) => {
      const plain = withoutEscapes(line);
      const clean = scrubber(plain);
      return clean === plain ? line : clean;
    });
  const joined = lines.join('\n');
  // What goes over several lines, a private key, is seen in the whole only.
  const plain = withoutEscapes(joined);
  const clean = scrubber(plain);
  return clean === plain ? joined : clean;
}

/** Like `scrubSecrets`, but never throws: text that cannot be checked is withheld. */
export function scrub(text: string, scrubber: (text: string) => string = scrubSecrets): string {
  try {
    return scrubber(text);
  } catch {
    return WITHHELD;
  }
}
