/** Errors of configure steps: CMake, autotools, Meson, and what stands around them. */
import { type Finding, MOST_FINDINGS } from './finding.js';

const CMAKE_AT = /^\s{0,4}CMake Error at ([^:\n]{1,500}):(\d{1,7})(?: \((\S{1,80})\))?:?\s*(.*)$/;
const CMAKE_IN = /^\s{0,4}CMake Error(?: \(dev\))?(?: in ([^:\n]{1,500}))?:\s*(.*)$/;
const CMAKE_FRAME = /^\s{2,6}([^\s:()][^:()]{0,500}):(\d{1,7}) \(\S{1,80}\)$/;
const MESON = /^(?:\.\.\/)*([\w./-]{0,300}meson\.build):(\d{1,7}):(\d{1,5}): ERROR: (.*)$/;
const CONFIGURE_LINE = /^(\S{0,300}configure): (?:line )?(\d{1,7}): (.*(?:error|not found|unexpected).*)$/i;
const CONFIGURE = /^\s{0,4}(?:configure|\S{0,300}\/configure|config\.status): error: (.*)$/;
const AUTOCONF =
  /^(?:\S{0,200}:)?([\w./-]{0,300}(?:configure\.(?:ac|in)|Makefile\.am|aclocal\.m4|\w+\.m4)):(\d{1,7}): error: (.*)$/;
const OTHERS: readonly RegExp[] = [
  /^(?:autoreconf|automake|autoconf|aclocal|libtoolize)(?:-[\d.]+)?: error: (.*)$/,
  /^(?:autoreconf|automake|autoconf|aclocal): (\S+ (?:failed|is required|not found).*)$/,
  /^ERROR: (Dependency .* not found.*)$/,
  /^-- (Configuring incomplete, errors occurred!)$/,
  /^CMake Generate step failed\. +(.*)$/,
  /^(CMake \d[\d.]* or higher is required.*)$/,
];
const MESSAGE_LINES = 12;
const STACK_REACH = 60;

/** All errors of configure steps, in order. The message of a CMake error is gathered from the lines under it. */
export function configureFindings(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  for (let at = 0; at < lines.length && found.length < MOST_FINDINGS; at++) {
    const finding = findingAt(lines, at);
    if (finding) found.push(finding);
  }
  return found;
}

/** Does this text of a compiler's dialect really come from a configure tool? */
export function isConfigureFile(path: string): boolean {
  return /(?:^|\/)(?:configure\.(?:ac|in)|Makefile\.am|aclocal\.m4|\w+\.m4|meson\.build)$/.test(path);
}

function findingAt(lines: readonly string[], at: number): Finding | null {
  const line = lines[at]!;
  if (!/error|fail|requir|not found|unexpected|incomplete/i.test(line)) return null;
  const cmake = CMAKE_AT.exec(line);
  if (cmake) return cmakeFinding(lines, at, cmake);
  const within = CMAKE_IN.exec(line);
  if (within) {
    const rest = within[2] ? within[2] : messageUnder(lines, at + 1);
    const place = /Error in cmake code at\s*([^:\s]{1,500}):(\d{1,7})/.exec(`${rest} ${lines[at + 1] ?? ''}`);
    return plain(at, rest || 'CMake error', place?.[1] ?? within[1] ?? null, place ? Number(place[2]) : null);
  }
  const meson = MESON.exec(line);
  if (meson) return { ...plain(at, meson[4]!, meson[1]!, Number(meson[2])), column: Number(meson[3]) };
  const autoconf = AUTOCONF.exec(line);
  if (autoconf) return plain(at, autoconf[3]!, autoconf[1]!, Number(autoconf[2]));
  const configure = CONFIGURE.exec(line);
  // "in `directory':" opens a message of several lines.
  if (configure && /^in \S+:$/.test(configure[1]!)) return null;
  if (configure) return plain(at, configure[1]!);
  const script = CONFIGURE_LINE.exec(line);
  if (script) return plain(at, script[3]!, 'configure', Number(script[2]));
  for (const pattern of OTHERS) {
    const other = pattern.exec(line)?.[1];
    if (other !== undefined) return plain(at, other);
  }
  return null;
}

/** An error raised in a module of CMake belongs to the line of the project that called it. */
function cmakeFinding(lines: readonly string[], at: number, match: RegExpExecArray): Finding {
  const message = [match[4], messageUnder(lines, at + 1)].filter((part) => part).join(' ');
  const own = !isModule(match[1]!);
  const frame = own ? null : ownFrame(lines, at + 1);
  const text = message || `error in ${match[3] ?? 'CMake'}`;
  return frame ? plain(at, text, frame.path, frame.line) : plain(at, text, match[1]!, Number(match[2]));
}

function isModule(path: string): boolean {
  return path.startsWith('/') && !path.includes('/spack-src/');
}

function ownFrame(lines: readonly string[], from: number): { path: string; line: number } | null {
  for (let at = from; at < lines.length && at < from + STACK_REACH; at++) {
    if (/^\s{0,4}CMake (?:Error|Warning)/.test(lines[at]!)) return null;
    const frame = CMAKE_FRAME.exec(lines[at]!);
    if (frame && !isModule(frame[1]!)) return { path: frame[1]!, line: Number(frame[2]) };
  }
  return null;
}

/** The indented paragraph(s) under a CMake error, as one line. */
function messageUnder(lines: readonly string[], from: number): string {
  const words: string[] = [];
  for (let at = from; at < lines.length && at < from + MESSAGE_LINES; at++) {
    const line = lines[at]!;
    if (line.trim() === '') {
      // "Cannot find source file:" is nothing without the paragraph under it.
      if (words.length > 0 && !words.at(-1)!.endsWith(':')) break;
      continue;
    }
    if (!/^\s/.test(line) || line.startsWith('Call Stack')) break;
    words.push(line.trim());
  }
  return words.join(' ');
}

function plain(at: number, message: string, path: string | null = null, line: number | null = null): Finding {
  return { at, message: message.trim(), path, line, column: null, directory: null };
}
