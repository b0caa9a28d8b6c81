/** The issue that spokebot makes in another organisation: a title, a link and who asked for it. Nothing of the text is copied. */
import { unaddressed } from '../safe-text.js';
import type { CommandFacts } from './facts.js';

const LONGEST_TITLE = 200;

export function pointerText(
  { ref, title, url }: Pick<CommandFacts, 'ref' | 'title' | 'url'>,
  by: string,
): { title: string; body: string } {
  const place = `${ref.fullName}#${ref.number}`;
  return {
    title: unaddressed(title, LONGEST_TITLE) || `An issue of ${ref.fullName}`,
    body: [
      `[${place}](${url}) was filed in another organisation and seems to be for this repository.`,
      `${by} asked for this pointer, and the person who filed it agreed. The report, its log and what was said about it are there; please answer there or here, as you like.`,
    ].join('\n\n'),
  };
}
