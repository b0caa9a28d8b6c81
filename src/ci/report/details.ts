/** The text below a check's summary: why it runs, what was asked for, how to see it at home, what it was built with. */
import type { BuildPlan } from '../../protocol.js';
import { ownValue } from '../../registry/own-value.js';
import type { BuildEnvironment } from '../build-caches.js';
import { originsText, publishedText } from './origins.js';
import { reproduceCommands, reproduceHeading } from './reproduce.js';
import { code, fenced, joinSections, prose } from './text.js';
import type { ReportInput } from './types.js';

export function details(input: ReportInput, clean: (text: string) => string): string {
  const { check, versions } = input;
  const commands = reproduceCommands(check.build, input.concreteSpec, input.headVersions);
  const rows = [
    ['Spec', check.build.spec],
    ['Pool', `${check.build.pool} (sandbox: ${check.build.sandbox})`],
    [
      'Spack',
      versions === null
        ? planned(check.build.pins?.spack)
        : [versions.spack, versions.spackCommit].filter((one) => one !== null).join(', '),
    ],
    ['Package repository', versions === null ? planned(check.build.pins?.packages) : versions.packagesCommit],
    sourceRow(check.build),
    ['Head', check.headSha],
    ...(check.build.heads ?? []).map((head): [string, string] => [
      `${head.package} of`,
      `${head.fullName}#${head.number} at ${head.headSha}${takenFor(ownValue(input.headVersions, head.package))}`,
    ]),
    ['Attempt', attemptRow(input)],
    ['Built', input.concreteSpec === null ? null : clean(input.concreteSpec)],
    ['Within', check.build.environment ? environmentText(check.build.environment) : null],
    ['Packages', input.origins ? originsText(input.origins) : null],
    ['Build cache', cacheText(input, clean)],
  ].flatMap(([name, value]) => (value ? [`| ${name} | ${code(value).replaceAll('|', '\\|')} |`] : []));
  return joinSections([
    ['**Why this check runs**', '', ...check.reasons.map((reason) => `- ${prose(reason, 500)}`)].join('\n'),
    commands === null ? '' : `**${reproduceHeading(commands)}**\n\n${fenced(commands.join('\n'), 'sh')}`,
    ['| | |', '|---|---|', ...rows].join('\n'),
  ]);
}

function takenFor(version: string | undefined): string {
  return version === undefined ? '' : `, taken for ${version}`;
}

function environmentText({ name, sha256 }: BuildEnvironment): string {
  return `${name} (spack.yaml with SHA-256 ${sha256})`;
}

/** What it was taken from, where it is not known what became of the one that it fills. */
function cacheText({ check, published }: ReportInput, clean: (text: string) => string): string | null {
  const filled = publishedText(published ?? null);
  if (filled !== null) return clean(filled);
  const read = check.build.caches?.read ?? [];
  if (read.length === 0) return null;
  return `read from ${read.map(({ name, key }) => `${name} (${key === null ? 'unsigned' : 'signed'})`).join(', ')}`;
}

function sourceRow({ pull, branch }: BuildPlan): [string, string | null] {
  return pull === null ? ['Branch', branch?.name ?? null] : ['Base', `${pull.baseRef} at ${pull.baseSha}`];
}

/** What the hub says of a pool, until a worker says what it really has. */
function planned(version: string | null | undefined): string | null {
  return version === null || version === undefined ? null : `${version} (as the hub says of the pool)`;
}

function attemptRow({ attempt, fresh }: ReportInput): string | null {
  if (fresh) return `${attempt}, without cache`;
  return attempt > 1 ? String(attempt) : null;
}
