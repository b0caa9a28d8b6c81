/** What a shell needs so that commands on this machine find the demo's hub: a file to read in, removed with the demo. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HubProcesses } from './processes.js';

/** Of all that `serve` gets, what commands read. */
const READ = /^(?:APP_ID|PRIVATE_KEY|WEBHOOK_SECRET|GITHUB_API_URL|SPOKEBOT_\w+)$/;

/** Writes the file, for this user only, and answers its path. */
export function writeEnvFile({ directory, env }: Pick<HubProcesses, 'directory' | 'env'>): string {
  const file = path.join(directory, 'env.sh');
  const lines = Object.entries(env)
    .filter(([name]) => READ.test(name))
    .map(([name, value]) => `export ${name}=${inQuotes(value)}`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

/** As one word of a POSIX shell, whatever is in it. */
function inQuotes(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
