/** The section `learning` of `hub.yml`: whether corrections of kinds teach the model. Without it they don't. */
import { z } from 'zod';
import { off } from './schema-parts.js';

export const learningSection = z
  .strictObject({
    retrain: z
      .union([off, z.enum(['suggest', 'act'])])
      .describe(
        'off: never. suggest: weights are learnt by night from what people corrected and judged by corrections that they have not seen, and the hub’s page tells which are better. act: the better ones are used',
      )
      .default('suggest'),
    at: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "02:30", in quotes (UTC)')
      .describe('When the night’s run begins, UTC')
      .default('02:30'),
  })
  .describe('Whether corrections teach the model of kinds; without this section they do not');

export interface Learning {
  readonly retrain: 'off' | 'suggest' | 'act';
  /** `HH:MM`, UTC. */
  readonly at: string;
}

export const NO_LEARNING: Learning = { retrain: 'off', at: '02:30' };

export function learningOf(section: z.infer<typeof learningSection> | undefined): Learning {
  if (section === undefined) return NO_LEARNING;
  const { retrain, at } = section;
  return { retrain: retrain === 'suggest' || retrain === 'act' ? retrain : 'off', at };
}
