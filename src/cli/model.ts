import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { crossPredict, type Evaluation, evaluate } from '../triage/model/evaluate.js';
import type { KindModel } from '../triage/model/kind-model.js';
import { buildPredictor, type Prediction } from '../triage/model/predict.js';
import { BadModel, parseModel, serialiseModel } from '../triage/model/serialise.js';
import { type LabelledIssue, NothingToLearn, trainModel } from '../triage/model/train.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { readFlags } from './flags.js';
import { inWords, jsonLines } from './json-lines.js';
import { whyUnreadable } from './read-failure.js';
import { columns } from './text.js';

export const modelCommand: Command = {
  name: 'model',
  usage: 'train FILE --out M | predict FILE --model M [--json] | evaluate FILE [--model M] [--json]',
  summary: 'learn, tell and judge the kind of issues, read as JSON lines {repo, title, body, label}',
  run,
};

const FOLDS = 5;
const SEED = 1;

const issueLine = z.object({ repo: z.string().min(1), title: z.string(), body: z.string().nullish() });
const labelledLine = issueLine.extend({ label: z.string().min(1) });

/** Exit code 1 when a line could not be read; the others are used. */
async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readFlags(modelCommand, args, {
    out: { type: 'string' },
    model: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [verb, file, ...more] = positionals;
  if (verb !== 'train' && verb !== 'predict' && verb !== 'evaluate')
    throw new UsageError(`${verb === undefined ? 'Say what to do' : `There is no "model ${verb}"`}.`);
  if (file === undefined || more.length > 0) throw new UsageError('Name one file of JSON lines, or -.');
  if (verb === 'train') {
    if (values.out === undefined) throw new UsageError('Say where to write the model: --out M.');
    return train(file, values.out, io);
  }
  if (verb === 'evaluate') return judge(file, values.model, values.json === true, io);
  if (values.model === undefined) throw new UsageError('Say which model to ask: --model M.');
  return predict(file, values.model, inWords(values.json, io), io);
}

async function train(file: string, out: string, io: Io): Promise<number> {
  const { issues, exit } = await readLabelled(file, io);
  const model = learning(() => trainModel(issues));
  const text = serialiseModel(model);
  try {
    await writeFile(out, text);
  } catch (error) {
    throw new UsageError(`Cannot write ${out}: ${messageOf(error)}. Name a file in a folder that exists.`);
  }
  io.stdout.write(
    `${issues.length} issues, ${model.labels.length} labels (${model.labels.join(', ')}), ${model.vocabulary.hashes.length} features: ${out}, ${(text.length / 1e6).toFixed(1)} MB\n`,
  );
  return exit;
}

async function predict(file: string, modelFile: string, words: boolean, io: Io): Promise<number> {
  const ask = buildPredictor(await loadModel(modelFile));
  let exit: number = EXIT.ok;
  for await (const line of jsonLines(file, io, issueLine)) {
    if (line === null) exit = EXIT.negative;
    else {
      const { repo, title } = line;
      const { label, probabilities } = ask({ repo, title, body: line.body ?? '' });
      const text = words
        ? `${label} (${Math.round(probabilities[label]! * 100)} %)  ${repo}  ${onOneLine(title)}`
        : JSON.stringify({ repo, label, probabilities });
      await write(io, `${text}\n`);
    }
  }
  return exit;
}

async function judge(file: string, modelFile: string | undefined, json: boolean, io: Io): Promise<number> {
  const model = modelFile === undefined ? null : await loadModel(modelFile);
  const { issues, exit } = await readLabelled(file, io);
  if (issues.length === 0) throw new UsageError(`${file} has no labelled issue to judge by.`);
  let milliseconds = 0;
  const timed = (ask: (issue: LabelledIssue) => Prediction, issue: LabelledIssue) => {
    const from = performance.now();
    const answer = ask(issue);
    milliseconds += performance.now() - from;
    return answer;
  };
  const ask = model === null ? null : buildPredictor(model);
  const predictions =
    ask === null ? learning(() => crossPredict(issues, FOLDS, SEED, timed)) : issues.map((issue) => timed(ask, issue));
  const evaluation = { ...evaluate(issues, predictions), msPerIssue: milliseconds / issues.length };
  if (json) io.stdout.write(`${JSON.stringify(evaluation)}\n`);
  else {
    const how =
      model === null ? `${FOLDS}-fold cross-validation: each issue by a model that never saw it` : 'by the model';
    io.stdout.write(`${readable(evaluation, how)}\n`);
  }
  return exit;
}

function readable({ macroF1, perRepo, ece, n, msPerIssue }: Evaluation & { msPerIssue: number }, how: string): string {
  const labels = [...new Set(Object.values(perRepo).flatMap(({ f1 }) => Object.keys(f1)))].sort();
  const share = (value: number | undefined) => value?.toFixed(3) ?? '-';
  const rows = Object.entries(perRepo).map(([repo, score]) => [
    repo,
    String(score.n),
    share(score.macroF1),
    ...labels.map((label) => share(score.f1[label])),
  ]);
  return [
    columns([['repository', 'issues', 'macro-F1', ...labels], ...rows]),
    '',
    `macro-F1 ${macroF1.toFixed(4)} (mean over repositories), calibration error ${ece.toFixed(4)}, ${n} issues, ${msPerIssue.toFixed(2)} ms each; ${how}`,
  ].join('\n');
}

/** What cannot be learnt from is wrong use, not a fault of ours. */
function learning<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NothingToLearn) throw new UsageError(error.message);
    throw error;
  }
}

async function loadModel(file: string): Promise<KindModel> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `Cannot read the model ${file}: ${whyUnreadable(error)}. Write one with "spokebot model train".`,
    );
  }
  try {
    return parseModel(text);
  } catch (error) {
    if (error instanceof BadModel) throw new UsageError(`Cannot use the model ${file}: ${error.message}.`);
    throw error;
  }
}

async function readLabelled(file: string, io: Io): Promise<{ issues: LabelledIssue[]; exit: number }> {
  const issues: LabelledIssue[] = [];
  let exit: number = EXIT.ok;
  for await (const line of jsonLines(file, io, labelledLine)) {
    if (line === null) exit = EXIT.negative;
    else issues.push({ ...line, body: line.body ?? '' });
  }
  return { issues, exit };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Control characters of an issue must not reach a terminal. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 160);
}

/** Waits when the reader is slower, so that a long list never piles up in memory. */
async function write(io: Io, text: string): Promise<void> {
  const out = io.stdout as { write(text: string): unknown; once?(event: 'drain', then: () => void): unknown };
  if (out.write(text) === false && out.once) await new Promise<void>((resume) => out.once?.('drain', resume));
}
