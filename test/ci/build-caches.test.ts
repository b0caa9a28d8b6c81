import { describe, expect, test } from '@jest/globals';
import { cacheKeysOf, pullPrefix, readPullPrefix } from '../../src/ci/build-caches.js';
import { buildKey } from '../../src/ci/key.js';
import { planChecks } from '../../src/ci/plan.js';
import type { Pool } from '../../src/registry/model.js';
import { configOf, factsOf, poolOf, registry } from './builders.js';

const signed = { name: 'trusted', url: 's3://cache/trusted', key: { fingerprint: 'A'.repeat(40), url: 'file:///k' } };
const unsigned = { name: 'site', url: 'file:///srv/cache', key: null };
const POOL = poolOf({
  sandbox: 'bubblewrap',
  trust: 'everyone',
  mirrors: [signed, unsigned],
  publish: 'trusted',
  pullCache: 'file:///srv/pulls',
});

describe('which caches a build may use', () => {
  test('a pool without caches says nothing of them', () => {
    expect(cacheKeysOf(poolOf(), false)).toEqual({});
    expect(cacheKeysOf(poolOf(), true)).toEqual({});
  });

  test('ci R28 a pull request reads, writes below a prefix of its own, and never to the trusted cache', () => {
    expect(cacheKeysOf(POOL, false).caches).toEqual({
      read: [signed, unsigned],
      pulls: 'file:///srv/pulls',
      publish: null,
    });
  });

  test('ci R28 the build of a branch takes no unsigned binary and none of a pull request', () => {
    expect(cacheKeysOf(POOL, true).caches).toEqual({ read: [signed], pulls: null, publish: signed });
  });

  test('whoever plans a pull request gives it a pull request’s caches, whatever its author may do', () => {
    for (const permission of ['read', 'admin'] as const) {
      const { checks } = planChecks(factsOf({ permission, fork: permission === 'read' }), configIn(POOL), registry);
      expect(checks[0]?.build.caches).toMatchObject({ publish: null, pulls: 'file:///srv/pulls' });
    }
  });

  test('another environment makes it another build, another cache does not', () => {
    const keyOf = (change: Partial<Pool>) => {
      const { checks } = planChecks(factsOf(), configIn(poolOf(change)), registry);
      return buildKey(checks[0]!);
    };
    const e4s = (sha256: string) => ({ environment: { name: 'E4S 25.06', url: 'file:///e4s.yaml', sha256 } });
    expect(keyOf({ mirrors: [unsigned] })).toBe(keyOf({}));
    expect(new Set([keyOf({}), keyOf(e4s('a'.repeat(64))), keyOf(e4s('b'.repeat(64)))]).size).toBe(3);
  });
});

function configIn(pool: Pool) {
  return configOf({ pools: new Map([[pool.id, pool]]) });
}

describe('the place of a pull request', () => {
  const NAMES = ['LLNL/zfp', 'llnl/zfp-1', 'a/b', 'a/b.c', 'A/b_c', 'a-b/c', 'hypre-space/hypre'];

  test('ci R2 one function makes the name, and it reads back as the pull request it was made of', () => {
    const seen = new Map<string, string>();
    for (const name of NAMES)
      for (let number = 1; number < 400; number = number * 3 + 1) {
        const prefix = pullPrefix(name, number);
        expect(readPullPrefix(prefix)).toEqual({ fullName: name.toLowerCase(), number });
        const is = `${name.toLowerCase()}#${number}`;
        expect(seen.get(prefix) ?? is).toBe(is);
        seen.set(prefix, is);
      }
    expect(seen.size).toBeGreaterThan(30);
  });

  test('no name leads out of the directory or into the place of another', () => {
    const names = NAMES.map((name) => pullPrefix(name, 12));
    for (const name of names) {
      expect(name).not.toMatch(/[/\\]|^\.+$/);
      expect(names.filter((other) => other.startsWith(`${name}/`))).toEqual([]);
    }
  });

  test.each(['../..', 'a/..', '../b', 'a/b/c', 'a', 'a/b+1', 'a/b c', ''])('%j has none', (name) => {
    expect(() => pullPrefix(name, 1)).toThrow('is no pull request');
  });

  test.each([0, -1, 1.5, Number.NaN])('nor has number %p', (number) => {
    expect(() => pullPrefix('a/b', number)).toThrow('is no pull request');
  });

  test.each(['', 'a+b', 'a+b+0', 'a+b+01', 'lost+found', 'a/b+c+1'])('%j is none', (name) => {
    expect(readPullPrefix(name)).toBeNull();
  });
});
