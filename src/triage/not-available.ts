/** What the author says that there is none of: asking for it again would only tell that nobody has read the issue. */
import type { Reading } from './reading.js';

/** Words by which each of `MISSING` is spoken of. */
const NAMES: Readonly<Record<string, string>> = {
  spec: 'spec|command line',
  'spack-version': 'spack version|version of spack',
  compiler: 'compiler',
  platform: 'platform|operating system|machine|os',
  'build-log': 'build log|build-log|log file|log|error message|output',
  'error-output': 'error message|output|log',
  version: 'version|commit',
  reproducer: 'reproducer|steps to reproduce|steps|minimal example|example|test case',
};

/** An answer in a form that says that there is none. An answer that is simply empty says nothing. */
const NONE =
  /^(?:n\/?a|none|not (?:applicable|available|known|sure)|unknown|unavailable|i (?:don'?t|do not) (?:know|have (?:it|one|any|that)))[.!]?$/i;
const LACKS =
  "(?:(?:do not|don'?t|no longer|does not|doesn'?t) have|have no|there is no|cannot|can't|can not|could not|couldn't|unable to|not able to|am not allowed to)";
const GIVE = '(?: (?:share|provide|give|post|publish|make|produce|find|get|show|create|tell|attach))?';
const ARTICLE =
  '(?: (?:a|an|the|any|my|our|such a|you a|you the))?(?: (?:small|full|minimal|complete|public|exact|original)){0,2}';

const SAID = new Map(
  Object.entries(NAMES).map(([id, names]) => [
    id,
    [
      new RegExp(`\\b${LACKS}${GIVE}${ARTICLE} (?:${names})\\b`, 'i'),
      new RegExp(`\\b(?:${names}) (?:is|are) (?:not available|unavailable|unknown|confidential|lost|gone)\\b`, 'i'),
    ],
  ]),
);

/** Whether the issue says of this id of `MISSING` that it cannot be given. */
export function isNotAvailable(id: string, { fields, prose }: Pick<Reading, 'fields' | 'prose'>): boolean {
  const names = NAMES[id];
  if (names === undefined) return false;
  const asksForIt = new RegExp(`\\b(?:${names})s?\\b`, 'i');
  if (fields.some(({ label, value }) => value !== null && asksForIt.test(label) && NONE.test(value.trim())))
    return true;
  return SAID.get(id)!.some((form) => form.test(prose));
}
