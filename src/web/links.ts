/** Addresses, ours and GitHub's. Every part from outside is encoded. */

function repositoryPath(fullName: string): string {
  return fullName.split('/').map(encodeURIComponent).join('/');
}

export const ours = {
  spoke: (id: string) => `/spokes/${encodeURIComponent(id)}`,
  product: (id: string) => `/products/${encodeURIComponent(id)}`,
  report: (product: string) => `/products/${encodeURIComponent(product)}/report`,
  issue: (fullName: string, number: number) => `/issues/${repositoryPath(fullName)}/${number}`,
  pull: (fullName: string, number: number) => `/pulls/${repositoryPath(fullName)}/${number}`,
  build: (id: string) => `/builds/${encodeURIComponent(id)}`,
  log: (id: string, attempt: number, line?: number) =>
    `/builds/${encodeURIComponent(id)}/log?attempt=${attempt}${line === undefined ? '' : `&line=${line}#L${line}`}`,
  logSearch: (id: string) => `/builds/${encodeURIComponent(id)}/log`,
  logText: (id: string, attempt: number) => `/builds/${encodeURIComponent(id)}/log.txt?attempt=${attempt}`,
  logStream: (id: string, attempt: number, after: number) =>
    `/builds/${encodeURIComponent(id)}/log/stream?attempt=${attempt}&after=${after}`,
};

/** What a build belongs to: its pull request, or the branch that is built by night, which its product's page shows. */
export function subjectOf(build: {
  readonly repository: string;
  readonly number: number | null;
  readonly branch: string | null;
  readonly product: string;
}): { readonly words: string; readonly address: string } {
  const { repository, number, branch, product } = build;
  return number === null
    ? { words: `${repository} ${branch ?? ''}`.trim(), address: ours.product(product) }
    : { words: `${repository}#${number}`, address: ours.pull(repository, number) };
}

export interface GitHubLinks {
  repository(fullName: string): string;
  issue(fullName: string, number: number): string;
  pull(fullName: string, number: number): string;
  commit(fullName: string, sha: string): string;
  checkRun(fullName: string, id: number): string;
  person(login: string): string;
}

/** `base` is the address of GitHub's pages, without a slash at its end. */
export function githubLinks(base: string): GitHubLinks {
  const at = (fullName: string, rest: string) => `${base}/${repositoryPath(fullName)}${rest}`;
  return {
    repository: (fullName) => at(fullName, ''),
    issue: (fullName, number) => at(fullName, `/issues/${number}`),
    pull: (fullName, number) => at(fullName, `/pull/${number}`),
    commit: (fullName, sha) => at(fullName, `/commit/${encodeURIComponent(sha)}`),
    checkRun: (fullName, id) => at(fullName, `/runs/${id}`),
    person: (login) => `${base}/${encodeURIComponent(login)}`,
  };
}

/** The address if a browser may be sent there, else null. */
export function webAddress(address: string | null): string | null {
  return address !== null && /^https?:\/\//i.test(address) ? address : null;
}
