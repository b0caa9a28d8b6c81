/**
 * The record of a decision: everything that it was made from, as JSON, so that it can be made again. What was written or answered
 * since plays no part; only the hub's files and the weights of the kind model have to be those of that time, which the record tells.
 */
import type { Decision } from '../actions.js';
import type { Catalogue } from './catalogue.js';
import { decideTriage, type TriageConfig } from './decide.js';
import type { IssueFacts } from './facts.js';
import type { TriageOutcome } from './outcome.js';
import type { People } from './owners/people.js';

export interface TriageInputs {
  readonly facts: IssueFacts;
  readonly config: TriageConfig;
  readonly people: People;
  /** Digest of the hub's files. */
  readonly hub: string;
  /** Version of the model's weights; null or absent: rules alone. */
  readonly weights?: string | null;
}

/** As it is stored: the facts at the top, beside them `config`, `people` and `hub`. */
export type TriageRecord = IssueFacts & {
  readonly config: TriageConfig;
  readonly people: unknown;
  readonly hub: string;
  readonly weights?: string | null;
};

export function recordOf({ facts, config, people, hub, weights = null }: TriageInputs): TriageRecord {
  const { paused, triage, kindThreshold, labels, owners } = config;
  return { ...facts, config: { paused, triage, kindThreshold, labels, owners }, people: packed(people), hub, weights };
}

/** Decides again from a stored record. Null for a record of an older version, which does not hold enough. */
export function decideAgain(record: unknown, catalogue: Catalogue): Decision<TriageOutcome> | null {
  if (!isRecord(record)) return null;
  const { config, people, hub: _hub, weights: _weights, ...facts } = record;
  return decideTriage(facts, catalogue, config, unpacked(people) as People);
}

function isRecord(value: unknown): value is TriageRecord {
  const { config, people, word, sticky } = (value ?? {}) as Partial<Record<keyof TriageRecord, unknown>>;
  return isObject(config) && 'labels' in config && isObject(people) && isObject(word) && sticky !== undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What JSON has no form for, in objects with one key that begins with `$`. */
function packed(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof Map) return { $map: [...value].map(([key, each]) => [key, packed(each)]) };
  if (value instanceof Set) return { $set: [...value].map(packed) };
  if (Array.isArray(value)) return value.map(packed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, packed(each)]));
}

function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked);
  if (!isObject(value)) return value;
  const { $date, $map, $set } = value as { $date?: string; $map?: [unknown, unknown][]; $set?: unknown[] };
  if ($date !== undefined) return new Date($date);
  if ($map !== undefined) return new Map($map.map(([key, each]) => [key, unpacked(each)]));
  if ($set !== undefined) return new Set($set.map(unpacked));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpacked(each)]));
}
