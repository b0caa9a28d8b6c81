/** Of all checks of a head: who has to do something now, and what, in one sentence. */
import { CHECK_PREFIX } from '../check-names.js';
import type { Ending } from './conclusion.js';
import { shortName } from './handles.js';

/** One check, as far as this looks at it. */
export interface ActingCheck {
  readonly name: string;
  readonly required: boolean;
  readonly open: boolean;
  /** Null while it is open, and for a check without a build. */
  readonly ending: Ending | null;
  readonly waived: boolean;
  /** True for a check without a build that holds the head back. */
  readonly heldBack: boolean;
}

export interface WhoActs {
  readonly who: 'author' | 'maintainer' | 'recipe maintainer' | 'hub' | 'nobody';
  /** Plain text. */
  readonly says: string;
}

type Move = readonly [WhoActs['who'], (checks: string, several: boolean) => string];

/** The most urgent first. */
const MOVES: readonly (readonly [readonly Ending[], Move])[] = [
  [
    ['change'],
    ['author', (checks) => `The author pushes a fix: the error in ${checks} is in this pull request's code.`],
  ],
  [
    ['breaks'],
    [
      'author',
      (checks) => `The author keeps what ${checks} uses, or agrees with the owners of what breaks on the change.`,
    ],
  ],
  [
    ['waiting-approval'],
    [
      'maintainer',
      () => 'A maintainer looks at the code and approves this head on its check; nothing of it runs before that.',
    ],
  ],
  [
    ['infrastructure', 'lost', 'unknown'],
    [
      'maintainer',
      (checks, several) => `A maintainer runs ${checks} again: ${several ? 'they were' : 'it was'} not checked.`,
    ],
  ],
  [
    ['cancelled'],
    [
      'maintainer',
      (checks, several) =>
        `Whoever wants a verdict runs ${checks} again: ${several ? 'they were' : 'it was'} cancelled, not checked.`,
    ],
  ],
  [
    ['environment', 'expired', 'unreadable'],
    [
      'hub',
      (checks) =>
        `The hub's operators look after the pool of ${checks}; then it is run again. Nothing has to be pushed.`,
    ],
  ],
  [
    ['timeout'],
    [
      'author',
      (checks) => `The author shortens the build of ${checks} or asks the hub for a longer limit; or it is run again.`,
    ],
  ],
  [
    ['dependent'],
    [
      'maintainer',
      (checks) =>
        `A maintainer waits until what ${checks} builds is mended, or lets it stand: it fails without this change too.`,
    ],
  ],
  [
    ['recipe'],
    ['recipe maintainer', (checks) => `Spack's recipe has to follow: its maintainers are told what ${checks} found.`],
  ],
  [
    ['base'],
    [
      'nobody',
      (checks) => `The error that ${checks} found is on the base branch already; it is mended there, not here.`,
    ],
  ],
  [
    ['dependency'],
    [
      'nobody',
      (checks) => `Wait until what ${checks} depends on is mended, then run it again; nothing has to be pushed.`,
    ],
  ],
];

/** `checks` may be empty. Optional ones count only where none is required. */
export function whoActs(checks: readonly ActingCheck[]): WhoActs {
  const required = checks.filter((check) => check.required);
  const asked = required.length > 0 ? required : checks;
  for (const [endings, [who, says]] of MOVES) {
    const some = asked.filter(({ ending, waived }) => ending !== null && !waived && endings.includes(ending));
    if (some.length > 0) return { who, says: says(named(some), some.length > 1) };
  }
  const open = asked.filter((check) => check.open);
  if (open.length > 0)
    return {
      who: 'nobody',
      says: `Nothing to do now: ${open.length === 1 ? `${named(open)} is` : `${open.length} checks are`} not done yet.`,
    };
  const held = asked.filter((check) => check.heldBack);
  if (held.some(({ name }) => name === CHECK_PREFIX))
    return { who: 'maintainer', says: 'Whoever holds this head back takes that away; then it is checked by itself.' };
  if (held.length > 0) return { who: 'maintainer', says: `${named(held)} says what holds this head back.` };
  if (asked.length === 0) return { who: 'nobody', says: 'Nothing to do: no check is planned for this head.' };
  return {
    who: 'nobody',
    says: asked.some(({ waived }) => waived)
      ? 'Nothing left to do here: what did not pass, a person lets stand.'
      : 'Nothing left to do here: everything that this head has to pass has passed.',
  };
}

function named(checks: readonly ActingCheck[]): string {
  const first = shortName(checks[0]!.name);
  return checks.length === 1 ? `“${first}”` : `“${first}” and ${checks.length - 1} more`;
}
