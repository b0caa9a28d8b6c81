/**
 * The specs that the `specs` of a `spack.yaml` stand for: plain ones, references to its `definitions` (`$name`, `$^name`, `$%name`), and
 * matrices. What cannot be read without Spack and the machine is left out, and said to be. Pure.
 */
import { z } from 'zod';

export interface ReadSpecs {
  readonly specs: readonly string[];
  /** What was not read, in words; empty where all was. */
  readonly leftOut: readonly string[];
}

const Matrix = z.looseObject({ matrix: z.array(z.array(z.unknown())), exclude: z.array(z.unknown()).default([]) });
const Definition = z.record(z.string(), z.unknown());

/** More than any release has; a file of others must not fill the worker's memory. */
const MOST = 20_000;
const DEEPEST = 20;

export function readSpecLists(specs: readonly unknown[], definitions: unknown): ReadSpecs {
  const leftOut = new Set<string>();
  const named = readDefinitions(definitions, leftOut);

  function list(items: readonly unknown[], inside: readonly string[]): string[] {
    const found: string[] = [];
    for (const item of items) {
      for (const one of itemOf(item, inside)) found.push(one);
      if (found.length <= MOST) continue;
      leftOut.add(`more than ${MOST} specs`);
      return found.slice(0, MOST);
    }
    return found;
  }

  function itemOf(item: unknown, inside: readonly string[]): string[] {
    if (typeof item === 'string') return item.trim().startsWith('$') ? reference(item.trim(), inside) : [item.trim()];
    const read = Matrix.safeParse(item);
    if (read.success) return matrix(read.data, inside);
    leftOut.add(`an entry of "specs" that is neither a spec nor a matrix`);
    return [];
  }

  function reference(text: string, inside: readonly string[]): string[] {
    const [, sigil = '', name = ''] = /^\$([%^]?)(\S+)$/.exec(text) ?? [];
    const items = named.get(name);
    if (items === undefined || inside.includes(name) || inside.length > DEEPEST) {
      leftOut.add(`${text}, which no definition without a condition names`);
      return [];
    }
    return list(items, [...inside, name]).map((one) => `${sigil}${one}`);
  }

  function matrix({ matrix: rows, exclude }: z.infer<typeof Matrix>, inside: readonly string[]): string[] {
    let found: string[][] = rows.length === 0 ? [] : [[]];
    for (const row of rows) {
      const words = list(row, inside);
      if (found.length * words.length > MOST) {
        leftOut.add(`a matrix of more than ${MOST} specs`);
        return [];
      }
      found = found.flatMap((before) => words.map((word) => [...before, word]));
    }
    const without = list(exclude, inside);
    return found.map(joined).filter((one) => !without.some((other) => covers(one, other)));
  }

  return { specs: list(specs, []), leftOut: [...leftOut] };
}

/** By name, later ones of the same name added; those with a condition hold on some machines only. */
function readDefinitions(definitions: unknown, leftOut: Set<string>): Map<string, unknown[]> {
  const named = new Map<string, unknown[]>();
  for (const entry of Array.isArray(definitions) ? definitions : []) {
    const read = Definition.safeParse(entry);
    if (!read.success) continue;
    const { when, ...lists } = read.data;
    for (const [name, items] of Object.entries(lists)) {
      if (when !== undefined) leftOut.add(`definition ${name} under the condition "${String(when).slice(0, 100)}"`);
      else if (Array.isArray(items)) named.set(name, [...(named.get(name) ?? []), ...items]);
    }
  }
  return named;
}

/** Each row says something of the package itself, so what is said of its dependencies comes last. */
function joined(words: readonly string[]): string {
  const isDependency = (word: string) => word.startsWith('^');
  return [...words.filter((word) => !isDependency(word)), ...words.filter(isDependency)].join(' ');
}

/** Whether every part of the excluded spec is a part of this one. Ranges are not compared: then one more spec is allowed, which does no harm. */
function covers(spec: string, excluded: string): boolean {
  const parts = partsOf(spec);
  const wanted = partsOf(excluded);
  return wanted.length > 0 && wanted.every((part) => parts.includes(part));
}

/** `petsc@3.20+cuda~mpi %gcc ^mpich` is `petsc`, `@3.20`, `+cuda`, `~mpi`, `%gcc`, `^mpich`. */
function partsOf(spec: string): string[] {
  return spec.match(/[@+~%^]?[^\s@+~%^]+/g) ?? [];
}
