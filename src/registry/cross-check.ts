/** What is right in every file by itself and wrong between them: ids that nobody has, things that two claim, locked keys. */
import type { Loaded, LoadedHub } from './build-registry.js';
import { checkClaims } from './check-claims.js';
import { checkHub } from './check-hub.js';
import { checkSettings } from './check-settings.js';
import type { DownstreamSection } from './downstream-section.js';
import type { Problem, SourceFile } from './model.js';
import { nearest } from './nearest.js';
import { problemAt } from './problem-at.js';

/** Every problem between the files; `files` also names those that could not be read, so that their ids count as known. */
export function crossCheck(hub: LoadedHub, files: readonly SourceFile[]): Problem[] {
  const spokeIds = idsOf(hub.spokes, files, 'spokes');
  const productIds = idsOf(hub.products, files, 'products');
  return [
    ...checkHub(hub, spokeIds, productIds),
    ...checkNames(hub.spokes, 'spokes'),
    ...[...hub.spokes, ...hub.products].flatMap(({ file, source }) =>
      downstreamIds(file.downstream, source, productIds),
    ),
    ...checkNames(hub.products, 'products'),
    ...hub.products.flatMap(({ file, source, good }) => [
      ...unknownIds(source, 'spokes', file.spokes, spokeIds, 'spoke'),
      ...unknownIds(source, 'dependsOn', file.dependsOn, productIds, 'product'),
      ...repeated(source, 'spokes', file.spokes),
      // Of a file with other problems it is not known whether the two keys were left out or are wrong.
      ...(good && file.repository === null && file.homepage === null
        ? [
            problemAt(source, ['repository'], 'A product without "repository" needs a "homepage"', {
              suggestion: 'Add "homepage" with the address of its site.',
            }),
          ]
        : []),
    ]),
    ...checkClaims(hub.products),
    ...checkSettings(hub),
  ];
}

/** A file that cannot be read, or whose id differs from its name, is one problem; everything that names it is not another. */
function idsOf(loaded: readonly Loaded<{ id: string }>[], files: readonly SourceFile[], folder: string): Set<string> {
  const names = files.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ path }) => stem(path));
  return new Set([...loaded.map(({ file }) => file.id), ...names]);
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
}

/** The id is the file's name; GitHub's CODEOWNERS works by path, so the two may not part. */
function checkNames(loaded: readonly Loaded<{ id: string }>[], folder: string): Problem[] {
  const first = new Map<string, string>();
  return loaded.flatMap(({ file, source }) => {
    const problems: Problem[] = [];
    const before = first.get(file.id);
    if (before !== undefined)
      problems.push(problemAt(source, ['id'], `The id "${file.id}" is taken: ${before} has it`, { suggestion: null }));
    else first.set(file.id, source.file);
    if (stem(source.file) !== file.id)
      problems.push(
        problemAt(source, ['id'], `The id "${file.id}" differs from the file's name "${stem(source.file)}"`, {
          suggestion:
            before === undefined ? `Rename the file to ${folder}/${file.id}.yml, or the id.` : stem(source.file),
        }),
      );
    return problems;
  });
}

function downstreamIds(
  section: DownstreamSection | undefined,
  source: Loaded<unknown>['source'],
  known: ReadonlySet<string>,
): Problem[] {
  if (typeof section !== 'object') return [];
  const { against, critical } = section;
  return [
    ...unknownIds(source, ['downstream', 'against'], against ?? [], known, 'product'),
    ...unknownIds(source, ['downstream', 'critical'], Array.isArray(critical) ? critical : [], known, 'product'),
    ...(critical === true && against === undefined
      ? [
          problemAt(
            source,
            ['downstream', 'critical'],
            '"critical: true" needs "against": the products that must not break it',
            {
              suggestion: 'Add "against" with their ids, or list the products that must not break here.',
            },
          ),
        ]
      : []),
  ];
}

function unknownIds(
  source: Loaded<unknown>['source'],
  key: string | readonly string[],
  values: readonly string[],
  known: ReadonlySet<string>,
  what: string,
): Problem[] {
  return values.flatMap((value, index) =>
    known.has(value)
      ? []
      : [
          problemAt(source, [...[key].flat(), index], `No ${what} has the id "${value}"`, {
            suggestion: nearest(value, known),
          }),
        ],
  );
}

function repeated(source: Loaded<unknown>['source'], key: string, values: readonly string[]): Problem[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index
      ? [problemAt(source, [key, index], `"${value}" stands here twice`, { suggestion: 'Keep the first.' })]
      : [],
  );
}
