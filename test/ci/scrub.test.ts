import { describe, expect, it } from '@jest/globals';
import { scrub, WITHHELD } from '../../src/ci/scrub.js';
import { attemptToken } from '../../src/ledger/state.js';
import { poolToken } from '../../src/web/worker-api.js';

/** Put together at run time, so that no scanner takes a test for a leak. */
const of = (prefix: string, length: number) => prefix + 'aB3'.repeat(length).slice(0, length);
const key = ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ');

describe('scrub', () => {
  it.each([
    ['a personal token', of('ghp_', 36)],
    ['an installation token', of('ghs_', 36)],
    ['a fine-grained token', of('github_pat_', 82)],
    ['a JSON Web Token', `${of('eyJ', 20)}.${of('eyJ', 40)}.${of('x', 43)}`],
    ['an AWS key id', `AKIA${'ABCD'.repeat(4)}`],
    ['a private key', `${key}\nMIIE\nabc\n-----END RSA PRIVATE KEY-----`],
    ['a private key that is cut off', `${key}\nMIIEabc`],
    ['a GitLab token', of('glpat-', 20)],
    ['the token of a pool', poolToken('a key', 'linux')],
    ['the token of an attempt', attemptToken('a key', 'b1', 1)],
  ])('takes out %s', (_name, secret) => {
    expect(scrub(`before ${secret} `)).toMatch(/^before \[redacted\]\s?$/);
  });

  it.each([
    ['git clone https://user:pa55@example.org/x.git', 'git clone https://[redacted]@example.org/x.git'],
    ['Authorization: Bearer abcdefgh12345', 'Authorization: Bearer [redacted]'],
    ["aws_secret_access_key = 'abcdefghijklmnopqrstuvwxyz'", "aws_secret_access_key = '[redacted]'"],
    ['export MY_API_TOKEN=abcd1234 next', 'export MY_API_TOKEN=[redacted] next'],
  ])('keeps what is around it: %s', (text, clean) => {
    expect(scrub(text)).toBe(clean);
  });

  it.each([
    'https://github.com/o/n at user@example.org',
    'ghp_short',
    "error: 'TOKEN' was not declared",
    'hypre@git.0123456789abcdef',
  ])('leaves %j alone', (text) => {
    expect(scrub(text)).toBe(text);
  });

  it('ci R28b: a scrubber that fails withholds the text', () => {
    expect(
      scrub('secret', () => {
        throw new Error('boom');
      }),
    ).toBe(WITHHELD);
  });

  it.each([
    ['right after a colour', '\u001b[31m', ''],
    ['in its middle', '', '\u001b[1;4m'],
    ['in its middle, by a link', '', '\u001b]8;;http://x\u0007'],
    ['after another way to write it', '\u009b31m', '\u009b0m'],
  ])('sees a token with an escape sequence %s', (_name, before, within) => {
    const token = `ghp_aB3${within}${of('', 33)}`;
    const clean = scrub(`\u001b[32mfine\u001b[0m\nerror: ${before}${token}\u001b[0m end\n`);
    expect(clean).toBe('\u001b[32mfine\u001b[0m\nerror: [redacted] end\n');
  });

  it('sees a private key whose every line is coloured', () => {
    const lines = [key, 'MIIEabc', '-----END RSA PRIVATE KEY-----'].map((line) => `\u001b[31m${line}\u001b[0m\n`);
    expect(scrub(lines.join(''))).not.toMatch(/MIIE|BEGIN/);
  });

  it('is quick on a long line made to hurt', () => {
    const long = 'eyJ'.repeat(100_000);
    expect(scrub(long)).toBe(long);
    expect(scrub(`a${'://'.repeat(50_000)}`).length).toBeGreaterThan(0);
  });
});
