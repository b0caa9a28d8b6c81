/**
 * The other half of `runtime.cjs`: Jest's own parts (its runner, `expect`) keep a context of their own, which is given the process's
 * constructors, so that an error of a test is an `Error` to `expect` too. After each file the process is as it was before.
 */
const { TestEnvironment } = require('jest-environment-node');

const constructors = Object.entries(Object.getOwnPropertyDescriptors(globalThis))
  .filter(([name, { value }]) => /^[A-Z]/.test(name) && typeof value === 'function')
  .map(([name]) => name);

module.exports = class OneRealmEnvironment extends TestEnvironment {
  #before = {
    env: { ...process.env },
    directory: process.cwd(),
    console: globalThis.console,
    exitCode: process.exitCode,
  };

  constructor(config, context) {
    super(config, context);
    for (const name of constructors) this.global[name] = globalThis[name];
    const FakeTimers = this.fakeTimersModern.constructor;
    this.fakeTimersModern = new FakeTimers({ config: config.projectConfig, global: globalThis });
  }

  async setup() {
    await super.setup();
    globalThis.console = this.global.console;
  }

  async teardown() {
    const { env, directory, console, exitCode } = this.#before;
    globalThis.console = console;
    process.exitCode = exitCode;
    process.chdir(directory);
    for (const name of Object.keys(process.env)) if (!Object.hasOwn(env, name)) delete process.env[name];
    Object.assign(process.env, env);
    await super.teardown();
  }
};
