/** Gathers what is known of people, and decides with it. Reads of GitHub are kept for a day, so that no issue costs one of its own. */
import type { Decision, IssueRef } from '../actions.js';
import type { EffectiveConfig } from '../registry/model.js';
import { visibleFrom } from '../store/cases.js';
import { mentionedBefore } from '../store/manners.js';
import { burdens, givenBefore, lastSeenOf, previousOf } from '../store/people.js';
import type { Catalogue } from '../triage/catalogue.js';
import { decideTriage } from '../triage/decide.js';
import type { IssueFacts } from '../triage/facts.js';
import { heldBack, measuredBy } from '../triage/learning/gate.js';
import { trackRecord } from '../triage/learning/track-record.js';
import type { TriageOutcome } from '../triage/outcome.js';
import type { OwnerHint } from '../triage/owners/hints.js';
import { NOBODY_KNOWN, type People } from '../triage/owners/people.js';
import type { HandlerPorts } from './ports.js';

/** As many levels name people, with a rota beside the leads. */
const MOST_LEVELS = 6;

type Ports = Pick<HandlerPorts, 'db' | 'now' | 'people' | 'cases' | 'forge'>;

/** A decision with everything that it was made from besides the facts and the catalogue. */
export interface DecidedWith {
  readonly decision: Decision<TriageOutcome>;
  /** As it counted: `act` that is held back is `suggest`. */
  readonly config: EffectiveConfig;
  readonly people: People;
}

/** The decision about one issue with what is known of the people it could be given to, and of how good such decisions are. */
export async function decideWithPeople(
  facts: IssueFacts,
  ref: IssueRef,
  catalogue: Catalogue,
  configured: EffectiveConfig,
  ports: Ports,
): Promise<DecidedWith> {
  let people: People = { ...NOBODY_KNOWN, now: ports.now() };
  const outcome = () => decideTriage(facts, catalogue, configured, people).outcome;
  const held = await actHeldBack(outcome, ref, configured, ports);
  const config: EffectiveConfig = held === null ? configured : { ...configured, triage: { policy: 'suggest' } };
  const { policy } = config.triage;
  const decide = (): DecidedWith => {
    const decision = decideTriage(facts, catalogue, config, people);
    return {
      decision: held === null ? decision : { ...decision, reasons: [...decision.reasons, held] },
      config,
      people,
    };
  };
  if (policy === 'shadow' || policy === 'off') return decide();
  // Where nobody is given anything, there is nothing to be fair about.
  if (policy === 'act') people = await withRecords(people, decide().decision.outcome.owners, facts, ref, ports);
  let first = decide();
  const acted = await actedOn(first.decision, ref, ports);
  if (acted !== null) {
    const { acted: _, ...rest } = people;
    people = acted === 'unknown' ? rest : { ...rest, acted };
    first = decide();
  }
  for (let level = 0; policy === 'act' && level < MOST_LEVELS; level++) {
    const limited = await limitedOf(first.decision, ref, ports);
    if (limited.size === 0) break;
    // Whoever comes next may have as little.
    people = { ...people, limited: new Set([...(people.limited ?? []), ...limited]) };
    first = decide();
  }
  const hints = await hintsFor(first.decision.outcome, facts, ref, catalogue, ports);
  const unassignable = policy === 'act' ? await notAssignable(first.decision, ref, ports) : [];
  if (hints.length === 0 && unassignable.length === 0) return first;
  people = { ...people, hints, unassignable: new Set(unassignable.map((login) => login.toLowerCase())) };
  return decide();
}

/** Why spokebot does not do all that `act` allows, by what people made of its answers so far; null when it may, or was not to act. */
async function actHeldBack(
  decide: () => TriageOutcome,
  { repositoryId }: IssueRef,
  { triage, acting }: EffectiveConfig,
  { cases, now }: Ports,
): Promise<string | null> {
  if (triage.policy !== 'act' || acting.withoutRecord) return null;
  const outcome = decide();
  const subject = measuredBy(outcome);
  if (outcome.mode !== 'act' || subject === null) return null;
  // What lies in another private repository is told nowhere, not even as a number.
  return heldBack(trackRecord(visibleFrom(await cases(), repositoryId), subject, now()), acting);
}

async function withRecords(
  people: People,
  named: readonly string[],
  facts: IssueFacts,
  ref: IssueRef,
  { db, now }: Ports,
): Promise<People> {
  const given = await givenBefore(db, ref);
  const ours = given.filter(({ byPerson }) => byPerson === false).map(({ login }) => login);
  // With one person there is nothing to weigh, and with somebody on it whom people put there nobody is chosen.
  const open = named.length > 1 && facts.assignees.every((login) => ours.includes(login));
  return {
    ...people,
    burden: open ? await burdens(db, now()) : people.burden,
    previous: !open || facts.author === null ? [] : await previousOf(db, facts.author, ref),
    given,
    mentioned: await mentionedBefore(db, ref),
    acted: [],
    lastSeen: await lastSeenOf(db, named, now()),
  };
}

/** Who is named elsewhere for a product whose own files name nobody; nothing of a private repository is shown. */
async function hintsFor(
  { product, asked }: TriageOutcome,
  facts: IssueFacts,
  ref: IssueRef,
  { registry }: Catalogue,
  { people }: Ports,
): Promise<readonly OwnerHint[]> {
  const known = product === null ? undefined : registry.products.get(product.id);
  if (known === undefined || facts.private || asked?.level === 'repository' || asked?.level === 'product') return [];
  const home = registry.productByRepository(ref.fullName)?.id === known.id;
  return await people.hints({
    installationId: ref.installationId,
    repository: home ? ref.fullName : null,
    package: known.packages[0]?.name ?? null,
  });
}

/** Who has done something on the issue; only asked where somebody is to be taken off it, which is no reason to do so unseen. */
async function actedOn(
  { actions }: Decision<TriageOutcome>,
  { installationId, fullName, number }: IssueRef,
  { forge }: Ports,
): Promise<readonly string[] | 'unknown' | null> {
  if (!actions.some(({ kind }) => kind === 'unassign')) return null;
  return (await (await forge(installationId)).involved(fullName, number)) ?? 'unknown';
}

/** Those of the people in question who have little time; only asked where somebody is to be called. */
async function limitedOf(
  { actions, outcome }: Decision<TriageOutcome>,
  ref: IssueRef,
  { people }: Ports,
): Promise<ReadonlySet<string>> {
  const calls = actions.some(({ kind }) => kind === 'assign' || kind === 'mention-comment');
  return calls ? people.limited(ref, outcome.owners) : new Set();
}

/** Those of the people in question whom GitHub would leave out without a word; only asked where somebody is to be assigned. */
async function notAssignable(
  { actions, outcome }: Decision<TriageOutcome>,
  ref: IssueRef,
  { people }: Ports,
): Promise<readonly string[]> {
  const logins = actions.some(({ kind }) => kind === 'assign') ? outcome.owners : [];
  const answers = await Promise.all(logins.map((login) => people.assignable(ref, login)));
  return logins.filter((_, index) => !answers[index]);
}
