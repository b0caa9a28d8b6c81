/** Cutting text so that no half of a surrogate pair is left: databases refuse to store one. */

/** Largest index <= `at` that doesn't split a surrogate pair. */
export function safeCut(text: string, at: number): number {
  if (at <= 0 || at >= text.length) return Math.max(0, Math.min(at, text.length));
  const code = text.charCodeAt(at - 1);
  return code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
}

/** The first `length` characters at most. */
export function cutTo(text: string, length: number): string {
  return text.length > length ? text.slice(0, safeCut(text, length)) : text;
}
