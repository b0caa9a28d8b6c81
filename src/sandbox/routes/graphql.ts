/** GraphQL, as far as a GitHub App for triage has no other way: `transferIssue`, and the status of people. Everything else is a GraphQL error. */
import { z } from 'zod';
import { demand } from '../auth.js';
import { ApiError, notFound } from '../errors.js';
import type { Faults } from '../faults.js';
import { type Api, bodyOf, caller } from '../http.js';
import { NEEDS } from '../needs.js';
import { transferIssue } from '../operations/issues.js';
import { issueJson } from '../shapes/issue.js';
import { repoJson } from '../shapes/repo.js';
import type { Repo } from '../types.js';
import { findUser, type World } from '../world.js';

const Query = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });
const TransferInput = z.object({
  issueId: z.string(),
  repositoryId: z.string(),
  createLabelsIfMissing: z.boolean().nullish(),
});

export function graphqlRoutes(api: Api, world: World, faults: Faults): void {
  api.post('/graphql', async (c) => {
    if (faults.off.has('graphql')) throw notFound();
    const { query, variables } = await bodyOf(c, Query);
    const problem = (type: string, message: string) => c.json({ data: null, errors: [{ type, message }] });
    const asked = [...query.matchAll(/(\w+)\s*:\s*user\s*\(\s*login\s*:\s*\$(\w+)\s*\)/g)];
    if (asked.length > 0)
      return c.json({
        data: Object.fromEntries(
          asked.map(([, alias = '', variable = '']) => [alias, statusOf(world, variables?.[variable])]),
        ),
      });
    const input = TransferInput.safeParse(transferInput(query, variables ?? {}));
    if (!/\btransferIssue\b/.test(query))
      return problem(
        'UNSUPPORTED',
        'the sandbox knows no GraphQL but the mutation transferIssue and user(login) { status }',
      );
    if (!input.success) return problem('BAD_INPUT', 'transferIssue needs input { issueId, repositoryId }');
    const issue = world.store.issues.get(idOf(input.data.issueId, 'I'));
    const target = world.store.repos.get(idOf(input.data.repositoryId, 'R'));
    if (!issue || issue.movedTo !== null || !target)
      return problem('NOT_FOUND', 'Could not resolve to a node with that global id');
    try {
      for (const repo of [world.store.repos.the(issue.repoId), target])
        demand(world, c.var.actor, repo, { ...NEEDS.openIssue, role: 'write' });
    } catch (error) {
      if (error instanceof ApiError) return problem('FORBIDDEN', error.message);
      throw error;
    }
    const why = hindrance(world.store.repos.the(issue.repoId), target);
    if (why !== null) return problem('UNPROCESSABLE', why);
    const createLabels = input.data.createLabelsIfMissing ?? false;
    const moved = await transferIssue(world, issue, caller(c, world), target, createLabels);
    const shown = issueJson(world, moved);
    const repository = { nameWithOwner: repoJson(world, target).full_name, id: `R_${target.id}` };
    const node = { id: shown.node_id, databaseId: moved.id, number: moved.number, url: shown.html_url, repository };
    return c.json({ data: { transferIssue: { issue: { ...node, title: moved.title }, clientMutationId: null } } });
  });
}

/** Null for nobody and for somebody without a status, as GitHub has it. */
function statusOf(world: World, login: unknown) {
  const user = typeof login === 'string' ? findUser(world, login) : undefined;
  if (!user) return null;
  return { status: user.busy === undefined ? null : { indicatesLimitedAvailability: user.busy } };
}

/** Between which repositories GitHub transfers nothing; null when it does. */
function hindrance(from: Repo, to: Repo): string | null {
  if (from.owner !== to.owner) return 'The new repository must be owned by the same account as the current one';
  if (from.id === to.id) return 'The issue is in that repository already';
  if (from.private && !to.private) return 'Issues cannot be transferred from a private to a public repository';
  return to.issuesOff ? 'Issues are disabled for the new repository' : null;
}

function idOf(nodeId: string, kind: string): number {
  return nodeId.startsWith(`${kind}_`) ? Number(nodeId.slice(kind.length + 1)) : -1;
}

/** The argument `input` of the mutation: one variable, or an object literal of strings, booleans and variables. */
function transferInput(query: string, variables: Readonly<Record<string, unknown>>): unknown {
  const whole = /transferIssue\s*\(\s*input\s*:\s*\$(\w+)/.exec(query);
  if (whole) return variables[whole[1] ?? ''];
  const literal = /transferIssue\s*\(\s*input\s*:\s*\{([^}]*)\}/.exec(query);
  const fields = [...(literal?.[1] ?? '').matchAll(/(\w+)\s*:\s*(?:\$(\w+)|"([^"]*)"|(true|false))/g)];
  return Object.fromEntries(
    fields.map(([, name, variable, text, flag]) => [
      name,
      variable === undefined ? (text ?? flag === 'true') : variables[variable],
    ]),
  );
}
