/** Issues with the right answers beside them, as the evaluation reads them from JSON lines. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

const text = z.string().nullish();

/** Our own form, and that of the collected issues; keys of neither are ignored. */
const Line = z.object({
  repository: z.string().optional(),
  repo: z.string().optional(),
  number: z.number().int().nullish(),
  title: z.string(),
  body: text,
  labels: z.array(z.string()).nullish(),
  created: text,
  created_at: text,
  kind: text,
  label: text,
  owner: text,
  owner_product: text,
  owner_package: text,
  owner_scope: text,
  outside: text,
  hard: z.array(z.string()).nullish(),
  context: z.array(z.string()).nullish(),
  duplicateOf: text,
  excerpt_part: text,
});

export interface EvalIssue {
  readonly repository: string;
  readonly number: number | null;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly created: string | null;
  readonly kind: string | null;
  /** Who answers: a product's id (`spack` for Spack itself), `outside:NAME`, or null when nobody said. */
  readonly owner: string | null;
  readonly hard: readonly string[];
  /** Context labels that are right; null when nobody said. */
  readonly context: readonly string[] | null;
  /** `owner/name#number`. */
  readonly duplicateOf: string | null;
  /** False where the text holds answers that were written later. */
  readonly asFiled: boolean;
}

/** A line that cannot be used; the message says which and why. */
export class BadLine extends Error {}

/** Reads JSON lines; empty ones are skipped. Throws `BadLine`. */
export function parseIssues(content: string, name: string): EvalIssue[] {
  return content
    .split('\n')
    .map((line, at) => ({ line: line.trim(), at: at + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, at }) => {
      const parsed = Line.safeParse(jsonOf(line, name, at));
      const repository = parsed.data?.repository ?? parsed.data?.repo;
      if (!parsed.success || repository === undefined) {
        const first = parsed.success ? null : parsed.error.issues[0];
        const why = first ? `${first.path.join('.')}: ${first.message}` : 'it has neither "repository" nor "repo"';
        throw new BadLine(`${name}, line ${at}: ${why}`);
      }
      return issueOf(parsed.data, repository);
    });
}

function jsonOf(line: string, name: string, at: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new BadLine(`${name}, line ${at}: not JSON (${(error as Error).message})`);
  }
}

function issueOf(line: z.infer<typeof Line>, repository: string): EvalIssue {
  return {
    repository,
    number: line.number ?? null,
    title: line.title,
    body: line.body ?? '',
    labels: line.labels ?? [],
    created: line.created ?? line.created_at ?? null,
    kind: line.kind ?? line.label ?? null,
    owner: ownerOf(line),
    hard: line.hard ?? [],
    context: line.context ?? null,
    duplicateOf: line.duplicateOf ?? null,
    asFiled: line.excerpt_part === undefined || line.excerpt_part === null || line.excerpt_part === 'description',
  };
}

function ownerOf(line: z.infer<typeof Line>): string | null {
  const product = line.owner ?? line.owner_product;
  if (product) return product;
  if (line.owner_scope === 'spack-core') return 'spack';
  const outside = line.outside ?? (line.owner_scope === 'outside-registry' ? line.owner_package : null);
  return outside ? `outside:${outside.toLowerCase()}` : null;
}

/** `owner/name#number`, or the title where there is no number. */
export function nameOf({ repository, number, title }: EvalIssue): string {
  return number === null ? `${repository} "${title.slice(0, 50)}"` : `${repository}#${number}`;
}

/** Digest of what two copies of an issue have in common whatever they are called. */
export function textDigest({ title, body }: Pick<EvalIssue, 'title' | 'body'>): string {
  const plain = (part: string) => part.replace(/\s+/g, ' ').trim().toLowerCase();
  return createHash('sha256')
    .update(`${plain(title)}\n${plain(body)}`)
    .digest('hex');
}
