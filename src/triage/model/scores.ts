/** How good predictions are, by label and repository. */

export interface Pair {
  readonly repo: string;
  readonly truth: string;
  readonly predicted: string;
}

export interface RepoScore {
  readonly macroF1: number;
  readonly f1: Readonly<Record<string, number>>;
  readonly n: number;
}

/** F1 of each label that occurs (as truth or prediction), 0 when never right. */
export function f1ByLabel(pairs: readonly Pair[]): Record<string, number> {
  const labels = [...new Set(pairs.flatMap(({ truth, predicted }) => [truth, predicted]))].sort();
  return Object.fromEntries(
    labels.map((label) => {
      let both = 0;
      let either = 0;
      for (const { truth, predicted } of pairs) {
        if (truth === label) either += 1;
        if (predicted === label) either += 1;
        if (truth === label && predicted === label) both += 2;
      }
      return [label, both / either];
    }),
  );
}

/** Of every repository in order of its name; its macro-F1 is the mean over the labels that it really has. */
export function scoreByRepo(pairs: readonly Pair[]): Record<string, RepoScore> {
  const repos = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const known = repos.get(pair.repo);
    if (known === undefined) repos.set(pair.repo, [pair]);
    else known.push(pair);
  }
  return Object.fromEntries(
    [...repos.keys()].sort().map((repo) => {
      const own = repos.get(repo)!;
      const f1 = f1ByLabel(own);
      const true_ = [...new Set(own.map(({ truth }) => truth))];
      const macroF1 = true_.reduce((sum, label) => sum + f1[label]!, 0) / true_.length;
      return [repo, { macroF1, f1, n: own.length }];
    }),
  );
}

/** The mean over repositories, each counting the same; 0 of none. */
export function meanOverRepos(perRepo: Readonly<Record<string, RepoScore>>): number {
  const scores = Object.values(perRepo);
  return scores.reduce((sum, { macroF1 }) => sum + macroF1, 0) / Math.max(1, scores.length);
}
