/** The delivery that every contender gets: an `issues.opened` of about 30 KB with the keys that GitHub sends. */
import { createHmac } from 'node:crypto';

export const SECRET = 'a secret of the bench';
/** Not in the catalogue: its deliveries are stored and picked up, but no handler does anything with them. */
const REPOSITORY = 'octocat/hello-world';
const BYTES = 30 * 1024;

export interface BenchDelivery {
  readonly body: string;
  readonly signature: string;
}

export function benchDelivery(): BenchDelivery {
  const user = (login: string, id: number) => ({
    login,
    id,
    node_id: `U_${id}`,
    url: `https://api.github.com/users/${login}`,
    html_url: `https://github.com/${login}`,
    type: 'User',
    site_admin: false,
  });
  const label = (n: number) => ({
    id: n,
    node_id: `LA_${n}`,
    url: `https://api.github.com/repos/${REPOSITORY}/labels/l${n}`,
    name: `l${n}`,
    color: 'd73a4a',
    default: false,
    description: `Label number ${n} of this repository`,
  });
  const owner = user('octocat', 583231);
  const [, name] = REPOSITORY.split('/');
  const payload = (filler: string) => ({
    action: 'opened',
    issue: {
      id: 9001,
      node_id: 'I_9001',
      number: 17,
      url: `https://api.github.com/repos/${REPOSITORY}/issues/17`,
      html_url: `https://github.com/${REPOSITORY}/issues/17`,
      title: 'It does not build on my machine',
      user: owner,
      labels: Array.from({ length: 20 }, (_, n) => label(n)),
      state: 'open',
      locked: false,
      assignees: [],
      comments: 0,
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      author_association: 'NONE',
      body: filler,
    },
    repository: {
      id: 1296269,
      node_id: 'R_1296269',
      name,
      full_name: REPOSITORY,
      private: false,
      owner,
      html_url: `https://github.com/${REPOSITORY}`,
      default_branch: 'main',
      topics: Array.from({ length: 20 }, (_, n) => `topic-${n}`),
    },
    sender: owner,
    installation: { id: 4711, node_id: 'IN_4711' },
  });
  // A build log, as people paste it: short lines, so that there is as much to escape as in a real one.
  const lines: string[] = [];
  const empty = JSON.stringify(payload('')).length;
  for (let n = 0, size = empty; size < BYTES; n++) {
    const line = `>> ${n}  /tmp/stage/src/part_${n % 97}.cpp:${n}: warning: comparison of "signed" and 'unsigned'`;
    lines.push(line);
    size += JSON.stringify(line).length;
  }
  const body = JSON.stringify(payload(lines.join('\n')));
  return { body, signature: `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}` };
}
