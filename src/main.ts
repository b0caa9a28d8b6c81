/** Entry of `serve`: environment in, server up, signals handled. */
import { serve } from './cli/serve.js';
import { runCommand } from './run-command.js';

await runCommand(serve, process.argv.slice(2));
