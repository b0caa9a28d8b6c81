import { describe, expect, test } from '@jest/globals';
import { recipeMaintainers } from '../../../src/triage/owners/recipe-maintainers.js';

const recipe = (body: string) => `# Copyright, see COPYRIGHT: maintainers("not-me")
from spack_repo.builtin.build_systems.cmake import CMakePackage
from spack.package import *


class Wibble(CMakePackage):
    """Solves nothing. In prose:
    maintainers("prose-only")
    """

${body}

    version("1.0", sha256="0123")
`;

describe('recipeMaintainers', () => {
  test.each<[string, string, string[]]>([
    ['one call', '    maintainers("octocat", "hubot")', ['octocat', 'hubot']],
    ['single quotes', "    maintainers('octocat')", ['octocat']],
    [
      'a call over several lines with comments',
      '    maintainers(\n        "octocat",  # "ghost" left\n        "hubot",\n    )',
      ['octocat', 'hubot'],
    ],
    ['two calls', '    maintainers("octocat")\n    maintainers("hubot", "OctoCat")', ['octocat', 'hubot']],
    ['the older list', '    maintainers = ["octocat", "hubot"]', ['octocat', 'hubot']],
    ['the older list, added to', '    maintainers += [\n        "octocat"\n    ]', ['octocat']],
    ['strings side by side', '    maintainers("octo" "cat", "hubot")', ['octocat', 'hubot']],
    ['a call within a block', '    with default_args(x="y"):\n        maintainers("octocat")', ['octocat']],
    ['none', '    homepage = "https://example.org"', []],
    ['a comment', '    # maintainers("octocat")', []],
    ['a text in a string', '    x = \'maintainers("octocat")\'', []],
    ['a method of something else', '    print(self.maintainers("octocat"))', []],
    ['a text that is no login', '    maintainers("octocat", "a b", "<img>", "@hubot", "-x", "")', ['octocat']],
    ['a formatted string', '    maintainers(f"{who}", "octocat")', ['octocat']],
    ['a call that is never closed', '    maintainers("octocat",\n', []],
    ['a call with nothing in it', '    maintainers()', []],
    ['a word that only begins so', '    maintainers_of("octocat")', []],
  ])('%s', (_, body, expected) => {
    expect(recipeMaintainers(recipe(body))).toEqual(expected);
  });

  test.each(['', '"', "'''", '\\', 'maintainers(', 'maintainers("', 'maintainers("a\\', '\u0000maintainers'])(
    'survives %j',
    (text) => {
      expect(recipeMaintainers(text)).toEqual([]);
    },
  );
});
