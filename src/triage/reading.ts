/** An issue read once: where it stands, its blocks, form, title and build log. Routing, kind and missing information start from it. */
import { type BuildLog, readBuildLog } from './build-log.js';
import type { Catalogue } from './catalogue.js';
import { isCollection } from './embedded.js';
import type { IssueFacts } from './facts.js';
import { type FormField, parseIssueForm } from './issue-form.js';
import { type Block, plainText, readBlocks } from './markdown.js';
import { readTitle, type Title } from './title.js';

/** Where an issue stands, which decides how its words are read. */
export type Place =
  | { readonly kind: 'spack'; readonly recipes: boolean }
  | { readonly kind: 'product'; readonly product: string }
  | { readonly kind: 'tracker' }
  | { readonly kind: 'other'; readonly name: string };

/** An issue read once; routing, kind and missing information all start from it. */
export interface Reading {
  readonly place: Place;
  readonly title: Title;
  readonly blocks: readonly Block[];
  readonly fields: readonly FormField[];
  readonly log: BuildLog;
  /** What people say, without code, quotations and spec trees. */
  readonly prose: string;
  /** Everything, comments of the template left out. */
  readonly text: string;
}

export function readIssue(facts: Pick<IssueFacts, 'repository' | 'title' | 'body'>, catalogue: Catalogue): Reading {
  const place = placeOf(facts.repository, catalogue);
  const blocks = readBlocks(unfencedLog(facts.body));
  const text = plainText(facts.body);
  const title = facts.title.slice(0, 400);
  return {
    place,
    title: readTitle(title, catalogue, {
      spack: isAboutPackages(place),
      core: place.kind === 'spack' && !place.recipes,
    }),
    blocks,
    fields: parseIssueForm(blocks),
    log: readBuildLog(text),
    prose: proseOf(blocks),
    text,
  };
}

/** Product whose repositories hold Spack's own code and all recipes. */
export const SPACK = 'spack';

/** Packages are the subject there: Spack's repositories, and those of bundles. */
export function isAboutPackages(place: Place): boolean {
  return place.kind === 'spack' || (place.kind === 'product' && isCollection(place.product));
}

export function placeOf(repository: string, catalogue: Catalogue): Place {
  const { registry } = catalogue;
  const product = registry.productByRepository(repository);
  const name = repository.slice(repository.indexOf('/') + 1).toLowerCase();
  if (product?.id === SPACK) return { kind: 'spack', recipes: name.includes('packages') };
  if (product) return { kind: 'product', product: product.id };
  return registry.isCentral(repository) ? { kind: 'tracker' } : { kind: 'other', name };
}

/** `>> 12  error` of a log that somebody pasted without a fence would quote all that follows. */
function unfencedLog(body: string): string {
  return body.includes('>>') ? body.replace(/^([ \t]{0,20})>>(?= {0,2}\d{1,7}\s)/gm, '$1\\>>') : body;
}

/** A line of a spec, a spec tree or a log, which is no sentence. */
const NO_SENTENCE =
  /^(?:(?:-|\[[+^e-]\]|\$|>|#) *)?(?:[a-z0-9]{7,32} +)?\^?[a-z0-9][\w-]{0,60}@\S|^==>|^\\?>>|^\d{2,6} {2,}|^\[\d{1,4}\] ?[A-Z]|^[$#] /;

function proseOf(blocks: readonly Block[]): string {
  return blocks
    .filter((block) => block.kind !== 'code' && !block.quoted)
    .flatMap((block) => block.text.split('\n'))
    .map((line) => line.trim())
    .filter((line) => !NO_SENTENCE.test(line))
    .join('\n');
}
