/** What our comment says of an issue's way from one repository to another. */
import type { Registry } from '../registry/model.js';
import { issueInCode, plain, quote } from './safe-text.js';
import type { Word } from './word.js';

/** Sentences as Markdown; empty for an issue that nobody has moved or wanted to move. */
export function moveLines({ transfer, moved }: Word, { taxonomy }: Pick<Registry, 'taxonomy'>): string[] {
  const parts: string[] = [];
  if (moved !== null) {
    const from = moved.from === null ? '' : ` from ${issueInCode(moved.from)}`;
    const by = moved.by === null ? '' : ` by ${plain(moved.by)}`;
    // Those that every repository may have are put back.
    const lost = moved.dropped.filter((name) => taxonomy.byName.get(name.toLowerCase())?.where !== 'everywhere');
    const without =
      lost.length === 0
        ? ''
        : ` Labels that are not used here were left behind: ${lost.map((name) => quote(name)).join(', ')}.`;
    parts.push(`Moved here${from}${by}.${without}`);
  }
  if (transfer !== null) parts.push(transferLine(transfer));
  return parts.filter((part) => part !== '');
}

function transferLine({ to, by, state, link, why }: NonNullable<Word['transfer']>): string {
  const place = quote(to);
  switch (state) {
    case 'moving':
      return '';
    case 'agreement':
      return `${plain(by)} would like ${place} to look at this, which is another organisation's. Whoever filed this issue is asked: write \`/spokebot accept\` on a line of its own, and an issue is made there with this title, a link to this issue and nothing else. This one stays as it is.`;
    case 'linking':
      return `An issue that points here is being made in ${place}.`;
    case 'linked':
      return `${linkTo(link, place)} points here; ${plain(by)} asked for it. Whether this one is closed is for people to say.`;
    case 'refused':
      return `This could not be brought to ${place}. GitHub says: ${plain(why ?? '', 300)}`;
  }
}

/** GitHub makes a link of such a name; anything else stays a quotation. */
function linkTo(link: string | null, place: string): string {
  return link !== null && /^[\w-]+\/[\w.-]+#\d+$/.test(link) ? link : place;
}
