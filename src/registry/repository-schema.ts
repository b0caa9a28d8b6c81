/** `.github/spokebot.yml` of a member repository: what a product team sets itself. */
import { z } from 'zod';
import { checksSection, labelsSection, logins, triageSection } from './schema-parts.js';

export const repositoryFile = z
  .strictObject({
    owners: logins.describe('People who are assigned and asked').optional(),
    triage: triageSection.optional(),
    labels: labelsSection.optional(),
    checks: checksSection.optional(),
  })
  .meta({ title: 'spokebot repository', description: 'What a product team sets for its own repository' });
export type RepositoryFile = z.infer<typeof repositoryFile>;
