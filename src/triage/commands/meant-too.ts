/**
 * Commands that may be suggested instead of those that somebody wrote: whether one would work is only known when what it needs was
 * gathered as well.
 */
import type { Catalogue } from '../catalogue.js';
import type { Asked, Command } from './command.js';
import { readCommand } from './parse.js';
import { repositoryNamed } from './transfer.js';

/** A slip in the verb and one in what follows: each is mended once, so a suggestion takes at most so many looks. */
export const MOST_SLIPS = 3;

/** The same commands, and behind each what may be suggested for it; for facts only, never to be carried out. */
export function meantToo(asked: readonly Asked[], catalogue: Catalogue): readonly Asked[] {
  return asked.flatMap((one) => {
    const found = [one];
    for (let slips = 0; slips < MOST_SLIPS; slips++) {
      const { reading } = found.at(-1)!;
      const meant = reading.kind === 'command' ? otherPlace(reading.command, catalogue) : reading.meant;
      if (meant === null) break;
      found.push({ text: meant, key: meant, reading: readCommand(meant) });
    }
    return found;
  });
}

/** Of what is understood only the name of a repository is looked up here. */
function otherPlace(command: Command, catalogue: Catalogue): string | null {
  if (command.verb !== 'transfer') return null;
  const place = repositoryNamed(command.to, catalogue);
  return place.kind === 'unclear' ? place.meant : null;
}
