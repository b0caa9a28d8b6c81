import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openStore } from '../../src/sandbox/store.js';

const label = (id: number, name: string) => ({ id, repoId: 1, name, color: 'ededed', description: null });

describe('the store', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'store-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('has what was put, changed and deleted when it is opened again', async () => {
    const store = openStore(directory);
    await store.transact(() => {
      for (const name of ['one', 'two', 'three']) store.labels.put(label(store.nextId(), name));
    });
    await store.transact(() => {
      const [one, two] = store.labels.all();
      store.labels.put(Object.assign(one!, { name: 'uno' }));
      store.labels.delete(two!.id);
    });
    const again = openStore(directory);
    expect(again.labels.all().map(({ name }) => name)).toEqual(['uno', 'three']);
    expect(again.nextId()).toBe(store.nextId());
  });

  it('forgets the whole of a transaction whose line was torn, and goes on', async () => {
    const store = openStore(directory);
    await store.transact(() => store.labels.put(label(1, 'whole')));
    await appendFile(path.join(directory, 'journal.jsonl'), '[["labels",2,{"id":2,"name":"torn');
    const again = openStore(directory);
    await again.transact(() => again.labels.put(label(3, 'after')));
    expect(
      openStore(directory)
        .labels.all()
        .map(({ name }) => name),
    ).toEqual(['whole', 'after']);
  });

  it('runs one change at a time, and keeps what one had put that failed', async () => {
    const store = openStore(directory);
    const order: string[] = [];
    const first = store.transact(async () => {
      order.push('first begins');
      await new Promise(setImmediate);
      store.labels.put(label(1, 'kept'));
      order.push('first ends');
      throw new Error('no');
    });
    const second = store.transact(() => order.push('second'));
    await expect(first).rejects.toThrow('no');
    await second;
    expect(order).toEqual(['first begins', 'first ends', 'second']);
    expect(openStore(directory).labels.all()).toHaveLength(1);
  });

  it('wakes who waits for a change', async () => {
    const store = openStore(directory);
    const before = store.revision();
    const woken = store.changed(before, 60_000);
    await store.transact(() => store.labels.put(label(1, 'new')));
    expect(await woken).toBe(before + 1);
    expect(await store.changed(before, 60_000)).toBe(before + 1);
    expect(await store.changed(before + 1, 1)).toBe(before + 1);
  });
});
