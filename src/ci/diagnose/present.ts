/** What a verdict shows of a failure: annotations, the lines that matter, and one line that says it. */
import { cutTo } from '../cut.js';
import type { Annotation } from '../verdict.js';
import { failurePhrase } from '../words.js';
import type { Classified } from './classified.js';
import { annotationAt } from './finding.js';
import { sourcePath } from './source-path.js';

/** GitHub takes no more in one request, and nobody reads more. */
const MOST_ANNOTATIONS = 50;
const EXCERPT_LINES = 40;
/** Where the source lay on a machine that nobody can reach. */
const STAGE = /\/[^\s"'`:]{0,500}\/spack-src\//g;
/** Of a summary, in characters. */
export const SUMMARY_LIMIT = 300;

/** Annotations at the findings in the product's own files: each place once, in order. */
export function annotationsOf(found: Classified): Annotation[] {
  const annotations: Annotation[] = [];
  for (const finding of found.findings) {
    if (annotations.length >= MOST_ANNOTATIONS) break;
    const path = finding.path === null || finding.line === null ? null : sourcePath(finding.path, finding.directory);
    if (path === null) continue;
    const again = annotations.some((one) => one.path === path && one.line === finding.line);
    if (!again) annotations.push(annotationAt(path, finding));
  }
  return annotations;
}

/** The lines to show; the end of Spack's output when nothing better is known. */
export function excerptOf(found: Classified, spack: readonly string[]): readonly string[] {
  const lines = found.shown ?? spack.filter((line) => !line.startsWith('[')).slice(-12);
  return lines.slice(0, EXCERPT_LINES).map((line) => (line.length > 400 ? `${cutTo(line, 400)}…` : line));
}

/** One line: what the package did not do, and the first reason. */
export function summaryOf(found: Classified, failing: string | null, first: Annotation | undefined): string {
  const subject = failing ?? 'the build';
  const phrase = found.machineTrouble
    ? `${subject} could not be built on that machine`
    : failurePhrase(found.category, subject);
  const said = first === undefined ? found.detail : `${first.path}:${first.line}: ${first.message}`;
  const detail = said?.replaceAll(STAGE, '') ?? null;
  const text = detail === null || detail === '' ? phrase : `${phrase}: ${detail}`;
  return text.length > SUMMARY_LIMIT ? `${cutTo(text, SUMMARY_LIMIT - 1)}…` : text;
}
