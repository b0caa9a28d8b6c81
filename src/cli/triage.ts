/** `spokebot triage`: issues as JSON lines in, decisions as JSON lines out, in the same order, without network. */
import { z } from 'zod';
import { kindJudge } from '../kind-weights.js';
import { effectiveConfig } from '../registry/effective-config.js';
import type { Registry } from '../registry/model.js';
import { buildCatalogue } from '../triage/catalogue.js';
import { decideTriage, OFFLINE } from '../triage/decide.js';
import { bareFacts } from '../triage/facts.js';
import type { TriageOutcome } from '../triage/outcome.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { readFlags } from './flags.js';
import { inWords, jsonLines } from './json-lines.js';
import { openHub } from './open-hub.js';

const issueLine = z.object({
  repository: z.string().regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9._-]+$/, 'must be OWNER/NAME'),
  number: z.number().int().nullish(),
  title: z.string(),
  body: z.string().nullish(),
  author: z.string().nullish(),
  authorAssociation: z.string().nullish(),
  labels: z.array(z.string()).nullish(),
});

export const triage: Command = {
  name: 'triage',
  usage: '[FILE|-] [--hub DIR] [--json]',
  summary: 'Decides who answers for issues, read as JSON lines.',
  run,
};

/** Exit code 1 when a line could not be read; the other lines are answered. */
async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readFlags(triage, args, { hub: { type: 'string' }, json: { type: 'boolean' } });
  if (positionals.length > 1) throw new UsageError('One file at most.');
  const catalogue = buildCatalogue(await openHub(values.hub, io), await kindJudge());
  const threshold = thresholds(catalogue.registry);
  const words = inWords(values.json, io);
  let exit: number = EXIT.ok;
  for await (const issue of jsonLines(positionals[0] ?? '-', io, issueLine)) {
    if (issue === null) {
      exit = EXIT.negative;
      continue;
    }
    const kindThreshold = threshold(issue.repository);
    const { outcome } = decideTriage(bareFacts(issue), catalogue, { ...OFFLINE, kindThreshold });
    const answer = { repository: issue.repository, number: issue.number ?? null, ...outcome };
    await write(io, words ? `${readable(answer, issue.title)}\n` : `${JSON.stringify(inOrder(answer))}\n`);
  }
  return exit;
}

/** How sure the model of kinds must be in a repository; looked up once for each. */
function thresholds(registry: Registry): (repository: string) => number {
  const known = new Map<string, number>();
  return (repository) => {
    const found = known.get(repository) ?? effectiveConfig(registry, repository).config.kindThreshold;
    known.set(repository, found);
    return found;
  };
}

type Answer = { readonly repository: string; readonly number: number | null } & TriageOutcome;

/** Keys in the order in which they are documented. */
function inOrder(answer: Answer) {
  const { repository, number, product, outside, spokes, kind, labels, owners, missing, mode, candidates, reasons } =
    answer;
  return { repository, number, product, outside, spokes, kind, labels, owners, missing, mode, candidates, reasons };
}

function readable(answer: Answer, title: string): string {
  const { repository, number, product, outside, spokes, kind, mode, candidates, reasons } = answer;
  const name = number === null ? repository : `${repository}#${number}`;
  const goes = product
    ? `${product.id} (${Math.round(product.confidence * 100)} %)`
    : (outside ?? (candidates.map((one) => one.product).join(' or ') || 'unknown'));
  const also = spokes.cc.length > 0 ? ` + ${spokes.cc.join(', ')}` : '';
  return [
    `${name}  ${onOneLine(title)}`,
    `  ${mode.padEnd(7)}  ${goes} -> ${spokes.accountable}${also}${kind ? `  [${kind.id}]` : ''}`,
    ...(reasons[0] ? [`  because  ${onOneLine(reasons[0])}`] : []),
  ].join('\n');
}

/** Control characters of an issue must not reach a terminal. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 160);
}

/** Waits when the reader is slower, so that a long list never piles up in memory. */
async function write(io: Io, text: string): Promise<void> {
  const out = io.stdout as { write(text: string): unknown; once?(event: 'drain', then: () => void): unknown };
  if (out.write(text) === false && out.once) await new Promise<void>((resume) => out.once?.('drain', resume));
}
