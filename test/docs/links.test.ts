/** Every relative link of every page of ours leads somewhere, to the heading as well. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What git knows or would take; the same without git, for an unpacked archive. */
function pages(): string[] {
  try {
    const known = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z', '--', '*.md'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return known.split('\0').filter((file) => file !== '' && existsSync(path.join(root, file)));
  } catch {
    return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.md') && !/(^|[\\/])(node_modules|dist|\.cache)[\\/]/.test(file),
    );
  }
}

/** A page without its code, in which brackets mean other things. */
function prose(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
    .replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, (code) => '`'.repeat(code.length));
}

/** The names that GitHub gives to a page's headings. */
function anchors(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8').replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gm, '');
  return [...text.matchAll(/^#+ +(.+)$/gm)].map((heading) =>
    heading[1]!
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const links = pages().flatMap((file) =>
  [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({ file, to: decodeURI(match[1]!) })),
);
const relative = links.filter(({ to }) => !/^[a-z]+:/i.test(to));

describe('links of the pages', () => {
  test('there are pages and links, or this would hold nothing', () => {
    expect(pages()).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md']));
    expect(relative.length).toBeGreaterThan(15);
  });

  test('every relative link leads to a file, and to a heading where it names one', () => {
    const broken = relative.filter(({ file, to }) => {
      const [target = '', anchor] = to.split('#');
      const place = target === '' ? file : path.join(path.dirname(file), target);
      if (path.isAbsolute(target) || place.startsWith('..') || !existsSync(path.join(root, place))) return true;
      return anchor !== undefined && place.endsWith('.md') && !anchors(place).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
