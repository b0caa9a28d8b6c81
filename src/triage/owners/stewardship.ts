/**
 * Where a hub has too few people: products without owners or with a single one, people who seem to have left, rotas of which soon
 * nobody is there. It is told to the hub, never on anybody's issue. Pure.
 */

import { lowerSet } from '../../registry/lower-set.js';
import type { Registry, Spoke } from '../../registry/model.js';
import { type PassedOver, passedOver } from './eligible.js';
import { uniqueLogins } from './logins.js';

/** So many days ahead a rota is looked at. */
export const AHEAD_DAYS = 7;

const DAY = 24 * 60 * 60 * 1000;

export interface Stewardship {
  /** Spokes of which no product has owners, with how many they answer for and how many can be asked in their place: the spoke's own people. */
  readonly bare: readonly { readonly spoke: string; readonly products: number; readonly people: number }[];
  /** Products without owners, where others of the same spoke have some. */
  readonly orphans: readonly { readonly product: string; readonly spoke: string }[];
  /** Products that hang on one person. */
  readonly single: readonly { readonly product: string; readonly spoke: string; readonly owner: string }[];
  /** People whom files name and who were not seen for too long, with the day they were last seen (`YYYY-MM-DD`). */
  readonly silent: readonly { readonly login: string; readonly since: string; readonly named: readonly string[] }[];
  /** Rotas of which nobody can be asked from that day on (`YYYY-MM-DD`), within `AHEAD_DAYS`. */
  readonly dry: readonly { readonly spoke: string; readonly from: string }[];
}

export interface Seen {
  /** By login in lower case. */
  readonly lastSeen: ReadonlyMap<string, Date>;
  /** In lower case. */
  readonly muted: ReadonlySet<string>;
  /** Of those who come back by themselves the last day, `YYYY-MM-DD`. */
  readonly mutedUntil?: Readonly<Record<string, string>>;
}

export function stewardship(registry: Registry, seen: Seen, now: Date): Stewardship {
  const spokes = [...registry.spokes.values()];
  const products = [...registry.products.values()];
  const owned = (spoke: Spoke) => products.filter(({ accountable }) => accountable === spoke.id);
  const isBare = (spoke: Spoke) => owned(spoke).every(({ owners }) => owners.length === 0);
  const rest = spokes.filter((spoke) => !isBare(spoke)).flatMap(owned);
  return {
    bare: spokes
      .filter((spoke) => isBare(spoke) && owned(spoke).length > 0)
      .map((spoke) => ({ spoke: spoke.id, products: owned(spoke).length, people: askable(spoke, seen).length })),
    orphans: rest
      .filter(({ owners }) => owners.length === 0)
      .map(({ id, accountable }) => ({ product: id, spoke: accountable })),
    single: rest
      .filter(({ owners }) => uniqueLogins(owners).length === 1)
      .map(({ id, accountable, owners }) => ({ product: id, spoke: accountable, owner: owners[0]! })),
    silent: silentPeople(registry, seen, now),
    dry: spokes.flatMap((spoke) => {
      const from = dryFrom(spoke, seen, now);
      return from === null ? [] : [{ spoke: spoke.id, from }];
    }),
  };
}

/** What of it concerns one spoke; `products` are the files of those that it answers for. */
export function ofSpoke(
  view: Stewardship,
  { id, level }: Pick<Spoke, 'id' | 'level'>,
  products: readonly string[],
): Stewardship {
  const files = new Set([level.file, ...products]);
  return {
    bare: view.bare.filter(({ spoke }) => spoke === id),
    orphans: view.orphans.filter(({ spoke }) => spoke === id),
    single: view.single.filter(({ spoke }) => spoke === id),
    silent: view.silent.filter(({ named }) => named.some((file) => files.has(file))),
    dry: view.dry.filter(({ spoke }) => spoke === id),
  };
}

/** Without those who asked to be left alone. */
function askable(spoke: Spoke, { muted }: Seen): string[] {
  return peopleOf(spoke).filter((login) => !muted.has(login.toLowerCase()));
}

function peopleOf({ leads, rota }: Spoke): string[] {
  return uniqueLogins([...(rota?.people ?? []), ...leads]);
}

/** Everybody whom a file of the hub names, once, with the files in the order of the catalogue. */
function silentPeople(registry: Registry, seen: Seen, now: Date): Stewardship['silent'] {
  const named = new Map<string, { login: string; files: string[] }>();
  const add = (login: string, file: string) => {
    const one = named.get(login.toLowerCase()) ?? { login, files: [] };
    if (!one.files.includes(file)) one.files.push(file);
    named.set(login.toLowerCase(), one);
  };
  for (const { owners, level } of registry.products.values()) for (const login of owners) add(login, level.file);
  for (const spoke of registry.spokes.values()) for (const login of peopleOf(spoke)) add(login, spoke.level.file);
  for (const login of registry.hub.roles.keepers) add(login, registry.hub.level.file);
  return [...named.values()].flatMap(({ login, files }) => {
    const passed = unable(login, [], { ...seen, muted: new Set() }, now);
    return passed?.why === 'silent' ? [{ login, since: passed.since, named: files }] : [];
  });
}

/** The first of the next days on which nobody of the rota can be asked; null when somebody always can. */
function dryFrom({ rota, absences }: Spoke, seen: Seen, now: Date): string | null {
  if (rota === null) return null;
  for (let ahead = 0; ahead <= AHEAD_DAYS; ahead++) {
    const day = new Date(now.getTime() + ahead * DAY);
    if ([...lowerSet(rota.people)].every((login) => unable(login, absences, seen, day) !== null))
      return day.toISOString().slice(0, 10);
  }
  return null;
}

function unable(login: string, absences: Spoke['absences'], seen: Seen, now: Date): PassedOver | null {
  return passedOver(login, absences, { author: null, takenOff: new Set(), ...seen, now });
}
