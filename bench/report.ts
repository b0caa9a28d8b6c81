/** The readable form of the figures: one table per group, median first, then the smallest and the largest round. */
import type { SectionResult } from './section.js';
import type { Spread } from './stats.js';

export function renderSection({ title, notes, measures, ratios, failures }: SectionResult): string {
  const groups = [...new Set(measures.map((one) => one.group))];
  const tables = groups.map((group) => {
    const mine = measures.filter((one) => one.group === group);
    const compared = ratios.filter((one) => one.group === group);
    const metrics = unique(mine.map((one) => ({ key: one.metric, title: `${one.metric}, ${one.unit}` })));
    const columns = unique(compared.map((one) => ({ key: one.metric, title: `${one.metric}: ratio to ${one.to}` })));
    const rows = [...new Set(mine.map((one) => one.subject))].map((subject) => [
      subject,
      ...metrics.map(({ key }) => cell(mine.find((one) => one.subject === subject && one.metric === key)?.value)),
      ...columns.map(({ key }) => cell(compared.find((one) => one.subject === subject && one.metric === key)?.value)),
    ]);
    return table([[group, ...metrics.map((one) => one.title), ...columns.map((one) => one.title)], ...rows]);
  });
  return [
    title,
    ...notes.map((note) => `  ${note}`),
    ...tables.map((text) => `\n${text}`),
    ...(failures.length > 0
      ? [`\nFailed, and therefore not compared:\n${failures.map((one) => `  ${one}`).join('\n')}`]
      : []),
  ].join('\n');
}

function unique(columns: readonly { key: string; title: string }[]): { key: string; title: string }[] {
  return [...new Map(columns.map((column) => [column.key, column])).values()];
}

/** `median (min-max)`, with about three digits that mean something. */
function cell(value: Spread | undefined): string {
  if (value === undefined) return '-';
  const { median, min, max, rounds } = value;
  return rounds.length === 1 ? digits(median) : `${digits(median)} (${digits(min)}-${digits(max)})`;
}

export function digits(value: number): string {
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 3);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join('  '),
  );
  return [lines[0]!, '-'.repeat(lines[0]!.length), ...lines.slice(1)].join('\n');
}
