/**
 * The file that says how a site's Slurm is to be used: written by those who run the worker, kept beside it. The hub and the repositories
 * have no word in it: none of them can choose a partition, an account or an option of `sbatch`.
 */
import { z } from 'zod';
import type { Problem } from '../registry/model.js';
import { validate } from '../registry/validate.js';
import { parseYaml } from '../registry/yaml-source.js';

/** No space and nothing that `sbatch` would read as another option or a file pattern. */
const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.,:=&|!*()[\]+/-]*$/, {
  error: 'must be one word as sbatch takes it, without spaces',
});

/** Long options that may be passed on. What names, moves, chains or multiplies a job is not among them: the worker needs those. */
const PASSED_ON = [
  'contiguous',
  'core-spec',
  'cores-per-socket',
  'cpu-freq',
  'exclude',
  'exclusive',
  'gpus',
  'gpus-per-node',
  'hint',
  'licenses',
  'mem-per-cpu',
  'mincpus',
  'network',
  'nice',
  'nodelist',
  'oversubscribe',
  'prefer',
  'priority',
  'sockets-per-node',
  'switches',
  'threads-per-core',
  'tmp',
  'use-min-nodes',
  'wckey',
];

const option = z
  .string()
  .regex(/^--[a-z][a-z-]*(?:=\S+)?$/, { error: 'must be a long option of sbatch in one word, e.g. --exclude=node7' })
  .refine((text) => PASSED_ON.includes(nameOf(text)), {
    error: `is not an option that may be passed on; these may: ${PASSED_ON.map((name) => `--${name}`).join(', ')}`,
  });

export const SlurmSettings = z.strictObject({
  partition: word.optional().describe('Partition of the jobs; the default of the site when missing'),
  account: word.optional().describe('Account that the jobs are charged to'),
  qos: word.optional().describe('Quality of service'),
  reservation: word.optional().describe('Reservation to run in'),
  constraint: word.optional().describe('Features that a node must have'),
  cpus: z.number().int().min(1).max(4096).default(1).describe('Processor cores of a job'),
  memory: z
    .string()
    .regex(/^[1-9][0-9]*[KMGT]$/, { error: 'must be a number with its unit, e.g. 16G' })
    .optional()
    .describe('Memory of a job; the default of the partition when missing'),
  most_memory: z
    .string()
    .regex(/^[1-9][0-9]*[KMGT]$/, { error: 'must be a number with its unit, e.g. 64G' })
    .optional()
    .describe(
      'The most memory that a job may ask for; one that ran out of it is tried once more with twice as much, up to this',
    ),
  gres: word.optional().describe('Generic resources, e.g. gpu:1'),
  most_minutes: z
    .number()
    .int()
    .min(5)
    .max(60 * 24 * 30)
    .optional()
    .describe('The longest time limit that the partition takes; the time limit of a build is cut to it'),
  options: z.array(option).default([]).describe('More long options of sbatch, each in one word'),
});
export type SlurmSettings = z.infer<typeof SlurmSettings>;

/** Reads the file's text; never throws. An empty file asks for a core on the default partition. */
export function readSettings(
  path: string,
  text: string,
): { value: SlurmSettings | null; problems: readonly Problem[] } {
  return validate(parseYaml({ path, text }), SlurmSettings);
}

function nameOf(text: string): string {
  return text.slice(2).split('=')[0] ?? '';
}
