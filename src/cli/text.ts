/** Small words for the command line's readable form. */

/** Lines with the columns of a table lined up; every row has the same number of cells. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Control characters of what others wrote must not reach a terminal. */
export function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** The same for a text of several lines, whose line ends stay. */
export function withoutControls(text: string): string {
  return text.split('\n').map(onOneLine).join('\n');
}
