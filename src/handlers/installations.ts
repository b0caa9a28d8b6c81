/** Installations and their repositories: membership is kept up to date; labels are planned, nothing old is touched unasked. */
import type { Action } from '../actions.js';
import type { Registry } from '../registry/model.js';
import { onHubPush } from './hub.js';
import { InstallationPayload, PushPayload, RepositoryPayload, readPayload, repoRef } from './payload.js';
import type { HandlerPorts } from './ports.js';

interface Listed {
  id: number;
  full_name: string;
  private: boolean;
}

/** `installation.created`, `.deleted`, `.suspend`, `.unsuspend`, `.new_permissions_accepted`. */
export async function onInstallation(
  payload: unknown,
  delivery: string,
  ports: HandlerPorts,
  state: 'active' | 'suspended' | 'removed',
): Promise<void> {
  const data = readPayload(InstallationPayload, payload);
  const { installation, repositories } = data;
  await decide(
    installation.id,
    [
      { kind: 'set-installation', installationId: installation.id, account: installation.account?.login ?? '', state },
      setRepositories(
        installation.id,
        state === 'removed' ? [] : repositories,
        state === 'removed' ? repositories : [],
      ),
    ],
    repositories,
    `The installation of ${installation.account?.login ?? 'an account'} is ${state}.`,
    delivery,
    ports,
  );
}

/** `installation_repositories.added` and `.removed`. */
export async function onInstallationRepositories(
  payload: unknown,
  delivery: string,
  ports: HandlerPorts,
): Promise<void> {
  const data = readPayload(InstallationPayload, payload);
  const { installation, repositories_added: added, repositories_removed: removed } = data;
  await decide(
    installation.id,
    [setRepositories(installation.id, added, removed)],
    added,
    `${added.length} repositories were added, ${removed.length} removed.`,
    delivery,
    ports,
  );
}

/** `repository.renamed`, `.transferred`, `.privatized`, `.publicized`, `.deleted`: the same repository by its id. */
export async function onRepository(
  payload: unknown,
  delivery: string,
  ports: HandlerPorts,
  gone: boolean,
): Promise<void> {
  const data = readPayload(RepositoryPayload, payload);
  const { installation, repository } = data;
  await decide(
    installation.id,
    [setRepositories(installation.id, gone ? [] : [repository], gone ? [repository] : [])],
    gone ? [] : [repository],
    `${repository.full_name} is ${gone ? 'gone' : 'here'}.`,
    delivery,
    ports,
  );
}

/** `push` to the default branch may change a repository's own configuration, and in the hub's repository the hub. */
export async function onPush(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(PushPayload, payload);
  const branch = data.repository.default_branch;
  if (branch !== undefined && data.ref !== `refs/heads/${branch}`) return;
  ports.forgetConfig(repoRef(data).fullName);
  await onHubPush(repoRef(data), delivery, ports);
}

function setRepositories(installationId: number, present: readonly Listed[], gone: readonly Listed[]): Action {
  return {
    kind: 'set-repositories',
    installationId,
    present: present.map(({ id, full_name: fullName, private: isPrivate }) => ({ id, fullName, private: isPrivate })),
    gone: gone.map(({ id, full_name: fullName }) => ({ id, fullName })),
  };
}

async function decide(
  installationId: number,
  actions: readonly Action[],
  repositories: readonly Listed[],
  reason: string,
  delivery: string,
  ports: HandlerPorts,
): Promise<void> {
  const { registry } = ports.hub();
  const members = repositories.filter((each) => registry.isMember(each.full_name));
  const reasons = [reason];
  const outside = repositories.length - members.length;
  if (outside > 0) reasons.push(`${outside} of them are not in the hub's catalogue and get no action.`);
  await ports.perform({
    kind: 'membership',
    subject: { repositoryId: repositories[0]?.id ?? 0, repository: repositories[0]?.full_name ?? '', number: null },
    facts: { installationId, actions },
    revision: null,
    delivery,
    decision: {
      outcome: {
        members: members.map((each) => each.full_name),
        // Labels are made when first needed; this is what a member repository can come to have.
        labelsPlanned: members.length === 0 ? [] : plannedLabels(registry),
      },
      actions,
      reasons,
    },
  });
}

function plannedLabels(registry: Registry): string[] {
  return registry.taxonomy.labels.filter((label) => label.where === 'everywhere').map((label) => label.name);
}
