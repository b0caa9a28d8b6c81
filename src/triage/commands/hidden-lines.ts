/**
 * Lines that are not the writer's own words although Markdown takes them for plain text: what a mail program puts below an answer,
 * HTML comments that begin in the middle of a line, footnotes and mathematics, which are GitHub's additions to Markdown.
 */
import type { Token } from 'markdown-it';

/** Everything from such a line on is the mail program's. */
const TAIL: readonly RegExp[] = [
  /^ {0,3}-- ?$/,
  /^ {0,3}-{2,} ?(?:original message|original appointment|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht) ?-{2,}/i,
  /^ {0,3}(?:begin forwarded message|reply to this email directly|you are receiving this because)\b/i,
  /^ {0,3}(?:sent from my|sent from mail|get outlook for|von meinem .{1,40} gesendet|envoyé de mon)\b/i,
];
/** Who wrote what is quoted; what follows is theirs, quoted or not. */
const ATTRIBUTION =
  /^ {0,3}(?:(?:on|am|le|el|il|op|em)\b.{4,300}\b(?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu)\b.{0,200}|.{0,200}<[^<>\s]+@[^<>\s]+>.{0,20}(?:wrote|schrieb|a écrit)) ?:\s*$/i;
const MAIL_HEADER = /^ {0,3}\**(?:from|von|de|da|van)\** ?:\** ?\S/i;
const SECOND_HEADER = /^ {0,3}\**(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|cc)\** ?:/i;

/** Numbers of the lines (from 0) in which nothing can be a command. */
export function hiddenLines(text: string, tokens: readonly Token[]): Set<number> {
  const lines = text.split('\n');
  const foreign = foreignLines(tokens);
  const hidden = new Set(foreign);
  const tail = lines.findIndex((_, at) => !foreign.has(at) && beginsTail(lines, at));
  if (tail !== -1) for (let at = tail; at < lines.length; at++) hidden.add(at);
  for (const at of commentLines(text, lines, foreign)) hidden.add(at);
  for (const token of tokens)
    if (token.type === 'paragraph_open' && token.level === 0 && token.map)
      for (const at of footnoteAndMath(lines, token.map[0], token.map[1])) hidden.add(at);
  return hidden;
}

/** Lines of code, HTML blocks, quotations: whatever looks like the tail of a mail in there is not one. */
function foreignLines(tokens: readonly Token[]): Set<number> {
  const found = new Set<number>();
  for (const { type, map } of tokens)
    if (map && /^(?:fence|code_block|html_block|blockquote_open)$/.test(type))
      for (let at = map[0]; at < map[1]; at++) found.add(at);
  return found;
}

function beginsTail(lines: readonly string[], at: number): boolean {
  const line = lines[at]!;
  if (TAIL.some((pattern) => pattern.test(line))) return true;
  if (MAIL_HEADER.test(line)) return lines.slice(at + 1, at + 5).some((next) => SECOND_HEADER.test(next));
  // The attribution may be broken into two or three lines.
  for (let count = 1; count <= 3; count++) {
    if (!ATTRIBUTION.test(lines.slice(at, at + count).join(' '))) continue;
    const next = lines.slice(at + count).find((each) => each.trim() !== '');
    // Quotation marks say where the quotation ends; whoever answers below it may command there.
    return next === undefined || !/^ {0,3}>/.test(next);
  }
  return false;
}

function commentLines(text: string, lines: readonly string[], foreign: ReadonlySet<number>): number[] {
  const found: number[] = [];
  let start = 0;
  let closes = -1;
  for (let at = 0; at < lines.length; at++) {
    const end = start + lines[at]!.length;
    if (start < closes) found.push(at);
    else if (!foreign.has(at)) {
      const open = lines[at]!.indexOf('<!--');
      const close = open === -1 ? -1 : text.indexOf('-->', start + open + 4);
      if (close > end) closes = close;
    }
    start = end + 1;
  }
  return found;
}

function footnoteAndMath(lines: readonly string[], from: number, to: number): number[] {
  let first = from;
  // A one-word footnote is taken for the target of a link and leaves no token, so look at what stands above without a blank line.
  while (first > 0 && lines[first - 1]!.trim() !== '' && /^ {0,3}\[/.test(lines[first - 1]!)) first -= 1;
  if (/^ {0,3}\[\^[^\]]+\]:/.test(lines[first]!)) return range(from, to);
  const found: number[] = [];
  let math = false;
  for (const at of range(from, to)) {
    if (math) found.push(at);
    if ((lines[at]!.match(/\$\$/g) ?? []).length % 2 === 1) math = !math;
  }
  return found;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, n) => from + n);
}
