import { describe, expect, test } from '@jest/globals';
import { missingFrom } from '../../src/triage/missing.js';
import type { Kind } from '../../src/triage/outcome.js';
import { readIssue } from '../../src/triage/reading.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();
const missing = (kind: Kind | null, body: string, repository = 'hypre-space/hypre', title = 'It fails') =>
  missingFrom(readIssue({ repository, title, body }, catalogue), title, kind);

describe('what is missing', () => {
  test.each<Kind | null>(['feature', 'question', 'docs', 'performance', 'other', null])(
    'is not asked of %s',
    (kind) => {
      expect(missing(kind, 'Please look.')).toEqual([]);
      expect(missing(kind, 'Please look.', 'spack/spack')).toEqual([]);
    },
  );

  test('of a build in one of Spack’s repositories is the spec, the versions, the machine and the log, each only when it is not there', () => {
    const parts: [string, string][] = [
      ['spec', 'spack install hypre@2.31 +mpi'],
      ['spack-version', 'Spack: 0.23.0, so spack version 0.23.0'],
      ['compiler', 'gcc 13.2'],
      ['platform', 'Ubuntu'],
      ['build-log', 'fatal: it stopped'],
    ];
    expect(missing('build', 'Please look.', 'spack/spack')).toEqual(parts.map(([id]) => id));
    for (const [id, text] of parts)
      expect(missing('build', text, 'spack/spack')).toEqual(parts.map(([each]) => each).filter((each) => each !== id));
    expect(missing('build', parts.map(([, text]) => text).join('\n'), 'spack/spack')).toEqual([]);
  });

  test('of a bug is the version and the steps', () => {
    expect(missing('bug', 'Please look.')).toEqual(['version', 'reproducer']);
    expect(missing('bug', 'Version 2.31.0.')).toEqual(['reproducer']);
    expect(missing('bug', 'Run ex5.')).toEqual(['version']);
  });
});

describe('what the author says that there is none of is not asked for', () => {
  test.each([
    "It happens now and then; I don't have a minimal reproducer.",
    'I cannot share a reproducer, since the input is confidential.',
    'Sorry, there is no small test case.',
    'The steps are unknown.',
    '### Steps to reproduce\n\nN/A',
    '### Steps to reproduce\n\nI do not know',
  ])('%s', (text) => {
    expect(missing('bug', text)).toEqual(['version']);
  });

  test.each([
    ['build', 'I do not have the build log any more.', 'build-log'],
    ['build', '### Compiler\n\nunknown', 'compiler'],
    ['build', 'My operating system is confidential.', 'platform'],
  ] as const)('%s: %s', (kind, text, id) => {
    expect(missing(kind, text, 'spack/spack')).not.toContain(id);
    expect(missing(kind, text, 'spack/spack').length).toBe(4);
  });

  test.each(['### Version\n\n_No response_', 'There is no crash in the old one.', 'I cannot see why.'])(
    'but an answer that says nothing of it, as in %j, does not count',
    (text) => {
      expect(missing('bug', text)).toContain('version');
    },
  );

  test('and no text makes it slow', () => {
    for (const piece of ['I do not have a ', 'version ', 'cannot share the small full ', '### Version\n\n']) {
      const body = piece.repeat(70_000 / piece.length);
      expect(missing('bug', body)).toBeDefined();
    }
  });
});
