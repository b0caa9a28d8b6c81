/**
 * The comment that calls somebody who cannot be assigned: an edit of the one comment would notify nobody. Only people whom the hub's
 * files name get in here, and no text of the issue does.
 */
import type { Registry } from '../../registry/model.js';
import type { TriageOutcome } from '../outcome.js';
import { plain, quote } from '../safe-text.js';

/** Why somebody is called; each person once per issue and reason. */
export const MENTION_REASONS = ['owner', 'dependent', 'green'] as const;
export type MentionReason = (typeof MENTION_REASONS)[number];

/** Why they are called and how to end it, as Markdown that calls nobody itself. */
export function mentionBecause(
  { product, outside, spokes, asked }: Pick<TriageOutcome, 'product' | 'outside' | 'spokes' | 'asked'>,
  { hub, spokes: known, products }: Pick<Registry, 'hub' | 'spokes' | 'products'>,
): string {
  const what =
    product !== null
      ? (products.get(product.id)?.name ?? product.id)
      : (outside ?? known.get(spokes.accountable)?.name ?? spokes.accountable);
  const file = asked?.file ? quote(asked.file) : 'the hub';
  const mute = (hub.commands?.may['mute-me'] ?? []).length > 0;
  return [
    `this is for **${plain(what)}**, and ${file} names you for it.`,
    'GitHub lets nobody assign you here, so this comment tells you instead, once.',
    ...(mute ? ['Write `/spokebot mute-me` on a line of its own and spokebot calls you nowhere any more.'] : []),
  ].join(' ');
}

/** The comment. Logins that are none are left out, so that nothing else can be called; empty when nobody is left. */
export function mentionComment(logins: readonly string[], because: string): string {
  const people = logins.filter((login) => /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(login));
  return people.length === 0 ? '' : `${people.map((login) => `@${login}`).join(', ')}: ${because}`;
}
