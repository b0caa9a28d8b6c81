/** `/spokebot who`: who answers for an issue, file by file, whose turn it is and who cannot be asked now. Calls nobody. */

import { lowerSet } from '../../registry/lower-set.js';
import { turnOf } from '../../registry/rota.js';
import { passedOver, saysWhy } from '../owners/eligible.js';
import { type OwnerLevel, ownerLevels } from '../owners/levels.js';
import { plain, quote } from '../safe-text.js';
import type { Case } from './step.js';

/** Markdown, nearest first. */
export function whoText({ facts, config, catalogue, standing, word }: Case): string {
  const { registry } = catalogue;
  const now = facts.today === undefined ? null : new Date(`${facts.today}T00:00:00Z`);
  const home = registry.productByRepository(facts.ref.fullName)?.id ?? null;
  const routed = { product: standing.product, accountable: standing.spoke };
  const levels = ownerLevels(routed, home, config.owners, registry, now);
  const spoke = registry.spokes.get(standing.spoke)?.name ?? standing.spoke;
  if (levels.length === 0)
    return `**${plain(spoke)}** answers for it, and no file of the hub names anybody yet. The place to do so is \`owners\` of a product, \`leads\` of a spoke or \`roles.keepers\` in ${quote('hub.yml')}`;
  const people = {
    author: facts.author,
    now,
    muted: lowerSet(facts.muted),
    ...(facts.mutedUntil === undefined ? {} : { mutedUntil: facts.mutedUntil }),
    takenOff: lowerSet(word.unassigned),
    lastSeen: new Map<string, Date>(),
  };
  const lineOf = (level: OwnerLevel): string => {
    const passed = level.people.flatMap((login) => {
      const why = passedOver(login, level.absences, people);
      return why === null ? [] : [plain(saysWhy(why))];
    });
    const left = passed.length === 0 ? '' : ` (${passed.join('; ')})`;
    return `- ${quote(level.file)}: ${turnIn(level, now) ?? level.people.map((login) => plain(login)).join(', ')}${left}`;
  };
  const turnIn = (level: OwnerLevel, at: Date | null): string | null => {
    const rota = [...registry.spokes.values()].find((each) => each.level.file === level.file)?.rota ?? null;
    if (!level.byTurn || rota === null || at === null) return null;
    const { login, until, next } = turnOf(rota, at);
    const then = next === login ? '' : `, then ${plain(next)}`;
    return `by turns, **${plain(login)}** until the end of ${until} (UTC)${then}`;
  };
  return [
    `**${plain(spoke)}** answers for it. Who is asked, the first line that has somebody who can be:`,
    '',
    ...levels.map(lineOf),
  ].join('\n');
}
