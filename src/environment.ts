/** The environment of `serve`, parsed once, with errors that say what to set. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

export type Env = Readonly<Record<string, string | undefined>>;

/** Wrong or missing settings; the message names each one and how to mend it. */
export class EnvironmentError extends Error {}

export interface ServeEnvironment {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly githubApiUrl: string;
  readonly dataDirectory: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly port: number;
  readonly host: string;
  /** Without a slash at its end; null when people cannot reach the pages. */
  readonly publicUrl: string | null;
  readonly logLevel: string;
  /** By which people sign in to see private repositories; null (or left out): nobody can. */
  readonly signIn?: { readonly clientId: string; readonly clientSecret: string } | null;
}

const url = (protocols: readonly string[]) =>
  z.string().refine((text) => protocols.includes(URL.canParse(text) ? new URL(text).protocol : ''), {
    message: `must be a URL that begins with ${protocols.map((each) => `${each}//`).join(' or ')}`,
  });

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const appNumber = { message: 'must be the number of the GitHub App' };
const portNumber = { message: 'must be a port number, 0 to 65535' };

/** What may be repeated in a message: it is neither a secret nor an address that could hold one. */
const REPEATED: readonly string[] = ['APP_ID', 'PORT', 'LOG_LEVEL'];

const Settings = z.object({
  APP_ID: z.coerce.number(appNumber).int(appNumber).positive(appNumber),
  WEBHOOK_SECRET: z.string().min(1, { message: 'must not be empty' }),
  GITHUB_API_URL: url(['http:', 'https:']).default('https://api.github.com'),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  PORT: z.coerce.number(portNumber).int(portNumber).min(0, portNumber).max(65535, portNumber).default(3000),
  HOST: z.string().default('127.0.0.1'),
  SPOKEBOT_PUBLIC_URL: url(['http:', 'https:']).optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().min(16, { message: 'is shorter than any secret of GitHub' }).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

/** Throws `EnvironmentError` that lists everything wrong at once. */
export function readServeEnvironment(given: Env): ServeEnvironment {
  // An empty variable, as compose files make them, is one that is not set.
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const parsed = Settings.safeParse(env);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        const value = env[name];
        if (value === undefined) return `${name} is not set`;
        const given = REPEATED.includes(name) ? `, not "${value.replace(/\p{Cc}+/gu, ' ').slice(0, 40)}"` : '';
        return `${name} ${issue.message}${given}`;
      });
  if (parsed.success) problems.push(...signInProblems(parsed.data));
  const key = readPrivateKey(env);
  if ('problem' in key) problems.push(key.problem);
  if (!parsed.success || 'problem' in key || problems.length > 0)
    throw new EnvironmentError(
      `spokebot cannot work as the GitHub App, which serve and commands that speak to GitHub have to:\n${problems.map((each) => `  - ${each}`).join('\n')}\nREADME.md, "Register the App", says where each value comes from.`,
    );
  const settings = parsed.data;
  return {
    appId: settings.APP_ID,
    privateKey: key.key,
    webhookSecret: settings.WEBHOOK_SECRET,
    githubApiUrl: settings.GITHUB_API_URL.replace(/\/+$/, ''),
    dataDirectory: dataDirectory(env),
    databaseUrl: settings.DATABASE_URL ?? null,
    redisUrl: settings.REDIS_URL ?? null,
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: settings.SPOKEBOT_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    logLevel: settings.LOG_LEVEL,
    signIn:
      settings.GITHUB_CLIENT_ID && settings.GITHUB_CLIENT_SECRET && settings.SPOKEBOT_PUBLIC_URL
        ? { clientId: settings.GITHUB_CLIENT_ID, clientSecret: settings.GITHUB_CLIENT_SECRET }
        : null,
  };
}

/** A session's cookie must not go over the network in clear. */
function signInProblems({
  GITHUB_CLIENT_ID: id,
  GITHUB_CLIENT_SECRET: secret,
  SPOKEBOT_PUBLIC_URL: pages,
}: z.infer<typeof Settings>): string[] {
  if (id === undefined && secret === undefined) return [];
  if (id === undefined) return ['GITHUB_CLIENT_SECRET is set and GITHUB_CLIENT_ID is not: set both, or neither'];
  if (secret === undefined) return ['GITHUB_CLIENT_ID is set and GITHUB_CLIENT_SECRET is not: set both, or neither'];
  // A set-up page writes both without being asked: without an address of the pages nobody signs in, and serve says so.
  if (pages === undefined) return [];
  const { protocol, hostname } = new URL(pages);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return [];
  return [
    'GITHUB_CLIENT_ID is set, so that people can sign in: SPOKEBOT_PUBLIC_URL must begin with https:// (http:// on this machine only); or leave GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET out',
  ];
}

/** The name of a host that is this machine. */
export function isLoopback(hostname: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

/** `SPOKEBOT_DATA`, else a place of the user's own. */
export function dataDirectory(env: Env): string {
  if (env.SPOKEBOT_DATA) return path.resolve(env.SPOKEBOT_DATA);
  return path.join(env.XDG_DATA_HOME || path.join(homedir(), '.local', 'share'), 'spokebot');
}

function readPrivateKey(env: Env): { key: string } | { problem: string } {
  let key = env.PRIVATE_KEY?.replaceAll('\\n', '\n');
  if (key === undefined && env.PRIVATE_KEY_PATH !== undefined) {
    try {
      key = readFileSync(env.PRIVATE_KEY_PATH, 'utf8');
    } catch (error) {
      return { problem: `PRIVATE_KEY_PATH cannot be read: ${(error as Error).message}` };
    }
  }
  if (key === undefined) return { problem: 'PRIVATE_KEY or PRIVATE_KEY_PATH is not set' };
  // GitHub's own secrets stores are often given the key in base64, since it has several lines.
  if (!key.includes('-----BEGIN')) key = Buffer.from(key, 'base64').toString('utf8');
  return key.includes('-----BEGIN') ? { key } : { problem: 'PRIVATE_KEY is not a key in PEM form' };
}
