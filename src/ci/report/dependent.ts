/** What the check of a dependent says: whether this change breaks somebody else's product, and whose move it is then. */
import type { BuildPlan } from '../../protocol.js';
import type { DependentFinding } from '../downstream/finding.js';
import { code, prose } from './text.js';

interface Words {
  readonly title: (phrase: string) => string;
  /** Markdown; the first thing that is read. */
  readonly whose: string;
  /** Completes "Next: …". */
  readonly next: string;
}

/** `phrase` of the title: what failed, such as `spdlog fails to compile`. */
export function dependentWords({ found, on, baseRef, baseSha }: DependentFinding, build: BuildPlan): Words {
  const { package: name } = build;
  const head = `${code(on)} at ${code(build.pull?.headSha.slice(0, 7) ?? '')}`;
  const base = `${code(baseRef)}${baseSha === null ? '' : ` (${code(baseSha.slice(0, 7))})`}`;
  switch (found) {
    case 'broken':
      return {
        title: (phrase) => `This change breaks ${name}: ${phrase}`,
        whose: `**This change breaks ${prose(name)}.** It builds with ${on} of ${base}, and not with ${head}.`,
        next: `keep what ${code(name)} uses of ${code(on)}, or agree with its owners on the change before it lands.`,
      };
    case 'anyway':
      return {
        title: (phrase) => `Not this change, ${name} fails with ${baseRef} too: ${phrase}`,
        whose: `**Not this change.** ${code(name)} fails with ${on} of ${base} as well.`,
        next: `nothing here; whether this change breaks it can be told when ${code(name)} builds again.`,
      };
    case 'unfit':
      return {
        title: () => `${name} takes no ${on} that this commit could pass for`,
        whose: `**Not a failure, but worth knowing:** Spack finds no version of ${code(on)} that this commit could pass for and that ${code(name)} takes here.`,
        next: `nothing, unless ${code(name)} is meant to build with what ${code(on)} becomes; then its recipe has to allow it.`,
      };
    case 'upstream':
      return {
        title: () => `${on} itself does not build; see its own check`,
        whose: `**Nothing about ${prose(name)}:** ${head} itself does not build, so it never came to that.`,
        next: `its own check says what to do; this one follows with the next push.`,
      };
    case 'unknown':
      return {
        title: (phrase) => `Not compared with ${baseRef}: ${phrase}`,
        whose: `**Nobody is blamed.** ${code(name)} fails with ${head}; whether it builds with ${code(baseRef)} was not found out.`,
        next: `read the error below, or run the check again.`,
      };
  }
}

/** Of a dependent that passed, or of several heads together. */
export function dependentPassed({ package: name, heads = [] }: BuildPlan): string {
  const others = heads.filter((head) => head.package !== name);
  return `${name} builds with ${others.map((head) => `${head.package} at ${head.headSha.slice(0, 7)}`).join(', ')}`;
}
