/**
 * What an issue in another repository says of Spack. People report to a product what is the fault of Spack or of the product's recipe
 * there; that a product is installed by Spack says nothing.
 */
import { isConditional, isDoubted } from './doubt.js';

const SPACK_CAUSE = [
  /\b(?:issue|problem|bug|error)s? (?:is |are |seems to be |lies? |comes? )?(?:in|with|from|within) (?:the |its |our )?spack(?:'s)?(?: (?:package|recipe|build|packaging|file|spec))?(?! (?:install|build of|or))\b/i,
  /\bspack(?:'s)? concreti[sz]er (?:is|has|was|needs?|should|must|does|doesn'?t|issue|problem|bug|error)\b/i,
  // That the recipe was or should be brought up to date is the product's own work.
  /\bspack(?:'s)? (?:packag(?:e|ing)|recipe|package\.py)(?: file)? (?:issue|problem|bug|error|(?:is|was|seems) (?:broken|buggy|wrong|faulty|outdated|at fault)|does ?n[o']t)\b/i,
  /\brelated to (?:the )?(?:external )?spack\b/i,
  /\bspack-?(?:y|ish|specific|related)\b/i,
  /\b(?:spack|spack's) (?:bug|fault|regression)\b/i,
  /\b(?:fixed|solved|resolved|merged|addressed) (?:up ?stream )?(?:in|into|by|on) (?:the )?spack\b(?! (?:install|build|spec))/i,
  /\bnobody|no (?:one|member)[^.\n]{0,30} maintains? the spack package/i,
];
/** What sets Spack up, offered as the remedy; counts where the reporter installs by Spack. */
const REMEDY =
  /(?:^|[.:,;!?] |\b(?:please|should|must|could you|can you|have to|need to|forgot to|try to|solved by|fixed by) )(?:first )?(?:just )?(?:run|try|call|do|use|running)?[ `'"]{0,3}spack (?:compilers? (?:find|add)|external find|bootstrap|reindex|repo update)\b/im;
const ASKED = /\bspack (?:-\S+ )*(?:install|load|spec|concretize)\b/i;
const TO_SPACK =
  /\b(?:report|reported|open|opened|file|filed|raise|raised|post|ask|submit|create|belongs?|go(?:es)?)\b[^.\n]{0,40}(?:\b(?:to|at|in|with|on|here:?) (?:the )?spack\b|(?:github\.com\/)?\bspack\/spack(?:-packages)?\/issues)/i;
/** The hint at Spack that decides nothing alone: where it is tracked, and that its recipe stands in the trace. */
const SPACK_TRACKER = /\bspack\/spack(?:-packages)?(?:\/(?:issues|pull)\b|#\d)/i;
const SPACK_RECIPE = /\b(?:repos|spack_repo)\/[\w./-]{1,120}?\/packages\/[\w-]{1,60}\/package\.py/;

export interface SpackSigns {
  /** Somebody says that the fault is Spack's or a recipe's. */
  readonly cause: string | null;
  /** Somebody is sent there. */
  readonly sent: string | null;
  readonly tracker: string | null;
  readonly recipe: string | null;
  /** Spack was to be set up otherwise, and Spack was asked to install. */
  readonly remedy: string | null;
}

/** What a text in another repository says of Spack; hedged words ("not sure whether …") count as nothing. */
export function spackSigns(prose: string, text: string): SpackSigns {
  const found = (patterns: readonly RegExp[], where: string): string | null => {
    for (const pattern of patterns) {
      const match = pattern.exec(where);
      if (match === null || isConditional(where.slice(Math.max(0, match.index - 60), match.index))) continue;
      if (!isDoubted(where.slice(Math.max(0, match.index - 60), match.index + match[0].length))) return match[0].trim();
    }
    return null;
  };
  return {
    cause: found(SPACK_CAUSE, prose),
    sent: found([TO_SPACK], prose),
    tracker: found([SPACK_TRACKER], prose),
    recipe: SPACK_RECIPE.exec(text)?.[0] ?? null,
    remedy: ASKED.test(text) ? found([REMEDY], prose) : null,
  };
}
