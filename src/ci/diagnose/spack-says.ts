/** What an error of Spack means by itself, without a look into the build. */
import { blockText, type Classified, CONFIGURE_PHASE, NOTHING } from './classified.js';
import { readConcretization } from './concretize.js';
import { phaseOfCommand } from './failure.js';
import { isMissingFile, isPythonFault, meaningOf } from './spack-errors.js';
import type { ErrorBlock } from './story.js';

/** Raised where Spack's recipes keep what they share: the recipe gave it something that it cannot use. */
const BUILD_SYSTEM = /build_systems\/\w{1,60}\.py:\d+, in /;

/** Null when the message only says that a command failed, or nothing that is known. */
export function spackSays(block: ErrorBlock, phase: string | null, spackCode: number | null): Classified | null {
  const shown = blockText(block);
  const concretization = readConcretization(block);
  if (concretization) {
    const detail = concretization.reason ?? block.head;
    return {
      ...NOTHING,
      category: concretization.category,
      phase: 'concretize',
      package: concretization.package,
      detail,
      shown,
    };
  }
  const meaning = meaningOf(block);
  if (meaning) return { ...NOTHING, ...meaning, detail: detailOf(block), shown };
  if (block.type === 'ProcessError') return commandSays(block, phase, shown);
  if (isMissingFile(block) && (phase === 'install' || block.recipe?.inFunction === 'install')) {
    return { ...NOTHING, category: 'install', detail: block.head, shown };
  }
  if (phase !== null && (block.type === 'InstallError' || /^Install failed for /.test(block.head))) {
    const recipe = block.recipe !== null && CONFIGURE_PHASE.test(phase);
    return { ...NOTHING, category: recipe ? 'recipe' : 'install', detail: block.head, shown };
  }
  if (block.recipe !== null && block.type !== null)
    return { ...NOTHING, category: 'recipe', detail: recipeDetail(block), shown };
  if (isPythonFault(block) && block.lines.some((line) => BUILD_SYSTEM.test(line)))
    return { ...NOTHING, category: 'recipe', detail: block.head, shown };
  const outside = block.package === null && (spackCode === 3 || /^\[Errno \d+\]/.test(block.head));
  if (isPythonFault(block) || outside) {
    return { ...NOTHING, category: 'spack-internal', detail: block.head, shown };
  }
  return null;
}

/** Commands that Spack runs itself, before the build has a phase. */
function commandSays(block: ErrorBlock, phase: string | null, shown: readonly string[]): Classified | null {
  const step = block.command && phaseOfCommand(block.command);
  if (step === 'patch')
    return { ...NOTHING, category: 'patch', phase: 'patch', detail: 'a patch of the recipe does not apply', shown };
  if (step === 'fetch' && phase === null)
    return { ...NOTHING, category: 'fetch', phase: 'fetch', detail: detailOf(block), shown };
  return null;
}

/** The reason under a heading such as "All fetchers failed" says more than the heading. */
function detailOf(block: ErrorBlock): string {
  const under = block.lines.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith("'"));
  const why =
    under === undefined
      ? null
      : (/errored with: (.*)$/.exec(under)?.[1] ?? /^\S+: (?:\w+Error: )(.*)$/.exec(under)?.[1] ?? null);
  return why ?? block.head;
}

function recipeDetail(block: ErrorBlock): string {
  return block.recipe === null
    ? block.head
    : `${block.head} (package.py:${block.recipe.line}, in ${block.recipe.inFunction})`;
}
