// Fits the weights of `src/triage/sureness.ts`: `node --import tsx scripts/sureness.mjs` writes `src/triage/sureness-weights.ts` and the table in
// docs/triage.md from `bench/eval/sureness.tsv`. `--add SET FILE` first adds to that file what the present rules make of labelled issues
// (lines as `npm run eval` reads them) that they were not made from; it holds signs and counts, no text of any issue.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { parseIssues } from '../bench/eval/issue.ts';
import { addedLines, crossSets, fitSureness, parseLooks, sourceText, tableText } from '../bench/eval/sureness.ts';
import { loadHub } from '../src/registry-files/load-hub.ts';
import { packagedHub } from '../src/registry-files/resolve-hub.ts';
import { buildCatalogue } from '../src/triage/catalogue.ts';

const LOOKS = new URL('../bench/eval/sureness.tsv', import.meta.url);
const WEIGHTS = new URL('../src/triage/sureness-weights.ts', import.meta.url);
const PAGE = new URL('../docs/triage.md', import.meta.url);

const [option, set, file] = process.argv.slice(2);
if (option !== undefined) {
  if (option !== '--add' || set === undefined || file === undefined) {
    process.stderr.write('Usage: node --import tsx scripts/sureness.mjs [--add SET FILE]\n');
    process.exit(2);
  }
  const { registry } = await loadHub(packagedHub());
  appendFileSync(LOOKS, addedLines(set, parseIssues(readFileSync(file, 'utf8'), file), buildCatalogue(registry)));
}
const looks = parseLooks(readFileSync(LOOKS, 'utf8'));
const table = tableText(crossSets(looks));
process.stdout.write(`${table}\n`);
writeFileSync(WEIGHTS, sourceText(fitSureness(looks)));
const marked = /(?<=<!-- sureness: begin -->\n\n)[\s\S]*?(?=\n\n<!-- sureness: end -->)/;
writeFileSync(
  PAGE,
  readFileSync(PAGE, 'utf8').replace(marked, () => table),
);
