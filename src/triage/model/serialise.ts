/**
 * A model as a text of one JSON object, its arrays as base64 of little-endian numbers. It holds hashes and weights, no text of any
 * issue. What is read is checked: a model file may come from anywhere.
 */
import { z } from 'zod';
import type { KindModel } from './kind-model.js';
import { VIEWS } from './views.js';

/** Goes up whenever a feature, a hash or the form of the file changes: weights fit only the features that they were learnt with. */
export const MODEL_VERSION = 4;
const FORMAT = 'spokebot-kind-model';

/** The message says what is wrong with the file; the caller knows its name. */
export class BadModel extends Error {}

const header = z.object({ format: z.literal(FORMAT), version: z.number().int() });
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const content = z.object({
  labels: z.array(z.string()).min(2).max(1000),
  calibration: z.object({
    slope: z.number(),
    lead: z.object({ slope: z.number(), intercept: z.number() }),
  }),
  measured: z
    .object({
      issues: z.number().int().nonnegative(),
      repositories: z.number().int().nonnegative(),
      at: z
        .array(
          z.object({
            from: z.number().min(0).max(1),
            answered: z.number().int().nonnegative(),
            right: z.number().int().nonnegative(),
          }),
        )
        .readonly(),
    })
    .nullable(),
  views: z.array(z.string()),
  features: z.number().int().nonnegative(),
  /** One unit of `weights`. */
  unit: z.number().positive(),
  templates: base64,
  hashes: base64,
  viewOf: base64,
  factors: base64,
  weights: base64,
});

export function serialiseModel({ labels, templates, vocabulary, linear, calibration, measured }: KindModel): string {
  const { hashes, views, factors } = vocabulary;
  let largest = 0;
  for (const weight of linear.weights) largest = Math.max(largest, Math.abs(weight));
  const unit = largest === 0 ? 1 : largest / 32_767;
  const model: z.infer<typeof header> & z.infer<typeof content> = {
    format: FORMAT,
    version: MODEL_VERSION,
    labels: [...labels],
    calibration,
    measured,
    views: VIEWS.map(({ name }) => name),
    features: hashes.length,
    unit,
    templates: encode(Uint32Array.from(templates)),
    hashes: encode(hashes),
    viewOf: encode(views),
    factors: encode(factors),
    weights: encode(Int16Array.from(linear.weights, (weight) => Math.round(weight / unit))),
  };
  return `${JSON.stringify(model)}\n`;
}

/** Throws `BadModel`. */
export function parseModel(text: string): KindModel {
  const value = parseJson(text);
  const head = header.safeParse(value);
  if (!head.success)
    throw new BadModel(`it is no model of kinds (no "format": "${FORMAT}"); write one with "spokebot model train"`);
  if (head.data.version !== MODEL_VERSION)
    throw new BadModel(
      `it is a model of version ${head.data.version}, this program reads version ${MODEL_VERSION}; train it again with "spokebot model train"`,
    );
  const parsed = content.safeParse(value);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    throw new BadModel(`its "${first?.path.join('.')}" is damaged: ${first?.message}`);
  }
  const { labels, calibration, measured, features, unit, ...rest } = parsed.data;
  if (rest.views.join() !== VIEWS.map(({ name }) => name).join())
    throw new BadModel('its views are not those of this program; train it again with "spokebot model train"');
  const views = new Uint8Array(decode('viewOf', rest.viewOf, features));
  if (views.some((view) => view >= VIEWS.length)) throw new BadModel('its "viewOf" is damaged: there is no such view');
  const steps = new Int16Array(decode('weights', rest.weights, (features + 1) * labels.length * 2));
  return {
    labels,
    calibration,
    measured,
    templates: new Set(new Uint32Array(decode('templates', rest.templates, null))),
    vocabulary: {
      hashes: new Uint32Array(decode('hashes', rest.hashes, features * 4)),
      views,
      factors: new Float32Array(decode('factors', rest.factors, features * 4)),
    },
    linear: { labels: labels.length, weights: Float32Array.from(steps, (step) => step * unit) },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadModel('it is not JSON; a model is written by "spokebot model train"');
  }
}

function encode({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
}

/** The bytes, in memory of their own; `length` null means any whole number of 32-bit numbers. */
function decode(name: string, text: string, length: number | null): ArrayBuffer {
  const bytes = Buffer.from(text, 'base64');
  if (length === null ? bytes.length % 4 !== 0 : bytes.length !== length)
    throw new BadModel(
      `its "${name}" is damaged: ${bytes.length} bytes${length === null ? '' : ` instead of ${length}`}`,
    );
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}
