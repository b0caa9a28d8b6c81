/**
 * The sender: signed deliveries over keep-alive connections on loopback, so many at a time or so many a second, bounded in number
 * and in time. Every delivery has an id of its own and the same body, so that signing costs the sender nothing.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchDelivery } from './payload.js';

export interface LoadResult {
  readonly sent: number;
  /** Milliseconds of each answer that was 200. */
  readonly latencies: readonly number[];
  /** From the first byte sent to the last answer. */
  readonly seconds: number;
  /** What was not answered with 200, by status or error. */
  readonly problems: Readonly<Record<string, number>>;
}

const ANSWER_MS = 10_000;

/** `count` deliveries, `concurrency` of them under way at any time. Stops early after `limitMs`. */
export async function sendAtOnce(
  url: string,
  delivery: BenchDelivery,
  { count, concurrency, limitMs }: { count: number; concurrency: number; limitMs: number },
): Promise<LoadResult> {
  return withSender(url, delivery, concurrency, async (send, problem) => {
    const end = performance.now() + limitMs;
    let left = count;
    const one = async () => {
      while (left > 0 && performance.now() < end) {
        left -= 1;
        await send(performance.now());
      }
    };
    await Promise.all(Array.from({ length: concurrency }, one));
    if (left > 0) problem(`not sent within ${limitMs} ms`, left);
  });
}

/**
 * `count` deliveries at `perSecond`, whether the answers keep up or not. Latency counts from the moment when a delivery was due, so
 * that a server that stalls is not asked less and thereby looks better.
 */
export async function sendSteadily(
  url: string,
  delivery: BenchDelivery,
  { count, perSecond }: { count: number; perSecond: number },
): Promise<LoadResult> {
  return withSender(url, delivery, 64, async (send) => {
    const began = performance.now();
    const answers: Promise<void>[] = [];
    for (let n = 0; n < count; n++) {
      const due = began + (n * 1000) / perSecond;
      const wait = due - performance.now();
      if (wait > 1) await delay(wait);
      answers.push(send(Math.max(due, began)));
    }
    await Promise.all(answers);
  });
}

async function withSender(
  url: string,
  { body, signature }: BenchDelivery,
  sockets: number,
  drive: (send: (from: number) => Promise<void>, problem: (what: string, n: number) => void) => Promise<void>,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const target = new URL(url);
  const bytes = Buffer.from(body);
  const latencies: number[] = [];
  const problems: Record<string, number> = {};
  let sent = 0;
  const problem = (what: string, n: number) => {
    problems[what] = (problems[what] ?? 0) + n;
  };

  function send(from: number): Promise<void> {
    sent += 1;
    return new Promise((resolve) => {
      const outgoing = request(
        {
          agent,
          host: target.hostname,
          port: target.port,
          path: target.pathname,
          method: 'POST',
          timeout: ANSWER_MS,
          headers: {
            'content-type': 'application/json',
            'content-length': bytes.length,
            'user-agent': 'GitHub-Hookshot/bench',
            'x-github-event': 'issues',
            'x-github-delivery': randomUUID(),
            'x-hub-signature-256': signature,
          },
        },
        (answer) => {
          answer.resume();
          answer.on('end', () => {
            if (answer.statusCode === 200) latencies.push(performance.now() - from);
            else problem(`status ${answer.statusCode}`, 1);
            resolve();
          });
          answer.on('error', () => {
            problem('answer broke off', 1);
            resolve();
          });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
      outgoing.on('error', (error: Error) => {
        problem(error.message, 1);
        resolve();
      });
      outgoing.end(bytes);
    });
  }

  const began = performance.now();
  await drive(send, problem);
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { sent, latencies, seconds, problems };
}
