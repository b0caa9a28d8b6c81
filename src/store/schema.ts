/** All tables. PostgreSQL is the truth of everything spokebot knows; the queue only carries what these tables can tell again. */
export { spokebot } from './schema/base.js';
export { approvals, attempts, builds, logChunks, proofs, shownChecks, wishes, workers } from './schema/builds.js';
export { apiRates, deliveries, installations, repositories } from './schema/github.js';
export { kindModels } from './schema/learning.js';
export { mentions, muted, notices, pauses, spending } from './schema/manners.js';
export { nightlyIssues } from './schema/nightly.js';
export { intents } from './schema/outbox.js';
export { settings } from './schema/settings.js';
export { comments, conversations, corrections, decisions, fingerprints, subjects } from './schema/subjects.js';
