/** A build's log: pages of lines, plain text, and the live stream. */
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { describe } from '../describe-error.js';
import type { Who } from './auth/who.js';
import { ours } from './links.js';
import { isErrorLine } from './log/error-line.js';
import type { Found } from './log/log-store.js';
import { plainText } from './log/plain-text.js';
import type { LogScan } from './log/scan.js';
import { followLog, type LogState } from './log/stream.js';
import { type LogView, logPage } from './pages/log.js';
import { busyPage, notFoundPage } from './pages/trouble.js';
import type { WebPorts } from './ports.js';
import { type AttemptView, type BuildView, readBuild } from './read/build.js';
import type { Viewer } from './read/visible.js';
import type { Readers } from './readers.js';
import type { Shower } from './show.js';
import { duration, shown } from './text.js';

/** What a build's own page shows of its log: more while there is something to watch. */
export const LINES_AT_A_GLANCE = { running: 300, ended: 100 } as const;
export const LINES_PER_PAGE = 2000;
/** Lines that a search shows. */
const MOST_FOUND = 200;
/** Live logs at a time; more would keep the database from its work. */
const MOST_STREAMS = 200;
/** Searches at a time: each reads a whole log. */
const MOST_SEARCHES = 20;
/** A comment line after so long without an event keeps proxies from hanging up. */
const KEEP_ALIVE_MS = 15_000;

/** Where the live log goes on after what the page shows already. */
export function streamAddress(id: string, attempt: number, scan: LogScan): string {
  return ours.logStream(id, attempt, scan.lastSeq);
}

export function logRoutes(ports: WebPorts, readers: Readers, who: Who, show: Shower): Hono {
  const { db, metrics, pollMs = 1000 } = ports;
  const { logs } = readers;
  let open = 0;
  let searching = 0;

  /** The build and the attempt that an address names; the newest when it names none. */
  async function find(c: Context): Promise<{ build: BuildView; attempt: AttemptView } | null> {
    const build = await readBuild(db, c.req.param('id') ?? '', await who.viewer(c));
    const asked = c.req.query('attempt');
    const attempt =
      asked === undefined ? build?.attempts.at(-1) : build?.attempts.find((each) => String(each.attempt) === asked);
    return build === null || attempt === undefined ? null : { build, attempt };
  }

  async function showPage(c: Context) {
    const found = await find(c);
    if (found === null)
      return show.page(c, notFoundPage('No such log is shown here.', who.offer(c)), { title: 'Not here', status: 404 });
    const { build, attempt } = found;
    const over = isOver(attempt);
    const scan = await logs.scan(build.id, attempt.attempt);
    const { total, rest, errors, errorCount } = scan.told(over);
    const wanted = Math.min(Math.max(1, wholeNumber(c.req.query('line')) ?? 1), Math.max(1, total));
    const first = Math.floor((wanted - 1) / LINES_PER_PAGE) * LINES_PER_PAGE + 1;
    const lines = await logs.lines(build.id, attempt.attempt, first, LINES_PER_PAGE);
    if (rest !== null && lines.length < LINES_PER_PAGE && first + lines.length === total) lines.push(rest);
    const atEnd = first + LINES_PER_PAGE > total;
    const words = shown(c.req.query('q') ?? '', 200);
    if (words !== '' && searching >= MOST_SEARCHES) {
      c.header('retry-after', '30');
      return show.page(c, busyPage('Too many logs are being searched at this moment.'), {
        title: 'Later',
        status: 503,
      });
    }
    const search = words === '' ? null : { words, found: await searched(c, build.id, attempt.attempt, words) };
    const stream = over || !atEnd ? null : streamAddress(build.id, attempt.attempt, scan);
    const view: LogView = {
      attempt: attempt.attempt,
      lines,
      first,
      perPage: LINES_PER_PAGE,
      total,
      errors,
      errorCount,
      cut: over && attempt.logBytes > scan.characters,
      stream,
      recorded: attempt.recorded,
      search,
    };
    return show.page(c, logPage(build, view), {
      title: `Log · ${build.name}`,
      scripts: stream === null ? ['build.js'] : ['build.js', 'live-log.js'],
      ...(stream === null ? {} : { refresh: 15, follows: true }),
    });
  }

  async function searched(c: Context, id: string, attempt: number, words: string): Promise<Found> {
    searching++;
    try {
      return await logs.search(id, attempt, words, MOST_FOUND, c.req.raw.signal);
    } finally {
      searching--;
    }
  }

  async function showText(c: Context) {
    const found = await find(c);
    if (found === null) return c.text('No such log is shown here.\n', 404);
    const { build, attempt } = found;
    c.header('content-type', 'text/plain; charset=utf-8');
    return c.body(plainText(logs.chunks(build.id, attempt.attempt), attempt.recorded));
  }

  async function stream(c: Context) {
    const found = await find(c);
    if (found === null) return c.text('No such log is shown here.\n', 404);
    if (open >= MOST_STREAMS)
      return c.text('Too many live logs are open; the page shows what there is.\n', 503, { 'retry-after': '30' });
    const { build, attempt } = found;
    const after = wholeNumber(c.req.header('last-event-id')) ?? wholeNumber(c.req.query('after')) ?? 0;
    c.header('x-accel-buffering', 'no');
    // A HEAD request has nobody who would read and hang up.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    return streamSSE(c, async (sse) => {
      let wake = () => {};
      sse.onAbort(() => wake());
      let quiet = 0;
      metrics.streams(++open);
      try {
        const events = followLog(build.id, attempt.attempt, after, {
          store: logs,
          // Asked each time: a session ends, and so does the right to read.
          state: async () => liveState(build.id, attempt.attempt, await who.viewer(c)),
          gone: () => sse.aborted,
          isError: isErrorLine,
          async pause() {
            quiet += pollMs;
            if (quiet >= KEEP_ALIVE_MS) {
              quiet = 0;
              await sse.write(': still here\n\n');
            }
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, pollMs);
              wake = () => {
                clearTimeout(timer);
                resolve();
              };
              if (sse.aborted) wake();
            });
          },
        });
        for await (const event of events) {
          quiet = 0;
          await sse.writeSSE({
            event: event.kind,
            data: JSON.stringify(event.data),
            ...('id' in event ? { id: String(event.id) } : {}),
          });
          if (sse.aborted) break;
        }
      } catch (error) {
        // The browser connects again by itself and goes on from the last chunk it has.
        ports.log.error({ build: build.id, error: describe(error) }, 'a live log broke off');
      } finally {
        metrics.streams(--open);
      }
    });
  }

  async function liveState(id: string, number: number, viewer: Viewer): Promise<LogState | null> {
    const build = await readBuild(db, id, viewer);
    const attempt = build?.attempts.find((each) => each.attempt === number);
    if (build === null || attempt === undefined) return null;
    const { word, tone } = build.status;
    return { word, tone, title: build.title, phase: attempt.phase, phases: toldPhases(attempt), over: isOver(attempt) };
  }

  return new Hono()
    .get('/builds/:id/log', showPage)
    .get('/builds/:id/log.txt', showText)
    .get('/builds/:id/log/stream', stream);
}

/** As the page tells them; they change only when a phase begins or ends. */
function toldPhases({ phases }: AttemptView): string[] {
  return phases.map(({ name, seconds }) => `${name} ${seconds === null ? 'now' : duration(seconds)}`);
}

function isOver({ state }: AttemptView): boolean {
  return state !== 'queued' && state !== 'running';
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
