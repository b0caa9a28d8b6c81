/** Who may do what with a check here, in words: a button or a command that somebody else has to use must say who. */
import type { CommandsSection, Role, Verb } from '../../registry/commands-section.js';

/** Each completes "for …". */
export interface Allowed {
  readonly approve: string;
  readonly retry: string;
  readonly cancel: string;
  readonly waive: string;
}

const WORDS: Readonly<Record<Role, string>> = {
  contributor: 'everybody',
  reporter: 'the author',
  triager: 'people with triage access to the repository',
  writer: 'people with write access to the repository',
  owner: "the product's owners",
  lead: "its spoke's leads",
  approver: "the hub's approvers",
  keeper: "the hub's keepers",
};

/** Null where the hub takes no commands; buttons are then for people with write access. */
export function allowedBy(commands: Pick<CommandsSection, 'may'> | null): Allowed | null {
  if (commands === null) return null;
  const who = (verb: Verb) => people(commands.may[verb] ?? []);
  return { approve: who('approve'), retry: who('retry'), cancel: who('cancel'), waive: who('waive') };
}

function people(roles: readonly Role[]): string {
  if (roles.length === 0) return 'nobody in this hub';
  if (roles.includes('contributor')) return WORDS.contributor;
  // Who may write may triage.
  const told = roles.filter((role) => !(role === 'writer' && roles.includes('triager')));
  const words = told.map((role) => WORDS[role]);
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
