/** The table of commands. Each is loaded only when it is called, since some bring half the program with them. */
import { nearest } from '../registry/nearest.js';
import type { Command } from './command.js';
import { onOneLine } from './text.js';

export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.js')).demo,
  serve: async () => (await import('./serve.js')).serve,
  worker: async () => (await import('./worker.js')).worker,
  triage: async () => (await import('./triage.js')).triage,
  model: async () => (await import('./model.js')).modelCommand,
  plan: async () => (await import('./plan.js')).plan,
  diagnose: async () => (await import('./diagnose.js')).diagnose,
  'check-config': async () => (await import('./check-config.js')).checkConfig,
  'explain-config': async () => (await import('./explain-config.js')).explainConfig,
  explain: async () => (await import('./explain.js')).explain,
  labels: async () => (await import('./labels.js')).labels,
  backfill: async () => (await import('./backfill.js')).backfill,
  replay: async () => (await import('./replay.js')).replay,
  doctor: async () => (await import('./doctor.js')).doctor,
  dependencies: async () => (await import('./dependencies.js')).dependencies,
  'pool-token': async () => (await import('./pool-token.js')).poolTokenCommand,
};

/** What stderr says to a name that is no command. */
export function noSuchCommand(name: string): string {
  const names = Object.keys(COMMANDS);
  const meant = nearest(name, names);
  const hint = meant === null ? `The commands are ${names.join(', ')}.` : `Did you mean "${meant}"?`;
  return `There is no command "${onOneLine(name).slice(0, 80)}". ${hint}\nspokebot help says what each of them does.\n`;
}
