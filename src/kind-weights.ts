/** Reads the weights of the kind model that come with the program: the pure core is handed the model, not its file. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildJudge, type KindJudge } from './triage/model/judge.js';
import type { KindModel } from './triage/model/kind-model.js';
import { parseModel } from './triage/model/serialise.js';

/** Found from the program, never from the working directory: this file is src/*.ts or dist/*.js. */
export const KIND_WEIGHTS = fileURLToPath(new URL('../models/kinds.weights', import.meta.url));

let known: Promise<KindJudge> | null = null;

/** Read once per process. Throws an error that says what to do when the file is not that of this version. */
export function kindJudge(): Promise<KindJudge> {
  known ??= load();
  return known;
}

/** The weights themselves, read anew: they are bent now and then, and asked through `kindJudge`. */
export async function kindModel(): Promise<KindModel> {
  return parseModel(await readFile(KIND_WEIGHTS, 'utf8'));
}

async function load(): Promise<KindJudge> {
  try {
    const text = await readFile(KIND_WEIGHTS, 'utf8');
    return buildJudge(parseModel(text), createHash('sha256').update(text).digest('hex').slice(0, 8));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot use ${KIND_WEIGHTS}: ${why}. It belongs to the program: install it again.`);
  }
}
