/** Files of a repository: contents, trees, blobs, refs. */
import { z } from 'zod';
import { ApiError, invalid, notFound } from '../errors.js';
import { type Api, bodyOf, type Ctx, caller, repoOf } from '../http.js';
import { NEEDS } from '../needs.js';
import { moveBranch, pushFiles } from '../operations/pushes.js';
import { commitJson, pageUrl, repoUrl } from '../shapes/repo.js';
import type { Repo } from '../types.js';
import type { World } from '../world.js';

const FileWrite = z.object({
  message: z.string().min(1),
  content: z.base64().optional(),
  sha: z.string().optional(),
  branch: z.string().optional(),
});
const NewRef = z.object({ ref: z.string().startsWith('refs/heads/'), sha: z.string() });
const RefChange = z.object({ sha: z.string(), force: z.boolean().default(false) });

/** GitHub's, in bytes. */
const LARGEST_SHOWN = 1024 * 1024;

export function contentRoutes(api: Api, world: World): void {
  const revision = async (c: Ctx, repo: Repo): Promise<string> => {
    const asked = c.req.query('ref') ?? repo.defaultBranch;
    const sha = await world.git.resolve(repo.id, asked);
    if (!sha) throw new ApiError(404, `No commit found for the ref ${asked}`);
    return sha;
  };

  async function read(c: Ctx, path: string): Promise<Response> {
    const repo = repoOf(c, world, NEEDS.readContents);
    const sha = await revision(c, repo);
    const file = path === '' ? null : await world.git.readFile(repo.id, sha, path);
    if (file) {
      const raw = /application\/vnd\.github(\.v3|\.VERSION)?\.raw/.test(c.req.header('accept') ?? '');
      if (raw) return c.text(file.content.toString('utf8'), 200, { 'Content-Type': 'text/plain; charset=utf-8' });
      const content = (file.content.toString('base64').match(/.{1,60}/g) ?? []).map((line) => `${line}\n`).join('');
      const entry = contentEntry(world, repo, { path, sha: file.sha, type: 'file', size: file.content.length });
      // Larger ones are to be asked for raw.
      if (file.content.length > LARGEST_SHOWN) return c.json({ ...entry, encoding: 'none', content: '' });
      return c.json({ ...entry, encoding: 'base64', content });
    }
    const entries = await world.git.tree(repo.id, sha, path === '' ? '' : `${path}/`);
    if (entries.length === 0) throw notFound();
    return c.json(
      entries.map((entry) =>
        contentEntry(world, repo, { ...entry, type: entry.type === 'tree' ? 'dir' : 'file', size: entry.size ?? 0 }),
      ),
    );
  }
  api.get('/repos/:owner/:repo/contents', (c) => read(c, ''));
  api.get('/repos/:owner/:repo/contents/:path{.*}', (c) => read(c, c.req.param('path').replace(/\/+$/, '')));
  api.get('/repos/:owner/:repo/readme', (c) => read(c, 'README.md'));

  api.put('/repos/:owner/:repo/contents/:path{.+}', (c) => write(c, c.req.param('path')));
  api.delete('/repos/:owner/:repo/contents/:path{.+}', (c) => write(c, c.req.param('path')));
  async function write(c: Ctx, path: string): Promise<Response> {
    const repo = repoOf(c, world, NEEDS.writeContents);
    const wanted = await bodyOf(c, FileWrite);
    const branch = wanted.branch ?? repo.defaultBranch;
    const known = await world.git.readFile(repo.id, `refs/heads/${branch}`, path);
    if (known && wanted.sha !== known.sha)
      throw new ApiError(409, `${path} does not match ${wanted.sha ?? '(no sha)'}`);
    const deleting = c.req.method === 'DELETE';
    if (!deleting && wanted.content === undefined) throw invalid('content is missing');
    if (deleting && !known) throw notFound();
    const content = deleting ? null : Buffer.from(wanted.content ?? '', 'base64');
    const by = caller(c, world);
    const head = await pushFiles(world, repo, by, { branch, files: { [path]: content }, message: wanted.message });
    const commit = await world.git.commitFacts(repo.id, head);
    const file = await world.git.readFile(repo.id, head, path);
    const entry = file && contentEntry(world, repo, { path, sha: file.sha, type: 'file', size: file.content.length });
    return c.json({ content: entry, commit: commit && commitJson(world, repo, commit) }, known ? 200 : 201);
  }

  gitDataRoutes(api, world);
}

function gitDataRoutes(api: Api, world: World): void {
  const refJson = (repo: Repo, ref: string, sha: string) => ({
    ref,
    node_id: `REF_${sha}`,
    url: `${repoUrl(world, repo)}/git/${ref}`,
    object: { type: 'commit', sha, url: `${repoUrl(world, repo)}/git/commits/${sha}` },
  });
  api.get('/repos/:owner/:repo/git/ref/:ref{.+}', async (c) => {
    const repo = repoOf(c, world, NEEDS.readContents);
    const ref = `refs/${c.req.param('ref')}`;
    const sha = await world.git.resolve(repo.id, ref);
    if (!sha) throw notFound();
    return c.json(refJson(repo, ref, sha));
  });
  api.post('/repos/:owner/:repo/git/refs', async (c) => {
    const repo = repoOf(c, world, NEEDS.writeContents);
    const { ref, sha } = await bodyOf(c, NewRef);
    if (await world.git.resolve(repo.id, ref)) throw invalid('Reference already exists');
    if (!(await world.git.resolve(repo.id, sha))) throw invalid('Object does not exist');
    await moveBranch(world, repo, caller(c, world), ref.slice('refs/heads/'.length), sha, false);
    return c.json(refJson(repo, ref, sha), 201);
  });
  api.patch('/repos/:owner/:repo/git/refs/heads/:branch{.+}', async (c) => {
    const repo = repoOf(c, world, NEEDS.writeContents);
    const { sha, force } = await bodyOf(c, RefChange);
    if (!(await world.git.resolve(repo.id, sha))) throw invalid('Object does not exist');
    await moveBranch(world, repo, caller(c, world), c.req.param('branch'), sha, force);
    return c.json(refJson(repo, `refs/heads/${c.req.param('branch')}`, sha));
  });
  api.delete('/repos/:owner/:repo/git/refs/heads/:branch{.+}', async (c) => {
    const repo = repoOf(c, world, NEEDS.writeContents);
    const branch = c.req.param('branch');
    if (!(await world.git.resolve(repo.id, `refs/heads/${branch}`))) throw invalid('Reference does not exist');
    await moveBranch(world, repo, caller(c, world), branch, null, true);
    return c.body(null, 204);
  });
  api.get('/repos/:owner/:repo/git/trees/:sha{.+}', async (c) => {
    const repo = repoOf(c, world, NEEDS.readContents);
    const sha = await world.git.resolve(repo.id, c.req.param('sha'));
    const commit = sha && (await world.git.commitFacts(repo.id, sha));
    if (!commit) throw notFound();
    const entries = await world.git.tree(repo.id, commit.sha, '', c.req.query('recursive') !== undefined);
    const tree = entries.map(({ size, ...entry }) => ({
      ...entry,
      ...(size === null ? {} : { size }),
      url: `${repoUrl(world, repo)}/git/${entry.type}s/${entry.sha}`,
    }));
    return c.json({
      sha: commit.tree,
      url: `${repoUrl(world, repo)}/git/trees/${commit.tree}`,
      tree,
      truncated: false,
    });
  });
}

interface Entry {
  readonly path: string;
  readonly sha: string;
  readonly type: 'file' | 'dir';
  readonly size: number;
}

function contentEntry(world: World, repo: Repo, entry: Entry) {
  const url = `${repoUrl(world, repo)}/contents/${entry.path}`;
  const git = `${repoUrl(world, repo)}/git/${entry.type === 'dir' ? 'trees' : 'blobs'}/${entry.sha}`;
  const page = `${pageUrl(world, repo)}/blob/${repo.defaultBranch}/${entry.path}`;
  return {
    type: entry.type,
    size: entry.size,
    name: entry.path.split('/').at(-1) ?? entry.path,
    path: entry.path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: page,
    download_url: entry.type === 'file' ? page : null,
    _links: { self: url, git, html: page },
  };
}
