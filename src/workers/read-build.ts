/** A build message as it came, read; one that isn't understood is still told about, so that it does not wait for a worker for ever. */
import { AttemptHeader, BuildMessage, type LinkHandlers } from '../protocol.js';

interface Log {
  error(fields: object, message: string): void;
}

/** Hands a message to `onBuild`, or to `onUnread` when only its head can be read; what has no head is logged and dropped. */
export function readBuild(raw: unknown, on: LinkHandlers, log: Log): Promise<void> {
  const parsed = BuildMessage.safeParse(raw);
  if (parsed.success) return on.onBuild(parsed.data);
  const [issue] = parsed.error.issues;
  const problem = `${issue?.path.join('.') || 'the message'}: ${issue?.message ?? 'not understood'}`;
  const header = AttemptHeader.safeParse(raw);
  log.error(
    { kind: 'build', buildId: header.data?.buildId, problem },
    'a build message was not understood; is the hub of another version?',
  );
  return header.success && on.onUnread ? on.onUnread(header.data, problem) : Promise.resolve();
}
