/**
 * A stored decision and what people have said, as plain sentences for `explain` and the pages. Both show the same ones, so that nobody
 * has to know which of them to trust.
 */
import type { Asked } from './outcome.js';
import type { Word } from './word.js';

/** What stands by people's word, a sentence each; empty when nobody has said anything. */
export function wordInWords(word: Word): string[] {
  const { routing, proposal, transfer, moved } = word;
  const said: (string | null)[] = [
    routing &&
      `${routing.by} sent it to ${routing.product ?? routing.outside ?? routing.spoke} (spoke ${routing.spoke})`,
    word.withdrawn && routing === null ? 'a person took back what spokebot had decided' : null,
    proposal &&
      `${proposal.by} proposes to give it to ${proposal.spoke}${proposal.product === null ? '' : `, as ${proposal.product}`}; somebody of ${proposal.waitsFor} has to accept`,
    word.owned ? 'somebody who answers for it has acted on it' : null,
    word.reporterCorrected ? 'the reporter has corrected the product, which is possible once' : null,
    word.kind && `a person said that its kind is ${word.kind}`,
    word.needsInfo && `the reporter was asked: ${word.needsInfo}`,
    word.duplicateOf && `a person thinks that ${word.duplicateOf} says the same`,
    word.labels.length > 0 ? `labels set by command: ${word.labels.join(', ')}` : null,
    word.overruled.length > 0 ? `labels that a later command overruled: ${word.overruled.join(', ')}` : null,
    word.unassigned.length > 0 ? `not to be assigned again: ${word.unassigned.join(', ')}` : null,
    transfer && `${transfer.by} asked to move it to ${transfer.to}: ${TRANSFER[transfer.state]}`,
    moved &&
      `it came here${moved.from === null ? '' : ` from ${moved.from}`}${moved.by === null ? '' : `, moved by ${moved.by}`}`,
    word.quiet ? 'spokebot is quiet here until the next command' : null,
  ];
  return said.filter((each): each is string => typeof each === 'string' && each !== '');
}

const TRANSFER: Readonly<Record<NonNullable<Word['transfer']>['state'], string>> = {
  moving: 'on its way',
  agreement: 'waits for the reporter to agree',
  linking: 'an issue there that points here is being made',
  linked: 'an issue there points here',
  refused: 'GitHub refused',
};

/** Who is asked and why, the answer first. `policy` is the one that was in force; null when the record does not tell. */
export function askedInWords(
  { assign, mention, because }: Pick<Asked, 'assign' | 'mention' | 'because'>,
  policy: string | null,
): string[] {
  const chosen = [...assign, ...mention];
  if (chosen.length > 0 && policy !== null && policy !== 'act')
    return [`nobody is called under the policy ${policy}; under act it would be ${chosen.join(', ')}`, ...because];
  const who = [
    ...(assign.length > 0 ? [`given to ${assign.join(', ')}`] : []),
    ...(mention.length > 0
      ? [`${mention.join(', ')} to be mentioned, since GitHub does not let them be assigned`]
      : []),
  ];
  return [...(who.length === 0 ? ['nobody'] : who), ...because];
}

/** As much of an outcome as two of them are compared by; also of one that an older version stored. */
export interface Compared {
  readonly product: { readonly id: string } | null;
  readonly outside: string | null;
  readonly spokes: { readonly accountable: string; readonly cc: readonly string[] };
  readonly kind: { readonly id: string } | null;
  readonly mode: string;
  readonly missing: readonly string[];
  readonly asked?: { readonly assign: readonly string[] } | null | undefined;
}

/** What a decision says otherwise than the one before it; empty when only its reasons or the text of the comment changed. */
export function changesInWords(before: Compared, after: Compared): string[] {
  const rows: readonly (readonly [string, string, string])[] = [
    ['product', nameOf(before), nameOf(after)],
    ['spoke', before.spokes.accountable, after.spokes.accountable],
    ['informed', list(before.spokes.cc), list(after.spokes.cc)],
    ['kind', before.kind?.id ?? 'open', after.kind?.id ?? 'open'],
    ['how sure', before.mode, after.mode],
    ['missing', things(before.missing), things(after.missing)],
    ['proposed for', list(before.asked?.assign ?? []), list(after.asked?.assign ?? [])],
  ];
  return rows.filter(([, from, to]) => from !== to).map(([what, from, to]) => `${what}: ${from} → ${to}`);
}

function nameOf({ product, outside }: Compared): string {
  return product?.id ?? outside ?? 'open';
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.join(', ');
}

function things(ids: readonly string[]): string {
  return ids.length === 0 ? 'nothing' : ids.join(', ');
}
