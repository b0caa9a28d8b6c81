import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readServeEnvironment } from '../src/environment.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const BASE = {
  APP_ID: '1',
  PRIVATE_KEY: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  WEBHOOK_SECRET: 'canary-of-the-webhook',
};
const CLIENT = { GITHUB_CLIENT_ID: 'Iv1.0123456789abcdef', GITHUB_CLIENT_SECRET: 'canary-of-the-client-secret' };

describe('the settings of signing in', () => {
  test.each(['https://hub.example.org', 'http://127.0.0.1:3000', 'http://localhost:3000'])(
    'are taken with pages at %s',
    (at) => {
      expect(readServeEnvironment({ ...BASE, ...CLIENT, SPOKEBOT_PUBLIC_URL: at }).signIn).toEqual({
        clientId: CLIENT.GITHUB_CLIENT_ID,
        clientSecret: CLIENT.GITHUB_CLIENT_SECRET,
      });
    },
  );

  test('may be left out, and mean nothing without an address to come back to', () => {
    expect(readServeEnvironment({ ...BASE, ...CLIENT }).signIn).toBeNull();
    expect(readServeEnvironment({ ...BASE, GITHUB_CLIENT_ID: '' }).signIn).toBeNull();
  });

  test.each([
    ['an id alone', { GITHUB_CLIENT_ID: 'Iv1.x' }, /GITHUB_CLIENT_SECRET is not: set both/],
    ['a secret alone', { GITHUB_CLIENT_SECRET: CLIENT.GITHUB_CLIENT_SECRET }, /GITHUB_CLIENT_ID is not: set both/],
    ['a secret that is none', { ...CLIENT, GITHUB_CLIENT_SECRET: 'short' }, /shorter than any secret of GitHub/],
    ['pages without TLS', { ...CLIENT, SPOKEBOT_PUBLIC_URL: 'http://hub.example.org' }, /begin with https:/],
    [
      'pages that only look local',
      { ...CLIENT, SPOKEBOT_PUBLIC_URL: 'http://127.0.0.1.evil.example' },
      /begin with https:/,
    ],
  ])('are refused with %s, and no secret is in the message', (_, change, expected) => {
    let message = '';
    try {
      readServeEnvironment({ ...BASE, ...change });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(expected);
    expect(message).not.toMatch(/canary|BEGIN/);
  });
});

test('without a webhook secret serve does not start, since anybody could send deliveries', () => {
  expect(() => readServeEnvironment({ ...BASE, WEBHOOK_SECRET: '' })).toThrow(/WEBHOOK_SECRET is not set/);
});

test.each([
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"'],
  [{ PORT: 'http' }, 'PORT must be a port number, 0 to 65535, not "http"'],
  [{ PORT: '70000' }, 'PORT must be a port number, 0 to 65535, not "70000"'],
  [{ APP_ID: 'spokebot' }, 'APP_ID must be the number of the GitHub App, not "spokebot"'],
  [{ APP_ID: '-1' }, 'APP_ID must be the number of the GitHub App, not "-1"'],
  [
    { DATABASE_URL: 'mysql://u:canary@h/d' },
    'DATABASE_URL must be a URL that begins with postgres:// or postgresql://\n',
  ],
])(
  'a wrong setting is told with what it must be, and with its value where that is no secret: %j',
  (change, message) => {
    expect(() => readServeEnvironment({ ...BASE, ...change })).toThrow(`  - ${message}`);
  },
);
