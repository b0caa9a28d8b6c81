/** The hub that a command works with, without any state. */
import type { Registry } from '../registry/model.js';
import { HubNotFound, loadHub } from '../registry-files/load-hub.js';
import { resolveHub } from '../registry-files/resolve-hub.js';
import { type Io, UsageError } from './command.js';

/** Loads it; problems in its files go to stderr, and what is right in them holds. Throws `UsageError` when there is none. */
export async function openHub(flag: string | undefined, io: Io): Promise<Registry> {
  try {
    const { registry, problems } = await loadHub(resolveHub(flag, io.env));
    for (const { file, line, column, message } of problems)
      io.stderr.write(`${file}:${line}:${column}: ${message} (spokebot check-config says more)\n`);
    return registry;
  } catch (error) {
    if (error instanceof HubNotFound) throw new UsageError(error.message);
    throw error;
  }
}
