/** ci R26: the App is known to GitHub whatever our clock says. */
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { openGithub } from '../../src/github/client.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const TOKEN = 'installation-token';
const REFUSALS = {
  old: "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
  far: "'Expiration time' claim ('exp') is too far in the future",
  early: "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
};

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A GitHub whose clock is so many hours before ours; notes what it was asked and what it answered. */
async function githubBehindBy(hours: number): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const now = () => new Date(Date.now() - hours * 3600_000);
  const why = (jwt: string): string | null => {
    const [head, claims, signature] = jwt.split('.');
    if (!createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature!, 'base64url'))
      return 'A JSON web token could not be decoded';
    const { iat, exp } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as { iat: number; exp: number };
    const at = now().getTime() / 1000;
    if (exp <= at) return REFUSALS.old;
    if (exp > at + 600) return REFUSALS.far;
    return iat > at ? REFUSALS.early : null;
  };
  server = createServer((request, response) => {
    const [, credential = ''] = (request.headers.authorization ?? '').split(' ');
    const byToken = request.url!.startsWith('/repos/');
    const refusal = byToken ? (credential === TOKEN ? null : 'Bad credentials') : why(credential);
    const made = request.method === 'POST';
    const status = refusal !== null ? 401 : made ? 201 : 200;
    asked.push(`${request.method} ${request.url} ${status}`);
    response.writeHead(status, { date: now().toUTCString(), 'content-type': 'application/json' });
    const expires = new Date(now().getTime() + 3600_000).toISOString();
    response.end(
      JSON.stringify(
        refusal !== null
          ? { message: refusal }
          : made
            ? { token: TOKEN, expires_at: expires, permissions: {}, repository_selection: 'all' }
            : { ok: true },
      ),
    );
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('the App', () => {
  test.each([
    ['right', 0, 1],
    ['two hours ahead', 2, 2],
    ['two hours behind', -2, 2],
  ])('ci R26: is let in with a clock that is %s, and its installation too', async (_, hours, requests) => {
    const { url, asked } = await githubBehindBy(hours);
    const lines: string[] = [];
    const github = openGithub({
      appId: 7,
      privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      webhookSecret: 'secret',
      baseUrl: url,
      log: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    });
    expect((await (await github.app()).request('GET /app')).data).toEqual({ ok: true });
    const installation = await github.installation(3);
    const look = () => installation.request('GET /repos/{owner}/{repo}', { owner: 'octo', repo: 'hypre' });
    expect((await look()).data).toEqual({ ok: true });
    await look();
    const count = (part: string) => asked.filter((each) => each.includes(part)).length;
    // Refused once and asked again with a date by GitHub's clock; a token that is there is used without asking.
    expect([count('GET /app '), count('access_tokens'), count('/repos/')]).toEqual([requests, requests, 2]);
    const told = lines.filter((line) => line.includes('clock'));
    expect(told).toHaveLength(hours === 0 ? 0 : 1);
    if (hours !== 0) expect(Math.round(JSON.parse(told[0]!).seconds / 3600)).toBe(hours);
    // Nothing that lets anybody in is in a line of the log, however much is logged.
    expect(lines.join('')).not.toMatch(/eyJ|PRIVATE KEY|installation-token/);
  });
});

test('a client is made once for each installation, and only those used last are kept', async () => {
  const github = openGithub({
    appId: 1,
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    webhookSecret: 'x',
    baseUrl: 'http://127.0.0.1:1',
    log: pino({ level: 'silent' }),
  });
  const [first, second] = [await github.installation(1), await github.installation(2)];
  for (let id = 3; id <= 300; id++) await github.installation(id);
  expect(await github.installation(1)).toBe(first);
  for (let id = 301; id <= 302; id++) await github.installation(id);
  expect(await github.installation(1)).toBe(first);
  expect(await github.installation(2)).not.toBe(second);
});
