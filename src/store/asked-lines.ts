/**
 * The commands as people wrote them. A correction keeps what a command changed, its decision the lines of the comment and how each of
 * them went; since not every line makes a correction, the two are told together only where no other reading is possible.
 */
import { and, desc, eq, getTableColumns } from 'drizzle-orm';
import { z } from 'zod';
import { VERBS } from '../registry/commands-section.js';
import { ownValue } from '../registry/own-value.js';
import { ALIASES } from '../triage/commands/command.js';
import type { Db } from './open.js';
import { corrections, decisions } from './schema.js';

/** As much of the outcome of a decision about commands; one of an older version may hold less. */
const Outcome = z.object({ commands: z.array(z.object({ said: z.string(), result: z.string() })) });

interface CarriedOut {
  readonly id: number;
  readonly decisionId: number;
  readonly verb: string;
  /** Outcome of its decision, as stored; null where that is gone. */
  readonly outcome: unknown;
}

/** By the correction's id: verb and what followed it (`product zfp`); the verb alone where nobody can tell. */
function linesAsAsked(made: readonly CarriedOut[]): ReadonlyMap<number, string> {
  const lines = new Map<number, string>();
  for (const one of made) {
    const alike = made
      .filter(({ decisionId, verb }) => decisionId === one.decisionId && verb === one.verb)
      .sort((a, b) => a.id - b.id);
    const done = (Outcome.safeParse(one.outcome).data?.commands ?? []).filter(
      ({ said, result }) => result === 'done' && verbOf(said) === one.verb,
    );
    const line = done.length === alike.length ? done[alike.indexOf(one)] : undefined;
    lines.set(one.id, [one.verb, ...(line?.said.split(' ').slice(1) ?? [])].join(' '));
  }
  return lines;
}

function verbOf(line: string): string | undefined {
  const said = line
    .split(' ')[0]!
    .toLowerCase()
    .replace(/[.,;:!]+$/, '');
  return VERBS.find((verb) => verb === said) ?? ownValue(ALIASES, said);
}

/** What people said by command about an issue, newest first, each with its line. */
export async function readCorrections(db: Db, place: { repositoryId: number; number: number }, limit: number) {
  const rows = await db
    .select({ ...getTableColumns(corrections), outcome: decisions.outcome })
    .from(corrections)
    .leftJoin(decisions, eq(decisions.id, corrections.decisionId))
    .where(and(eq(corrections.repositoryId, place.repositoryId), eq(corrections.number, place.number)))
    .orderBy(desc(corrections.id))
    .limit(limit);
  const lines = linesAsAsked(rows);
  return rows.map((row) => ({ ...row, line: lines.get(row.id) ?? row.verb }));
}
