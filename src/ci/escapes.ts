/** Escape sequences of terminals: CSI (colours, cursor), OSC (titles, links; up to their end or the line's), and the short ones. */
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
  /\u001b(?:\[[0-9;:<=>?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])|\u009b[0-9;:<=>?]*[ -/]*[@-~]/g;

export function hasEscapes(text: string): boolean {
  return text.includes('\u001b') || text.includes('\u009b');
}

export function withoutEscapes(text: string): string {
  return hasEscapes(text) ? text.replace(ESCAPES, '') : text;
}
