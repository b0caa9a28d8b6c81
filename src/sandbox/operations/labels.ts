/** Changes to the labels of a repository. */
import { ApiError } from '../errors.js';
import { labelJson } from '../shapes/repo.js';
import type { Label, Repo } from '../types.js';
import type { Doer, World } from '../world.js';

/** Names of labels are compared without case. */
export function findLabel(world: World, repo: Repo, name: string): Label | undefined {
  const wanted = name.toLowerCase();
  return world.store.labels.find((label) => label.repoId === repo.id && label.name.toLowerCase() === wanted);
}

export interface LabelFields {
  readonly name: string;
  readonly color?: string | undefined;
  readonly description?: string | null | undefined;
}

/** Throws 422 `already_exists`, which clients look for. */
export function newLabel(world: World, repo: Repo, by: Doer, fields: LabelFields): Label {
  check(world, repo, null, fields);
  const label = world.store.labels.put({
    id: world.store.nextId(),
    repoId: repo.id,
    name: fields.name,
    color: fields.color ?? 'ededed',
    description: fields.description ?? null,
  });
  tell(world, repo, by, 'created', label);
  return label;
}

export function changeLabel(world: World, repo: Repo, by: Doer, label: Label, fields: Partial<LabelFields>): void {
  check(world, repo, label, fields);
  const changes: Record<string, { from: string | null }> = {};
  if (fields.name !== undefined && fields.name !== label.name) {
    changes.name = { from: label.name };
    label.name = fields.name;
  }
  if (fields.color !== undefined && fields.color !== label.color) {
    changes.color = { from: label.color };
    label.color = fields.color;
  }
  if (fields.description !== undefined && fields.description !== label.description) {
    changes.description = { from: label.description };
    label.description = fields.description;
  }
  world.store.labels.put(label);
  tell(world, repo, by, 'edited', label, { changes });
}

/** Takes it off every issue too (no `unlabeled` events then, as on GitHub). */
export function deleteLabel(world: World, repo: Repo, by: Doer, label: Label): void {
  for (const issue of world.store.issues.filter((found) => found.labelIds.includes(label.id)))
    world.store.issues.put({ ...issue, labelIds: issue.labelIds.filter((id) => id !== label.id) });
  world.store.labels.delete(label.id);
  tell(world, repo, by, 'deleted', label);
}

function check(world: World, repo: Repo, label: Label | null, fields: Partial<LabelFields>): void {
  const problem = (field: string, code: string) =>
    new ApiError(422, 'Validation Failed', [{ resource: 'Label', code, field }]);
  if (fields.name !== undefined) {
    if (fields.name.trim() === '') throw problem('name', 'missing_field');
    if (fields.name.length > 50) throw problem('name', 'invalid');
    const other = findLabel(world, repo, fields.name);
    if (other && other !== label) throw problem('name', 'already_exists');
  }
  if (fields.color !== undefined && !/^[0-9a-fA-F]{6}$/.test(fields.color)) throw problem('color', 'invalid');
  if ((fields.description ?? '').length > 100) throw problem('description', 'invalid');
}

function tell(world: World, repo: Repo, by: Doer, action: string, label: Label, more = {}): void {
  const payload = { label: labelJson(world, repo, label), ...more };
  world.emit({ event: 'label', action, repo, sender: by.user, payload });
}
