/**
 * Other people's words inside our own comment. What leaves here mentions nobody, refers to no issue, holds no HTML, closes no
 * code span and cannot begin a line, so nothing in it can be read as a command.
 */

/** Breaks a word for machines and leaves it readable for people. */
const GAP = '\u200b';

/** A short quotation as an inline code span; empty text becomes an empty string. */
export function quote(text: string, limit = 100): string {
  const clean = flatten(text, limit);
  return clean === '' ? '' : `\`${clean}\``;
}

/** `owner/name#n` in code, where GitHub makes no reference of it and where it can be copied; any other text as a quotation. */
export function issueInCode(name: string): string {
  return /^(?:[\w-]+\/[\w.-]+)?#\d+$/.test(name) ? `\`${name}\`` : quote(name);
}

/** The same without the code span, for names that we print as plain text. */
export function plain(text: string, limit = 100): string {
  return flatten(text, limit)
    .replaceAll('&', '&amp;')
    .replace(/[\\*_~[\]()|!>]/g, (sign) => `\\${sign}`);
}

/** One line for a title, which GitHub shows as it is: nobody is addressed by it, and nothing else is changed. */
export function unaddressed(text: string, limit = 100): string {
  return flatten(text, limit).replaceAll('‹', '<').replaceAll('›', '>');
}

function flatten(text: string, limit: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const cut =
    [...line].length > limit
      ? `${[...line]
          .slice(0, limit - 1)
          .join('')
          .trimEnd()}…`
      : line;
  return cut
    .replaceAll('`', "'")
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/@(?=[\w/])/g, `@${GAP}`)
    .replace(/#(?=\d)/g, `#${GAP}`)
    .replace(/\b(GH|gh)-(?=\d)/g, `$1-${GAP}`)
    .replace(/:\/\//g, `:${GAP}//`)
    .replace(/\/(?=spokebot)/gi, `/${GAP}`)
    .replace(/\bwww\./gi, `www${GAP}.`);
}
