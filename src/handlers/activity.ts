/** Notes that the people whom files name are still there: whoever causes a delivery is. */
import { z } from 'zod';
import type { Db } from '../store/open.js';
import { noteSeen } from '../store/people.js';

const Sent = z.object({ sender: z.object({ login: z.string().regex(/^[\w-]{1,100}$/), type: z.literal('User') }) });
const MOST_KEPT = 10_000;

export type NoteActivity = (payload: unknown, at: Date) => Promise<void>;

/** A noter that asks the database once a day for each person. */
export function createActivity(db: Db): NoteActivity {
  const noted = new Map<string, string>();
  return async (payload, at) => {
    const parsed = Sent.safeParse(payload);
    if (!parsed.success) return;
    const login = parsed.data.sender.login.toLowerCase();
    const day = at.toISOString().slice(0, 10);
    if (noted.get(login) === day) return;
    await noteSeen(db, login, at);
    noted.set(login, day);
    if (noted.size > MOST_KEPT) noted.delete(noted.keys().next().value!);
  };
}
