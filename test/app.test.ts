/** Which deliveries have a handler. */
import { expect, test } from '@jest/globals';
import { route } from '../src/app.js';

const identity = { id: 1, slug: 'spokebot' } as never;

test.each(['__proto__', 'constructor', 'toString', 'star'])(
  'a delivery of "%s" has none, and that is no failure',
  async (name) => {
    const payload = { installation: { id: 1 } };
    await expect(route({ id: 'x', name, payload }, {} as never, identity)).resolves.toBeUndefined();
    await expect(
      route({ id: 'x', name: 'issues', payload: { ...payload, action: name } }, {} as never, identity),
    ).resolves.toBeUndefined();
  },
);
