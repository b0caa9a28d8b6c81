/**
 * A directory that nobody else can write to. What is kept between two starts and taken as our own (the empty database that new hubs are
 * copied from) must not have been put there by a neighbour: the directory for temporary files belongs to everybody.
 */
import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The first of the places that is ours alone, made where it is missing; a fresh one of no fixed name when none is. */
export function ownDirectory(places: readonly string[]): string {
  return places.find(isOurs) ?? mkdtempSync(path.join(tmpdir(), 'spokebot-'));
}

function isOurs(place: string): boolean {
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    // Not through a link: its target can be changed by whoever made it.
    const found = lstatSync(place);
    if (!found.isDirectory() || (found.mode & 0o022) !== 0) return false;
    accessSync(place, constants.W_OK);
    return process.getuid === undefined || found.uid === process.getuid();
  } catch {
    // Not ours to write (an installed, read-only program).
    return false;
  }
}
