/** The section `budgets` of `hub.yml`: how much of triage's noise a repository, an issue and a person have to bear. */
import { z } from 'zod';

const limit = (most: number) => z.number().int('must be a whole number').min(1).max(most);

export const budgetsSection = z
  .strictObject({
    peoplePerDecision: limit(10)
      .describe('A decision that would mention or assign more people than this calls nobody and asks the hub')
      .default(5),
    writesPerHour: limit(100_000)
      .describe('Writes of triage to one repository in any hour; what is over waits. Checks are never held')
      .default(1000),
    commentsPerWeek: limit(1000).describe('New comments on one issue in any week; edits are free').default(3),
    callsPerDay: limit(1000).describe('Mentions and assignments of one person in any day').default(20),
  })
  .describe('Bounds on what triage writes and whom it calls');
export type Budgets = z.infer<typeof budgetsSection>;

/** What holds where a hub says nothing. */
export const DEFAULT_BUDGETS: Budgets = budgetsSection.parse({});
