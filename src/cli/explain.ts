/** `spokebot explain`: why an issue or the checks of a pull request are as they are, from the records. */
import { type Explanation, explainSubject } from '../store/explain.js';
import { type Command, EXIT } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { withState } from './state.js';
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
    lines.push(`${newest.kind} decided ${newest.at} by spokebot ${newest.version}`);
    for (const reason of newest.reasons) lines.push(`  - ${reason}`);
    lines.push(`  did: ${newest.actions.join(', ') || 'nothing'}`);
    if (newest.delivery !== null) lines.push(`  because of delivery ${newest.delivery}`);
    lines.push('', `outcome: ${JSON.stringify(newest.outcome, null, 2)}`);
    if (older.length > 0)
      lines.push('', `${older.length} earlier decision(s): ${older.map((each) => each.at).join(', ')}`);
  }
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
  return `${withoutControls(lines.join('\n'))}\n`;
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
