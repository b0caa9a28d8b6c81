import { describe, expect, test } from '@jest/globals';
import { plainText, readBlocks, TEXT_LIMIT } from '../../src/triage/markdown.js';

const read = (body: string) =>
  readBlocks(body).map(({ kind, level, text, quoted }) => `${kind}${level || ''}${quoted ? ' quoted' : ''}: ${text}`);

describe('readBlocks', () => {
  test('tells headings, prose, code and quotations apart', () => {
    const body = '### Title\n\nSome *words*\nhere\n\n```sh\n# no heading\n```\n\n    indented\n\n> theirs\n\n- item\n';
    expect(read(body)).toEqual([
      'heading3: Title',
      'prose: Some *words*\nhere',
      'code: # no heading\n',
      'code: indented\n',
      'prose quoted: theirs',
      'prose: item',
    ]);
  });

  test('keeps what a folded log holds, as code', () => {
    expect(read('<details><summary>Log</summary><pre>a &lt; b</pre></details>')).toEqual(['code: Log  a < b']);
  });

  test('an unclosed fence is code to the end', () => {
    expect(read('```\nhypre\n\nslate')).toEqual(['code: hypre\n\nslate']);
  });
});

describe('plainText', () => {
  test.each([
    ['a<!-- b -->c<!-- d -->e', 'ace'],
    ['a<!-- b', 'a<!-- b'],
    ['a\r\nb', 'a\nb'],
  ])('%j becomes %j', (body, expected) => {
    expect(plainText(body)).toBe(expected);
  });

  test('stops at the limit', () => {
    expect(plainText('x'.repeat(TEXT_LIMIT + 10)).length).toBe(TEXT_LIMIT);
  });
});
