/**
 * HTML in Markdown, as far as it encloses what stands between: `<details>`, `<div>`, `<code>` and the like stay open over blank lines,
 * where the Markdown tree no longer shows it.
 */

export type Tag =
  | { readonly kind: 'open' | 'close'; readonly name: string; readonly where: 'block' | 'inline' }
  /** Ends what a browser closes at the end of a paragraph by itself. */
  | { readonly kind: 'paragraph-end' };

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** Elements that end by themselves where the next one begins. */
const OPTIONAL_END = new Set('p li dt dd td th tr thead tbody tfoot option optgroup'.split(' '));
/** Elements that hold on beyond their paragraph. A word in angle brackets that is none of them is a placeholder that somebody wrote. */
const LASTING = new Set(
  (
    'a abbr address article aside b big blockquote button caption center code del details dfn div dl em fieldset figcaption figure font ' +
    'footer form h1 h2 h3 h4 h5 h6 header i iframe ins kbd label main map mark math menu nav noscript object ol pre q ruby s samp ' +
    'script section select small span strike strong style sub summary sup svg table template textarea title tt u ul var video xmp ' +
    'p li dt dd td th tr thead tbody tfoot option optgroup'
  ).split(' '),
);

const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/g;

/** The tags of a piece of HTML in order, comments left out. */
export function tagsIn(html: string, where: 'block' | 'inline'): Tag[] {
  const tags: Tag[] = [];
  for (const [, slash, written] of withoutComments(html).matchAll(TAG)) {
    const name = written!.toLowerCase();
    if (VOID.has(name)) continue;
    tags.push({ kind: slash === '/' ? 'close' : 'open', name, where });
  }
  return tags;
}

function withoutComments(html: string): string {
  let kept = '';
  let from = 0;
  for (let open = html.indexOf('<!--'); open !== -1; open = html.indexOf('<!--', from)) {
    const close = html.indexOf('-->', open + 4);
    kept += html.slice(from, open);
    if (close === -1) return kept;
    from = close + 3;
  }
  return kept + html.slice(from);
}

interface Open {
  readonly name: string;
  readonly at: number;
  readonly where: 'block' | 'inline';
}

/** Of a list of tags and other things, the places of those other things that lie inside an element. */
export function hiddenPlaces(list: readonly (Tag | object)[]): Set<number> {
  const ranges: [number, number][] = [];
  let open: Open[] = [];
  list.forEach((each, at) => {
    if (!('kind' in each)) return;
    const tag = each as Tag;
    if (tag.kind === 'open') open.push({ name: tag.name, at, where: tag.where });
    else if (tag.kind === 'close') {
      const match = open.findLastIndex(({ name }) => name === tag.name);
      if (match === -1) return;
      ranges.push([open[match]!.at, at]);
      open = open.slice(0, match);
    } else {
      for (const left of open) if (!LASTING.has(left.name)) ranges.push([left.at, at]);
      open = open.filter(({ name }) => LASTING.has(name));
    }
  });
  for (const left of open) if (!OPTIONAL_END.has(left.name)) ranges.push([left.at, list.length]);
  return new Set(
    list.flatMap((each, at) => (!('kind' in each) && ranges.some(([from, to]) => from < at && at < to) ? [at] : [])),
  );
}
