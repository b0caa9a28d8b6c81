import { describe, expect, it } from '@jest/globals';
import { skipMarkerIn } from '../../src/ci/skip-marker.js';

const where = (texts: { title?: string; body?: string; commit?: string | null }) =>
  skipMarkerIn({ title: '', body: '', commit: '', ...texts });

describe('[skip spokebot]', () => {
  it.each([
    [{ title: 'Docs only [skip spokebot]' }, 'title'],
    [{ title: '[Spokebot Skip] docs' }, 'title'],
    [{ commit: 'fix a typo\n\n[skip spokebot]' }, 'commit'],
    [{ body: 'Only words.\r\n\r\n[skip spokebot]\r\n' }, 'body'],
    [{ commit: null, body: '[ skip spokebot ]' }, 'body'],
  ] as const)('is found in %j', (texts, place) => {
    expect(where(texts)).toBe(place);
  });

  it.each([
    { title: 'Skip spokebot' },
    { title: 'Document [skip ci]', commit: 'x [ci skip]' },
    { body: 'Write [skip spokebot] on a line of its own to get no build.' },
    { body: '<!--\n[skip spokebot]\n-->\nWords.' },
    { body: '<!-- not closed\n[skip spokebot]' },
    { body: '```\n[skip spokebot]\n```' },
    { body: '    [skip spokebot]' },
    { body: '> [skip spokebot]' },
  ])('is not seen in %j', (texts) => {
    expect(where(texts)).toBeNull();
  });
});
