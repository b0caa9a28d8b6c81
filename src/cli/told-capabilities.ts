/** `--has`: what the operator says of the machines behind a worker; it stands above what the worker sees of its own. */
import { type Capabilities, FEATURES, GPUS } from '../ci/capabilities.js';
import { UsageError } from './command.js';

const HOW =
  '--has takes target=NAME, compiler=NAME@VERSION, gpu=NAME (or gpu=none) or memory=GIGABYTES; give it several times for several.';

/** `seen` with what the flags say in its place. Throws `UsageError` for a flag that says nothing known. */
export function toldCapabilities(flags: readonly string[], seen: Capabilities): Capabilities {
  const compilers: string[] = [];
  const gpus: string[] = [];
  let told: Capabilities = {};
  for (const flag of flags) {
    const [, key, value] = /^(target|compiler|gpu|memory)=(\S+)$/.exec(flag) ?? [];
    if (key === undefined || value === undefined) throw new UsageError(`"${flag}" is not understood. ${HOW}`);
    if (key === 'target') told = { ...told, target: value };
    if (key === 'compiler') compilers.push(value);
    if (key === 'gpu') {
      if (value !== 'none' && !GPUS.some((gpu) => gpu === value))
        throw new UsageError(`No GPU is called "${value}"; known: none, ${GPUS.join(', ')}.`);
      gpus.push(value);
    }
    if (key === 'memory') {
      const memoryGigabytes = Number(value);
      if (!(memoryGigabytes > 0)) throw new UsageError(`"${flag}" is not understood. ${HOW}`);
      told = { ...told, memoryGigabytes };
    }
  }
  return {
    ...seen,
    ...told,
    ...(compilers.length > 0 ? { compilers } : {}),
    ...(gpus.length > 0 ? { gpus: gpus.filter((gpu) => gpu !== 'none') } : {}),
    features: [...FEATURES],
  };
}
