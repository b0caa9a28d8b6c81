/**
 * The one comment that spokebot keeps on an issue: where it went and why, what is missing, how to correct it. Written from the
 * decision alone, so that the stored decision always gives the same text. Meant to be read in ten seconds.
 */
import type { CommandsSection } from '../registry/commands-section.js';
import type { Registry } from '../registry/model.js';
import { answersSection } from './commands/answer.js';
import { whomToAsk } from './commands/who-may.js';
import { MISSING } from './missing.js';
import { moveLines } from './move-lines.js';
import type { Kind, TriageOutcome } from './outcome.js';
import { peopleLines } from './owners/lines.js';
import { issueInCode, plain, quote } from './safe-text.js';
import { BY_PERSON, chosenByPerson, kindByPerson, NOTHING_SAID, type Word } from './word.js';

const A_KIND: Readonly<Record<Kind, string>> = {
  bug: 'a bug',
  build: 'a build failure',
  feature: 'a request for a feature',
  question: 'a question',
  docs: 'about documentation',
  performance: 'about performance',
  other: 'something else',
};

/** What the comment shows beside the decision. */
export interface CommentView {
  readonly registry: Registry;
  /** Spokes that a person set by label; theirs holds. */
  readonly setByPeople: readonly string[];
  /** What people said by command; nothing when left out. */
  readonly word?: Word;
  /** False where nobody is there who could answer what is missing. */
  readonly asks?: boolean;
  /** Whether somebody has the issue: the reporter's own correction comes too late then. */
  readonly taken?: boolean;
}

/** Markdown of the comment. Equal decisions give equal text. */
export function stickyComment(
  outcome: TriageOutcome,
  { registry, setByPeople, word = NOTHING_SAID, asks = true, taken = false }: CommentView,
): string {
  const spoke = (id: string): string => plain(registry.spokes.get(id)?.name ?? id);
  const product = outcome.product && (registry.products.get(outcome.product.id)?.name ?? outcome.product.id);
  const reasons = told(outcome, setByPeople.length > 0 ? null : word.routing, registry);
  const cc = outcome.spokes.cc.length > 0 ? ` Informed as well: ${outcome.spokes.cc.map(spoke).join(', ')}.` : '';
  return [
    `${headline(outcome, product, spoke)}${cc}`,
    why(outcome, reasons),
    asks ? asked(outcome.missing) : '',
    alike(outcome, registry.hub.commands !== null),
    ...said(word, spoke, registry),
    ...moveLines(word, registry),
    correction(outcome, setByPeople, registry, word, taken),
    details(
      { ...outcome, reasons },
      outcome.reasons,
      registry,
      word.answers.some(({ explain }) => explain),
    ),
    answersSection(word.answers),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function headline(outcome: TriageOutcome, product: string | null, spoke: (id: string) => string): string {
  const accountable = spoke(outcome.spokes.accountable);
  if (product) return `This is for **${plain(product)}**; **${accountable}** answers for it.`;
  if (outcome.outside !== null)
    return `This is for ${quote(outcome.outside)}, which is not in the catalogue; **${accountable}** takes it on.`;
  if (outcome.mode === 'suggest' && chosenByPerson(outcome.reasons))
    return `This is for **${accountable}**; nobody has said yet for which product.`;
  if (outcome.mode === 'suggest')
    return `Which product this is for is not certain; **${accountable}** should look first.`;
  return `Which product this is for is not clear; it waits for a person at **${accountable}**.`;
}

/** The reasons as they are read: products by their names, and who chose by command by login. */
function told(
  { reasons, product, candidates }: Pick<TriageOutcome, 'reasons' | 'product' | 'candidates'>,
  routing: Word['routing'],
  { products, spokes }: Pick<Registry, 'products' | 'spokes'>,
): readonly string[] {
  const ids = new Set([...(product ? [product.id] : []), ...candidates.map((one) => one.product)]);
  const named = (reason: string): string => {
    const ours = (text: string) =>
      text.replace(/[\w.+-]+/g, (id) => (ids.has(id) ? products.get(id)?.name : null) ?? id);
    // What stands in quotation marks stays as somebody wrote it.
    const [, before = '', theirs = '', after = ''] = /^([^"]*)(".*"|".*$)?([^"]*)$/s.exec(reason) ?? [];
    return `${ours(before)}${theirs}${ours(after)}`;
  };
  const [first, ...rest] = reasons;
  if (first === undefined || !chosenByPerson(reasons)) return reasons.map(named);
  const [chosen = '', gone = ''] = first.slice(CHOSE.length).split(/(?=, which )/);
  const names = chosen.replace(/[^\s,]+/g, (id) => products.get(id)?.name ?? spokes.get(id)?.name ?? id);
  return [`${routing === null ? CHOSE : `${routing.by} chose `}${names}${gone}`, ...rest.map(named)];
}

const CHOSE = `${BY_PERSON}chose `;

function why({ kind }: TriageOutcome, reasons: readonly string[]): string {
  const first = reasons[0];
  const because = first ? `Why: ${safeReason(first)}.` : '';
  if (kind && kindByPerson(reasons)) return `${because} A person says that it is ${A_KIND[kind.id]}.`.trim();
  const is = kind ? `It looks like ${A_KIND[kind.id]}.` : '';
  return [because, is.replace('like about', 'to be about').replace('like something', 'to be something')]
    .filter((part) => part !== '')
    .join(' ');
}

function asked(missing: readonly string[]): string {
  const words = missing.map((id) => MISSING[id]).filter((text) => text !== undefined);
  if (words.length === 0) return '';
  return `It would help to know:\n${words.map((text) => `- ${text}`).join('\n')}`;
}

/**
 * The best one in a sentence. `owner/name#n` as plain text, or a link to it, would put a note into that issue, which notifies its
 * people whether or not the guess is right: hence code, and an address that GitHub does not follow.
 */
function alike({ duplicates }: TriageOutcome, commands: boolean): string {
  const best = duplicates?.[0];
  if (best === undefined) return '';
  const name = issueName(best);
  const because = safeReason(best.because);
  const told = `May be the same as ${best.link === null ? name : `[${name}](${best.link})`}; ${because}.`;
  if (!commands) return told;
  return `${told} If it is, write \`/spokebot duplicate ${name.slice(1, -1)}\` on a line of its own; if not, \`/spokebot duplicate off\`.`;
}

function issueName({ repository, number }: { readonly repository: string; readonly number: number }): string {
  return `\`${repository}#${number}\``;
}

/** What people have said that is not yet, or never, a matter of routing. */
function said(
  { proposal, needsInfo, duplicateOf }: Word,
  spoke: (id: string) => string,
  { spokes }: Pick<Registry, 'spokes'>,
): string[] {
  const parts: string[] = [];
  if (proposal !== null) {
    const what = proposal.product === null ? '' : ` as ${quote(proposal.product)}`;
    const file = spokes.get(proposal.waitsFor)?.level.file;
    const nobody =
      proposal.ask === undefined || file === undefined
        ? ''
        : ` The hub names nobody to ask: name them under \`leads\` in ${quote(file)}.`;
    const ask = whomToAsk(proposal.ask ?? []);
    const whom = ask === null ? nobody : ` ${ask}.`;
    parts.push(
      `${plain(proposal.by)} proposes to give it to **${spoke(proposal.spoke)}**${what}. It stays here until somebody of **${spoke(proposal.waitsFor)}** writes \`/spokebot accept\`.${whom}`,
    );
  }
  if (needsInfo !== null) parts.push(`The reporter was asked: ${plain(needsInfo, 300)}`);
  if (duplicateOf !== null)
    parts.push(`A person thinks that ${issueInCode(duplicateOf)} says the same. Nothing is closed for that.`);
  return parts;
}

function correction(
  outcome: TriageOutcome,
  setByPeople: readonly string[],
  { spokes, products, hub }: Registry,
  word: Word,
  taken: boolean,
): string {
  if (setByPeople.length > 0)
    return `A person chose ${setByPeople.map((id) => `**${plain(spokes.get(id)?.name ?? id)}**`).join(', ')}; spokebot keeps to that.`;
  if (word.routing !== null)
    return `spokebot keeps to what ${plain(word.routing.by)} decided. \`/spokebot undo\` takes it back.`;
  const kept = 'spokebot keeps to what a person sets, and never puts back a label that a person removed';
  const [verb, label] =
    outcome.mode === 'abstain' ? ['Know better?', 'a `spoke: …` label'] : ['Wrong?', 'the right `spoke: …` label'];
  if (hub.commands === null) return `${verb} Put ${label} on the issue. ${kept}.`;
  // Nobody is offered what a person has just taken back.
  const guess =
    outcome.mode === 'act' || word.withdrawn
      ? undefined
      : outcome.candidates.find(({ product }) => products.has(product));
  const asks =
    guess === undefined
      ? `${verb} Write`
      : `Is it ${quote(guess.product)}? Then write \`/spokebot accept\` on a line of its own${asReporter(guess.product, hub.commands, taken || word.owned || word.reporterCorrected)}. If not, write`;
  const line = guess === undefined ? ' on a line of its own' : '';
  return `${asks} \`/spokebot product NAME\` or \`/spokebot route SPOKE\`${line}, or put ${label} on the issue. ${kept}. \`/spokebot help\` shows more.`;
}

/** The reporter reads it too and may not accept; where they may name the product they are told how, unless it is too late. */
function asReporter(product: string, { may }: CommandsSection, late: boolean): string {
  const other = !late && may.product?.includes('reporter') && !may.accept?.includes('reporter');
  return other ? ` (as the reporter: \`/spokebot product ${product}\`)` : '';
}

/** `reasons` of the outcome as they are told, `stored` as they were made. */
function details(
  { reasons, candidates, product, mode, duplicates = [], ...rest }: TriageOutcome,
  stored: readonly string[],
  registry: Registry,
  open: boolean,
): string {
  // Once a person has decided, what spokebot found counts for nothing: it stands apart, and so do its figures.
  const decided = stored[0]?.startsWith(BY_PERSON) === true;
  const byPerson = (reason: string, at: number) => decided && (at === 0 || kindByPerson([reason]));
  const bullets = (list: readonly string[]) => list.map((reason) => `- ${safeReason(reason)}`);
  const lines = bullets(decided ? reasons.filter(byPerson) : reasons);
  const found = decided ? bullets(reasons.filter((reason, at) => !byPerson(reason, at))) : lines;
  const guesses = candidates.map((one) => `${quote(one.product)} ${percent(one.score)}`);
  const weighed = mode === 'act' || chosenByPerson(stored) ? 'weighed' : 'best guesses';
  if (guesses.length > 0) found.push(`- ${weighed}: ${guesses.join(', ')}`);
  if (product && !decided) found.push(`- confidence: ${percent(product.confidence)}`);
  if (duplicates.length > 0)
    lines.push(`- alike: ${duplicates.map((one) => `${issueName(one)} ${percent(one.score)}`).join(', ')}`);
  lines.push(...peopleLines({ reasons, candidates, product, mode, duplicates, ...rest }, registry));
  if (decided && found.length > 0) lines.push('', 'What spokebot had found by itself:', '', ...found);
  if (lines.length === 0) return '';
  return [`<details${open ? ' open' : ''}><summary>Evidence</summary>`, '', ...lines, '', '</details>'].join('\n');
}

/** A reason is our words with, at its end, theirs in quotation marks. */
function safeReason(reason: string): string {
  const at = reason.indexOf(': "');
  if (at === -1 || !reason.endsWith('"')) return plain(reason, 200);
  return `${plain(reason.slice(0, at), 120)}: ${quote(reason.slice(at + 3, -1))}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
