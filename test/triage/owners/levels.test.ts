import { describe, expect, test } from '@jest/globals';
import { buildRegistry } from '../../../src/registry/build-registry.js';
import { effectiveConfig } from '../../../src/registry/effective-config.js';
import { ownerLevels } from '../../../src/triage/owners/levels.js';
import { NOW } from './build.js';

const HUB = 'name: Test hub\nfallback: peso\ntriage: { policy: act }\n';
const FILES: Readonly<Record<string, string>> = {
  'hub.yml': `${HUB}roles: { keepers: [keeper], approvers: [] }\n`,
  'spokes/peso.yml': 'id: peso\nname: PESO\nleads: [hublead]\nabsences: [{ login: keeper, until: 2026-12-01 }]\n',
  'spokes/dav.yml':
    'id: dav\nname: DAV\nleads: [lead]\nrota: { people: [one, two, Three], since: 2026-10-26, days: 7 }\nabsences: [{ login: two, until: 2026-12-01 }]\n',
  'products/zfp.yml':
    'id: zfp\nname: zfp\nspokes: [dav]\nrepository: llnl/zfp\nowners: [owner, Owner]\nabsences: [{ login: owner, until: 2026-12-24 }]\n',
  'products/visit.yml': 'id: visit\nname: VisIt\nspokes: [dav]\nrepository: visit-dav/visit\n',
};

function registryOf(changes: Readonly<Record<string, string>> = {}) {
  const { registry, problems } = buildRegistry(
    Object.entries({ ...FILES, ...changes }).map(([path, text]) => ({ path, text })),
  );
  expect(problems).toEqual([]);
  return registry;
}

/** `level file: people`, with `in turn` where a rota decides. */
function levels(
  product: string | null,
  accountable: string,
  { now = NOW as Date | null, file = null as string | null, home = product, changes = {} } = {},
) {
  const registry = registryOf(changes);
  const repository = registry.products.get(home ?? '')?.repository ?? 'octo/other';
  const own = file === null ? null : { path: '.github/spokebot.yml', text: file };
  const { owners } = effectiveConfig(registry, repository, own).config;
  return ownerLevels({ product, accountable }, home, owners, registry, now).map(
    ({ level, file: name, people, byTurn }) => `${level} ${name}: ${people.join(', ')}${byTurn ? ' in turn' : ''}`,
  );
}

const SPOKE = ['spoke spokes/dav.yml: two, Three, one in turn', 'spoke spokes/dav.yml: lead'];
const REST = ['hub hub.yml: keeper', 'hub spokes/peso.yml: hublead'];

describe('ownerLevels', () => {
  test.each<[string, string[], string[]]>([
    [
      "a product's owners first, then its spoke's rota and leads, then the hub",
      levels('zfp', 'dav'),
      ['product products/zfp.yml: owner', ...SPOKE, ...REST],
    ],
    ['a product without owners begins with its spoke', levels('visit', 'dav'), [...SPOKE, ...REST]],
    ['without a product the spoke comes first', levels(null, 'dav'), [...SPOKE, ...REST]],
    ["the hub's own spoke comes once", levels(null, 'peso'), ['spoke spokes/peso.yml: hublead', 'hub hub.yml: keeper']],
    [
      "a repository's own file comes before the product's",
      levels('zfp', 'dav', { file: 'owners: [here]\n' }),
      ['repository .github/spokebot.yml: here', 'product products/zfp.yml: owner', ...SPOKE, ...REST],
    ],
    [
      'and says nothing about an issue that goes elsewhere',
      levels('visit', 'dav', { home: 'zfp', file: 'owners: [here]\n' }),
      [...SPOKE, ...REST],
    ],
    [
      'nor where the hub locks owners',
      levels('zfp', 'dav', {
        file: 'owners: [here]\n',
        changes: {
          'hub.yml': `${HUB}lock: [owners]\n`,
          'products/zfp.yml': 'id: zfp\nname: zfp\nspokes: [dav]\nrepository: llnl/zfp\n',
        },
      }),
      [...SPOKE, 'hub spokes/peso.yml: hublead'],
    ],
    [
      'without a clock the rota is a list of people',
      levels('visit', 'dav', { now: null }),
      ['spoke spokes/dav.yml: one, two, Three', 'spoke spokes/dav.yml: lead', ...REST],
    ],
    [
      'nobody is named',
      levels('visit', 'dav', {
        changes: {
          'hub.yml': HUB,
          'spokes/dav.yml': 'id: dav\nname: DAV\n',
          'spokes/peso.yml': 'id: peso\nname: PESO\n',
        },
      }),
      [],
    ],
    ['a spoke that is not in the catalogue', levels(null, 'nowhere'), REST],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  test("absences of the product's and the spoke's files hold near, those of the hub's spoke for the hub", () => {
    const found = ownerLevels({ product: 'zfp', accountable: 'dav' }, null, [], registryOf(), NOW);
    expect(found.map(({ level, absences }) => [level, ...absences.map(({ login }) => login)])).toEqual([
      ['product', 'owner', 'two'],
      ['spoke', 'owner', 'two'],
      ['spoke', 'owner', 'two'],
      ['hub', 'keeper'],
      ['hub', 'keeper'],
    ]);
  });
});
