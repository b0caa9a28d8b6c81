/** A log of what senders cause: whoever sends garbage all day must not fill the disk with lines about it. */

export type Tell = (fields: object, message: string) => void;

const EVERY_MS = 60_000;

/** Tells each message at once and then at most once a minute, with how many were `leftOut` since. The messages are few and fixed. */
export function sparingly(tell: Tell, now: () => number = Date.now): Tell {
  const told = new Map<string, { at: number; leftOut: number }>();
  return (fields, message) => {
    const before = told.get(message);
    const at = now();
    if (before !== undefined && at - before.at < EVERY_MS) {
      before.leftOut += 1;
      return;
    }
    told.set(message, { at, leftOut: 0 });
    tell(before !== undefined && before.leftOut > 0 ? { ...fields, leftOut: before.leftOut } : fields, message);
  };
}
