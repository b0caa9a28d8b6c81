/** What a person can ask for in a comment, typed. `parse.ts` makes these from a line; names of spokes and products are not looked up yet. */
import type { Verb } from '../../registry/commands-section.js';
import type { Kind } from '../outcome.js';

export type Command =
  /** Takes the proposal, or the best guess (or the one named), or confirms what was decided. */
  | { readonly verb: 'accept'; readonly product: string | null }
  | { readonly verb: 'route'; readonly spoke: string }
  | { readonly verb: 'product'; readonly product: string }
  | { readonly verb: 'kind'; readonly to: Kind }
  | { readonly verb: 'label'; readonly add: readonly string[]; readonly remove: readonly string[] }
  /** `me`: the sender too, which is meant when nobody is named. */
  | { readonly verb: 'assign' | 'unassign'; readonly logins: readonly string[]; readonly me: boolean }
  /** `of` is null to say that it is none; its `repository` for the issue's own. */
  | { readonly verb: 'duplicate'; readonly of: { readonly repository: string | null; readonly number: number } | null }
  /** `words` is null to say that nothing is asked any more. */
  | { readonly verb: 'needs-info'; readonly words: string | null }
  /** To a repository, named as `owner/name` or by its product. */
  | { readonly verb: 'transfer'; readonly to: string }
  /** `until` is the last day of it, `YYYY-MM-DD`; left out: for good. */
  | { readonly verb: 'mute-me'; readonly on: boolean; readonly until?: string }
  /** All configured checks, or one with this spec (variants may stand for the product's own package). */
  | {
      readonly verb: 'build';
      /** `downstream` for the products that depend on this one. */
      readonly spec: string | null;
      readonly pool: string | null;
      /** Another pull request to be built together with this one; its `repository` is null for the same repository. */
      readonly with: { readonly repository: string | null; readonly number: number } | null;
    }
  /** `which` is null for all that failed, `infra` for those that failed by the machines, else the name of a check. */
  | { readonly verb: 'retry'; readonly which: string | null }
  /** All when no check is named. */
  | { readonly verb: 'cancel'; readonly check: string | null }
  | { readonly verb: 'targets' }
  /** Hex digits of the head, seven at least, in lower case; null where none is named, which the answer then does. */
  | { readonly verb: 'approve'; readonly sha: string | null }
  | { readonly verb: 'waive'; readonly check: string; readonly words: string; readonly on: boolean }
  | { readonly verb: 'undo' | 'quiet' | 'who' | 'explain' | 'help' };

/** A command line of a comment. `key` is equal for lines that ask for the same. */
export interface Asked {
  readonly text: string;
  readonly key: string;
  readonly reading:
    | { readonly kind: 'command'; readonly command: Command }
    /** Not understood: why, and what was probably meant. */
    | { readonly kind: 'unclear'; readonly why: string; readonly meant: string | null };
}

/** Where a verb makes sense. */
export interface VerbRule {
  readonly verb: Verb;
  /** After the verb: `ID`, `#N | OWNER/NAME#N`. */
  readonly takes: string;
  readonly does: string;
  readonly on: 'issues' | 'pulls' | 'both';
}

/** Every verb once, in the order in which `help` and the documentation show them. */
export const VERB_RULES: readonly VerbRule[] = [
  {
    verb: 'accept',
    takes: '[PRODUCT]',
    does: 'takes the issue on: the proposal, the best guess or the one named; else confirms what was decided',
    on: 'issues',
  },
  { verb: 'route', takes: 'SPOKE', does: 'gives it to another spoke (`spoke` says the same)', on: 'issues' },
  { verb: 'product', takes: 'PRODUCT', does: 'says which product it is for, and so which spoke', on: 'issues' },
  { verb: 'kind', takes: 'KIND', does: 'says what it is', on: 'issues' },
  {
    verb: 'label',
    takes: 'NAME, -NAME, …',
    does: "puts labels of the hub's taxonomy on it, or takes them off",
    on: 'both',
  },
  { verb: 'assign', takes: '[@LOGIN …]', does: 'assigns these people, or you', on: 'both' },
  { verb: 'unassign', takes: '[@LOGIN …]', does: 'takes the assignment back', on: 'both' },
  {
    verb: 'duplicate',
    takes: '#N, OWNER/NAME#N or off',
    does: 'says that another issue says the same, or that none does; nothing is closed',
    on: 'issues',
  },
  {
    verb: 'needs-info',
    takes: 'WORDS or off',
    does: 'asks the reporter for something, or says that it is answered',
    on: 'issues',
  },
  {
    verb: 'transfer',
    takes: 'OWNER/NAME or PRODUCT',
    does: 'moves the issue to that repository; into another organisation, once the reporter has accepted, only a pointer to it',
    on: 'issues',
  },
  {
    verb: 'build',
    takes: '[SPEC] [with OWNER/NAME#N] [on POOL], or downstream',
    does: 'builds what is configured, also of a draft, or this spec of the product for this commit; together with another pull request; or the products that depend on it',
    on: 'pulls',
  },
  {
    verb: 'retry',
    takes: '[infra or CHECK]',
    does: 'builds again what did not pass, only what failed by the machines, or one check',
    on: 'pulls',
  },
  { verb: 'cancel', takes: '[CHECK]', does: 'stops what is being built, or one check', on: 'pulls' },
  { verb: 'targets', takes: '', does: 'shows what is built and what can be', on: 'pulls' },
  { verb: 'approve', takes: 'SHA', does: 'lets this commit be built where it needs approval', on: 'pulls' },
  {
    verb: 'waive',
    takes: 'CHECK reason="WORDS", or CHECK off',
    does: 'lets a check stand that did not pass, until the next push; the check says who and why',
    on: 'pulls',
  },
  { verb: 'undo', takes: '', does: 'takes the last command back, or what spokebot decided', on: 'both' },
  { verb: 'quiet', takes: '', does: 'stops spokebot here until the next command', on: 'both' },
  {
    verb: 'mute-me',
    takes: '[until YYYY-MM-DD or off]',
    does: 'spokebot mentions and assigns you nowhere any more, for good or until the end of that day (UTC)',
    on: 'both',
  },
  {
    verb: 'who',
    takes: '',
    does: 'shows who answers for it, whose turn it is and who is away; calls nobody',
    on: 'issues',
  },
  { verb: 'explain', takes: '', does: 'shows everything the decision rests on', on: 'both' },
  { verb: 'help', takes: '', does: 'shows the commands and who may use them', on: 'both' },
];

/** Other words for a verb. */
export const ALIASES: Readonly<Record<string, Verb>> = { spoke: 'route' };
