/** The section `retention` of `hub.yml`: for how many days what is over is kept. What is open is kept whatever it says. */
import { z } from 'zod';

const days = (least: number) => z.number().int('must be a whole number').min(least).max(36_500);

export const retentionSection = z
  .strictObject({
    // GitHub can send a delivery again for three days, and asks of the list of failed ones go back as far.
    deliveries: days(4).describe('Deliveries that were worked off, and writes that were sent, in days').default(30),
    setAside: days(4).describe('Deliveries and writes that were set aside, in days').default(180),
    decisions: days(7).describe('Decisions that a newer one has replaced, about what is closed, in days').default(365),
    logs: days(1).describe('Logs of builds that have ended, in days').default(90),
    builds: days(7)
      .describe('Builds that have ended and checks without a build, of what is closed, in days')
      .default(365),
    proofs: days(1).describe('What passed builds proved, for sparing others, in days').default(180),
  })
  .describe('For how long what is over is kept');
export type Retention = z.infer<typeof retentionSection>;

/** What holds where a hub says nothing. */
export const DEFAULT_RETENTION: Retention = retentionSection.parse({});
