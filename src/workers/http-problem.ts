/** What an HTTP status of the hub means to the operator of a worker, and whether repeating the same request can help. */

/** One sentence that says what is wrong and how to mend it. */
export function describeRefusal(status: number, pool: string, hub: string, body: string): string {
  const said = firstLine(body);
  if (status === 401)
    return `the hub at ${hub} does not know this pool token (401): set SPOKEBOT_POOL_TOKEN to the token of pool ${pool}`;
  if (status === 403)
    return `the hub at ${hub} does not let this token serve pool ${pool} (403): the token belongs to another pool, or the hub has closed it`;
  if (status === 404)
    return `there is no spokebot hub at ${hub} (404): check SPOKEBOT_HUB_URL, it is the hub's address without /api`;
  if (status === 413)
    return 'the hub refused a request as too large (413): raise the body limit of the proxy in front of it';
  if (status === 400 || status === 422 || status === 426)
    return `the hub did not understand this worker (${status}${said}): are both of the same version?`;
  if (status === 429) return `the hub asks to slow down (429${said})`;
  return `the hub answered with an error of its own (${status}${said})`;
}

/** True for answers about the content of a request: the same request will be refused again. */
export function isLasting(status: number): boolean {
  return status === 400 || status === 413 || status === 422;
}

function firstLine(body: string): string {
  const line = (ownWords(body) ?? body).trim().split('\n')[0]?.slice(0, 200);
  return line ? `: ${line}` : '';
}

/** What a hub says in its own form; null for an answer of anything else, such as a proxy. */
function ownWords(body: string): string | null {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === 'string' ? error : null;
  } catch {
    return null;
  }
}
