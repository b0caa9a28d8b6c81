/** `spokebot check-config`: every problem of a hub, of one of its files, or of a repository's own file. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../registry/model.js';
import { parseYaml } from '../registry/yaml-source.js';
import { checkPath, NothingToCheck } from '../registry-files/check-path.js';
import { HubNotFound } from '../registry-files/load-hub.js';
import { resolveHub } from '../registry-files/resolve-hub.js';
import { type Command, EXIT, UsageError } from './command.js';
import { readFlags } from './flags.js';

const USAGE = 'PATH [--hub DIR] [--repository OWNER/NAME] [--json]';

export const checkConfig: Command = {
  name: 'check-config',
  usage: USAGE,
  summary: 'Checks a hub, one of its files, or a repository with its own .github/spokebot.yml.',
  async run(args, io) {
    const { target, hub, repository, json } = read(args);
    try {
      const { problems: all, files } = await checkPath(target, { hub: resolveHub(hub, io.env), repository });
      const problems = (await isNoConfiguration(target, all.length > 0)) ? [noConfiguration(target)] : all;
      io.stdout.write(json ? `${JSON.stringify(problems, null, 2)}\n` : asText(problems, files));
      return problems.length === 0 ? EXIT.ok : EXIT.negative;
    } catch (error) {
      if (error instanceof NothingToCheck || error instanceof HubNotFound) throw new UsageError(error.message);
      throw error;
    }
  },
};

/**
 * A file of another kind, by its name and its text: what is wrong with it as YAML helps nobody. One without an ending, such as a pipe, may
 * be empty as a repository's own file may.
 */
async function isNoConfiguration(target: string, hasProblems: boolean): Promise<boolean> {
  const name = path.basename(target);
  if (/\.ya?ml/i.test(name) || (path.extname(name) === '' && !hasProblems) || !(await stat(target)).isFile())
    return false;
  const text = await readFile(target, 'utf8');
  const { value } = parseYaml({ path: target, text });
  // Without an ending a slip in what is meant as YAML is told as one: it begins with a key.
  if (path.extname(name) === '' && value === undefined) {
    const first = text.split('\n').find((line) => !/^\s*(?:#|---|$)/.test(line)) ?? '';
    return !/^[\w-]+\s*:/.test(first);
  }
  return typeof value !== 'object' || value === null || Array.isArray(value);
}

function noConfiguration(file: string): Problem {
  return {
    file,
    line: 1,
    column: 1,
    message: 'This is no file of a hub, nor a repository’s own .github/spokebot.yml',
    suggestion: 'Name hub.yml, a file of spokes/ or products/, dependencies.yml, or the directory that holds them.',
  };
}

function read(args: readonly string[]) {
  const { values, positionals } = readFlags(checkConfig, args, {
    hub: { type: 'string' },
    repository: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [target, ...rest] = positionals;
  if (target === undefined || rest.length > 0)
    throw new UsageError(`check-config takes one path, not ${positionals.length}.`);
  const repository = values.repository ?? null;
  if (repository !== null && !/^[^/\s]+\/[^/\s]+$/.test(repository))
    throw new UsageError(`--repository must be OWNER/NAME, not "${repository}"`);
  return { target, hub: values.hub, repository, json: values.json === true };
}

function asText(problems: readonly Problem[], files: number): string {
  const lines = problems.map(({ file, line, column, message, suggestion }) => {
    // A suggestion is a sentence, or the word to write instead.
    const hint =
      suggestion === null ? '' : suggestion.endsWith('.') ? ` ${suggestion}` : ` Did you mean "${suggestion}"?`;
    return `${file}:${line}:${column}: ${message.replace(/([^.?!])$/, '$1.')}${hint}\n`;
  });
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const found = problems.length === 0 ? 'No problem' : counted(problems.length, 'problem');
  return `${lines.join('')}${found} in ${counted(files, 'file')}.\n`;
}
