/**
 * What a text points at in other projects: their issues, changes and releases. A link alone is a reference, as every issue has some;
 * with the words of a cause around it ("due to …", "… fixes it") it says where the fault is.
 */
import type { Blame } from './blame.js';
import type { Catalogue } from './catalogue.js';
import { isDenied, isDoubted } from './doubt.js';
import { outsideName } from './package-target.js';
import type { Target } from './target.js';

const OWNER_NAME = /([\w.-]{1,40}\/[\w.-]{1,100}?)/.source;
/** `owner/name#12`, addresses of issues, changes and commits, GitLab's too. */
const TRACKER = new RegExp(
  `(?:\\b(?:github|gitlab)[\\w.-]*\\/)?\\b${OWNER_NAME}(?:(?:\\/-)?\\/(?:issues|pull|merge_requests)\\/|#| )(\\d{1,6})\\b|` +
    `\\b(?:github|gitlab)[\\w.-]*\\/${OWNER_NAME}(?:\\/-)?\\/commit\\/[0-9a-f]{7,40}|\\b${OWNER_NAME}\\/commit\\/[0-9a-f]{7,40}`,
  'g',
);
const NAMES = /^[^/]*[a-z]{2}[^/]*\/[^/]*[a-z]{2}/i;
/** Enough to decide on; more would only be repetition. */
const MOST = 12;

/** Sent there, or it is the cause: "reported in owner/name#12", "fixed upstream, see …", "due to …", "this is …". */
const SENT = new RegExp(
  [
    /\b(?:report(?:ed)?|fil(?:ed|e)|opened|raised|tracked|moved|forwarded|fixed|solved|resolved|merged|upstream(?:ed)?|hitting|same (?:bug|issue|problem) as)\b[^.;\n]{0,30}$/,
    /\b(?:due to|because of|caused by|broken by|introduced (?:in|by|with)|blocked (?:by|on)|duplicate of)(?: [\w-]+){0,3}[\s:(<"'`]*(?:https?:\/\/)?$/,
    /\b(?:this|it|that|which) (?:is|was|seems to be|appears to be|looks like|might be)(?: (?:likely|probably|really|actually|the same as)){0,2}[\s:(<"'`]*(?:https?:\/\/)?$/,
  ]
    .map(({ source }) => `(?:${source})`)
    .join('|'),
  'i',
);
/** "… seems to be the one that fixes it". What broke somebody may well be right, and is no fault. */
const CAUSES =
  /^[)\]>"'`]*,? (?:(?:(?:I see |it seems |apparently )?(?:that )?(?:they|it)(?:'ve)? )|(?:seems? to be|is|was|appears to be|should be) (?:the (?:one|commit|change|PR|culprit|cause|fix)\b[^.;\n]{0,25}\b)?)?(?:that |which )?(?:(?:has|had|will|should|is|also) )?(?:fix(?:es|ed|ing)?|solv(?:es|ed|ing)|resolv(?:es|ed|ing)|caus(?:es|ed|ing)|the (?:culprit|cause|fix))\b/i;

/** Trackers of products and of well-known packages that a text points at. */
export function findTrackers(text: string, catalogue: Catalogue): Blame[] {
  const found: Blame[] = [];
  for (const match of text.matchAll(TRACKER)) {
    const repository = match[1] ?? match[3] ?? match[4]!;
    const before = text.slice(Math.max(0, match.index - 60), match.index).replace(/https?:\/\/(?:www\.)?$/, '');
    const sent = SENT.test(before) && !isDoubted(before) && !isDenied(before);
    const causes = CAUSES.test(text.slice(match.index + match[0].length, match.index + match[0].length + 80));
    // One that nobody knows is a project only where somebody is sent there, in so many signs: "read/write 4 times" is none.
    const unknown = (sent || causes) && !match[0].includes(' ') && NAMES.test(repository);
    const target =
      targetOf(repository, catalogue) ?? (unknown ? { outside: repository.split('/')[1]!.toLowerCase() } : null);
    if (target === null) continue;
    found.push({ target, text: match[0], how: sent || causes ? 'cause' : 'link', times: 1 });
    if (found.length >= MOST) break;
  }
  return found;
}

/** A repository of the catalogue; elsewhere (`gitlab.com/petsc/petsc`) a project of a product's own name in a group of that name. */
function targetOf(repository: string, catalogue: Catalogue): Target | null {
  const product = catalogue.registry.productByRepository(repository)?.id;
  if (product) return { product };
  const [owner, name] = repository.toLowerCase().split('/') as [string, string];
  const own = owner === name ? catalogue.byPackage.get(name) : undefined;
  if (own) return { product: own };
  const outside = outsideName(name, catalogue);
  return outside === null ? null : { outside };
}

/** "Fixed in … github.com/owner/name", "fixed by name#12": an address without a number, or a number without an owner. */
const FIXED_AT =
  /\b(?:fix(?:ed|es)?|solved|resolved|addressed)(?: (?:it|this|that))? (?:in|by|with|via|through|upstream)\b(?:[^.;\n]{0,50}?\bgithub\.com\/([\w.-]{1,40}\/[\w.-]{1,100})| (?:the )?([a-z][\w-]{2,40})#\d{1,6}\b)/gi;
const NO_PROJECT =
  /^(?:pr|prs|pull|issues?|bug|gh|commit|ticket|case|see|hash|and|in|by|build|mr|rev(?:ision)?|milestone|step|level|rank|section|figure|line|row|node|task)$/i;

/** `repository`: where the issue is. As written. */
export function fixedElsewhere(prose: string, repository: string, isHost: (name: string) => boolean): string | null {
  const here = repository.toLowerCase().slice(repository.indexOf('/') + 1);
  for (const [said, address, name] of prose.matchAll(FIXED_AT)) {
    const project = (address ?? name!).toLowerCase().replace(/\.git$|\.$/, '');
    const bare = project.slice(project.indexOf('/') + 1);
    // `ompi-release` beside `ompi` is theirs, and so is a fork.
    const ours = bare.startsWith(here) || here.startsWith(bare) || isHost(bare);
    if (!ours && bare !== 'spack' && !NO_PROJECT.test(bare)) return said;
  }
  return null;
}
