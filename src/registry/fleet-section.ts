/** What a pool's machines have and how they are shared out: `capabilities` and `share` of a pool, `needs` of a check. */
import { z } from 'zod';
import { GPUS } from '../ci/capabilities.js';

const targetName = z.string().regex(/^[a-z0-9_.]+$/, 'must be a target of Spack such as x86_64_v3');
const compilerName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]*(?:@=?[A-Za-z0-9_.-]+)?$/, 'must be a compiler such as gcc or gcc@13.2');

const capabilities = z
  .strictObject({
    targets: z
      .array(targetName)
      .describe('Processors, by Spack names of targets; those more general go too')
      .default([]),
    compilers: z.array(compilerName).describe('Compilers that every worker has, such as gcc@13.2').default([]),
    gpus: z.array(z.enum(GPUS)).describe('GPUs that every worker has, by the software that runs on them').default([]),
    memoryGigabytes: z.number().positive().describe('Memory that every worker has, in gigabytes').optional(),
  })
  .describe('What every worker of the pool has; a check that asks for anything else is not run there');

const share = z
  .strictObject({
    most: z.number().int().positive().describe('Builds at once in the whole pool').optional(),
    mostPerSpoke: z.number().int().positive().describe('Builds at once of one spoke').optional(),
    weights: z
      .record(z.string(), z.number().positive().max(100))
      .describe('Spokes that get more or less than an equal share; 2 gets twice as much')
      .default({}),
  })
  .describe('How the pool is shared out between the spokes; without it, equally');

export const fleetKeys = { capabilities: capabilities.optional(), share: share.optional() };

export const needsSection = z
  .strictObject({
    gpu: z.enum(GPUS).describe('A machine with such a GPU').optional(),
    memoryGigabytes: z.number().positive().describe('Memory of the machine, in gigabytes').optional(),
  })
  .describe('What the check needs of the machine');
