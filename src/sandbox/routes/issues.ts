/** Issues: list, open, change; their labels, assignees, reactions and history. */
import { z } from 'zod';
import { atLeast, demand, roleOf } from '../auth.js';
import { ApiError, notFound } from '../errors.js';
import type { Faults } from '../faults.js';
import { type Api, bodyOf, type Ctx, caller, issueOf, pageOf, repoOf, sorted } from '../http.js';
import { NEEDS, needOf } from '../needs.js';
import { react } from '../operations/comments.js';
import {
  addLabels,
  assign,
  canBeAssigned,
  changeIssue,
  openIssue,
  removeLabel,
  setLabels,
  unassign,
} from '../operations/issues.js';
import { isPull } from '../operations/pull-events.js';
import { commentJson, issueJson, labelsOf, reactionJson, timelineJson } from '../shapes/issue.js';
import { labelJson } from '../shapes/repo.js';
import { type Issue, REACTIONS, type Repo } from '../types.js';
import { findUser, type World } from '../world.js';

const LabelNames = z.array(
  z
    .union([z.string(), z.object({ name: z.string() })])
    .transform((label) => (typeof label === 'string' ? label : label.name)),
);
const NewIssue = z.object({
  title: z.union([z.string().min(1), z.number().transform(String)]),
  body: z.string().max(65_536).nullish(),
  labels: LabelNames.optional(),
  assignees: z.array(z.string()).optional(),
});
const IssueChange = z.object({
  title: z.string().min(1).optional(),
  body: z.string().max(65_536).nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullish(),
  labels: LabelNames.optional(),
  assignees: z.array(z.string()).optional(),
});
const LabelList = z.union([LabelNames, z.object({ labels: LabelNames }).transform((body) => body.labels)]);
export const ReactionBody = z.object({ content: z.enum(REACTIONS) });

export function issueRoutes(api: Api, world: World, faults: Faults): void {
  const base = '/repos/:owner/:repo/issues';
  api.get(base, (c) => {
    const repo = repoOf(c, world, NEEDS.readIssues);
    const found = world.store.issues.filter((issue) => issue.repoId === repo.id && wanted(c, world, issue));
    return c.json(pageOf(c, world, sorted(c, found)).map((issue) => issueJson(world, issue)));
  });
  api.post(base, async (c) => {
    const repo = repoOf(c, world, NEEDS.openIssue);
    if (repo.issuesOff) throw new ApiError(410, 'Issues are disabled for this repo');
    const by = caller(c, world);
    const { labels = [], assignees = [], title, body } = await bodyOf(c, NewIssue);
    // Without triage rights GitHub drops labels and assignees silently.
    const trusted = by.viaApp !== null || atLeast(roleOf(world, repo, by.user.login), 'triage');
    const issue = await openIssue(world, repo, by, {
      title,
      body: body ?? null,
      labels: trusted ? labels : [],
      assignees: trusted ? assignees : [],
    });
    return c.json(issueJson(world, issue), 201);
  });
  api.get(`${base}/:number{[0-9]+}`, (c) => {
    const repo = repoOf(c, world, NEEDS.readIssues);
    return c.json(issueJson(world, issueOf(c, world, repo)));
  });
  api.patch(`${base}/:number{[0-9]+}`, async (c) => {
    const { repo, issue } = discussed(c);
    const by = caller(c, world);
    const change = await bodyOf(c, IssueChange);
    if (by.viaApp === null) {
      const role = roleOf(world, repo, by.user.login);
      const structural = change.labels !== undefined || change.assignees !== undefined;
      if (structural ? !atLeast(role, 'triage') : issue.author !== by.user.login && !atLeast(role, 'triage'))
        throw new ApiError(403, 'Must have triage rights to Repository.');
    }
    await changeIssue(world, issue, by, { ...change, stateReason: change.state_reason });
    return c.json(issueJson(world, issue));
  });

  labelsOfIssue(api, world, `${base}/:number{[0-9]+}/labels`);
  assigneesOfIssue(api, world, `${base}/:number{[0-9]+}`);

  api.get(`${base}/:number{[0-9]+}/reactions`, (c) => {
    if (faults.off.has('reactions')) throw notFound();
    const { issue } = seen(c, world);
    const mine = world.store.reactions.filter((found) => found.subject === 'issue' && found.subjectId === issue.id);
    return c.json(pageOf(c, world, mine).map((reaction) => reactionJson(world, reaction)));
  });
  api.post(`${base}/:number{[0-9]+}/reactions`, async (c) => {
    if (faults.off.has('reactions')) throw notFound();
    const { issue } = discussed(c);
    const { content } = await bodyOf(c, ReactionBody);
    const { reaction, created } = react(world, 'issue', issue.id, caller(c, world), content);
    return c.json(reactionJson(world, reaction), created ? 201 : 200);
  });
  api.get(`${base}/:number{[0-9]+}/events`, (c) => {
    const { issue } = seen(c, world);
    const events = world.store.timeline.filter((event) => event.issueId === issue.id);
    return c.json(pageOf(c, world, events).map((event) => timelineJson(world, event)));
  });
  api.get(`${base}/:number{[0-9]+}/timeline`, (c) => {
    const { issue } = seen(c, world);
    const events = world.store.timeline.filter((event) => event.issueId === issue.id);
    const comments = world.store.comments.filter((comment) => comment.issueId === issue.id);
    const lines = [
      ...events.map((event) => ({ at: event.id, json: timelineJson(world, event) as object })),
      ...comments.map((comment) => {
        const json = commentJson(world, comment);
        return { at: comment.id, json: { ...json, event: 'commented', actor: json.user } };
      }),
    ];
    const ordered = lines.sort((a, b) => a.at - b.at).map((line) => line.json);
    return c.json(pageOf(c, world, ordered));
  });

  function discussed(c: Ctx) {
    return written(c, world, 'discuss');
  }
}

function seen(c: Ctx, world: World): { repo: Repo; issue: Issue } {
  const repo = repoOf(c, world, NEEDS.readIssues);
  return { repo, issue: issueOf(c, world, repo) };
}

function triaged(c: Ctx, world: World): { repo: Repo; issue: Issue } {
  return written(c, world, 'triage');
}

/** The issue or pull request that the caller may write to in this way. */
function written(c: Ctx, world: World, write: 'discuss' | 'triage'): { repo: Repo; issue: Issue } {
  const repo = repoOf(c, world, NEEDS[write]);
  const issue = issueOf(c, world, repo);
  demand(world, c.var.actor, repo, needOf(write, isPull(issue)));
  return { repo, issue };
}

function labelsOfIssue(api: Api, world: World, path: string): void {
  const list = (repo: Repo, issue: Issue) => labelsOf(world, issue).map((label) => labelJson(world, repo, label));
  api.get(path, (c) => {
    const { repo, issue } = seen(c, world);
    return c.json(pageOf(c, world, list(repo, issue)));
  });
  api.post(path, async (c) => {
    const { repo, issue } = triaged(c, world);
    await addLabels(world, issue, caller(c, world), await bodyOf(c, LabelList));
    return c.json(list(repo, issue));
  });
  api.put(path, async (c) => {
    const { repo, issue } = triaged(c, world);
    await setLabels(world, issue, caller(c, world), await bodyOf(c, LabelList));
    return c.json(list(repo, issue));
  });
  api.delete(path, async (c) => {
    const { issue } = triaged(c, world);
    await setLabels(world, issue, caller(c, world), []);
    return c.body(null, 204);
  });
  api.delete(`${path}/:name{.+}`, async (c) => {
    const { repo, issue } = triaged(c, world);
    await removeLabel(world, issue, caller(c, world), c.req.param('name') ?? '');
    return c.json(list(repo, issue));
  });
}

function assigneesOfIssue(api: Api, world: World, path: string): void {
  const Assignees = z.object({ assignees: z.array(z.string()) });
  api.get(`${path}/assignees/:login`, (c) => {
    const { issue } = seen(c, world);
    const user = findUser(world, c.req.param('login') ?? '');
    if (!user || !canBeAssigned(world, issue, user.login)) throw notFound();
    return c.body(null, 204);
  });
  api.post(`${path}/assignees`, async (c) => {
    const { issue } = triaged(c, world);
    await assign(world, issue, caller(c, world), (await bodyOf(c, Assignees)).assignees);
    return c.json(issueJson(world, issue), 201);
  });
  api.delete(`${path}/assignees`, async (c) => {
    const { issue } = triaged(c, world);
    await unassign(world, issue, caller(c, world), (await bodyOf(c, Assignees)).assignees);
    return c.json(issueJson(world, issue));
  });
}

/** The filters of the list: state, labels, assignee, creator, since. */
function wanted(c: Ctx, world: World, issue: Issue): boolean {
  if (issue.movedTo !== null) return false;
  const state = c.req.query('state') ?? 'open';
  if (state !== 'all' && issue.state !== state) return false;
  const names = labelsOf(world, issue).map((label) => label.name.toLowerCase());
  const asked = (c.req.query('labels') ?? '').split(',').filter(Boolean);
  if (!asked.every((name) => names.includes(name.trim().toLowerCase()))) return false;
  const assignee = c.req.query('assignee');
  if (assignee === 'none' && issue.assignees.length > 0) return false;
  if (assignee && !['none', '*'].includes(assignee) && !issue.assignees.includes(assignee)) return false;
  if (assignee === '*' && issue.assignees.length === 0) return false;
  const creator = c.req.query('creator');
  if (creator && issue.author !== creator) return false;
  const since = c.req.query('since');
  return !since || Date.parse(issue.updatedAt) >= Date.parse(since);
}
