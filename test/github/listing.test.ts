/** What a list of many pages tells when GitHub is in trouble in the middle of it. */
import { expect, test } from '@jest/globals';
import { createListing } from '../../src/github/listing.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute));

/** Pages of the App's deliveries, the newest first; null is one that cannot be read. */
function listingOf(pages: readonly (readonly number[] | null)[]) {
  const iterator = async function* () {
    for (const minutes of pages) {
      if (minutes === null) throw new Error('Server Error');
      yield {
        data: minutes.map((minute) => ({
          ...{ id: minute, guid: `guid-${minute}`, event: 'issues', delivered_at: at(minute).toISOString() },
        })),
      };
    }
  };
  const app = { paginate: { iterator } };
  return createListing({ app: async () => app, installation: async () => app } as never, () => ({ appId: 1 }));
}

test('deliveries of the pages that could be read are listed, the oldest first, and that older ones may be missing', async () => {
  const listed = await listingOf([[9, 8], [7], null, [5]]).sentDeliveries(at(1));
  expect(listed?.sent.map(({ id }) => id)).toEqual([7, 8, 9]);
  expect(String(listed?.failed)).toBe('Error: Server Error');
});

test('a list ends where it was read to the last time', async () => {
  const listed = await listingOf([[9, 8], [7, 2], null]).sentDeliveries(at(5));
  expect(listed?.sent.map(({ id }) => id)).toEqual([7, 8, 9]);
  expect(listed?.failed).toBeNull();
});

test('a list of which nothing could be read is an error', async () => {
  await expect(listingOf([null]).sentDeliveries(at(1))).rejects.toThrow('Server Error');
});
