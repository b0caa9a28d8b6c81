/** What the client gives and takes: the API's own names, as far as stories look at them. */
/** Path to content; null deletes, `{ base64 }` for what is not text. */
export type Files = Readonly<Record<string, string | { readonly base64: string } | null>>;

export class SandboxError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(request: string, status: number, body: unknown) {
    super(`${request} answered ${status}: ${JSON.stringify(body).slice(0, 500)}`);
    this.status = status;
    this.body = body;
  }
}

/** An issue as far as stories look at it; the API's own names. */
export interface IssueView {
  readonly id: number;
  readonly node_id: string;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly html_url: string;
  readonly user: { readonly login: string };
  readonly labels: readonly { readonly name: string }[];
  readonly assignees: readonly { readonly login: string }[];
}

export interface PullView extends IssueView {
  readonly draft: boolean;
  readonly merged: boolean;
  readonly mergeable: boolean | null;
  readonly mergeable_state: string;
  readonly changed_files: number;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
}

export interface CommentView {
  readonly id: number;
  readonly body: string;
  readonly html_url: string;
  readonly user: { readonly login: string };
}

export interface CheckView {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly external_id: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly details_url: string | null;
  readonly html_url: string;
  readonly output: {
    readonly title: string | null;
    readonly summary: string | null;
    readonly text: string | null;
    readonly annotations_count: number;
  };
}

export interface RepoView {
  readonly id: number;
  readonly node_id: string;
  readonly full_name: string;
  readonly private: boolean;
  readonly clone_url: string;
  readonly default_branch: string;
}

export interface DeliveryView {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly state: 'pending' | 'held' | 'dropped' | 'done';
  readonly status: string;
  readonly status_code: number;
  readonly redelivery: boolean;
  readonly repository: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface RequiredCheckView {
  readonly context: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly passes: boolean;
}

export interface InstallationView {
  readonly id: number;
  readonly account: { readonly login: string };
}
