/**
 * Keeping the head and the tail of output of any length in bounded memory, and cutting text so that what comes out can be stored
 * anywhere: no half of a surrogate pair, no NUL (PostgreSQL refuses both).
 */
import { safeCut } from '../ci/cut.js';

/** Drops what a database or JSON reader may refuse. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

export interface HeadTail {
  push(text: string): void;
  /** Everything when it fitted, else head, a marker that says how much is missing, and tail. Never longer than the limit. */
  text(): string;
}

const MARKER_ROOM = 100;

/** Collects text, keeping at most `limit` characters: a third of them from the head, the rest from the tail. */
export function createHeadTail(limit: number): HeadTail {
  const room = Math.max(0, limit - MARKER_ROOM);
  const headRoom = Math.floor(room / 3);
  const tailRoom = room - headRoom;
  let head = '';
  let tail = '';
  let total = 0;
  return {
    push(raw) {
      const text = storable(raw);
      total += text.length;
      let rest = text;
      if (head.length < headRoom && tail === '') {
        const at = safeCut(rest, headRoom - head.length);
        head += rest.slice(0, at);
        rest = rest.slice(at);
      }
      tail += rest;
      // Trimmed only now and then: a slice for every small write would copy the whole tail each time.
      if (tail.length > 2 * tailRoom + MARKER_ROOM) tail = lastOf(tail, tailRoom + MARKER_ROOM);
    },
    text() {
      if (head.length + tail.length === total && total <= limit) return head + tail;
      const kept = lastOf(tail, tailRoom);
      return `${head}${marker(total - head.length - kept.length)}${kept}`;
    },
  };
}

/** The same for text that is at hand. */
export function headAndTail(text: string, limit: number): string {
  const keeper = createHeadTail(limit);
  keeper.push(text);
  return keeper.text();
}

function lastOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const at = text.length - length;
  return text.slice(safeCut(text, at) === at ? at : at + 1);
}

function marker(missing: number): string {
  return `\n[... ${missing} characters left out here ...]\n`;
}
