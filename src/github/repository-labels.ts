/** The labels of one repository: read them all, carry out one step of a plan. */
import type { Octokit } from '@octokit/rest';
import type { LabelStep, RepositoryLabel } from '../triage/label-sync.js';
import { split } from './request.js';

type Client = Pick<Octokit, 'request' | 'paginate'>;

/** Every label, however many pages there are. */
export async function readLabels(client: Client, fullName: string): Promise<RepositoryLabel[]> {
  const labels = await client.paginate('GET /repos/{owner}/{repo}/labels', { ...split(fullName), per_page: 100 });
  return labels.map(({ name, color, description }) => ({ name, color, description: description ?? '' }));
}

/** Throws what GitHub answers; a label that somebody else created meanwhile counts as created. */
export async function carryOutStep(client: Client, fullName: string, step: LabelStep): Promise<void> {
  const { name, color, description } = step.label;
  if (step.kind === 'create') {
    try {
      await client.request('POST /repos/{owner}/{repo}/labels', { ...split(fullName), name, color, description });
    } catch (error) {
      const { status, response } = error as { status?: number; response?: { data?: unknown } };
      if (status !== 422 || !JSON.stringify(response?.data ?? '').includes('already_exists')) throw error;
    }
    return;
  }
  await client.request('PATCH /repos/{owner}/{repo}/labels/{name}', {
    ...split(fullName),
    name: step.from,
    ...(step.from === name ? {} : { new_name: name }),
    color,
    description,
  });
}
