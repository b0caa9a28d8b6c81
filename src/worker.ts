/** Entry of `worker`. */
import { worker } from './cli/worker.js';
import { runCommand } from './run-command.js';

await runCommand(worker, process.argv.slice(2));
