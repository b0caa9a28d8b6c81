/** The commands that a build gives to Spack, and to git beside it, with the attempt's configuration and environment. */
import { buildEnvironment, gitEnvironment } from './clean-environment.js';
import { type CommandEnd, runCommand } from './command.js';
import type { SpackInstallation } from './installation.js';
import type { Git } from './mirror.js';
import type { BuildPlaces } from './places.js';
import { BUILD_MARK } from './processes.js';
import { createHeadTail } from './text.js';

/** Most of an answer that is read, not shown. */
const ANSWER_LENGTH = 1_000_000;

export interface Output {
  stdout(text: string): void;
  stderr(text: string): void;
}

export type Answer = CommandEnd & { readonly stdout: string; readonly stderr: string };

export interface SpackProgram {
  /** Runs a subcommand and shows its output as it comes. */
  run(args: readonly string[], signal: AbortSignal, output: Output): Promise<CommandEnd>;
  /** Runs a subcommand for its answer; other commands may run at the same time. */
  ask(args: readonly string[], signal: AbortSignal): Promise<Answer>;
}

/** From a command and its environment to one that runs it apart. */
export type Enclosing = (command: readonly string[], env: Readonly<Record<string, string>>) => readonly string[];

export interface SpackHow {
  /** Scopes on top of the attempt's own, and below those of the site. */
  readonly scopes?: readonly string[];
  readonly under?: readonly string[];
  /** On top of the attempt's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Makes of the command one that runs apart. */
  readonly enclose?: Enclosing;
}

export function spackProgram(spack: SpackInstallation, places: BuildPlaces, how: SpackHow = {}): SpackProgram {
  const env = { ...buildEnvironment(spack.env, places), ...how.env };
  // The later scope wins: the site's first, the attempt's own last.
  const scopes = [...(how.under ?? []), ...spack.scopes, places.scope, ...(how.scopes ?? [])];
  const before = [spack.executable, '--color', 'never', ...scopes.flatMap((scope) => ['-C', scope])];
  function run(args: readonly string[], signal: AbortSignal, output: Output, beside = false): Promise<CommandEnd> {
    const command = [...before, ...args];
    const [program = '', ...rest] = how.enclose ? how.enclose(command, env) : command;
    return runCommand(program, rest, {
      // Whoever encloses sets the environment inside; outside there is only the mark by which processes are found.
      env: how.enclose ? markOnly(env) : env,
      workspace: places.workspace,
      signal,
      beside,
      onStdout: output.stdout,
      onStderr: output.stderr,
    });
  }
  return {
    run: (args, signal, output) => run(args, signal, output),
    ask: (args, signal) => collect((output) => run(args, signal, output, true)),
  };
}

function markOnly(env: Readonly<Record<string, string>>): Record<string, string> {
  return { [BUILD_MARK]: env[BUILD_MARK] ?? '' };
}

/** Runs any command that is enclosed already, for its answer. */
export function askApart(command: readonly string[], { workspace }: BuildPlaces, signal: AbortSignal): Promise<Answer> {
  const [program = '', ...args] = command;
  return collect(({ stdout, stderr }) =>
    runCommand(program, args, {
      ...{ env: { [BUILD_MARK]: workspace }, workspace, signal, beside: true },
      ...{ onStdout: stdout, onStderr: stderr },
    }),
  );
}

export function gitProgram(spack: SpackInstallation, places: BuildPlaces, signal: AbortSignal): Git {
  const env = gitEnvironment(spack.env, places);
  return (args) =>
    collect(({ stdout, stderr }) =>
      runCommand('git', args, {
        ...{ env, workspace: places.workspace, signal, beside: true },
        ...{ onStdout: stdout, onStderr: stderr },
      }),
    );
}

async function collect(run: (output: Output) => Promise<CommandEnd>): Promise<Answer> {
  const stdout = createHeadTail(ANSWER_LENGTH);
  const stderr = createHeadTail(ANSWER_LENGTH);
  const end = await run({ stdout: (text) => stdout.push(text), stderr: (text) => stderr.push(text) });
  return { ...end, stdout: stdout.text(), stderr: stderr.text() };
}
