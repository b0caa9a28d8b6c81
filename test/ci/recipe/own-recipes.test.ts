/** Recipes in the product's own repository: which build looks at them, and what the check makes of what Spack's tools print. */
import { describe, expect, test } from '@jest/globals';
import {
  findingsOf,
  type OwnRecipes,
  ownRecipePaths,
  type RecipeRun,
  withOwnRecipes,
} from '../../../src/ci/recipe/own-recipes.js';
import { reportRecipe, withOwn } from '../../../src/ci/recipe/report.js';
import { configOf, factsOf, plannedOf } from '../builders.js';

const PATH = 'scripts/spack/packages/zfp/package.py';
const CLEAN: RecipeRun = {
  path: PATH,
  audit: { exitCode: 0, output: 'PKG-DIRECTIVES: passed\nPKG-PROPERTIES: passed\n' },
  style: { exitCode: 0, output: '==> Running import checks\n  import checks were clean\n' },
  ran: ['import', 'isort', 'black', 'flake8'],
  lacking: [],
  trouble: null,
};
const AUDIT = `PKG-DIRECTIVES: 2 issues found
1. zfp: unknown package 'nosuchpkg' in 'depends_on' directive
     in ${PATH}
2. zfp: dependency on nosuchpkg@1: cannot be satisfied by known versions of nosuchpkg
    happening in ${PATH}
`;
const STYLE = `==> Running import checks
  import checks were clean
==> Running isort checks
--- /s/${PATH}:before	2026-11-22
+++ /s/${PATH}:after	2026-11-22
@@ -71,7 +71,7 @@
     depends_on("nosuchpkg@1:")
     depends_on("cmake@999.9:", type="build")
     def fooimport(self):
-        import    os
+        import os
         x = 1;y=2
 
ERROR: ${PATH} Imports are incorrectly sorted and/or formatted.
  isort found errors
==> Running black checks
@@ -68,6 +68,7 @@
     # Execution policies
     variant("openmp", default=False)
+
     def fooimport(self):
-        import    os
+        import os
==> Running flake8 checks
${PATH}:25: [F405] 'maintainers' may be undefined, or defined from star imports: spack.package
${PATH}:75: [E702] multiple statements on one line (semicolon)
  flake8 found errors
`;

describe('a pull request that changes a recipe', () => {
  test('is known by its place below "packages", and by nothing that leads elsewhere', () => {
    const files = [PATH, 'packages/hypre/package.py', 'a/../packages/x/package.py', 'package.py', 'packages/x/test.py'];
    expect(ownRecipePaths(factsOf({ files }))).toEqual([PATH, 'packages/hypre/package.py']);
    expect(ownRecipePaths(factsOf({ files: null }))).toEqual([]);
  });

  test('gives it to one build in a sandbox, and to none without', () => {
    const facts = factsOf({ files: [PATH] });
    const open = plannedOf();
    const apart = (needsApproval: string | null) =>
      plannedOf({ needsApproval, build: { ...open.build, sandbox: 'bubblewrap' } });
    const given = (checks: ReturnType<typeof plannedOf>[]) =>
      withOwnRecipes(checks, facts, configOf({ recipe: { check: true, policies: [] } })).map(
        ({ build }) => build.recipes,
      );
    expect(given([open])).toEqual([undefined]);
    expect(given([open, apart('somebody has to'), apart(null)])).toEqual([undefined, undefined, [PATH]]);
    expect(given([apart('somebody has to')])).toEqual([[PATH]]);
    const off = configOf({ recipe: { check: false, policies: [] } });
    expect(withOwnRecipes([apart(null)], facts, off)[0]!.build.recipes).toBeUndefined();
  });
});

test('what the tools print becomes lines; names of the star import are no finding', () => {
  const found = findingsOf({
    ...CLEAN,
    audit: { exitCode: 1, output: AUDIT },
    style: { exitCode: 1, output: STYLE },
  });
  expect(found.map(({ line, what }) => `${line} ${what}`)).toEqual([
    "1 spack audit: zfp: unknown package 'nosuchpkg' in 'depends_on' directive",
    '1 spack audit: zfp: dependency on nosuchpkg@1: cannot be satisfied by known versions of nosuchpkg',
    '74 spack style: isort would write this line, and maybe others, otherwise',
    '70 spack style: black would add a line here, and maybe others',
    '75 spack style: multiple statements on one line (semicolon) (E702)',
  ]);
  const broken =
    "==> Error: cannot load package 'zfp' from the 'x' repository: '(' was never closed (package.py, line 211)";
  expect(findingsOf({ ...CLEAN, audit: { exitCode: 1, output: broken } })).toMatchObject([{ line: 211 }]);
});

describe('its check', () => {
  const about = (state: OwnRecipes['state']) => reportRecipe(withOwn(null, { paths: [PATH], state })!);

  test.each([
    ['all run, nothing found', { kind: 'run', runs: [CLEAN] }, 'success', 'spack audit and style find nothing'],
    [
      'a tool is not there',
      { kind: 'run', runs: [{ ...CLEAN, ran: ['import'], lacking: ['black', 'flake8'] }] },
      'neutral',
      'nothing found, not everything was run',
    ],
    [
      'something found',
      { kind: 'run', runs: [{ ...CLEAN, audit: { exitCode: 1, output: AUDIT } }] },
      'neutral',
      '2 hints, no blame',
    ],
    ['no sandbox', { kind: 'not-run', why: 'No pool has one.' }, 'neutral', 'spack audit and style not run'],
    [
      'before the build',
      { kind: 'waits', check: 'spokebot / install zfp' },
      'neutral',
      'to be looked at with the build',
    ],
  ] satisfies [string, OwnRecipes['state'], string, string][])(
    'never blames, and is green only when all was run: %s',
    (_, state, conclusion, title) => {
      const report = about(state);
      expect(report).toMatchObject({ status: 'completed', conclusion });
      expect(report.title).toBe(`The recipe in this repository: ${title}`);
      if (conclusion === 'neutral' && state.kind === 'run' && state.runs[0]!.lacking.length > 0)
        expect(report.summary).toContain('black, flake8 of spack style (the worker does not have them)');
      expect(report.annotations.every(({ level }) => level === 'notice')).toBe(true);
    },
  );
});
