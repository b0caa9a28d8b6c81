/** The command line of the scripts of `bench`. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { argumentsOf } from '../../bench/arguments.js';

const argv = process.argv;
afterEach(() => {
  process.argv = argv;
  jest.restoreAllMocks();
});

/** What is written and the code that the process would end with; null when it goes on. */
function ask(...words: string[]) {
  process.argv = ['node', 'script', ...words];
  const told = { out: '', err: '', code: null as unknown };
  const keep = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    told[stream] += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  jest.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  jest.spyOn(process, 'exit').mockImplementation((code) => {
    told.code = code;
    throw new Error('ended');
  });
  try {
    return {
      ...told,
      values: argumentsOf('npm run x [-- --seed S]', { options: { seed: { type: 'string' } } }).values,
    };
  } catch (error) {
    expect((error as Error).message).toBe('ended');
    return told;
  }
}

test('what is known is read', () => {
  expect(ask('--seed', '7')).toMatchObject({ code: null, values: { seed: '7' } });
});

test('help is told and is no mistake', () => {
  expect(ask('--help')).toEqual({ out: 'Usage: npm run x [-- --seed S]\n', err: '', code: 0 });
});

test('of an option that does not exist the name and the usage are told', () => {
  const { out, err, code } = ask('--wibble');
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toMatch(/^Unknown option '--wibble'.*\nUsage: npm run x \[-- --seed S\]\n$/s);
});
