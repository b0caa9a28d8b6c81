/**
 * Reads who is named for a product outside the hub's files: CODEOWNERS of its repository and the recipe in Spack's package
 * repository. What was read is kept for a day, so that issues cost nothing; what cannot be read is no hint and no failure.
 */
import {
  CODEOWNERS_FILES,
  codeownersHint,
  type OwnerHint,
  RECIPES,
  recipeHint,
  recipePath,
} from '../triage/owners/hints.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** After a failure that may pass. */
const RETRY_MS = 10 * 60 * 1000;
const MOST_KEPT = 5_000;

export interface HintPorts {
  /** Text of a file on the default branch, or null when there is none or it may not be read. */
  readonly file: (installationId: number, fullName: string, path: string) => Promise<string | null>;
  readonly now: () => Date;
  readonly log: { warn(fields: object, message: string): void };
}

/** What hints are wanted of; null leaves that source out. */
export interface HintQuestion {
  readonly installationId: number;
  /** Repository whose CODEOWNERS is read. */
  readonly repository: string | null;
  /** Spack package whose recipe is read. */
  readonly package: string | null;
}

export interface HintReader {
  /** Never rejects. At most four reads in a day for a repository and a package. */
  read(question: HintQuestion): Promise<readonly OwnerHint[]>;
}

export function createHintReader(ports: HintPorts): HintReader {
  const kept = new Map<string, { readonly until: number; readonly hint: Promise<OwnerHint | null> }>();

  /** Asks once for everybody who wants to know at the same time. */
  function once(key: string, read: () => Promise<OwnerHint | null>): Promise<OwnerHint | null> {
    const now = ports.now().getTime();
    const found = kept.get(key);
    if (found !== undefined && now < found.until) return found.hint;
    const hint = read().catch((error: unknown) => {
      ports.log.warn({ of: key, error: String(error) }, 'no hint of owners could be read; it is tried again later');
      kept.set(key, { until: now + RETRY_MS, hint: Promise.resolve(null) });
      return null;
    });
    kept.delete(key);
    kept.set(key, { until: now + DAY_MS, hint });
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return hint;
  }

  async function codeowners(installationId: number, repository: string): Promise<OwnerHint | null> {
    for (const path of CODEOWNERS_FILES) {
      const text = await ports.file(installationId, repository, path);
      // The first that is there counts, also when it names nobody.
      if (text !== null) return codeownersHint(path, text);
    }
    return null;
  }

  async function recipe(installationId: number, name: string): Promise<OwnerHint | null> {
    const text = await ports.file(installationId, RECIPES, recipePath(name));
    return text === null ? null : recipeHint(name, text);
  }

  return {
    async read({ installationId, repository, package: name }) {
      const hints = await Promise.all([
        // What an installation may read differs between them; recipes are public.
        repository === null
          ? null
          : once(`codeowners ${installationId} ${repository.toLowerCase()}`, () =>
              codeowners(installationId, repository),
            ),
        name === null ? null : once(`recipe ${name}`, () => recipe(installationId, name)),
      ]);
      return hints.filter((hint) => hint !== null);
    },
  };
}
