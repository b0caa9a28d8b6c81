/**
 * What a build leaves in its stage: the logs of the package that failed. `spack-build-out.txt` is joined from one file per phase
 * only at the end, so after a kill (and for the live log) the phase files are read.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { RESULT_PART } from '../protocol.js';
import { openInside, readEnds } from './open-inside.js';
import { createScrubbedStream, type Scrubber } from './scrubbed.js';
import { createHeadTail, headAndTail } from './text.js';

const PHASE_FILE = /^spack-build-\d+-.+-out\.txt$/;
const WHOLE_FILE = 'spack-build-out.txt';
export const TEST_LOG = 'install-time-test-log.txt';
/** More than any build has; one that makes directories for ever must not keep the worker busy. */
const MOST_STAGES = 1_000;
/** What is read of one log file, in bytes; of that, head and tail are kept. */
const READ = { head: 4 * 1024 * 1024, tail: 16 * 1024 * 1024 };

/** The package stages below a stage root; Spack puts them into a directory with the user's name, unless the root has it already. */
export async function findStages(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await directories(root)) {
    if (entry.startsWith('spack-stage-')) found.push(join(root, entry));
    else
      for (const inner of await directories(join(root, entry)))
        if (inner.startsWith('spack-stage-')) found.push(join(root, entry, inner));
  }
  return found.slice(0, MOST_STAGES);
}

/** The log files of a stage that grow while it builds, in the order of the phases, the test log last. */
export async function growingLogs(stage: string): Promise<string[]> {
  const names = (await readdir(stage).catch(() => [])).sort();
  return [...names.filter((name) => PHASE_FILE.test(name)), ...names.filter((name) => name === TEST_LOG)].map((name) =>
    join(stage, name),
  );
}

/** Build log and test log of the package that failed: of the stage that stderr names, else of the one written to last. */
export async function readStageLogs(
  root: string,
  stderr: string,
  scrubber: Scrubber,
): Promise<{ buildLog: string; testLog: string }> {
  const stages = await findStages(root);
  const named = [...stderr.matchAll(/(spack-stage-[^/\s]+)\/spack-build-out\.txt/g)].map((match) => match[1]);
  const stage = stages.find((path) => named.includes(path.split('/').at(-1))) ?? (await latest(stages));
  if (stage === undefined) return { buildLog: '', testLog: '' };
  let buildLog = await readPart(root, join(stage, WHOLE_FILE), scrubber);
  if (buildLog.trim() === '') {
    const parts: string[] = [];
    for (const path of await growingLogs(stage))
      if (!path.endsWith(TEST_LOG)) parts.push(await readPart(root, path, scrubber));
    buildLog = headAndTail(parts.join(''), RESULT_PART);
  }
  return { buildLog, testLog: await readPart(root, join(stage, TEST_LOG), scrubber) };
}

/**
 * Head and tail of a text file that lies in `directory`, without secrets, at most `RESULT_PART` characters; empty when it isn't there
 * or leads elsewhere.
 */
export async function readPart(directory: string, path: string, scrubber: Scrubber): Promise<string> {
  const file = await openInside(directory, path);
  if (file === null) return '';
  const part = createPart(scrubber);
  try {
    await readEnds(file, READ, part.take);
  } catch {
    // Removed while it was read: what could be read is all there is.
  } finally {
    await file.close();
  }
  return part.text();
}

/** Collects bytes of a log; of the text, head and tail are kept, without secrets. */
export function createPart(scrubber: Scrubber): { take(bytes: Buffer): void; text(): string } {
  const keeper = createHeadTail(RESULT_PART);
  const clean = createScrubbedStream((text) => keeper.push(text), scrubber);
  const decoder = new StringDecoder('utf8');
  return {
    take: (bytes) => clean.write(decoder.write(bytes)),
    text() {
      clean.end();
      return keeper.text();
    },
  };
}

async function latest(stages: readonly string[]): Promise<string | undefined> {
  let best: { path: string; time: number } | undefined;
  for (const path of stages) {
    for (const log of [join(path, WHOLE_FILE), ...(await growingLogs(path))]) {
      const time = (await stat(log).catch(() => null))?.mtimeMs;
      if (time !== undefined && (best === undefined || time > best.time)) best = { path, time };
    }
  }
  return best?.path;
}

async function directories(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
