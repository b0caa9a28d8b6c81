/** A member repository as commands reach it: its configuration in force and a client of its installation. */
import type { Octokit } from '@octokit/rest';
import { pino } from 'pino';
import { readServeEnvironment } from '../environment.js';
import { openGithub } from '../github/client.js';
import { type FoundRepository, findRepository } from '../github/find-repository.js';
import { createForge } from '../github/forge.js';
import { createListing } from '../github/listing.js';
import type { HubSnapshot } from '../handlers/ports.js';
import { loadSnapshot } from '../hub.js';
import { effectiveConfig, REPOSITORY_FILE } from '../registry/effective-config.js';
import type { EffectiveConfig } from '../registry/model.js';
import { resolveHub } from '../registry-files/resolve-hub.js';
import { type Io, UsageError } from './command.js';

/** The repository cannot be worked on; the message says why and what to do. */
export class NotReachable extends Error {}

export interface Member {
  readonly repository: FoundRepository;
  readonly config: EffectiveConfig;
  readonly hub: HubSnapshot;
  readonly client: Octokit;
}

/** Throws `UsageError` for what is no `OWNER/NAME`. */
export function parseRepository(text: string | undefined): string {
  if (text === undefined) throw new UsageError('Which repository? Name it as OWNER/NAME.');
  if (!/^[\w.-]+\/[\w.-]+$/.test(text))
    throw new UsageError(`"${text}" is not of the form OWNER/NAME, e.g. hypre-space/hypre.`);
  return text;
}

/** Reads the hub and, from GitHub, the repository's own file. Throws `NotReachable`, or `EnvironmentError` without the App's key. */
export async function openMember(fullName: string, hubFlag: string | undefined, io: Pick<Io, 'env'>): Promise<Member> {
  const directory = resolveHub(hubFlag, io.env);
  const { snapshot: hub, problems } = await loadSnapshot(directory);
  if (problems.length > 0)
    throw new NotReachable(`The hub in ${directory} has problems. Mend them first: spokebot check-config ${directory}`);
  if (!hub.registry.isMember(fullName))
    throw new NotReachable(
      `${fullName} is no member: no product of the hub in ${directory} names it, so spokebot does nothing there.`,
    );
  const environment = readServeEnvironment(io.env);
  const github = openGithub({
    ...environment,
    baseUrl: environment.githubApiUrl,
    log: pino({ level: 'silent' }),
  });
  const repository = await findRepository(
    createListing(github, () => environment),
    fullName,
  );
  if (repository === null)
    throw new NotReachable(`The App is not installed on ${fullName}. Install it there, or add it to the installation.`);
  const client = await github.installation(repository.installationId);
  const text = await createForge(client).file(repository.fullName, REPOSITORY_FILE);
  const file = text === null ? null : { path: REPOSITORY_FILE, text };
  const { config, problems: own } = effectiveConfig(hub.registry, repository.fullName, file);
  if (own.length > 0)
    throw new NotReachable(
      `${REPOSITORY_FILE} of ${fullName} has problems (line ${own[0]!.line}: ${own[0]!.message}). Mend it first.`,
    );
  return { repository, config, hub, client };
}
