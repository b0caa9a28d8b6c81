/** The labels of a repository. */
import { z } from 'zod';
import { notFound } from '../errors.js';
import { type Api, bodyOf, type Ctx, caller, pageOf, repoOf } from '../http.js';
import { NEEDS } from '../needs.js';
import { changeLabel, deleteLabel, findLabel, newLabel } from '../operations/labels.js';
import { labelJson } from '../shapes/repo.js';
import type { Label, Repo } from '../types.js';
import type { World } from '../world.js';

const NewLabel = z.object({ name: z.string(), color: z.string().optional(), description: z.string().nullish() });
const LabelChange = z.object({
  new_name: z.string().optional(),
  color: z.string().optional(),
  description: z.string().nullish(),
});

export function labelRoutes(api: Api, world: World): void {
  const base = '/repos/:owner/:repo/labels';
  api.get(base, (c) => {
    const repo = repoOf(c, world, NEEDS.readIssues);
    const labels = world.store.labels.filter((label) => label.repoId === repo.id);
    return c.json(pageOf(c, world, labels).map((label) => labelJson(world, repo, label)));
  });
  api.post(base, async (c) => {
    const repo = repoOf(c, world, NEEDS.editLabels);
    const wanted = await bodyOf(c, NewLabel);
    return c.json(labelJson(world, repo, newLabel(world, repo, caller(c, world), wanted)), 201);
  });
  api.get(`${base}/:name{.+}`, (c) => {
    const repo = repoOf(c, world, NEEDS.readIssues);
    return c.json(labelJson(world, repo, labelOf(c, repo)));
  });
  api.patch(`${base}/:name{.+}`, async (c) => {
    const repo = repoOf(c, world, NEEDS.editLabels);
    const label = labelOf(c, repo);
    const { new_name: name, ...rest } = await bodyOf(c, LabelChange);
    changeLabel(world, repo, caller(c, world), label, { ...rest, ...(name === undefined ? {} : { name }) });
    return c.json(labelJson(world, repo, label));
  });
  api.delete(`${base}/:name{.+}`, (c) => {
    const repo = repoOf(c, world, NEEDS.editLabels);
    deleteLabel(world, repo, caller(c, world), labelOf(c, repo));
    return c.body(null, 204);
  });

  function labelOf(c: Ctx, repo: Repo): Label {
    const label = findLabel(world, repo, c.req.param('name') ?? '');
    if (!label) throw notFound();
    return label;
  }
}
