/** What GitHub tells by GraphQL alone. */
import type { Client } from './request.js';

/** The answer as it came. GitHub Enterprise has GraphQL beside its REST API, not below it. */
export async function graphql(client: Pick<Client, 'request'>, query: string, variables: object): Promise<unknown> {
  const baseUrl = client.request.endpoint.DEFAULTS.baseUrl.replace(/\/api\/v3\/?$/, '/api');
  const { data } = await client.request('POST /graphql', { baseUrl, query, variables });
  return data;
}
