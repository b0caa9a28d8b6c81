/** What sending needs to know of the rest. */
import type { Intent } from '../outbox/intent.js';
import type { Client } from './request.js';

export interface SendPorts {
  /** Client of an installation. */
  readonly client: (installationId: number) => Promise<Client>;
  readonly now: () => Date;
  /** Who we are, to know our own comments and check runs. */
  readonly identity: () => { readonly appId: number; readonly slug: string };
  readonly state: {
    /** Our comment; `former` are the places where the issue was before it was moved. */
    comment(
      repositoryId: number,
      number: number,
    ): Promise<{ id: number | null; gone: boolean; former?: readonly { repositoryId: number; number: number }[] }>;
    checkRun(buildId: string): Promise<number | null>;
    knownLabels(repositoryId: number): Promise<readonly string[]>;
    /** Labels of ours that a person took off. */
    takenOff(repositoryId: number, number: number): Promise<readonly string[]>;
    /** What the repository is called now and who may write there; `taken`: the name is another one's by now; null: not known. */
    place(
      repositoryId: number,
      fullName: string,
    ): Promise<{ readonly fullName: string; readonly installationId: number } | 'taken' | null>;
    /** Whether the issue of ours may still be told where it would be: nothing of a private repository stands in another one. */
    tellable(intent: OwnIssueIntent): Promise<boolean>;
    /** Those of the people who may still be called; `since` is when it was decided. */
    callable(call: Call, since: Date): Promise<readonly string[]>;
  };
}

export type OwnIssueIntent = Extract<Intent, { kind: 'open-issue' | 'edit-issue' }>;
export type Call = Extract<Intent, { logins: string[] }>;
