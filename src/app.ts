/**
 * Which event goes where: one table. Everything spokebot reacts to is listed here, with the one guard against its own echo.
 * Handlers look at what is on GitHub now, so repeats and disorder of deliveries are harmless.
 */
import type { Probot } from 'probot';
import { onAssignedByHand, onLabelByHand } from './handlers/by-hand.js';
import { onCheckRun, onCheckSuite } from './handlers/checks.js';
import { onComment } from './handlers/comments.js';
import { onInstallation, onInstallationRepositories, onPush, onRepository } from './handlers/installations.js';
import { onDeleted, onIssue, onTransferred, onUnlabeled } from './handlers/issues.js';
import { RepositoryPayload } from './handlers/payload.js';
import type { HandlerPorts } from './handlers/ports.js';
import { onPull, onPullUnlabeled } from './handlers/pulls.js';
import type { Db } from './store/open.js';
import { ensureRepository } from './store/subjects.js';

type Handle = (payload: unknown, delivery: string, ports: HandlerPorts, identity: Identity) => Promise<void>;

const HANDLERS: Readonly<Record<string, Handle>> = {
  'issues.opened': onIssue,
  'issues.edited': onIssue,
  'issues.reopened': onIssue,
  'issues.closed': onIssue,
  'issues.transferred': onTransferred,
  'issues.deleted': onDeleted,
  'issues.labeled': onLabelByHand,
  'issues.unlabeled': async (payload, id, ports) => {
    await onUnlabeled(payload, id, ports);
    await onLabelByHand(payload, id, ports);
  },
  'issues.assigned': onAssignedByHand,
  'issues.unassigned': onAssignedByHand,
  'issue_comment.created': onComment,
  'issue_comment.edited': onComment,
  'pull_request.opened': onPull,
  'pull_request.synchronize': onPull,
  'pull_request.reopened': onPull,
  'pull_request.ready_for_review': onPull,
  'pull_request.converted_to_draft': onPull,
  'pull_request.edited': onPull,
  'pull_request.labeled': onPull,
  'pull_request.unlabeled': onPullUnlabeled,
  'pull_request.closed': onPull,
  'check_run.rerequested': onCheckRun,
  'check_run.requested_action': onCheckRun,
  'check_suite.rerequested': onCheckSuite,
  'installation.created': (payload, id, ports) => onInstallation(payload, id, ports, 'active'),
  'installation.unsuspend': (payload, id, ports) => onInstallation(payload, id, ports, 'active'),
  'installation.new_permissions_accepted': (payload, id, ports) => onInstallation(payload, id, ports, 'active'),
  'installation.suspend': (payload, id, ports) => onInstallation(payload, id, ports, 'suspended'),
  'installation.deleted': (payload, id, ports) => onInstallation(payload, id, ports, 'removed'),
  'installation_repositories.added': onInstallationRepositories,
  'installation_repositories.removed': onInstallationRepositories,
  'repository.renamed': (payload, id, ports) => onRepository(payload, id, ports, false),
  'repository.transferred': (payload, id, ports) => onRepository(payload, id, ports, false),
  'repository.privatized': (payload, id, ports) => onRepository(payload, id, ports, false),
  'repository.publicized': (payload, id, ports) => onRepository(payload, id, ports, false),
  'repository.deleted': (payload, id, ports) => onRepository(payload, id, ports, true),
  push: onPush,
};

/** The events that have a handler, as `app.yml` and GitHub's settings list them. */
export function handledEvents(): string[] {
  return [...new Set(Object.keys(HANDLERS).map((name) => name.split('.')[0]!))].sort();
}

/** Who we are, to know our own echo. */
export interface Identity {
  readonly appId: number;
  readonly slug: string;
}

/** The Probot application function. */
export function spokebotApp(ports: HandlerPorts, identity: () => Identity) {
  return (app: Probot): void => {
    app.onAny(async ({ id, name, payload }) => {
      await route({ id, name, payload }, ports, identity());
    });
  };
}

/** Runs the handler of one delivery. Rejects when it fails. */
export async function route(
  event: { readonly id: string; readonly name: string; readonly payload: unknown },
  ports: HandlerPorts,
  identity: Identity,
): Promise<void> {
  const payload = event.payload as { action?: unknown };
  const activity = typeof payload.action === 'string' ? `${event.name}.${payload.action}` : event.name;
  if (isOwnEcho(event.name, payload, identity)) return;
  // A webhook that somebody made by hand: what it tells is no App's business.
  if ((payload as { installation?: unknown }).installation == null) return;
  // `__proto__` is no activity.
  if (Object.hasOwn(HANDLERS, activity)) await HANDLERS[activity]!(payload, event.id, ports, identity);
}

/**
 * Notes the repository that a delivery names. The moment of the first one is what "new" is counted from, so it is that of the
 * delivery and not that of its handling.
 */
export async function noteRepository(db: Db, payload: unknown, at: Date): Promise<void> {
  const seen = RepositoryPayload.safeParse(payload);
  if (!seen.success) return;
  const { installation, repository } = seen.data;
  await ensureRepository(
    db,
    { id: repository.id, installationId: installation.id, fullName: repository.full_name, private: repository.private },
    at,
  );
}

/** What we caused ourselves, and check runs of other Apps. The one place that looks at who is speaking. */
export function isOwnEcho(name: string, payload: unknown, identity: Identity): boolean {
  const {
    sender,
    check_run: run,
    check_suite: suite,
  } = payload as {
    sender?: { login?: unknown; type?: unknown };
    check_run?: { app?: { id?: unknown } | null };
    check_suite?: { app?: { id?: unknown } | null };
  };
  if (name === 'check_run' && run?.app?.id !== identity.appId) return true;
  if (name === 'check_suite' && suite?.app?.id !== identity.appId) return true;
  return sender?.type === 'Bot' && sender.login === `${identity.slug}[bot]`;
}
