import { describe, expect, test } from '@jest/globals';
import { hashText } from '../../../src/triage/model/hash.js';
import { eachPhrase } from '../../../src/triage/model/lexicon.js';
import { readText } from '../../../src/triage/model/read-text.js';
import { eachShape, eachTime, eachTimeHere } from '../../../src/triage/model/structure.js';
import { findTemplates } from '../../../src/triage/model/templates.js';
import { eachCharacterRun, eachRun, wordsOf } from '../../../src/triage/model/tokens.js';
import { smallIssues } from './small-issues.js';

const FORM = { repo: 'octocat/beta', title: 'Build', body: '### Version\n\n4.2 or so\n\n### Notes\n\n' };

function shapes(body: string, title = 'Title'): string[] {
  const issue = { repo: 'octocat/alpha', title, body };
  const found: string[] = [];
  eachShape(issue, readText(issue, new Set()), (name) => found.push(name));
  return found;
}

describe('words', () => {
  test('are runs of letters, digits and underscores, and some signs', () => {
    const { hashes, ends } = wordsOf('a b_2, why? [x]');
    expect(hashes).toHaveLength(7);
    expect([...ends]).toEqual([1, 5, 10, 11, 13, 14, 15]);
    expect(wordsOf('x').hashes[0]).toBe(wordsOf('  x! ').hashes[0]);
  });

  test.each([
    ['fails', 'failing'],
    ['fails', 'failed'],
    ['crashes', 'crash'],
    ['uses', 'using'],
  ])('%s and %s have one stem', (left, right) => {
    expect(wordsOf(left).stems[0]).toBe(wordsOf(right).stems[0]);
    expect(wordsOf(left).hashes[0]).not.toBe(wordsOf(right).hashes[0]);
  });

  test('runs of words and characters are counted out, each with a hash of its own', () => {
    const runs: number[] = [];
    const words = wordsOf('one two three');
    eachRun(words.hashes, 0, words.count, 2, 1, (hash) => runs.push(hash));
    expect(new Set(runs).size).toBe(5);
    const last: number[] = [];
    eachRun(words.hashes, 1, words.count, 2, 1, (hash) => last.push(hash));
    expect(last).toEqual(runs.slice(2));
    const other: number[] = [];
    eachRun(words.hashes, 0, words.count, 2, 2, (hash) => other.push(hash));
    expect(runs.filter((hash) => other.includes(hash))).toEqual([]);
    const characters: number[] = [];
    eachCharacterRun('abcd', 2, 3, 1, (hash) => characters.push(hash));
    expect(new Set(characters).size).toBe(5);
  });

  test('phrases of the lexicon are found by stem, with the place where they begin', () => {
    const places = (text: string) => {
      const words = wordsOf(text);
      const found: [number, number][] = [];
      eachPhrase(words, words.count, (group, at) => found.push([group, at]));
      return found;
    };
    const [how] = places('how to');
    expect(places('tell me how to')).toContainEqual([how![0], 2]);
    expect(places('zzz yyy xxx')).toEqual([]);
    expect(places('it crashed')).toEqual(expect.arrayContaining(places('it crashes')));
  });
});

describe('templates', () => {
  test('are the lines that stand in three issues of a repository, whatever their case, digits and spacing', () => {
    const bodies = ['### Version 1\nmine', '### version 2\nyours', '###  Version 33\ntheirs'];
    const templates = findTemplates(bodies.map((body) => ({ repo: 'octocat/beta', body })));
    expect(templates.size).toBe(1);
    const read = (repo: string) => readText({ repo, title: '', body: '### Version 9\nown words' }, templates);
    expect(read('octocat/beta')).toMatchObject({
      template: ['### version 0'],
      prose: 'own words',
      answers: ['### version 0 => own words'],
    });
    expect(read('octocat/alpha').template).toEqual([]);
  });

  test('a line repeated within one issue is no template', () => {
    expect(findTemplates([{ repo: 'octocat/beta', body: 'same\nsame\nsame' }]).size).toBe(0);
  });
});

describe('an issue taken apart', () => {
  test('answers are told with their question, also where the template is unknown', () => {
    expect(readText(FORM, new Set()).answers).toEqual(['### version => 0.0 or so']);
  });

  test('prose has no code, no comments and no addresses, and half-open ones end with the text', () => {
    const body = 'Before\n```\ncode\n```\nafter <!-- hidden --> see https://example.org/x\n<!-- never closed';
    const { prose } = readText({ repo: 'octocat/alpha', title: '', body }, new Set());
    expect(prose).toBe('before codeblock after see urlx');
  });

  test('its shape is named in steps', () => {
    expect(shapes('', 'Title')).toEqual([]);
    expect(shapes('# a\r\n- [x] done\r\n_No response_')).toEqual(
      expect.arrayContaining(['headings 1', 'ticked 1', 'unanswered 1', 'bullets 1', 'body crlf']),
    );
    expect(shapes('', 'How do I?')).toEqual(
      expect.arrayContaining(['titleWords 3', 'title asks', 'title beginsWithHow']),
    );
  });

  test('when it was written shows in references and versions', () => {
    const found: string[] = [];
    eachTime({ repo: 'octocat/alpha', title: '', body: 'since 4.2.1, see #4100 and #12' }, (name) => found.push(name));
    expect(found).toEqual(['reference 2', 'version 4.2']);
  });

  test('within a repository it is told by the year, and by stretches that overlap', () => {
    const timeOf = (body: string) => {
      const found: string[] = [];
      eachTimeHere({ repo: 'octocat/alpha', title: '', body }, (name) => found.push(name));
      return found;
    };
    expect(timeOf('on 2023-02-01, and in 2024')).toEqual(['year 2023', 'month 2023 02', 'year 2024']);
    expect(timeOf('in the 2230s')).toEqual([]);
    const shared = (left: string, right: string) => timeOf(left).filter((name) => timeOf(right).includes(name));
    // Neighbours on either side of a round number have more in common than those far apart.
    expect(shared('#3999', '#4001').length).toBeGreaterThan(shared('#3999', '#6200').length);
    expect(shared('#3999', '#4001')).toContain('500 1 8');
    expect(shared('#3999', '#90210')).toEqual([]);
  });

  test('text made to be slow is read in proportion to its length', () => {
    const nasty = [
      '['.repeat(200_000),
      ' \t'.repeat(100_000),
      '<!--'.repeat(50_000),
      '```'.repeat(60_000),
      'at '.repeat(60_000),
    ];
    for (const body of nasty) {
      const issue = { repo: 'octocat/alpha', title: body, body };
      const parts = readText(issue, new Set());
      expect(parts.body.length).toBeLessThanOrEqual(12_000);
      eachShape(issue, parts, () => {});
    }
  });
});

test('a hash depends on text and seed only', () => {
  expect(hashText('spec')).toBe(hashText('spec'));
  expect(hashText('spec', 1)).not.toBe(hashText('spec', 2));
  const words = new Set(smallIssues(30, 1).map(({ body }) => body));
  expect(new Set([...words].map((word) => hashText(word))).size).toBe(words.size);
});
