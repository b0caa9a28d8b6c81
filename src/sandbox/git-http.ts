/**
 * Fetching over HTTP, as `https://github.com/owner/name.git` is fetched: git's own upload-pack behind two addresses. Reading only; a push
 * comes in by the API, which is what tells Apps of it. Private repositories want a token as the password, as on GitHub.
 */
import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Context, Hono } from 'hono';
import { type Actor, authenticate, demand } from './auth.js';
import { ApiError } from './errors.js';
import type { SandboxEnv } from './http.js';
import { NEEDS } from './needs.js';
import type { Repo } from './types.js';
import { findRepo, type World } from './world.js';

/** Does this path belong to a git client? */
export function isGitPath(path: string): boolean {
  return /^\/[^/]+\/[^/]+\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/.test(path);
}

export function createGitHttp(world: World): Hono<SandboxEnv> {
  const git = new Hono<SandboxEnv>();
  git.onError((error) => {
    const status = error instanceof ApiError ? error.status : 500;
    // Without a token a private repository looks like a question for one, so that git asks its credential helper.
    const ask = status === 401 ? { 'WWW-Authenticate': 'Basic realm="sandbox"' } : {};
    return new Response(`${error.message}\n`, { status, headers: ask });
  });
  git.get('/:owner/:repo/info/refs', (c) => {
    if (c.req.query('service') !== 'git-upload-pack') throw new ApiError(403, 'This sandbox is fetched from only.');
    const repo = repoOf(c, world);
    const head = Buffer.from('001e# service=git-upload-pack\n0000');
    return run(c, world, repo, ['--http-backend-info-refs'], 'advertisement', head, null);
  });
  git.post('/:owner/:repo/git-upload-pack', (c) => {
    const repo = repoOf(c, world);
    const body = c.req.raw.body ? Readable.fromWeb(c.req.raw.body as import('node:stream/web').ReadableStream) : null;
    const input = body && c.req.header('content-encoding') === 'gzip' ? body.pipe(createGunzip()) : body;
    return run(c, world, repo, [], 'result', null, input);
  });
  git.all('*', () => {
    throw new ApiError(403, 'This sandbox is fetched from only.');
  });
  return git;
}

function repoOf(c: Context<SandboxEnv>, world: World): Repo {
  const name = (c.req.param('repo') ?? '').replace(/\.git$/, '');
  const found = findRepo(world, c.req.param('owner') ?? '', name);
  const actor = reader(world, c.req.header('authorization'));
  if (found?.repo.private && actor.kind === 'nobody') throw new ApiError(401, 'Authentication required.');
  if (!found) throw new ApiError(404, 'Repository not found.');
  demand(world, actor, found.repo, NEEDS.readContents);
  return found.repo;
}

/** Git sends Basic; the user name doesn't matter, the password is the token. */
function reader(world: World, header: string | undefined): Actor {
  const [scheme = '', credential = ''] = (header ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic') return authenticate(world, header);
  const password = Buffer.from(credential, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
  return authenticate(world, `Bearer ${password}`);
}

function run(
  c: Context<SandboxEnv>,
  world: World,
  repo: Repo,
  flags: readonly string[],
  kind: 'advertisement' | 'result',
  head: Buffer | null,
  input: Readable | null,
): Response {
  const protocol = c.req.header('git-protocol');
  const env = { ...world.git.environment(), ...(protocol ? { GIT_PROTOCOL: protocol } : {}) };
  const args = ['upload-pack', '--stateless-rpc', ...flags, world.git.directory(repo.id)];
  const child = spawn('git', args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined); // a client that has gone away
  if (input) input.on('error', () => child.kill()).pipe(child.stdin);
  else child.stdin.end();
  // Protocol version 2 has no line about the service before the advertisement.
  const first = head && !/version=2/.test(protocol ?? '') ? [head] : [];
  const output = Readable.from(
    (async function* () {
      yield* first;
      yield* child.stdout;
    })(),
  );
  output.on('close', () => child.kill());
  return new Response(Readable.toWeb(output) as ReadableStream, {
    headers: { 'Content-Type': `application/x-git-upload-pack-${kind}`, 'Cache-Control': 'no-cache' },
  });
}
