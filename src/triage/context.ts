/**
 * Where and on what an issue was seen: facility, platform, GPU back end, as labels of the hub's taxonomy. Read from the title, from
 * answers of a form, from what people asked Spack to build and from what they say; never from logs and spec trees, which name the
 * machine's whole software. The surest place that names anything of a group decides for that group.
 */
import type { LabelDefinition } from '../actions.js';
import type { Registry } from '../registry/model.js';
import { labelFor } from '../registry/taxonomy.js';
import { type ContextSign, findContext, type Surroundings, surroundings } from './context-find.js';
import type { ContextGroup } from './context-names.js';
import type { Reading } from './reading.js';

/** A label with what it was read from, as written. */
export interface ContextLabel {
  readonly label: LabelDefinition;
  readonly seen: string;
}

/** More than these in one place is a list of what exists, not where something happened. */
const MOST_OF_A_GROUP = 2;
/** Context labels on one issue. */
export const MOST_CONTEXT = 3;
/** Prose that is read; what matters is said early, the rest is a pasted text. */
const PROSE_LIMIT = 6000;

/** The labels, in the order facility, platform, GPU; only those of the taxonomy. */
export function contextLabels(title: string, reading: Reading, registry: Pick<Registry, 'taxonomy'>): ContextLabel[] {
  const found = new Map<string, ContextLabel>();
  for (const { group, ids, seen } of readContext(title, reading)) {
    const label = ids.map((id) => labelFor(registry, group, id)).find((each) => each !== null);
    if (label && !found.has(label.name)) found.set(label.name, { label, seen });
  }
  return [...found.values()].slice(0, MOST_CONTEXT);
}

/** Every sign that counts, whatever the taxonomy holds. Linear in the length of the text. */
export function readContext(title: string, reading: Reading): ContextSign[] {
  const prose = reading.prose.slice(0, PROSE_LIMIT);
  const around = surroundings(`${title}\n${prose}`);
  const places = [
    () => findContext(title, around, false),
    () => reading.fields.flatMap(({ label, value }) => readField(label, value, around)),
    () => [...findContext(prose, around, false), ...requested(reading)],
  ];
  const signs: ContextSign[] = [];
  const settled = new Set<ContextGroup>();
  for (const place of places) {
    const here = place().filter(({ group }) => !settled.has(group));
    for (const group of new Set(here.map((sign) => sign.group))) {
      settled.add(group);
      const names = new Map(here.filter((sign) => sign.group === group).map((sign) => [sign.ids.at(-1)!, sign]));
      if (names.size <= MOST_OF_A_GROUP) signs.push(...withoutImplied([...names.values()]));
    }
  }
  return GROUPS.flatMap((group) => signs.filter((sign) => sign.group === group));
}

const GROUPS: readonly ContextGroup[] = ['facility', 'platform', 'gpu'];

/** "Linux" beside a machine or another system says nothing more. */
function withoutImplied(signs: readonly ContextSign[]): readonly ContextSign[] {
  const others = signs.filter(({ ids }) => ids.at(-1) !== 'linux');
  return others.length > 0 ? others : signs;
}

const PLATFORM_QUESTION =
  /^(?:(?:your |which |what |host |target )?(?:operating system|os|platforms?|machines?|systems?|hardware|facilit(?:y|ies)|hpc system|computer|clusters?|architecture|gpus?|backends?|gpu backends?|environment)\b)/;

/** What a form asks for as such needs no second sign. */
function readField(label: string, value: string | null, around: Surroundings): ContextSign[] {
  if (value === null || value.length > 200 || !PLATFORM_QUESTION.test(label)) return [];
  return findContext(value, around, true);
}

const SPEC_LINE = /\bspack (?:-\S+ )*(?:install|spec|solve|concretize|add|dev-build|test run)\b([^\n`]{1,500})/g;
const VARIANT = /\+(cuda|rocm|hip|sycl|oneapi)\b|\b(?:cuda_arch|amdgpu_target)=(?!none)/g;
const BACK_END: Readonly<Record<string, string>> = {
  cuda: 'cuda',
  rocm: 'hip',
  hip: 'hip',
  sycl: 'sycl',
  oneapi: 'sycl',
};

/** Back ends that are switched on in what people asked for, and the system that their Spack reports. */
function requested({ text, log }: Reading): ContextSign[] {
  const signs: ContextSign[] = [];
  if (log.requested.length > 0)
    for (const [, spec] of text.matchAll(SPEC_LINE))
      for (const [seen, variant] of spec!.matchAll(VARIANT)) {
        const id = BACK_END[variant ?? (seen.startsWith('cuda') ? 'cuda' : 'hip')]!;
        signs.push({ group: 'gpu', ids: [id], seen });
      }
  // The host's system stands in every spec of a report; only macOS and Windows say something there.
  const arch = /\b(darwin|windows)-[a-z]\w{3,}(?:-\w+)?\b/.exec(text);
  if (arch) signs.push({ group: 'platform', ids: [arch[1] === 'darwin' ? 'macos' : 'windows'], seen: arch[0] });
  return signs;
}
