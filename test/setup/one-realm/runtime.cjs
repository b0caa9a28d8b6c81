/**
 * How a test file is loaded: its modules and those of `src` are made anew for each file, packages are those of the process.
 *
 * Jest runs each file in a context of its own, where every look at a global (`Object`, `Promise`, `Buffer`) goes through an interceptor,
 * and loads every package anew. Here all code runs in the process's one realm, as it does in production, and a package is loaded once
 * for each process. What a file may leave behind for the next is put back by `environment.cjs`. Modules cannot be mocked here, and
 * nothing in this house is.
 */
const asyncHooks = require('node:async_hooks');
const { existsSync } = require('node:fs');
const path = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { SourceTextModule, SyntheticModule } = require('node:vm');
const Runtime = require('jest-runtime').default;

const { AsyncLocalStorage } = asyncHooks;
/** From Node 24 on a storage costs nothing where it isn't used, and the class cannot be replaced. */
const HOOKS_PROMISES = Number(process.versions.node.split('.')[0]) < 24;

const TRANSFORM = {
  isInternalModule: false,
  supportsDynamicImport: true,
  supportsExportNamespaceFrom: true,
  supportsStaticESM: true,
  supportsTopLevelAwait: true,
};

module.exports = class OneRealmRuntime extends Runtime {
  #transformer;
  #globals = {};
  /** By path or URL or, for packages, by name: promises of modules, so that a cycle finds its begin. */
  #modules = new Map();
  #evaluations = new Map();
  #sourceMaps = new Map();
  /** Of Jest's own parts. Node 20 asks each that was ever used about every promise, for as long as the process lives. */
  #storages = [];
  /** Graphs are linked one after the other: a module that two of them share must not be linked twice at a time. */
  #linked = Promise.resolve();

  constructor(config, environment, resolver, transformer, ...rest) {
    super(config, environment, resolver, transformer, ...rest);
    this.#transformer = transformer;
  }

  /** What `@jest/globals` gives. */
  setGlobalsForRuntime(globals) {
    super.setGlobalsForRuntime(globals);
    this.#globals = globals;
  }

  /** Jest's own parts, made anew for each file; what they leave in the process goes with them. */
  requireInternalModule(...args) {
    if (!HOOKS_PROMISES || asyncHooks.AsyncLocalStorage !== AsyncLocalStorage)
      return super.requireInternalModule(...args);
    const storages = this.#storages;
    asyncHooks.AsyncLocalStorage = class extends AsyncLocalStorage {
      constructor(...options) {
        super(...options);
        storages.push(this);
      }
    };
    try {
      return super.requireInternalModule(...args);
    } finally {
      asyncHooks.AsyncLocalStorage = AsyncLocalStorage;
    }
  }

  teardown() {
    super.teardown();
    for (const storage of this.#storages.splice(0)) storage.disable();
  }

  getSourceMaps() {
    return this.#sourceMaps;
  }

  async unstable_importModule(file) {
    return this.#ready(await this.#own(file));
  }

  async #ready(module) {
    const linked = this.#linked.then(() => {
      if (module.status === 'unlinked')
        return module.link((name, from, extra) => this.#find(name, from, extra?.attributes));
    });
    this.#linked = linked.catch(() => {});
    await linked;
    if (!this.#evaluations.has(module)) this.#evaluations.set(module, module.evaluate());
    await this.#evaluations.get(module);
    return module;
  }

  #find(name, from, attributes) {
    if (name === '@jest/globals') {
      const jest = this.jestGlobals.jestObjectFor(from.identifier);
      return this.#once(name, () => synthetic(name, { ...this.#globals, jest }));
    }
    if (!name.startsWith('.') && !name.startsWith('file:')) return this.#once(name, () => whole(name, attributes));
    const { href } = new URL(name, pathToFileURL(from.identifier));
    const source = fileURLToPath(href).replace(/\.js$/, '.ts');
    if (source.endsWith('.ts') && existsSync(source)) return this.#own(source);
    return this.#once(href, () => whole(href, attributes));
  }

  #own(file) {
    return this.#once(file, () => {
      const { code, sourceMapPath } = this.#transformer.transform(file, TRANSFORM);
      if (sourceMapPath) this.#sourceMaps.set(file, sourceMapPath);
      return new SourceTextModule(code, {
        identifier: file,
        initializeImportMeta: (meta) => {
          meta.url = pathToFileURL(file).href;
          meta.filename = file;
          meta.dirname = path.dirname(file);
        },
        importModuleDynamically: async (name, from, attributes) =>
          this.#ready(await this.#find(name, from, attributes)),
      });
    });
  }

  #once(key, make) {
    if (!this.#modules.has(key)) this.#modules.set(key, Promise.resolve().then(make));
    return this.#modules.get(key);
  }
};

const whole = async (name, attributes) =>
  synthetic(name, await (attributes?.type === undefined ? import(name) : import(name, { with: attributes })));

function synthetic(identifier, exports) {
  const names = Object.keys(exports);
  return new SyntheticModule(
    names,
    function () {
      for (const name of names) this.setExport(name, exports[name]);
    },
    { identifier },
  );
}
