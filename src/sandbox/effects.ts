/** What Apps did to this GitHub, each deed by itself, and what they were told: for those who count what is lost or done twice. */
import { fullName, type World } from './world.js';

export interface Effects {
  readonly comments: readonly { readonly repository: string; readonly number: number; readonly body: string }[];
  readonly runs: readonly {
    readonly repository: string;
    readonly headSha: string;
    readonly name: string;
    readonly externalId: string;
    readonly status: string;
  }[];
  /** Labels put on and taken off, people assigned and not. `what` is the label or the login. */
  readonly events: readonly {
    readonly repository: string;
    readonly number: number;
    readonly event: string;
    readonly what: string;
  }[];
  readonly deliveries: readonly {
    readonly guid: string;
    readonly event: string;
    readonly action: string | null;
    readonly state: string;
    readonly statusCode: number;
  }[];
}

export function effects({ store }: World): Effects {
  const place = (issueId: number) => {
    const issue = store.issues.the(issueId);
    return { repository: fullName(store.repos.the(issue.repoId)), number: issue.number };
  };
  return {
    comments: store.comments
      .filter(({ viaApp }) => viaApp !== null)
      .map(({ issueId, body }) => ({ ...place(issueId), body })),
    runs: store.runs.all().map(({ repoId, headSha, name, externalId, status }) => ({
      repository: fullName(store.repos.the(repoId)),
      headSha,
      name,
      externalId,
      status,
    })),
    events: store.timeline
      .filter(({ viaApp }) => viaApp !== null)
      .map(({ issueId, event, label, assignee }) => ({
        ...place(issueId),
        event,
        what: label?.name ?? assignee ?? '',
      })),
    deliveries: store.deliveries
      .all()
      .map(({ guid, event, action, state, statusCode }) => ({ guid, event, action, state, statusCode })),
  };
}
