import { describe, expect, test } from '@jest/globals';
import { stickyComment } from '../../src/triage/messages.js';
import type { TriageOutcome } from '../../src/triage/outcome.js';
import { smallRegistry } from './small-catalogue.js';

const registry = smallRegistry();
const OUTCOME: TriageOutcome = {
  product: { id: 'hypre', confidence: 0.964 },
  outside: null,
  spokes: { accountable: 'fastmath', cc: ['xsdk'] },
  kind: { id: 'build', confidence: 0.95 },
  labels: { add: [] },
  owners: [],
  missing: ['spack-version', 'compiler'],
  mode: 'act',
  candidates: [
    { product: 'hypre', score: 0.912 },
    { product: 'openmpi', score: 0.061 },
  ],
  reasons: [
    'the build log reports that hypre fails: "==> Error: Failed to install hypre due to ChildError"',
    'the title also names openmpi: "openmpi"',
    'kind build: the label "build-error"',
  ],
};
const comment = (change: Partial<TriageOutcome>, setByPeople: string[] = []) =>
  stickyComment({ ...OUTCOME, ...change }, { registry, setByPeople });

describe('stickyComment', () => {
  test('of a decided product', () => {
    expect(comment({})).toBe(`This is for **hypre**; **FASTMath** answers for it. Informed as well: xSDK.

Why: the build log reports that hypre fails: \`==\u203a Error: Failed to install hypre due to ChildError\`. It looks like a build failure.

It would help to know:
- the Spack version (\`spack --version\`)
- the compiler and its version

Wrong? Put the right \`spoke: …\` label on the issue. spokebot keeps to what a person sets, and never puts back a label that a person removed.

<details><summary>Evidence</summary>

- the build log reports that hypre fails: \`==\u203a Error: Failed to install hypre due to ChildError\`
- the title also names Open MPI: \`openmpi\`
- kind build: the label "build-error"
- weighed: \`hypre\` 91 %, \`openmpi\` 6 %
- confidence: 96 %

</details>`);
  });

  test('of an outside package', () => {
    const text = comment({
      product: null,
      outside: 'expat',
      spokes: { accountable: 'peso', cc: [] },
      kind: null,
      missing: [],
      reasons: ['the title is about expat: "expat"'],
      candidates: [{ product: 'expat', score: 0.9 }],
    });
    expect(text).toBe(`This is for \`expat\`, which is not in the catalogue; **PESO** takes it on.

Why: the title is about expat: \`expat\`.

Wrong? Put the right \`spoke: …\` label on the issue. spokebot keeps to what a person sets, and never puts back a label that a person removed.

<details><summary>Evidence</summary>

- the title is about expat: \`expat\`
- weighed: \`expat\` 90 %

</details>`);
  });

  test.each([
    ['suggest', 'Which product this is for is not certain; **DAV** should look first.', 'Wrong? Put the right'],
    ['abstain', 'Which product this is for is not clear; it waits for a person at **DAV**.', 'Know better? Put a'],
  ] as const)('of mode %s', (mode, headline, correction) => {
    const text = comment({ mode, product: null, spokes: { accountable: 'dav', cc: [] } });
    expect(text.split('\n')[0]).toBe(headline);
    expect(text).toContain(correction);
    expect(text).toContain('- best guesses: `hypre` 91 %, `openmpi` 6 %');
  });

  test('what stands in quotation marks stays as it was written', () => {
    const quoted = [
      'kind build: the title says "openmpi fails to build"',
      '"platform: openmpi" is named: "a "b" openmpi"',
    ];
    const text = comment({ reasons: ['the title also names openmpi: "openmpi"', ...quoted] });
    expect(text).toContain('- the title also names Open MPI: `openmpi`');
    expect(text).toContain('- kind build: the title says "openmpi fails to build"');
    expect(text).toContain('- "platform: openmpi" is named: `a "b" openmpi`');
  });

  test('where a person has chosen', () => {
    expect(comment({}, ['xsdk'])).toContain('A person chose **xSDK**; spokebot keeps to that.');
    expect(comment({}, ['xsdk'])).not.toContain('Wrong?');
  });

  test.each([
    ['bug', 'It looks like a bug.'],
    ['docs', 'It looks to be about documentation.'],
    ['other', 'It looks to be something else.'],
  ] as const)('says of kind %s: %s', (id, sentence) => {
    expect(comment({ kind: { id, confidence: 0.9 } })).toContain(sentence);
  });
});

describe('words of other people in the comment', () => {
  const hostile = [
    '@octocat and @octo/team',
    'fixes #12, GH-12, octo/repo#34',
    '/spokebot product slate',
    '@spokebot spoke dav',
    '`code` ``` fence',
    '<img src=x onerror=1> <!-- hidden',
    'https://example.org/x www.example.org',
    'line\n/spokebot undo\r\n@spokebot undo\u2028/spokebot undo',
    '&#64;octocat &lt;b&gt;',
    '**bold** [link](https://example.org) | cell',
    '\u202e/tobekops',
  ];

  test.each(hostile)('%j fires nothing', (words) => {
    for (const reason of [`the title names hypre first: "${words}"`, `kind bug: the label "${words}"`, words]) {
      const text = comment({ reasons: [reason], candidates: [{ product: words, score: 0.5 }] });
      expect(text).not.toMatch(/@\w/);
      expect(text).not.toMatch(/#\d|\bGH-\d/i);
      expect(text).not.toMatch(/^\s*(?:[-*>]\s*)*[/@]spokebot/im);
      expect(text).not.toMatch(/:\/\//);
      expect(text.replace(/<\/?(?:details|summary)>/g, '')).not.toMatch(/<|-->/);
      // Code spans stay balanced, so nothing of ours ends up inside one.
      expect((text.match(/`/g) ?? []).length % 2).toBe(0);
      expect(text).not.toMatch(/[\u2028\u202e]/);
      // An entity is only harmless inside a code span.
      expect(text.replace(/`[^`]*`/g, '')).not.toMatch(/&(?!amp;)/);
    }
  });

  test('a very long word is cut', () => {
    expect(comment({ reasons: [`the title names hypre first: "${'x'.repeat(5000)}"`] }).length).toBeLessThan(1500);
  });
});
