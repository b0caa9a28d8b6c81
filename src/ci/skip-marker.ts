/**
 * `[skip spokebot]`: words with which the person who made a change asks for no build of it. Only ours count: `[skip ci]` and the like are
 * said to other services, and whoever writes them has seldom thought of us.
 */

const MARKER = /\[\s*(?:skip spokebot|spokebot skip)\s*\]/i;

export type SkipMarker = 'title' | 'body' | 'commit';

/** Where the marker stands; null when nowhere. In a body it counts on a line of its own, neither quoted nor in code or a comment. */
export function skipMarkerIn(texts: {
  readonly title: string;
  readonly body: string;
  /** Message of the head commit; null when not known. */
  readonly commit: string | null;
}): SkipMarker | null {
  if (MARKER.test(texts.title)) return 'title';
  if (texts.commit !== null && MARKER.test(texts.commit)) return 'commit';
  return ownLines(texts.body).some((line) => MARKER.test(line) && line.replace(MARKER, '').trim() === '')
    ? 'body'
    : null;
}

/** Lines of a body that are the writer's own words: templates explain markers in comments, and people quote them in code. */
function ownLines(body: string): string[] {
  const text = body.slice(0, 65_536).replace(/<!--[\s\S]*?(?:-->|$)/g, '');
  let fence: string | null = null;
  return text.split(/\r?\n/).filter((line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
      return false;
    }
    if (mark !== undefined) {
      fence = mark;
      return false;
    }
    return !/^(?: {4}|\t| {0,3}>)/.test(line);
  });
}
