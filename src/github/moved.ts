/**
 * Writes are never redirected: an issue that was transferred answers with its new place, and what was decided about the old one is not
 * to be written there. A repository that was only renamed is still the same one, and gets its writes under the new name.
 */
import type { Octokit } from '@octokit/rest';
import { z } from 'zod';

type Client = Pick<Octokit, 'request' | 'paginate'>;

/** GitHub says that what was asked for is elsewhere. */
export class Moved extends Error {
  constructor(
    /** The path that was asked for, e.g. `/repos/o/r/issues/3/labels`. */
    readonly asked: string,
    /** Where GitHub says it is; null when it does not say. */
    readonly location: string | null,
  ) {
    super(`${asked} is elsewhere`);
  }
}

/** The same client, with every request bound to the signal and none redirected. Pages that are read follow as ever. */
export function staying(client: Client, signal: AbortSignal): Client {
  const bound = client.request.defaults({ request: { signal, redirect: 'manual' } });
  const request = async (route: string, parameters: Record<string, unknown> = {}) => {
    const answer = (await bound(route, parameters)) as { status: number; url: string; headers: { location?: string } };
    if (answer.status >= 300 && answer.status < 400)
      throw new Moved(new URL(bound.endpoint(route, parameters).url).pathname, answer.headers.location ?? null);
    return answer;
  };
  return { request: Object.assign(request, bound) as unknown as Octokit['request'], paginate: client.paginate };
}

const Repository = z.object({ id: z.number(), full_name: z.string() });

/**
 * The repository's name of now when all that happened is that it got another one; null when GitHub points to anything else than the same
 * thing in the repository with this id.
 */
export async function renamedTo(
  moved: Moved,
  repositoryId: number,
  client: Pick<Octokit, 'request'>,
): Promise<string | null> {
  if (moved.location === null) return null;
  const [, rest] = split(moved.asked);
  const [place, there] = split(new URL(moved.location, 'https://api.invalid').pathname);
  if (place === null || there !== rest) return null;
  const found = Repository.safeParse((await client.request(`GET ${place}` as 'GET /')).data);
  return found.success && found.data.id === repositoryId ? found.data.full_name : null;
}

/** `/repos/o/r` or `/repositories/1`, and what follows; below whatever base the API has. */
function split(path: string): [string | null, string] {
  const [, place, rest] = /(\/repos\/[^/]+\/[^/]+|\/repositories\/\d+)(\/.*)?$/.exec(path) ?? [];
  return [place ?? null, rest ?? ''];
}
