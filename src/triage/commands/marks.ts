/** Commands that mark an issue: kind, labels, a suspected duplicate, a question to the reporter. Nothing here closes anything. */
import type { Verb } from '../../registry/commands-section.js';
import { nearest } from '../../registry/nearest.js';
import { labelFor } from '../../registry/taxonomy.js';
import { quote } from '../safe-text.js';
import { allowing, powerRoles } from './authority.js';
import type { Command } from './command.js';
import { type Case, has, NO_EFFECTS, refused, type Step, without } from './step.js';
import { onlyFor } from './who-may.js';

/** Groups that a command of their own sets, since more hangs on them than a label. */
const OWN_VERB: Readonly<Record<string, Verb>> = {
  spoke: 'route',
  product: 'product',
  kind: 'kind',
  needs: 'needs-info',
};

export function kindStep({ to }: Extract<Command, { verb: 'kind' }>, at: Case): Step {
  const { roles, rules, word, labels, facts, catalogue } = at;
  const role = allowing('kind', roles, rules);
  if (role === null) return refused(onlyFor(rules.may.kind, at));
  const overruled = labels.filter(
    (name) =>
      /^kind: /i.test(name) &&
      name.toLowerCase() !== `kind: ${to}` &&
      catalogue.registry.taxonomy.byName.has(name.toLowerCase()) &&
      !has(facts.labelsWeAdded, name),
  );
  return {
    kind: 'done',
    role,
    word: { ...word, kind: to, overruled: [...new Set([...word.overruled, ...overruled])] },
    effects: { ...NO_EFFECTS, removed: overruled },
    says: null,
  };
}

export function labelStep(command: Extract<Command, { verb: 'label' }>, at: Case): Step {
  const { roles, rules, word, labels, config, catalogue } = at;
  const { taxonomy } = catalogue.registry;
  const role = allowing('label', roles, rules);
  if (role === null) return refused(onlyFor(rules.may.label, at));
  const named = [...command.add, ...command.remove];
  for (const name of named) {
    const known = taxonomy.byName.get(name.toLowerCase());
    if (known === undefined) {
      const meant = nearest(
        name,
        taxonomy.labels.map((label) => label.name),
      );
      const sign = has(command.remove, name) ? '-' : '';
      return {
        kind: 'unclear',
        why: `${quote(name)} is not in the hub's list of labels`,
        meant: meant === null ? null : `label ${sign}${meant}`,
      };
    }
    const verb = OWN_VERB[known.name.split(':')[0]!.toLowerCase()];
    if (verb !== undefined) return refused(`${quote(known.name)} follows from the command \`${verb}\``);
    if (!config.labels.enabled || has(config.labels.without, known.name))
      return refused(`${quote(known.name)} is not used in this repository`);
    if (known.where === 'central' && !config.central)
      return refused(`${quote(known.name)} is for the hub's central repositories`);
    const power = powerRoles(known.name, rules);
    if (power !== null && !power.some((each) => roles.has(each) && rules.may.label?.includes(each)))
      return refused(`${quote(known.name)} is a label that much hangs on: ${onlyFor(power, at)}`);
  }
  const written = (names: readonly string[]) => names.map((name) => taxonomy.byName.get(name.toLowerCase())!.name);
  const added = without(written(command.add), labels);
  const removed = written(command.remove).filter((name) => has(labels, name));
  return {
    kind: 'done',
    role,
    word: { ...word, labels: without([...new Set([...word.labels, ...added])], removed) },
    effects: { ...NO_EFFECTS, added, removed },
    says: null,
  };
}

export function duplicateStep({ of }: Extract<Command, { verb: 'duplicate' }>, at: Case): Step {
  const { roles, rules, facts } = at;
  const role = allowing('duplicate', roles, rules);
  if (role === null) return refused(onlyFor(rules.may.duplicate, at));
  // Said once, spokebot has no more suggestions of its own.
  if (of === null)
    return marked('status: possible duplicate', false, role, at, { duplicateOf: null, noDuplicates: true });
  const { repository, number } = of;
  const here = repository === null || repository.toLowerCase() === facts.ref.fullName.toLowerCase();
  if (here && number === facts.ref.number) return refused('it cannot be a duplicate of itself');
  return marked('status: possible duplicate', true, role, at, {
    duplicateOf: `${here ? '' : repository}#${number}`,
    noDuplicates: true,
  });
}

export function needsInfoStep({ words }: Extract<Command, { verb: 'needs-info' }>, at: Case): Step {
  const { roles, rules } = at;
  const role = allowing('needs-info', roles, rules);
  if (role === null) return refused(onlyFor(rules.may['needs-info'], at));
  return marked('needs: info', words !== null, role, at, {
    needsInfo: words,
  });
}

/** Sets or takes off a label of the taxonomy together with what it stands for; a hub without that label keeps the word alone. */
function marked(
  name: string,
  on: boolean,
  role: Extract<Step, { kind: 'done' }>['role'],
  { word, labels, catalogue, config }: Case,
  change: Partial<Case['word']>,
): Step {
  const [group, id] = name.split(': ') as [string, string];
  const label = config.labels.enabled ? labelFor(catalogue.registry, group, id)?.name : undefined;
  const used = label !== undefined && !has(config.labels.without, label);
  const added = used && on && !has(labels, label) ? [label] : [];
  const removed = used && !on && has(labels, label) ? [label] : [];
  return {
    kind: 'done',
    role,
    word: { ...word, ...change, labels: without([...new Set([...word.labels, ...added])], removed) },
    effects: { ...NO_EFFECTS, added, removed },
    says: null,
  };
}
