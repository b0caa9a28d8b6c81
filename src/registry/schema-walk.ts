/** Looks into a schema: which keys, words and shapes may stand at a path. Suggestions are made of these. */
import { z } from 'zod';

export type Path = readonly PropertyKey[];

/** Every schema that may stand at a path; unions give all their branches. */
export function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  let here = unfold(schema);
  for (const part of path)
    here = here.flatMap((one) => {
      if (one instanceof z.ZodObject) {
        const inner: z.core.$ZodType | undefined = one.shape[String(part)];
        return inner ? unfold(inner) : [];
      }
      if (one instanceof z.ZodArray) return unfold(one.element);
      if (one instanceof z.ZodRecord) return unfold(one.valueType);
      return [];
    });
  return here;
}

function unfold(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unfold(schema.def.innerType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unfold);
  return [schema];
}

/** The keys that sections of these schemas know. */
export function keysOf(schemas: readonly z.core.$ZodType[]): string[] {
  return schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}

/** The fixed words that these schemas know. */
export function wordsOf(schemas: readonly z.core.$ZodType[]): string[] {
  return schemas.flatMap((schema) => {
    if (schema instanceof z.ZodEnum) return schema.options.map(String);
    if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
    return [];
  });
}

/** The shapes in words, e.g. `off, or a list`. */
export function shapesOf(schemas: readonly z.core.$ZodType[]): string {
  const words = schemas.flatMap((schema) => {
    // `false` is understood for `off`, but one way to write it is enough to know.
    if (schema instanceof z.ZodLiteral) return [...schema.values].filter((value) => value !== false).map(String);
    if (schema instanceof z.ZodArray) return ['a list'];
    if (schema instanceof z.ZodObject) return [`a section with keys (${Object.keys(schema.shape).join(', ')})`];
    if (schema instanceof z.ZodBoolean) return ['true or false'];
    return [];
  });
  return [...new Set(words)].join(', or ');
}

/** The value at a path of a parsed file; undefined when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let here: unknown = value ?? {};
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[part];
  }
  return here;
}
