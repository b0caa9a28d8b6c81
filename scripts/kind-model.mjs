// Writes models/kinds.weights, and its table in docs/triage.md, from labelled issues: `node --import tsx scripts/kind-model.mjs FILE`, FILE with a JSON object
// {repo, title, body, label} in each line, the labels being kinds of triage. The weights are learnt from all of them; how often they
// are right is measured on each repository by weights that were learnt from the others, where the rules leave the kind open.
import { readFileSync, writeFileSync } from 'node:fs';
import { KIND_WEIGHTS } from '../src/kind-weights.ts';
import { loadHub } from '../src/registry-files/load-hub.ts';
import { packagedHub } from '../src/registry-files/resolve-hub.ts';
import { buildCatalogue } from '../src/triage/catalogue.ts';
import { bareFacts } from '../src/triage/facts.ts';
import { decideKind } from '../src/triage/kind.ts';
import { buildJudge } from '../src/triage/model/judge.ts';
import { crossRepositories, measure, measuredTable } from '../src/triage/model/measure.ts';
import { serialiseModel } from '../src/triage/model/serialise.ts';
import { trainModel } from '../src/triage/model/train.ts';
import { readIssue } from '../src/triage/reading.ts';

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('Name the file to learn from: node --import tsx scripts/kind-model.mjs FILE\n');
  process.exit(2);
}
const issues = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line))
  .map(({ repo, title, body, label }) => ({ repo, title, body: body ?? '', label }));

const catalogue = buildCatalogue((await loadHub(packagedHub())).registry);
const predictions = crossRepositories(issues);
const open = issues.flatMap((issue, at) => {
  const facts = bareFacts({ ...issue, repository: issue.repo });
  if (decideKind(readIssue(facts, catalogue), facts) !== null) return [];
  const { label, probabilities } = predictions[at];
  return [{ confidence: probabilities[label], right: label === issue.label }];
});
const measured = measure(open, new Set(issues.map(({ repo }) => repo)).size);
const model = { ...trainModel(issues, 'any'), measured };
buildJudge(model, '');
const text = serialiseModel(model);
writeFileSync(KIND_WEIGHTS, text);
process.stdout.write(
  `${issues.length} issues, ${model.vocabulary.hashes.length} features, ${(text.length / 1e6).toFixed(2)} MB\n`,
);
process.stdout.write(`${measured.issues} of them left open by the rules\n${measuredTable(measured)}\n`);
const page = new URL('../docs/triage.md', import.meta.url);
const table = /(?<=<!-- measured: begin -->\n\n)[\s\S]*?(?=\n\n<!-- measured: end -->)/;
writeFileSync(
  page,
  readFileSync(page, 'utf8').replace(table, () => measuredTable(measured)),
);
