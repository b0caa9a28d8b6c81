/** What GitHub does to a hub in bad weather. */
import type { StormInput } from '../../src/sandbox/storm.js';

/** A fifth of the deliveries is lost, others come up to ten times or late; of requests a share goes wrong in every way there is. */
export const ROUGH: Omit<StormInput, 'seed'> = {
  deliveries: { dropped: 0.2, repeated: 0.3, late: 0.4, lateMs: 3000 },
  requests: {
    failed: 0.06,
    effects: [
      { kind: 'status', status: 502, message: 'Server Error' },
      { kind: 'status', status: 403, message: 'You have exceeded a secondary rate limit.', retryAfter: 2 },
      { kind: 'status', status: 403, message: 'You have exceeded a secondary rate limit.' },
      { kind: 'status', status: 429, message: 'Too many requests', retryAfter: 1 },
      { kind: 'lose-answer' },
      { kind: 'lose-answer' },
      { kind: 'lose-request' },
      // Longer than anybody waits for an answer.
      { kind: 'delay', ms: 20_000 },
    ],
  },
};
