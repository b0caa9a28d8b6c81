/** Evidence from what people say of the fault: Spack's own code, a package that fails, another product that has the bug. */
import { type Blame, findBlame, findTrackers, saysNotOurs } from './blame.js';
import type { Catalogue } from './catalogue.js';
import { carries } from './embedded.js';
import type { AddEvidence, EvidenceKind } from './evidence.js';
import type { IssueFacts } from './facts.js';
import { type Reading, SPACK } from './reading.js';
import { coreSigns, coreTrace, isCoreLabel } from './spack-core.js';
import { sameTarget, type Target, targetKey } from './target.js';

type Told = Pick<IssueFacts, 'title' | 'labels'>;

/** Signs that Spack itself is meant; only for Spack's repositories. */
export function fromSpack({ title, text, prose, place }: Reading, facts: Told, add: AddEvidence): void {
  const target: Target = { product: SPACK };
  const signs = coreSigns(facts.title);
  const strong = signs.filter((sign) => sign.strong);
  const subject = title.names.some((name) => name.role === 'subject' && name.firm);
  if (strong[0] && !title.formal) add('spack-strong', target, strong[0].text);
  const weak = signs.find((sign) => !sign.strong) ?? strong[1];
  if (weak && !title.formal) add('spack-weak', target, weak.text);
  const trace = coreTrace(`${facts.title}\n${text}`);
  if (trace) add('spack-trace', target, trace);
  const label = facts.labels.find(isCoreLabel);
  if (label && !title.formal) add('spack-label', target, label);
  const said = coreSigns(prose).find((sign) => sign.strong);
  // Nothing names a package, and it is the repository of Spack's own code.
  if (title.names.length === 0 && !title.formal && place.kind === 'spack' && !place.recipes) {
    add('spack-repository', target, 'spack/spack');
    if (said) add('spack-weak', target, said.text);
  } else if (said && !subject) add('text', target, said.text);
}

/**
 * Where packages are the subject, what is said to fail is it; in a product's repository the product itself is meant by default,
 * so only others count there, and not the copies that it carries.
 */
export function fromBlame(reading: Reading, facts: Told, catalogue: Catalogue, add: AddEvidence): void {
  const { place } = reading;
  const home = place.kind === 'product' ? place.product : null;
  const inSpack = place.kind === 'spack';
  const theirs = saysNotOurs(facts.labels);
  const tell = (sign: Blame, kind: EvidenceKind): void => {
    const { target } = sign;
    if (home && (targetKey(target) === home || ('product' in target && carries(home, target.product)))) return;
    // "HDF5 error" in a product's issue is how its own fault shows.
    if (home && (sign.how === 'fails' || sign.how === 'dependency')) return;
    // "X fails" in a title about X says nothing about what of X's dependencies fails.
    if (inSpack && reading.title.names.some((name) => name.role === 'subject' && sameTarget(name.target, target)))
      return;
    const hosted = 'product' in target && reading.title.names.some((name) => isHostOf(name.target, target.product));
    if (inSpack && hosted) return;
    add(kind, target, sign.text);
    if (theirs && sign.how !== 'link') add('label', target, facts.labels.join(', '));
  };
  for (const sign of findBlame(facts.title, catalogue, inSpack))
    tell(sign, sign.how === 'cause' ? 'blamed-title' : 'failing-title');
  for (const sign of findBlame(reading.prose, catalogue, inSpack))
    tell(
      sign,
      inSpack && sign.how !== 'cause'
        ? sign.how === 'dependency'
          ? 'failing-dependency'
          : 'failing-text'
        : 'blamed-text',
    );
  if (!inSpack) for (const sign of findTrackers(reading.prose, catalogue)) tell(sign, 'tracker-link');
}

/** True when the other one carries or wraps `part`. */
export function isHostOf(host: Target, part: string): boolean {
  return 'product' in host && carries(host.product, part);
}
