/** `spokebot pool-token`: what a worker outside this machine needs to reach the hub. */
import { dataDirectory } from '../environment.js';
import { type Command, EXIT, UsageError } from './command.js';
import { noneBeyond, readFlags } from './flags.js';
import { askPoolToken, findServe } from './running.js';

export const poolTokenCommand: Command = {
  name: 'pool-token',
  usage: 'NAME',
  summary: 'Prints the token of a pool, for SPOKEBOT_POOL_TOKEN of its workers. Asks the serve that runs here.',
  async run(args, io) {
    const { positionals } = readFlags(poolTokenCommand, args, {});
    const [pool] = positionals;
    if (pool === undefined) throw new UsageError('Which pool?');
    noneBeyond(poolTokenCommand, positionals, 1);
    const running = findServe(dataDirectory(io.env));
    if (running === null) {
      io.stderr.write('No serve runs here. Run this where it does, with the same SPOKEBOT_DATA.\n');
      return EXIT.negative;
    }
    const token = await askPoolToken(running, pool);
    if (token === null) {
      io.stderr.write(`The hub has no pool ${pool}; its pools stand in hub.yml.\n`);
      return EXIT.negative;
    }
    io.stdout.write(`${token}\n`);
    return EXIT.ok;
  },
};
