/** A real browser for tests, driven by its own debugging protocol over two pipes; nothing is downloaded. */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The program, or null on a machine without one. */
export function findChromium(): string | null {
  for (const directory of (process.env.PATH ?? '').split(path.delimiter))
    for (const name of NAMES) {
      const file = path.join(directory, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {}
    }
  return null;
}

// biome-ignore lint/suspicious/noExplicitAny: the protocol's answers are read by path, and a wrong path fails the test
type Params = any;
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
}

/** What a page did that was not asked of it. */
export interface Deeds {
  /** Texts of dialogs that were opened; each is closed at once. */
  readonly dialogs: string[];
  /** What the browser refused or what went wrong, as it stands on the console. */
  readonly complaints: string[];
  readonly requests: string[];
  readonly answers: { readonly url: string; readonly status: number }[];
}

export interface Page {
  readonly deeds: Deeds;
  /** Loads an address and waits until it is there; says where it ended, by way of redirects. */
  go(address: string): Promise<string>;
  /** The value of an expression in the page; of a promise what it comes to. */
  ask<T>(expression: string): Promise<T>;
  /** Asks again until the expression is truthy. Throws after ten seconds. */
  until(expression: string): Promise<void>;
  width(pixels: number): Promise<void>;
  /** For looking at by eye. */
  picture(file: string): Promise<void>;
}

export interface Browser {
  page(): Promise<Page>;
  close(): Promise<void>;
}

export async function startChromium(program: string): Promise<Browser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'spokebot-chromium-'));
  const child = spawn(
    program,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--user-data-dir=${profile}`,
      '--remote-debugging-pipe',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  input.on('error', () => {});
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const waiting = new Map<number, (message: Message) => void>();
  const listeners: ((message: Message) => void)[] = [];
  let last = 0;
  let rest = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop()!;
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id === undefined) for (const listen of listeners) listen(message);
      else {
        waiting.get(message.id)?.(message);
        waiting.delete(message.id);
      }
    }
  });

  function send(method: string, params: object = {}, sessionId?: string): Promise<Params> {
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result),
      );
      void gone.then(() => reject(new Error(`${method}: the browser is gone`)));
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  return {
    async page() {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      const call = (method: string, params?: object) => send(method, params, sessionId);
      const deeds: Deeds = { dialogs: [], complaints: [], requests: [], answers: [] };
      let loaded = () => {};
      listeners.push((message) => {
        if (message.sessionId !== sessionId) return;
        const { method, params } = message;
        if (method === 'Page.loadEventFired') loaded();
        if (method === 'Page.javascriptDialogOpening') {
          deeds.dialogs.push(params.message);
          void call('Page.handleJavaScriptDialog', { accept: false });
        }
        if (method === 'Log.entryAdded') deeds.complaints.push(params.entry.text);
        if (method === 'Runtime.exceptionThrown') deeds.complaints.push(params.exceptionDetails.text);
        if (method === 'Runtime.consoleAPICalled') deeds.complaints.push(JSON.stringify(params.args));
        if (method === 'Network.responseReceived')
          deeds.answers.push({ url: params.response.url, status: params.response.status });
        if (method === 'Network.requestWillBeSent') deeds.requests.push(params.request.url);
      });
      for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await call(`${domain}.enable`);

      async function ask<T>(expression: string): Promise<T> {
        const { result, exceptionDetails } = await call('Runtime.evaluate', {
          expression,
          awaitPromise: true,
          returnByValue: true,
        });
        if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
        return result.value as T;
      }

      return {
        deeds,
        ask,
        async go(address) {
          const there = new Promise<void>((resolve) => {
            loaded = resolve;
          });
          const { errorText } = await call('Page.navigate', { url: address });
          if (errorText) throw new Error(`${address}: ${errorText}`);
          await there;
          return ask<string>('location.href');
        },
        async until(expression) {
          for (const end = performance.now() + 10_000; performance.now() < end; ) {
            // In the middle of a navigation there is nobody to ask.
            if (await ask(expression).catch(() => false)) return;
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          throw new Error(`waited ten seconds in vain: ${expression}`);
        },
        width: (width) =>
          call('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false }),
        async picture(file) {
          const { data } = await call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
          writeFileSync(file, Buffer.from(data, 'base64'));
        },
      };
    },
    async close() {
      void send('Browser.close').catch(() => {});
      const late = setTimeout(() => child.kill('SIGKILL'), 3000);
      await gone;
      clearTimeout(late);
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
