/**
 * Who is blamed: somebody says that a package fails, has the bug, or that a release of it solves the matter, or points at its
 * tracker. A name alone says nothing, since every issue names what the product is built on.
 */

import { blamedByBoth, isBlamedAside } from './blame-pairs.js';
import {
  CAUSE_AFTER,
  CAUSE_BEFORE,
  FAILS_AFTER,
  FAILS_BEFORE,
  JOINED,
  OF_ANOTHER,
  OWN_PART,
  POSSESSED,
} from './blame-patterns.js';
import type { Catalogue } from './catalogue.js';
import { isConditional, isDenied, isDoubted, isGuessed } from './doubt.js';
import { findMentions } from './mentions.js';
import { isTool } from './package-names.js';
import { outsideName } from './package-target.js';
import { type Target, targetKey } from './target.js';

export interface Blame {
  readonly target: Target;
  readonly text: string;
  /** `cause`: it has the fault. `fails`: it does not build. `dependency`: the same, as somebody's dependency. `link`: its tracker. */
  readonly how: 'cause' | 'fails' | 'dependency' | 'link';
  /** In how many places of the text. */
  readonly times: number;
}

/** Before what a program says. */
const MESSAGE = /\b(?:abort|fatal|error|exception|failure|warning|\w+Error)\s*:\s*$/i;

/** Enough to decide on; more would only be repetition. */
const MOST = 12;

/** Who is blamed in a text; each target at most once, the first way that is found. Doubted and denied blame is none. */
export function findBlame(text: string, catalogue: Catalogue, spackContext: boolean): Blame[] {
  const found: Blame[] = [];
  let last: number | null = null;
  const pointed = new Map<string, boolean>();
  const pointedAt = (product: string): boolean => {
    const known = pointed.get(product) ?? isPointedAt(text, product, catalogue);
    pointed.set(product, known);
    return known;
  };
  const add = (target: Target, start: number, end: number): void => {
    const known = found.findIndex((one) => targetKey(one.target) === targetKey(target));
    const before = text.slice(Math.max(0, start - 70), start);
    const after = text.slice(end, end + 70);
    const cause = CAUSE_BEFORE.exec(before) ?? blamedByBoth(before, after);
    const sign = cause ?? FAILS_BEFORE.exec(before);
    const blamed = CAUSE_AFTER.exec(after) ?? POSSESSED.exec(after);
    const tail = blamed ?? FAILS_AFTER.exec(after);
    if (!sign && !tail) return;
    // "… coming from X is not really an X error"
    if (
      /^["'`]? (?:is|was|are|were)(?:n'?t| not)\b(?! (?:built|compiled|building|compiling)\b(?! (?:with|against|for|using|as|in)\b))/i.test(
        after,
      )
    )
      return;
    if (!spackContext && OWN_PART.test(after)) return;
    const earlier = text.slice(Math.max(0, start - 110), start);
    if (isDoubted(earlier)) return;
    // A parenthesis begins a remark of its own, which nothing before it takes back.
    const said = sign ? (sign[0].startsWith('(') ? '' : before.slice(0, sign.index)) : before;
    // "a bug in X or its interface"
    if ((cause || blamed) && /^["'`]?,? or (?:in |its |the |with |our )/i.test(after)) return;
    // "the same problem with X": it shows there, too.
    if (sign && /\bsame $/i.test(said)) return;
    // "abort: error in X" is what a program prints.
    if (sign && !spackContext && MESSAGE.test(said)) return;
    if ((cause || blamed) && (isDenied(said) || isConditional(said) || (!spackContext && isGuessed(said)))) return;
    // "X with python3 and mesa fails" is said of X.
    if (!sign && !blamed && OF_ANOTHER.test(before)) return;
    // "error with CUDA" is how people name their setting, not its fault.
    if (
      'outside' in target &&
      isTool(target.outside) &&
      sign &&
      !/\b(?:bug|regression|fix|solved|broken|build|install|compil)/i.test(sign[0]) &&
      !(spackContext && /^["'`]? (?:package|recipe)\b/i.test(after))
    )
      return;
    // "fixed in Git" says where the source is.
    if ('outside' in target && target.outside === 'git' && sign && /\b(?:in|on|with) $/i.test(sign[0])) return;
    // "cmake failure" is a step of the build that fails, not CMake's failure.
    if (!sign && !blamed && 'outside' in target && isTool(target.outside)) return;
    // "Kokkos HIP bug" is said of Kokkos.
    if (!sign && 'outside' in target && isTool(target.outside) && /[A-Z]\w+ $/.test(before)) return;
    // Of "hypre and slate fail" the first is told of; the second may only follow.
    if (!sign && !blamed && last !== null && JOINED.test(text.slice(last, start))) return;
    last = end;
    const words = `${sign?.[0] ?? ''}${text.slice(start, end)}${tail?.[0] ?? ''}`.trim();
    if (known !== -1) {
      const earlierSign = found[known]!;
      const worse = !spackContext && (cause || blamed) && earlierSign.how !== 'cause';
      found[known] = worse
        ? { target, text: words, how: 'cause', times: earlierSign.times }
        : { ...earlierSign, times: earlierSign.times + 1 };
      return;
    }
    const dependency = /\bdependenc/i.test(words) || /^["'`]? dependenc/i.test(after);
    const how = dependency ? 'dependency' : cause || blamed ? 'cause' : 'fails';
    found.push({ target, text: words, how, times: 1 });
  };
  for (const mention of findMentions(text, catalogue)) {
    if ((mention.shape !== 'word' && mention.shape !== 'spec') || mention.product === 'spack') continue;
    // "boost % clang@12 fails" is said of boost.
    if (isCompilerOf(text, mention)) continue;
    // Where packages are the subject, a word that is a package's name is that package.
    if (
      mention.ambiguous &&
      !(spackContext && catalogue.byPackage.has(mention.text.toLowerCase())) &&
      !isProper(text, mention) &&
      !isBlamedAside(
        text.slice(Math.max(0, mention.start - 40), mention.start),
        text.slice(mention.end, mention.end + 40),
      ) &&
      !pointedAt(mention.product)
    )
      continue;
    // A piece of a longer name: `petsc-slepc`, `hdf5-blosc`.
    if (/^-[a-z]/.test(text.slice(mention.end)) || /[a-z]-$/i.test(text.slice(0, mention.start))) continue;
    add({ product: mention.product }, mention.start, mention.end);
  }
  for (const token of text.matchAll(/[A-Za-z][\w-]*/g)) {
    const written = token[0].replace(/-\d.*$/, '');
    // Two letters are a package's name among packages only, or with a capital: elsewhere "qt" and "xz" are a quantity and a plane.
    if (written.length === 2 && !spackContext && !/^[A-Z]/.test(written)) continue;
    const name = outsideName(written.toLowerCase(), catalogue);
    if (name !== null && !/[+~=^_/.-]/.test(text[token.index - 1] ?? ' '))
      add({ outside: name }, token.index, token.index + written.length);
    if (found.length >= MOST) break;
  }
  return found;
}

/** Behind a percent sign: what something is compiled with. */
export function isCompilerOf(text: string, { start }: { readonly start: number }): boolean {
  return /[\w~+] ?% {0,2}$/.test(text.slice(Math.max(0, start - 5), start));
}

/** A name by its capital: "the Legion side", not at the beginning of a sentence. */
function isProper(text: string, { start, text: written }: { readonly start: number; readonly text: string }): boolean {
  return /^[A-Z]/.test(written) && /[a-z] $/.test(text.slice(Math.max(0, start - 2), start));
}

/** The text has the address of the product's repository, so that its name is no everyday word there. */
function isPointedAt(text: string, product: string, { registry }: Catalogue): boolean {
  const { repository, otherRepositories } = registry.products.get(product)!;
  const lower = text.toLowerCase();
  return [repository, ...otherRepositories].some((one) => one != null && lower.includes(one.toLowerCase()));
}
