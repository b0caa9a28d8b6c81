/** Whose failure it is. A machine's, a network's or a configuration's failure is never the change's, and what is not known blames nobody. */
import type { Category, Fault } from '../verdict.js';
import type { Story } from './story.js';

/** Faults that the category alone decides. */
const BY_CATEGORY: Readonly<Partial<Record<Category, Fault>>> = {
  'invalid-spec': 'environment',
  concretization: 'environment',
  fetch: 'infrastructure',
  checksum: 'infrastructure',
  patch: 'recipe',
  recipe: 'recipe',
  'cache-miss': 'environment',
  dependency: 'dependency',
  timeout: 'unknown',
  killed: 'infrastructure',
  interrupted: 'infrastructure',
  'out-of-memory': 'infrastructure',
  'disk-full': 'infrastructure',
  lock: 'infrastructure',
  'spack-internal': 'environment',
  unknown: 'unknown',
};

/** Could the same build end differently when it is tried again? */
const RETRYABLE: ReadonlySet<Category> = new Set([
  'fetch',
  'killed',
  'interrupted',
  'out-of-memory',
  'disk-full',
  'lock',
]);
/** Fetch failures that stay: the commit, file or page is not there. */
const GONE =
  /reference is not a tree|not our ref|unknown revision|couldn't find remote ref|HTTP Error 4(?:03|04|10)|\b40[34]\b.{0,20}(?:Not Found|Forbidden)|does not exist|repository '.{1,300}' not found/i;

export interface FaultQuestion {
  /** True when the machine failed in a way that has no category. */
  readonly machineTrouble: boolean;
  /** True when a step failed and nothing says why. */
  readonly unexplained: boolean;
  readonly category: Category;
  readonly package: string | null;
  readonly product: string | null;
  readonly story: Story;
  /** Lines around the failure; a mention of the product's own prefix in them ties a dependent's failure to it. */
  readonly evidence: readonly string[];
  /** True when the compiler itself does not work or crashed. */
  readonly brokenTools: boolean;
}

/** Decides the fault of a failure. */
export function faultOf(question: FaultQuestion): Fault {
  if (question.machineTrouble) return 'infrastructure';
  const decided = BY_CATEGORY[question.category];
  if (decided !== undefined) return decided;
  if (question.brokenTools) return 'environment';
  if (question.unexplained) return 'unknown';
  const { package: failing, product, story } = question;
  if (product === null || failing === null) return 'unknown';
  if (failing === product) return 'change';
  if (story.skipped.some((skip) => skip.package === product) || !story.installed.has(product)) return 'dependency';
  return isRoot(failing, story) || mentionsPrefix(question.evidence, product) ? 'change' : 'dependency';
}

/** Decides from the category and from the text of the failure. */
export function isRetryable(category: Category, text: readonly string[]): boolean {
  if (!RETRYABLE.has(category)) return false;
  return !(category === 'fetch' && text.some((line) => GONE.test(line)));
}

/** The root is installed last, after everything that it depends on. */
function isRoot(name: string, story: Story): boolean {
  const last = story.installs.filter((install) => install.id.name === name).at(-1);
  return last !== undefined && last.total > 0 && last.index === last.total;
}

function mentionsPrefix(lines: readonly string[], product: string): boolean {
  return lines.some((line) => line.includes(`/${product}-`) && !line.includes(`spack-stage-${product}-`));
}
