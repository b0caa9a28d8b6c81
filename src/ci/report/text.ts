/** Outside text in our Markdown: it can neither leave its place, nor mention anybody, nor look like a command of ours. */

/** GitHub's limit for summary, text and each of their siblings, in characters; we stay below it in bytes too. */
export const TEXT_LIMIT = 65_535;
export const TITLE_LIMIT = 80;

/** One line of plain text: no control or direction characters, no live `@`, at most `limit` characters. */
export function plainLine(text: string, limit: number): string {
  return shorten(calm(flat(text)), limit);
}

/** A line of Markdown prose with `text` shown as it is. */
export function prose(text: string, limit = 300): string {
  return plainLine(text, limit).replace(/[\\`*_[\]<>#|~!$&]/g, (sign) => `\\${sign}`);
}

/** Inline code, where GitHub sees no mention; backquotes inside are kept by a longer fence. */
export function code(text: string, limit = 300): string {
  const line = shorten(flat(text), limit);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  return line.includes('`') ? `${fence} ${line} ${fence}` : `\`${line}\``;
}

/** A fenced block whose fence is longer than any run of backquotes inside. Lines are cut at 400 characters. */
export function fenced(text: string, language = 'text'): string {
  const lines = text.split('\n').map((line) => shorten(withoutControls(line).trimEnd(), 400));
  const body = lines.join('\n').replace(/^\n+|\n+$/g, '');
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** Cuts at `limit` characters, never within a surrogate pair, and says so with an ellipsis. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = limit - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** Joins sections while they fit into GitHub's limit; a section that doesn't is left out as a whole, and that is said. */
export function joinSections(sections: readonly string[]): string {
  const note = '_Shortened: the rest is in the log._';
  const encoder = new TextEncoder();
  let room = TEXT_LIMIT - note.length - 4;
  const kept: string[] = [];
  let dropped = false;
  for (const section of sections) {
    if (section === '') continue;
    const size = encoder.encode(section).length + 2;
    if (size > room) {
      dropped = true;
      continue;
    }
    room -= size;
    kept.push(section);
  }
  if (dropped) kept.push(note);
  return kept.join('\n\n');
}

function flat(text: string): string {
  return withoutControls(text.replace(/[\r\n\t]+/g, ' '))
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A zero-width space after `@` or `#` keeps the letters and takes away the mention. */
function calm(text: string): string {
  return text.replace(/@(?=[A-Za-z0-9_/-])|#(?=\d)/g, (sign) => `${sign}\u200b`);
}

/** Takes out control characters (line ends and tabs stay) and those that turn the direction of text. */
function withoutControls(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}|[\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '');
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}
