/**
 * `npm run eval`: how good triage is, on the small set beside this file and, where it lies beside the project, on the collected
 * issues. `--train FILE --test FILE` judges the kind model instead, and refuses a test that it was trained on.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { kindJudge } from '../../src/kind-weights.js';
import { loadHub } from '../../src/registry-files/load-hub.js';
import { resolveHub } from '../../src/registry-files/resolve-hub.js';
import { buildCatalogue } from '../../src/triage/catalogue.js';
import { evaluate } from '../../src/triage/model/evaluate.js';
import { buildPredictor } from '../../src/triage/model/predict.js';
import { trainModel } from '../../src/triage/model/train.js';
import { argumentsOf } from '../arguments.js';
import { BadLine, type EvalIssue, parseIssues } from './issue.js';
import { findOverlap, refusal, withoutTested } from './overlap.js';
import { buildReport, reportText } from './report.js';

const OWN = fileURLToPath(new URL('issues.jsonl', import.meta.url));
const SHARED = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const USAGE =
  'npm run eval -- [FILE...] [--hub DIR] [--json]   or   --train FILE --test FILE [--drop-overlap] [--json]';

function main(): Promise<number> | number {
  const { values, positionals } = argumentsOf(USAGE, {
    allowPositionals: true,
    options: {
      hub: { type: 'string' },
      train: { type: 'string' },
      test: { type: 'string' },
      'drop-overlap': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if ((values.train === undefined) !== (values.test === undefined) || (values.train && positionals.length > 0)) {
    process.stderr.write(`--train and --test go together.\nUsage: ${USAGE}\n`);
    return 2;
  }
  if (values.train !== undefined)
    return judgeModel(read(values.train), read(values.test!), values['drop-overlap'], values.json);
  return judgeTriage(positionals, values.hub, values.json);
}

async function judgeTriage(files: readonly string[], hub: string | undefined, json: boolean): Promise<number> {
  const { registry, problems } = await loadHub(resolveHub(hub, process.env));
  if (problems.length > 0)
    throw new BadLine(`the hub has ${problems.length} problems; spokebot check-config names them`);
  const catalogue = buildCatalogue(registry, await kindJudge());
  const collected = path.join(SHARED, 'hpc-issues-dev.jsonl');
  const named = files.length > 0 ? files : [OWN, ...(existsSync(collected) ? [collected] : [])];
  const reports = named.map((file) => buildReport(path.basename(file), read(file), catalogue, () => performance.now()));
  if (json) process.stdout.write(`${JSON.stringify(reports)}\n`);
  else {
    process.stdout.write(reports.map(reportText).join('\n'));
    if (files.length === 0 && !existsSync(collected))
      process.stdout.write(
        '\nNo collected issues lie beside the project; these are the figures of our own small set.\n',
      );
  }
  return 0;
}

function judgeModel(training: EvalIssue[], test: readonly EvalIssue[], drop: boolean, json: boolean): number {
  const used = drop ? withoutTested(training, test) : training;
  const refused = refusal(findOverlap(used, test));
  if (refused !== null) {
    process.stderr.write(`${refused}\n`);
    return 1;
  }
  const labelled = (issues: readonly EvalIssue[]) =>
    issues.flatMap(({ repository, title, body, kind }) =>
      kind === null ? [] : [{ repo: repository, title, body, label: kind }],
    );
  const asked = labelled(test);
  const predict = buildPredictor(trainModel(labelled(used)));
  const result = evaluate(asked, asked.map(predict));
  if (json) process.stdout.write(`${JSON.stringify({ ...result, dropped: training.length - used.length })}\n`);
  else
    process.stdout.write(
      `${result.n} issues, ${training.length - used.length} dropped from the training data: macro-F1 ${result.macroF1.toFixed(3)}, ECE ${result.ece.toFixed(3)}\n`,
    );
  return 0;
}

function read(file: string): EvalIssue[] {
  try {
    return parseIssues(readFileSync(file, 'utf8'), path.basename(file));
  } catch (error) {
    if ((error as { code?: unknown }).code === undefined) throw error;
    throw new BadLine(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BadLine)) throw error;
  process.stderr.write(`${error.message}\nUsage: ${USAGE}\n`);
  process.exitCode = 2;
}
