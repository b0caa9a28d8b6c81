/** Evidence from what people say of the fault where packages are the subject: Spack's own code, a package that fails. */
import { type Blame, findBlame } from './blame.js';
import { type Catalogue, isBuiltOn } from './catalogue.js';
import { carries, isCollection } from './embedded.js';
import type { AddEvidence, EvidenceKind } from './evidence.js';
import type { IssueFacts } from './facts.js';
import { fromCauses, fromSpackElsewhere } from './gather-causes.js';
import { apart } from './glued-versions.js';
import { isTool } from './package-names.js';
import { isAboutPackages, type Reading, SPACK } from './reading.js';
import {
  blamedSpack,
  coreSigns,
  coreTrace,
  curedBySpack,
  formOf,
  internalError,
  isCoreLabel,
  isPlainCoreLabel,
  lostPackage,
} from './spack-core.js';
import { sameTarget, type Target } from './target.js';

type Told = Pick<IssueFacts, 'title' | 'labels'>;

/** Signs that Spack itself is meant; only for Spack's repositories. `named`: the log's package stands in the title. */
export function fromSpack(reading: Reading, facts: Told, named: boolean, add: AddEvidence): void {
  const { title, text, prose, place, log } = reading;
  const target: Target = { product: SPACK };
  const signs = coreSigns(facts.title);
  const strong = signs.filter((sign) => sign.strong && !lacksDetection(title, facts.title));
  // What only the words say to be built may be an example.
  const subject = title.names.some((name) => name.role === 'subject' && name.firm && !name.byWords);
  const form = formOf(facts.labels);
  // In Spack's form for failing builds "externals" and the like tell how the titled package was built.
  const built = form === 'build' && title.names.some(({ role, firm, tool }) => role === 'subject' && firm && !tool);
  if (strong[0] && !title.formal && !built) add('spack-strong', target, strong[0].text);
  const weak = signs.find((sign) => !sign.strong) ?? strong[built ? 0 : 1];
  if (weak && !title.formal) add('spack-weak', target, weak.text);
  const everything = `${facts.title}\n${text}`;
  const trace = coreTrace(facts.title, text);
  if (trace) add('spack-trace', target, trace);
  const internal = internalError(everything);
  if (internal) add('spack-internal', target, internal);
  const isAskedFor = (name: string) =>
    log.requested[0] === name ||
    title.names.some((one) => one.role === 'subject' && one.text.toLowerCase().replace(/[@+~%^].*/, '') === name);
  const lost = place.kind === 'spack' && !place.recipes ? lostPackage(text, isAskedFor) : null;
  const blamed = blamedSpack(prose) ?? curedBySpack(prose) ?? lost;
  if (blamed) add('blamed-text', target, blamed);
  // Behind Spack's title form topics such as "windows" or "tests" are the package's.
  const label = facts.labels.find(title.formal ? isPlainCoreLabel : isCoreLabel);
  if (label && (!title.formal || form === 'core')) add('spack-label', target, label);
  if (form === 'core' && !title.formal && !subject && !named) add('spack-template', target, facts.labels.join(', '));
  const said = coreSigns(prose).find((sign) => sign.strong);
  // Nothing names a package, and it is the repository of Spack's own code.
  if (
    title.names.length === 0 &&
    !named &&
    !title.formal &&
    form !== 'build' &&
    place.kind === 'spack' &&
    !place.recipes
  ) {
    add('spack-repository', target, 'spack/spack');
    if (said) add('spack-weak', target, said.text);
  } else if (said && !subject && form !== 'build') add('text', target, said.text);
}

/** "libxml2 is not detected by spack external find": its recipe does not say how. */
function lacksDetection({ names }: Reading['title'], title: string): boolean {
  const subject = names.find(({ role, tool }) => role === 'subject' && !tool);
  return (
    subject !== undefined &&
    title.trimStart().startsWith(subject.text) &&
    /(?:\bnot|n't) (?:be )?(?:detect|found|find|recogni|discover)\w*\b.*\bexternal\b|\bfrom (?:spack )?external find\b/i.test(
      title,
    )
  );
}

/**
 * Where packages are the subject, what is said to fail is it. Elsewhere the repository's own product is meant by default: only a
 * cause counts there, and not in the copies that the product carries.
 */
export function fromBlame(
  reading: Reading,
  facts: Told,
  catalogue: Catalogue,
  example: boolean,
  add: AddEvidence,
): void {
  if (isAboutPackages(reading.place)) {
    fromFailures(reading, facts, catalogue, example, add);
    // A bundle's people know whose fault it is, too.
    if (reading.place.kind === 'product') fromSpackElsewhere(reading, facts, add);
  } else fromCauses(reading, facts, catalogue, add);
}

function fromFailures(
  { title, prose }: Reading,
  facts: Told,
  catalogue: Catalogue,
  example: boolean,
  add: AddEvidence,
): void {
  const tell = (kind: EvidenceKind, { target, text }: Blame): void => {
    // "X fails" in a title about X says nothing about what of X's dependencies fails.
    if (title.names.some((name) => name.role === 'subject' && sameTarget(name.target, target))) return;
    if ('product' in target && title.names.some((name) => isHostOf(name.target, target.product))) return;
    // "it fails in the E4S build": a bundle is where it shows.
    if ('product' in target && isCollection(target.product)) return;
    add(kind, target, text);
  };
  const about = title.names.some((name) => name.role === 'subject');
  // "Installation of mesa fails when installing VisIt": what comes behind tells on which occasion.
  const failsItself = title.names.some(({ role, text }) => role === 'subject' && saysItFails(facts.title, text));
  for (const sign of failsItself ? [] : findBlame(title.text, catalogue, true)) {
    // "PETSc build error with gcc" tells with what it was built.
    if (about && SETTING.test(sign.text)) continue;
    tell(sign.how === 'cause' ? 'blamed-title' : 'failing-title', sign);
  }
  const subject = title.names.find((name) => name.role === 'subject')?.target ?? null;
  for (const sign of findBlame(apart(prose, catalogue), catalogue, true)) {
    // What fails in an issue about Spack itself is what it happened to.
    if (example) tell('text', sign);
    // A package built on the titled one shows a fault of that. In Spack's title form stands what was to be installed, which says
    // nothing of what fails; who writes another title has looked already.
    else if (subject === null || !restsOn(sign.target, subject, catalogue)) {
      const below = subject !== null && title.formal && isBelow(sign.target, subject, catalogue);
      tell(below && sign.how !== 'link' ? 'failing-dependency' : IN_TEXT[sign.how], sign);
    }
  }
}

const SETTING = /^(?:errors?|failures?|problems?|issues?|troubles?) with\b/i;

/** "the installation of X fails" */
function saysItFails(title: string, name: string): boolean {
  const at = title.indexOf(name);
  return (
    /\b(?:install(?:ation)?|build(?:ing)?|compil(?:ation|ing)|configur(?:ation|ing)) of (?:the )?["'`]?$/i.test(
      title.slice(0, at),
    ) && /^["'`]? (?:is |has )?(?:fail|break|broken|stop|crash|abort)/i.test(title.slice(at + name.length))
  );
}

function restsOn(upper: Target, lower: Target, catalogue: Catalogue): boolean {
  return 'product' in upper && 'product' in lower && isBuiltOn(upper.product, lower.product, catalogue);
}

/** A dependency of the titled one, or a package outside the catalogue, of which nearly all that are named are. */
function isBelow(target: Target, titled: Target, catalogue: Catalogue): boolean {
  return 'outside' in target ? !isTool(target.outside) : restsOn(titled, target, catalogue);
}

const IN_TEXT: Readonly<Record<Blame['how'], EvidenceKind>> = {
  cause: 'blamed-text',
  fails: 'failing-text',
  dependency: 'failing-dependency',
  link: 'tracker-link',
};

/** True when the other one carries `part`. */
export function isHostOf(host: Target, part: string): boolean {
  return 'product' in host && carries(host.product, part);
}
