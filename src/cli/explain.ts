/** `spokebot explain`: why an issue or the checks of a pull request are as they are, from the records. */

import { dataDirectory } from '../environment.js';
import { type Explanation, explainSubject } from '../store/explain.js';
import { askedInWords, changesInWords, wordInWords } from '../triage/in-words.js';
import { NOTHING_SAID } from '../triage/word.js';
import { parseTriage } from '../web/read/triage-view.js';
import { type Command, EXIT } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { hasState, withState } from './state.js';
import { parseSubject } from './subject.js';
import { onOneLine, withoutControls } from './text.js';

export const explain: Command = {
  name: 'explain',
  usage: 'OWNER/NAME#N [--json]',
  summary: 'Says why an issue or a check is as it is.',
  async run(args, io) {
    const { values, positionals } = readFlags(explain, args, { json: { type: 'boolean', default: false } });
    noneBeyond(explain, positionals, 1);
    const { fullName, number } = parseSubject(positionals[0]);
    const found = await withState(io.env, `/explain/${fullName}/${number}`, (db) =>
      explainSubject(db, fullName, number),
    );
    if (found === null && !hasState(io.env)) {
      io.stderr.write(
        `No serve runs here, and ${dataDirectory(io.env)} holds no records. Run this where serve does, with the same SPOKEBOT_DATA (or DATABASE_URL).\n`,
      );
      return EXIT.negative;
    }
    if (found === null) {
      io.stderr.write(
        `Nothing is known of ${fullName}#${number}. spokebot looks at what was created since it first saw the repository.\n`,
      );
      return EXIT.negative;
    }
    io.stdout.write(values.json ? `${JSON.stringify(found)}\n` : readable(found));
    return EXIT.ok;
  },
};

function readable(found: Explanation): string {
  const lines = [`${found.subject}  ${onOneLine(found.title)}`, ''];
  const [newest, ...older] = found.decisions;
  if (newest === undefined) lines.push('No decision yet.');
  else {
    lines.push(
      `${newest.kind} decided ${newest.at} by spokebot ${newest.version}${newest.model ? `, with the model of kinds ${newest.model}` : ''}`,
    );
    for (const reason of newest.reasons) lines.push(`  - ${reason}`);
    lines.push(`  did: ${newest.actions.join(', ') || 'nothing'}`);
    if (newest.delivery !== null) lines.push(`  because of delivery ${newest.delivery}`);
  }
  const triage = found.decisions.filter(({ kind }) => kind === 'triage');
  if (triage[0] !== undefined)
    lines.push(...standingLines(triage[0].outcome), ...triageLines(triage[0].outcome, triage[0].policy ?? null));
  lines.push(...saidLines(found));
  // What triage says stands above in words.
  if (newest !== undefined && newest.kind !== 'triage' && newest.kind !== 'command')
    lines.push('', `outcome: ${JSON.stringify(newest.outcome, null, 2)}`);
  if (older.length > 0) lines.push('', 'decisions before it, newest first:');
  for (const each of older) lines.push(`  ${each.at} ${each.kind}: ${each.reasons[0] ?? 'no reason kept'}`);
  lines.push(...changeLines(triage));
  if (found.labels.ours.length > 0) lines.push('', `labels of ours: ${found.labels.ours.join(', ')}`);
  if (found.labels.removedByPeople.length > 0)
    lines.push(`taken off by people, never to come back: ${found.labels.removedByPeople.join(', ')}`);
  if (found.builds.length > 0) lines.push('', 'builds:');
  for (const build of found.builds) {
    lines.push(`  ${build.headSha.slice(0, 7)} ${build.name}: ${build.state}, attempt ${build.attempt}`);
    lines.push(
      build.state === 'completed' ? `    ${endLine(build.end)}` : `    ends by ${build.deadline} at the latest`,
    );
  }
  const waiting = found.writes.filter((each) => each.state === 'pending' || each.state === 'failed');
  for (const write of waiting)
    lines.push('', `${write.kind} is ${write.state} after ${write.attempts} tries: ${write.error ?? 'not tried yet'}`);
  return `${withoutControls(lines.map(breaksKept).join('\n'))}\n`;
}

/** Where the issue went, what it is, and what else it could have been. */
function standingLines(outcome: unknown): string[] {
  const triage = parseTriage(outcome);
  if (triage === null) return [];
  const { product, outside, spokes, kind, mode, candidates, missing } = triage;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const what = product
    ? `${product.id} (${percent(product.confidence)})`
    : outside === null
      ? 'no product decided'
      : `${outside}, outside the catalogue`;
  return [
    '',
    'where it stands:',
    `  ${what}; ${spokes.accountable} answers${spokes.cc.length > 0 ? `, informed: ${spokes.cc.join(', ')}` : ''}`,
    `  kind: ${kind ? `${kind.id} (${percent(kind.confidence)})` : 'open'}`,
    `  how sure: ${mode}`,
    ...(candidates.length > 0
      ? [`  weighed: ${candidates.map((one) => `${one.product} ${percent(one.score)}`).join(', ')}`]
      : []),
    ...(missing.length > 0 ? [`  asked for: ${missing.join(', ')}`] : []),
  ];
}

/** Who is asked, who is only named, and what else may say the same. */
function triageLines(outcome: unknown, policy: string | null): string[] {
  const triage = parseTriage(outcome);
  if (triage === null) return [];
  const { asked, hints, duplicates } = triage;
  return [
    ...(asked ? ['', 'who is asked:', ...askedInWords(asked, policy).map((line) => `  ${line}`)] : []),
    ...(asked?.file ? [`  named in ${asked.file}`] : []),
    ...hints.map(({ names, source }) => `  only a hint, not asked: ${names.join(', ')} (${source})`),
    ...(duplicates.length > 0 ? ['', 'may say the same:'] : []),
    ...duplicates.map(
      ({ repository, number, score, because }) =>
        `  ${repository}#${number} (${Math.round(score * 100)} %): ${onOneLine(because)}`,
    ),
  ];
}

/** A `serve` of an older version answers without them. */
function saidLines({ word, commands = [] }: Partial<Pick<Explanation, 'word' | 'commands'>>): string[] {
  const standing = wordInWords({ ...NOTHING_SAID, ...word }).map((line) => `  ${onOneLine(line)}`);
  return [
    ...(standing.length > 0 ? ['', 'what stands by people’s word:', ...standing] : []),
    ...(commands.length > 0 ? ['', 'commands, newest first:'] : []),
    ...commands.map(
      ({ at, verb, line, by, role, undone }) =>
        `  ${at} ${onOneLine(line ?? verb)} by ${by} (${role})${undone ? ', taken back' : ''}`,
    ),
  ];
}

/** What each triage decision said otherwise than the one before it. */
function changeLines(triage: Explanation['decisions']): string[] {
  const parsed = triage.map(({ at, outcome }) => ({ at, view: parseTriage(outcome) }));
  const lines = parsed.flatMap(({ at, view }, index) => {
    const before = parsed[index + 1]?.view;
    const changes = view && before ? changesInWords(before, view) : [];
    return changes.length === 0 ? [] : [`  ${at} ${changes.join('; ')}`];
  });
  return lines.length === 0 ? [] : ['', 'what changed:', ...lines];
}

/** Only our own line breaks may begin a line. */
function breaksKept(line: string): string {
  return line.startsWith('outcome: ') ? line : onOneLine(line);
}

function endLine(end: unknown): string {
  const { kind, why, detail, verdict } = end as {
    kind?: string;
    why?: string;
    detail?: string;
    verdict?: { outcome: string; summary: string };
  };
  return verdict ? `${verdict.outcome}: ${verdict.summary}` : `${why ?? kind}: ${detail ?? ''}`;
}
