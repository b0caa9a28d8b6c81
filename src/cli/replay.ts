/**
 * `spokebot replay`: takes a recorded delivery through the very handlers that `serve` uses, on an empty throw-away database and
 * without network, and prints the decision and the intents. `--perform` hands it to the `serve` that runs here instead.
 */
import { handledEvents } from '../app.js';
import { dataDirectory } from '../environment.js';
import type { ReplayAnswer } from '../handlers/set-aside.js';
import { loadSnapshot } from '../hub.js';
import { resolveHub } from '../registry-files/resolve-hub.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { dryRun, type Shown } from './replay/dry-run.js';
import { checkDelivery, readDelivery } from './replay/recorded.js';
import { askServe, findServe } from './running.js';
import { withoutControls } from './text.js';

export const replay: Command = {
  name: 'replay',
  usage: 'DELIVERY.json [--event NAME] [--perform] [--json] | --build ID... | --set-aside [--json]',
  summary:
    'Shows what a recorded delivery leads to; sends only with --perform. --build and --set-aside have builds tried again.',
  async run(args, io) {
    const { values, positionals } = readFlags(replay, args, {
      event: { type: 'string' },
      perform: { type: 'boolean', default: false },
      build: { type: 'string', multiple: true },
      'set-aside': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    });
    if (values.build !== undefined || values['set-aside']) {
      noneBeyond(replay, positionals, 0);
      return replayBuilds(values['set-aside'] ? null : (values.build ?? []), values.json, io);
    }
    noneBeyond(replay, positionals, 1);
    const delivery = readDelivery(positionals[0], values.event);
    checkDelivery(delivery);
    const heard = handledEvents();
    if (!heard.includes(delivery.event))
      io.stderr.write(`spokebot does nothing at "${delivery.event}"; it listens to ${heard.join(', ')}.\n`);
    if (values.perform) {
      const running = findServe(dataDirectory(io.env));
      if (running === null) {
        io.stderr.write('No serve runs here, so nothing can be performed. Start it, or leave --perform out.\n');
        return EXIT.negative;
      }
      const answer = await askServe<{ stored: boolean }>(running, '/replay', {
        guid: delivery.guid,
        event: delivery.event,
        payload: JSON.stringify(delivery.payload),
      });
      const stored = answer?.stored === true;
      if (values.json) io.stdout.write(`${JSON.stringify({ stored })}\n`);
      else
        io.stdout.write(stored ? 'Handed to serve.\n' : 'serve had stored this very delivery before; nothing to do.\n');
      return EXIT.ok;
    }
    const { snapshot } = await loadSnapshot(resolveHub(null, io.env));
    const shown = await dryRun(delivery, snapshot);
    if (values.json) io.stdout.write(`${JSON.stringify(shown)}\n`);
    else io.stdout.write(readable(shown));
    return EXIT.ok;
  },
};

/** Builds that were set aside; `ids` null means all of them. */
async function replayBuilds(ids: readonly string[] | null, json: boolean, io: Io): Promise<number> {
  const short = ids?.find((id) => id.length < 7);
  if (short !== undefined)
    throw new UsageError(`"${short}" is too short; give at least 7 characters of the build's id.`);
  const running = findServe(dataDirectory(io.env));
  if (running === null) {
    io.stderr.write('No serve runs here, so no build can be tried again. Start it first.\n');
    return EXIT.negative;
  }
  const answer = await askServe<ReplayAnswer>(running, '/replay-builds', { ids });
  if (answer === null) throw new Error('serve is of another version; restart it');
  if (json) io.stdout.write(`${JSON.stringify(answer)}\n`);
  else {
    for (const one of answer.replayed) io.stdout.write(`Tried again: ${withoutControls(one)}\n`);
    if (answer.replayed.length === 0) io.stdout.write('No build was tried again.\n');
  }
  for (const one of answer.unknown) io.stderr.write(`No build that begins with ${one} is set aside.\n`);
  return answer.unknown.length === 0 ? EXIT.ok : EXIT.negative;
}

function readable(shown: Shown): string {
  const lines: string[] = [];
  if (shown.decisions.length === 0) lines.push(`${shown.event}: nothing to decide.`);
  for (const each of shown.decisions) {
    lines.push(`${each.kind}:`);
    for (const reason of each.reasons) lines.push(`  - ${reason}`);
    lines.push(
      ...(each.actions.length === 0 ? ['  would do nothing'] : each.actions.map((action) => `  would ${action}`)),
    );
  }
  for (const each of shown.intents) lines.push('', `${each.kind} ${each.key}`, JSON.stringify(each.payload, null, 2));
  return `${withoutControls(lines.join('\n'))}\n`;
}
