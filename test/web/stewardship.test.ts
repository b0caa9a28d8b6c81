import { expect, test } from '@jest/globals';
import { githubLinks } from '../../src/web/links.js';
import type { PageContext } from '../../src/web/pages/parts.js';
import { stewardshipSection } from '../../src/web/pages/stewardship.js';
import { words } from './open-web.js';
import { NOW } from './rows.js';

/** Only the files of these name anybody. */
const WITH_LEADS = ['rapids', 'dav'];

const context: PageContext = {
  now: NOW,
  github: githubLinks('https://github.example'),
  productName: (id) => id,
  spokeName: (id) => id,
  isProduct: () => true,
  namesPeople: (id) => WITH_LEADS.includes(id),
  commands: true,
};

const bare = (spoke: string, people = 0) => ({ spoke, products: 2, people });

test.each([
  [[bare('math')], 'There are no leads either, so nobody is assigned or mentioned.'],
  [[bare('rapids')], 'Its leads asked to be left alone, so nobody is assigned or mentioned.'],
  [[bare('rapids'), bare('dav')], 'Their leads asked to be left alone, so nobody is assigned or mentioned.'],
  [
    [bare('math'), bare('rapids')],
    'Nobody is assigned or mentioned: the leads of rapids asked to be left alone, and there are no others.',
  ],
  [[bare('rapids', 1)], 'Its leads are asked.'],
  [
    [bare('math'), bare('peso'), bare('rapids'), bare('dav', 1)],
    'math , peso have no leads either. The leads of rapids asked to be left alone.',
  ],
  [[bare('rapids'), bare('dav', 1)], 'The leads of rapids asked to be left alone.'],
])('a page says why nobody is asked where products have no owners: %#', (list, why) => {
  const view = { bare: list, orphans: [], single: [], silent: [], dry: [] };
  const text = words(String(stewardshipSection(view, 15, context)));
  expect(text).toMatch(/no product has owners \(\d products\)\. /);
  expect(text.split('products). ')[1]).toBe(
    `${why} Put people under leads in a spoke's file and under owners in a product's.`,
  );
});
