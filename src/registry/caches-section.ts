/** Keys of a pool that say where its builds take binaries from, where they put them, and which published constraints they keep to. */
import { z } from 'zod';
import type { HubFile } from './hub-schema.js';
import type { Problem } from './model.js';
import { problemAt } from './problem-at.js';
import type { YamlSource } from './yaml-source.js';

/** An address that begins with one of these, in one line, without anything that a password could stand in. */
function address(beginnings: string, words: string) {
  return z.string().regex(new RegExp(`^(?:${beginnings})[^\\s@?#]+$`), `${words}, without password and question mark`);
}

const fileOrWeb = () => address('file:///|https://', 'must begin with file:/// or https://');

export const mirrorEntry = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'must be lower-case letters, digits and dashes')
      .describe('What checks call it'),
    url: address(
      'file:///|https://|s3://|oci://|oci\\+http://',
      'must begin with file:///, https://, s3:// or oci://',
    ).describe('Where the build cache lies, as Spack takes it'),
    signed: z.boolean().describe('false: binaries are taken although nobody signed them').default(true),
    key: z
      .strictObject({
        fingerprint: z
          .string()
          .regex(/^[0-9A-Fa-f]{40}$/, 'must be the whole fingerprint of a key: 40 hex digits, in quotes')
          .describe('Fingerprint of the key that signs, in quotes'),
        url: fileOrWeb().describe('Where the public key lies'),
      })
      .describe('The only key whose signatures count')
      .optional(),
  })
  .describe('A build cache that is read');

export const cacheKeys = {
  mirrors: z.array(mirrorEntry).describe('Build caches that builds read').default([]),
  publish: z
    .string()
    .describe('Name of the mirror that is filled with the builds of default branches, and with nothing else')
    .optional(),
  pullCache: address('file:///', 'must begin with file:/// (the sandbox holds each build to its own part of it)')
    .describe('Directory below which each pull request keeps its own binaries')
    .optional(),
  environment: z
    .strictObject({
      name: z
        .string()
        .regex(/^[^\n|`<>@]{1,60}$/, 'must be one plain line of at most 60 characters')
        .describe('What checks call it, such as E4S 25.06'),
      url: fileOrWeb().describe('Where its spack.yaml lies'),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the file: 64 hex digits, in quotes')
        .describe('Digest of that file, so that it cannot change unseen'),
    })
    .describe('A published environment within whose constraints everything is built')
    .optional(),
};

/** What a schema cannot see: caches that could not be what their keys say. */
export function checkCaches(name: string, pool: HubFile['pools'][string], source: YamlSource): Problem[] {
  const problems: Problem[] = [];
  const say = (path: readonly PropertyKey[], message: string, suggestion: string | null) =>
    problems.push(problemAt(source, ['pools', name, ...path], message, { suggestion }));
  const names = pool.mirrors.map((mirror) => mirror.name);
  pool.mirrors.forEach((mirror, index) => {
    const oci = mirror.url.startsWith('oci');
    if (names.indexOf(mirror.name) < index)
      say(['mirrors', index, 'name'], `The pool "${name}" has two mirrors "${mirror.name}"`, null);
    if (mirror.signed && oci)
      say(
        ['mirrors', index],
        'Spack signs nothing in an OCI registry',
        'Add signed: false, if its writers are trusted.',
      );
    else if (mirror.signed && mirror.key === undefined)
      say(['mirrors', index], `It is not said who signs "${mirror.name}"`, 'Add key: { fingerprint, url }.');
    if (!mirror.signed && mirror.key !== undefined)
      say(['mirrors', index, 'key'], `"${mirror.name}" has a key, but is not signed`, 'Leave signed out.');
  });
  const { publish } = pool;
  const target = pool.mirrors.find((mirror) => mirror.name === publish);
  if (publish !== undefined && target === undefined)
    say(['publish'], `The pool "${name}" has no mirror "${publish}"`, names[0] ?? 'Add it to mirrors.');
  if (target && !target.signed && !target.url.startsWith('oci'))
    say(['publish'], `"${target.name}" is not signed, so nobody could tell what is in it`, 'Give it a key.');
  if (target?.url.startsWith('https:'))
    say(['publish'], 'Spack cannot write to an https address', 'Name a mirror with file://, s3:// or oci://.');
  for (const key of ['publish', 'pullCache'] as const)
    if (pool[key] !== undefined && pool.sandbox !== 'bubblewrap')
      say([key], 'Without a sandbox every build could write there', 'Give the pool sandbox: bubblewrap.');
  return problems;
}
