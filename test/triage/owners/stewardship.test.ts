import { expect, test } from '@jest/globals';
import { buildRegistry } from '../../../src/registry/build-registry.js';
import { stewardship } from '../../../src/triage/owners/stewardship.js';

const NOW = new Date('2026-11-02T12:00:00Z');
const NOTHING_SEEN = { lastSeen: new Map<string, Date>(), muted: new Set<string>() };

function hub(files: Readonly<Record<string, string>>) {
  const all = { 'hub.yml': 'name: Test hub\nfallback: peso\n', 'spokes/peso.yml': 'id: peso\nname: PESO\n', ...files };
  const { registry, problems } = buildRegistry(Object.entries(all).map(([path, text]) => ({ path, text })));
  expect(problems).toEqual([]);
  return registry;
}

const product = (id: string, spoke: string, more = '') => ({
  [`products/${id}.yml`]: `id: ${id}\nname: ${id}\nspokes: [${spoke}]\nrepository: octo/${id}\n${more}`,
});

test('a spoke of which no product has owners is told once, with the people who are asked in their place', () => {
  const registry = hub({
    'spokes/dav.yml': 'id: dav\nname: DAV\nleads: [octocat, hubot]\n',
    ...product('zfp', 'dav'),
    ...product('visit', 'dav'),
    ...product('spack-tool', 'peso'),
  });
  expect(stewardship(registry, NOTHING_SEEN, NOW)).toEqual({
    bare: [
      { spoke: 'dav', products: 2, people: 2 },
      { spoke: 'peso', products: 1, people: 0 },
    ],
    orphans: [],
    single: [],
    silent: [],
    dry: [],
  });
  // Whoever wants to be left alone is asked nothing.
  expect(stewardship(registry, { ...NOTHING_SEEN, muted: new Set(['octocat', 'hubot']) }, NOW).bare[0]).toEqual({
    spoke: 'dav',
    products: 2,
    people: 0,
  });
});

test('where some products have owners, those without and those with a single one are named', () => {
  const registry = hub({
    'spokes/dav.yml': 'id: dav\nname: DAV\n',
    ...product('zfp', 'dav', 'owners: [octocat]\n'),
    ...product('visit', 'dav'),
    ...product('adios2', 'dav', 'owners: [octocat, hubot]\n'),
  });
  expect(stewardship(registry, NOTHING_SEEN, NOW)).toMatchObject({
    bare: [],
    orphans: [{ product: 'visit', spoke: 'dav' }],
    single: [{ product: 'zfp', spoke: 'dav', owner: 'octocat' }],
  });
});

test('triage R18: who was not seen for 180 days is reported to the hub with the files that name them', () => {
  const registry = hub({
    'spokes/dav.yml': 'id: dav\nname: DAV\nleads: [Octocat]\n',
    ...product('zfp', 'dav', 'owners: [octocat, hubot]\n'),
  });
  const lastSeen = new Map([
    ['octocat', new Date('2026-05-01T00:00:00Z')],
    ['hubot', new Date('2026-05-07T00:00:00Z')],
  ]);
  expect(stewardship(registry, { ...NOTHING_SEEN, lastSeen }, NOW).silent).toEqual([
    { login: 'octocat', since: '2026-05-01', named: ['products/zfp.yml', 'spokes/dav.yml'] },
  ]);
});

test.each([
  ['nobody is away', '[]', null],
  ['one of two is', '[{ login: octocat, until: 2026-12-24 }]', null],
  [
    'both are, from today on',
    '[{ login: octocat, until: 2026-12-24 }, { login: hubot, until: 2026-11-02 }]',
    '2026-11-02',
  ],
])('a rota is dry when nobody of it can be asked: %s', (_, absences, from) => {
  const registry = hub({
    'spokes/dav.yml': `id: dav\nname: DAV\nrota: { people: [octocat, hubot], since: 2026-01-05 }\nabsences: ${absences}\n`,
  });
  expect(stewardship(registry, NOTHING_SEEN, NOW).dry).toEqual(from === null ? [] : [{ spoke: 'dav', from }]);
});

test('a rota is not dry from the day on that ends a mute, and dry for one without an end', () => {
  const registry = hub({
    'spokes/dav.yml':
      'id: dav\nname: DAV\nrota: { people: [octocat, hubot], since: 2026-01-05 }\nabsences: [{ login: octocat, until: 2026-11-04 }]\n',
  });
  const from = (login: string, until: string | null, absent: string) => {
    const seen = {
      ...NOTHING_SEEN,
      muted: new Set([login]),
      ...(until === null ? {} : { mutedUntil: { [login]: until } }),
    };
    return [absent, stewardship(registry, seen, NOW).dry.map((each) => each.from)];
  };
  expect(from('hubot', null, 'for good')).toEqual(['for good', ['2026-11-02']]);
  expect(from('octocat', '2026-11-08', 'the other is there')).toEqual(['the other is there', []]);
  // Back before the other one is.
  expect(from('hubot', '2026-11-01', 'over')).toEqual(['over', []]);
});

test('a rota is told to run dry a week ahead, when its last people fall silent', () => {
  const registry = hub({
    'spokes/dav.yml': 'id: dav\nname: DAV\nrota: { people: [octocat, hubot], since: 2026-01-05 }\n',
  });
  const seen = (day: string) => ({
    ...NOTHING_SEEN,
    lastSeen: new Map([['octocat', new Date(day)]]),
    muted: new Set(['hubot']),
  });
  // 180 days after it is 8 November.
  expect(stewardship(registry, seen('2026-05-12T12:00:00Z'), NOW).dry).toEqual([{ spoke: 'dav', from: '2026-11-09' }]);
  expect(stewardship(registry, seen('2026-05-13T12:00:00Z'), NOW).dry).toEqual([]);
});
