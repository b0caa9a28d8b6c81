/** Items of the communities' policies that a list of files and the recipe answer for certain. Everything else is left to people. */
import type { Recipe } from './spack-recipe.js';

export const POLICIES = ['e4s', 'xsdk'] as const;
export type PolicySet = (typeof POLICIES)[number];

export interface PolicyItem {
  readonly of: readonly PolicySet[];
  readonly met: boolean;
  /** What is asked for, a few words. */
  readonly what: string;
  /** What to do where it is not met. */
  readonly advice: string;
}

interface Question {
  readonly of: readonly PolicySet[];
  readonly what: string;
  readonly advice: string;
  readonly met: (tree: Tree, recipe: Recipe) => boolean;
}

interface Tree {
  /** Paths of the whole repository in lower case. */
  readonly all: readonly string[];
  /** Names at its top. */
  readonly top: readonly string[];
}

const BOTH = ['e4s', 'xsdk'] as const;

const QUESTIONS: readonly Question[] = [
  {
    of: BOTH,
    what: 'a licence at the top of the repository',
    advice: 'Add the text of the licence as LICENSE.',
    met: ({ all, top }) =>
      top.some((name) => /^(?:un)?licen[cs]e|^copying|^copyright/.test(name)) ||
      all.some((path) => /^(?:licen[cs]es?|legal)\//.test(path)),
  },
  {
    of: BOTH,
    what: 'a README at the top',
    advice: 'Add one that says what the product is, how it is installed and where people can ask.',
    met: ({ top }) => top.some((name) => /^readme/.test(name)),
  },
  {
    of: ['xsdk'],
    what: 'a record of changes at the top',
    advice: 'Add a CHANGELOG that says for each release what is new.',
    met: ({ all, top }) =>
      top.some((name) => /^(?:change|news|release|history|whatsnew)/.test(name)) ||
      all.some((path) => /^(?:docs?|src)\/.*(?:change_?-?log|release_?-?notes?|whats_?-?new)/.test(path)),
  },
  {
    of: ['xsdk'],
    what: 'word on where to get help',
    advice: 'Add a SUPPORT file, or a CONTRIBUTING that names the people and the place to write to.',
    met: ({ all }) => all.some((path) => /^(?:\.github\/|docs?\/)?(?:support|contributing|contact)/.test(path)),
  },
  {
    of: BOTH,
    what: 'tests in the tree',
    advice: 'Add tests that people who build it can run.',
    met: ({ all }) =>
      all.some((path) => /(?:^|\/)(?:unit_?|auto)?tests?(?:ing|suite)?(?:\/|[_.-])|[_-]tests?[./]/.test(path)),
  },
  {
    of: ['e4s'],
    what: 'a smoke test of the installed product in the recipe',
    advice:
      'Add a method `test_...` to the recipe that `spack test run` can run: a small example built against the installation will do.',
    met: (_, { smokeTests }) => smokeTests,
  },
  {
    of: ['e4s'],
    what: 'the licence named in the recipe',
    advice: 'Add a line `license("...")` with the SPDX identifier to the recipe.',
    met: (_, { license }) => license,
  },
];

/** `tree` are the paths of the repository at the commit, all of them. */
export function policyItems(asked: readonly PolicySet[], tree: readonly string[], recipe: Recipe): PolicyItem[] {
  const all = tree.map((path) => path.toLowerCase());
  const top = [...new Set(all.map((path) => path.split('/')[0]!))];
  return QUESTIONS.filter(({ of }) => of.some((one) => asked.includes(one))).map(({ of, what, advice, met }) => ({
    of: of.filter((one) => asked.includes(one)),
    what,
    advice,
    met: met({ all, top }, recipe),
  }));
}
