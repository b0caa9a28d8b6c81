/**
 * ESM mode is the only one in which Probot's octokit packages resolve; hence the flag in the npm script. Its other flags save time:
 * the embedded database is run without being optimised, since no file uses it for long. `test/setup/one-realm` saves a quarter of what
 * remains, with a way to load modules of its own.
 */
export default {
  testEnvironment: '<rootDir>/test/setup/one-realm/environment.cjs',
  runtime: '<rootDir>/test/setup/one-realm/runtime.cjs',
  testSequencer: '<rootDir>/test/setup/sequencer.cjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/setup/global-setup.mjs',
  globalTeardown: '<rootDir>/test/setup/global-teardown.mjs',
  testTimeout: 30_000,
  // On two cores: the stories wait half of their time for processes of their own, and others fill the gaps.
  maxWorkers: 4,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
