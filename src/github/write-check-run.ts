/** Creates a check run once and from then on changes that one; annotations go in batches, each shown once. */
import type { CheckRunContent } from '../check-run.js';
import { annotationBatches } from '../ci/report.js';
import type { Intent } from '../outbox/intent.js';
import type { Effect } from '../outbox/sent.js';
import { type Client, split } from './request.js';
import type { SendPorts } from './send-ports.js';

export async function writeCheckRun(
  client: Client,
  intent: Extract<Intent, { kind: 'check-run' }>,
  maybeSent: boolean,
  ports: SendPorts,
): Promise<Effect> {
  const { owner, repo } = split(intent.repository);
  let id = await ports.state.checkRun(intent.buildId);
  let first = true;
  if (id === null && maybeSent) {
    const found = await client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      owner,
      repo,
      ref: intent.headSha,
      app_id: ports.identity().appId,
      check_name: intent.content.name,
      filter: 'all',
      per_page: 100,
    });
    const ours = found.data.check_runs.find((run) => run.external_id === intent.buildId);
    id = ours === undefined ? null : Number(ours.id);
  }
  const known = id === null ? [] : await knownAnnotations(client, intent, id);
  for (const body of requestsOf(intent.content, known)) {
    if (id === null) {
      const made = await client.request('POST /repos/{owner}/{repo}/check-runs', {
        owner,
        repo,
        head_sha: intent.headSha,
        external_id: intent.buildId,
        ...body,
      } as never);
      id = Number(made.data.id);
    } else {
      await client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
        owner,
        repo,
        check_run_id: id,
        // Later requests only append annotations.
        ...(first ? body : { output: body.output }),
      } as never);
    }
    first = false;
  }
  if (id === null) throw new Error('a check run without content');
  return { kind: 'check-run', id };
}

/** What a check run already shows, read only when there is something to add to it. */
async function knownAnnotations(
  client: Client,
  intent: Extract<Intent, { kind: 'check-run' }>,
  id: number,
): Promise<Shown[]> {
  if (intent.content.output.annotations.length === 0) return [];
  return client.paginate('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', {
    ...split(intent.repository),
    check_run_id: id,
    per_page: 100,
  });
}

/** As much of an annotation as tells it from others. */
interface Shown {
  readonly path?: string;
  readonly start_line?: number;
  readonly message?: string | null;
}

function sameness({ path, start_line, message }: Shown): string {
  return JSON.stringify([path, start_line, message]);
}

/**
 * GitHub takes 50 annotations a request and appends them to those of earlier ones, also when a request is repeated or a check is
 * run again; so what is shown already is left out. The first request always goes out, for the rest of the content.
 */
function requestsOf(content: CheckRunContent, known: readonly Shown[]): CheckRunContent[] {
  const shown = new Set(known.map(sameness));
  const all = content.output.annotations.filter((each) => !shown.has(sameness(each)));
  const [first = [], ...rest] = annotationBatches(all);
  return [first, ...rest].map((annotations) => ({ ...content, output: { ...content.output, annotations } }));
}
