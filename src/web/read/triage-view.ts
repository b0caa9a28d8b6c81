/** A stored triage outcome as pages read it: lenient, since an older version of spokebot may have written it. */
import { z } from 'zod';

const Triage = z.object({
  product: z.object({ id: z.string(), confidence: z.number() }).nullable().catch(null),
  outside: z.string().nullable().catch(null),
  spokes: z.object({ accountable: z.string(), cc: z.array(z.string()).catch([]) }).catch({ accountable: '', cc: [] }),
  kind: z.object({ id: z.string(), confidence: z.number() }).nullable().catch(null),
  labels: z.object({ add: z.array(z.string()) }).catch({ add: [] }),
  owners: z.array(z.string()).catch([]),
  asked: z
    .object({
      assign: z.array(z.string()).catch([]),
      mention: z.array(z.string()).catch([]),
      file: z.string().nullable().catch(null),
      because: z.array(z.string()).catch([]),
    })
    .nullish()
    .catch(null),
  hints: z.array(z.object({ source: z.string(), names: z.array(z.string()) })).catch([]),
  duplicates: z
    .array(
      z.object({
        repository: z.string(),
        number: z.number().int(),
        score: z.number(),
        because: z.string().catch(''),
      }),
    )
    .catch([]),
  missing: z.array(z.string()).catch([]),
  mode: z.enum(['act', 'suggest', 'abstain']).catch('abstain'),
  candidates: z.array(z.object({ product: z.string(), score: z.number() })).catch([]),
  reasons: z.array(z.string()).catch([]),
});

export type TriageView = z.infer<typeof Triage>;

/** Null when the stored value is no outcome of triage at all. */
export function parseTriage(outcome: unknown): TriageView | null {
  return Triage.safeParse(outcome).data ?? null;
}
