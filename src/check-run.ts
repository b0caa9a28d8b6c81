/** A check run as spokebot writes it: the words of GitHub's API, as a value that can be compared and stored. */
import { z } from 'zod';

const Annotation = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  start_column: z.number().optional(),
  end_column: z.number().optional(),
  annotation_level: z.enum(['failure', 'warning', 'notice']),
  message: z.string(),
});

/** The fields of a check run that spokebot writes, spelled as GitHub's API does. */
export const CheckRunContent = z.object({
  name: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed']),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'timed_out', 'action_required', 'skipped'])
    .optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  details_url: z.string().optional(),
  output: z.object({
    title: z.string(),
    summary: z.string(),
    text: z.string().optional(),
    annotations: z.array(Annotation),
  }),
  actions: z.array(z.object({ label: z.string(), description: z.string(), identifier: z.string() })),
});
export type CheckRunContent = z.infer<typeof CheckRunContent>;
