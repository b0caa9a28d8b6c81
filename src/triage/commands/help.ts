/** What `help` and the documentation say of the commands: made from the grammar and from the very table that authorises. */
import type { CommandsSection } from '../../registry/commands-section.js';
import { KINDS } from '../outcome.js';
import { VERB_RULES, type VerbRule } from './command.js';

/** Markdown list of the commands that somebody may use here; no line of it begins with a command. */
export function helpText(rules: CommandsSection, on: 'issue' | 'pull'): string {
  const lines = VERB_RULES.filter(
    (rule) => (on === 'issue' || rule.on === 'both') && mayOf(rules, rule).length > 0,
  ).map((rule) => `- \`${written(rule)}\` ${rule.does} (${mayOf(rules, rule).join(', ')})`);
  return [
    'A command stands on a line of its own. In parentheses: who may use it.',
    '',
    ...lines,
    '',
    `Kinds: ${KINDS.join(', ')}.`,
  ].join('\n');
}

/** The table of `docs/commands.md`. */
export function commandTable(rules: CommandsSection): string {
  const rows = VERB_RULES.map((rule) => {
    const may = mayOf(rules, rule);
    return `| \`${written(rule).replaceAll('|', '\\|')}\` | ${rule.does} | ${rule.on === 'issues' ? 'issues' : 'issues, pull requests'} | ${may.length === 0 ? 'nobody' : may.join(', ')} |`;
  });
  return ['| command | does | on | who may |', '|---|---|---|---|', ...rows].join('\n');
}

/** The power labels, for the documentation. */
export function powerTable({ powerLabels }: CommandsSection): string {
  const rows = powerLabels.map(
    ({ labels, roles }) => `| ${labels.map((label) => `\`${label}\``).join(', ')} | ${roles.join(', ')} |`,
  );
  return ['| labels | who may |', '|---|---|', ...rows].join('\n');
}

function mayOf({ may }: CommandsSection, { verb }: VerbRule): readonly string[] {
  return may[verb] ?? [];
}

function written({ verb, takes }: VerbRule): string {
  return `/spokebot ${verb}${takes === '' ? '' : ` ${takes}`}`;
}
