/** What the report of failed tests says. */
import { blockText, type Classified, NOTHING, shownAround } from './classified.js';
import { compileFindings } from './compile.js';
import type { Evidence } from './evidence.js';
import type { ErrorBlock } from './story.js';
import { lastWords, testFailures } from './tests.js';

/** Names the tests that failed; tests that could not even be compiled are a compile error. */
export function testsSay(evidence: Evidence, block: ErrorBlock | null): Classified {
  const lines = evidence.test.length > 0 ? evidence.test : evidence.build;
  const { names, lines: places } = testFailures(lines);
  const compile = names.length === 0 ? compileFindings(lines, evidence.base) : [];
  if (compile.length > 0)
    return { ...NOTHING, category: 'compile', phase: 'test', findings: compile, shown: shownAround(lines, compile) };
  const last = lastWords(lines);
  const some = names.slice(0, 3).join(', ');
  const detail =
    names.length === 0
      ? last === null
        ? null
        : lines[last]!.trim()
      : `${names.length === 1 ? 'test' : `${names.length} tests:`} ${some}${names.length > 3 ? ', …' : ''}`;
  const shown =
    places.length > 0
      ? reasons(lines, places.slice(0, 30), last)
      : evidence.test.length > 0
        ? evidence.test.slice(-20)
        : block === null
          ? []
          : blockText(block);
  return { ...NOTHING, category: 'test', phase: 'test', detail, shown };
}

/** The lines that name the tests, and what the first of them said. */
function reasons(lines: readonly string[], places: readonly number[], last: number | null): readonly string[] {
  const named = places.map((at) => lines[at]!);
  return last === null || places.includes(last) ? named : [...named, '', ...lines.slice(last, last + 6)];
}
