import { describe, expect, test } from '@jest/globals';
import { namedProducts, parseIssueForm } from '../../src/triage/issue-form.js';
import { readBlocks } from '../../src/triage/markdown.js';

const fields = (body: string) => parseIssueForm(readBlocks(body));

describe('parseIssueForm', () => {
  test('reads headings and answers, and an empty answer as none', () => {
    const body = `### Product

hypre

### Version

_No response_

### What happened?

It stops:

\`\`\`
### not a heading
\`\`\`
`;
    expect(fields(body)).toEqual([
      { label: 'product', value: 'hypre' },
      { label: 'version', value: null },
      { label: 'what happened', value: 'It stops:\n### not a heading' },
    ]);
  });

  test("leaves out the template's comments", () => {
    expect(fields('### Product\n\n<!-- e.g. hypre -->\nslate\n')).toEqual([{ label: 'product', value: 'slate' }]);
  });

  test('takes no field from a quotation or from another level of heading', () => {
    expect(fields('> ### Product\n>\n> hypre\n\n## Product\n\nslate')).toEqual([]);
  });
});

describe('namedProducts', () => {
  test.each([
    ['### Which product is affected?\n\nhypre', false, ['hypre']],
    ['### Product\n\n- [X] hypre\n- [ ] slate', false, ['hypre']],
    ['### Software product\n\nhypre, slate', false, ['hypre', 'slate']],
    ['### Product\n\nNot sure', false, []],
    ['### Product\n\nOther', false, []],
    ['### Package\n\npy-torch', true, ['py-torch']],
    ['### Package\n\npy-torch', false, []],
    ['### Description\n\nhypre', true, []],
  ])('%j (packages asked: %j) names %j', (body, packages, expected) => {
    expect(namedProducts(fields(body), packages)).toEqual(expected);
  });
});
