/**
 * Blame that takes words on both sides of the name: "upgrading X to 1.2 solved it", "it is an X problem", "resolved on the X side".
 * One side alone says nothing there.
 */

interface Pair {
  readonly before: RegExp;
  readonly after: RegExp;
}

const QUOTES = /[`"'([*]*$/.source;
/** The name ends: quotation marks, a version. */
const ENDS = /^[`"')\]*]*(?:[ @=v-]{0,2}\d[\w.]*)?[`"')\]*]*/.source;

function pair(before: RegExp, after: RegExp): Pair {
  return { before: new RegExp(before.source + QUOTES, 'i'), after: new RegExp(ENDS + after.source, 'i') };
}

const LIKELY_BUG: Pair = pair(/\((?:most )?(?:likely|probably) (?:an? )?/, / bug\)/);

/** True for the name in "(likely an X bug)", where even an everyday word is a name. */
export function isBlamedAside(before: string, after: string): boolean {
  return LIKELY_BUG.before.test(before) && LIKELY_BUG.after.test(after);
}

const PAIRS: readonly Pair[] = [
  // "due to Trilinos changes"
  pair(
    /\b(?:due to|because of|caused by|broken by|since)(?: the| recent| an?)*\s*/,
    /\s+(?:changes?|updates?|upgrades?)\b/,
  ),
  // "it was resolved on the X side"
  pair(
    /\b(?:fix\w*|solv\w*|resolv\w*|address\w*|merged?|bugs?|issues?|problems?|errors?|faults?|changes?|PR|patch)\b[^.;\n]{0,40}\b(?:on|at|from|to) (?:the )?/,
    /(?:'s)? (?:side|end)\b/,
  ),
  // "this is a known X issue"
  pair(
    /\b(?:is|was|be|it'?s|that'?s|looks like|seems like)(?: (?:just|in fact|(?:most |very |quite )?\w+ly))?(?: an?| the)?(?: (?:known|upstream|general|real))?\s*/,
    /(?:[- ]related| internal)? (?:issue|problem|bug|regression|defect|fault|thing)\b(?! tracker)/,
  ),
  // "upgrading X to 1.2 fixes it"
  pair(
    /\b(?:upgrad(?:ing|e[sd]?)|updat(?:ing|e[sd]?)|switch(?:ing|ed)|mov(?:ing|ed)|bump(?:ing|ed)|downgrad(?:ing|ed)|rebuild(?:ing)?)(?: (?:to|the|my|our|a|newest|latest|newer|recent|version|of|from)){0,4}\s*/,
    /(?: (?:to|from|or|and) [\w.]+){0,3},? (?:(?:has|have|also|indeed|did|does|then|it) ){0,2}(?:fix(?:e[sd])?|solv(?:e[sd]?)|resolv(?:e[sd]?)|help(?:s|ed)|cure[sd]|made it|did the trick|does the trick|the (?:problem|issue|error|crash|hang)s? (?:is|was|has|are) (?:gone|fixed|solved|resolved|disappeared))\b/,
  ),
  // "with X 5.0.3 the problem is gone"
  pair(
    /\b(?:with|using|in|as of|since|starting with)(?: the)?(?: (?:newest|latest|newer|new|recent))?\s*/,
    /(?<=\d[\w.]*[`"')\]*]*|\b(?:master|main|develop)\b)(?:,| (?:the|this|that|it|these|those))? ?(?:(?:issue|problem|bug|error|crash|hang|failure|test|behaviou?r)s? )?(?:(?:has|have|is|are|was|were|now) ){0,2}(?:gone|fixed|solved|resolved|disappear(?:s|ed)|went away|goes away|vanish(?:es|ed))\b/,
  ),
  // "works after upgrading to X 1.14.4"
  pair(
    /\b(?:works?|worked|gone|fine|fixed|solved|resolved|disappear(?:s|ed)|goes away|went away|no longer \w+)\b[^.;\n]{0,15}\b(?:after|by|once|when|upon)(?: (?:I|we|having))?(?: (?:have|had))? (?:upgrad\w+|updat\w+|switch\w+|mov\w+|install\w+|downgrad\w+)(?: (?:to|the|a|newest|latest|newer|recent|version|of)){0,4}\s*/,
    /(?![- ]\w+ (?:support|option))/,
  ),
  // "waiting for X to release a fix"
  pair(
    /\bwait(?:ing)? (?:for|on)(?: (?:the|a|an|new|next|fixed)){0,2}\s*/,
    / (?:to (?:fix|release|merge|ship|address|publish)|releases?\b|fix\b|PR\b|developers|devs|folks|team)/,
  ),
  // "please report this to the X developers", "you should open an issue with X"
  pair(
    /\b(?:please|should|could|can|need to|have to|want to|must|better|would|suggest|recommend|consider|worth)(?: (?:be|you|we|i|also|rather|probably|just)){0,3} (?:reporting|filing|opening|raising|posting|asking|report(?:ed)?|file[d]?|open(?:ed)?|raise[d]?|submit(?:ted)?|post(?:ed)?|ask(?:ed)?|contact(?:ed)?|forward(?:ed)?|mov(?:e|ed)|transfer(?:red)?)\b[^.;\n]{0,30}? (?:to|in|at|with|against|on|for)(?: the)?(?: upstream)?\s*/,
    /(?:'s)?(?: (?:developers?|devs|folks|team|maintainers?|people|authors?|(?:issue |bug )?tracker|repo(?:sitory)?|project|instead|directly|itself|as well|too|upstream|list|mailing list|support)\b|[.,;:!)]|$| \()/m,
  ),
  // "contact the X team", "ask your question to the X library authors", "take this to the X folks"
  pair(
    /\b(?:(?:ask|contact|consult)(?: (?:this|your question)(?: to)?)?|(?:escalat\w+|report\w*|rais\w+|tak(?:e|ing)|bring\w*|forward\w*|refer|send|submit) (?:this|it|that|the (?:issue|bug|question|problem))\b[^.;?\n]{0,20}? (?:to|with|at)) the\s+/,
    /(?:'s)?(?: (?:library|package|project|upstream|core))? (?:authors?|developers?|devs|maintainers?|team|folks|people|community|mailing list|forum)\b/,
  ),
  // "it stops since there is no locking in X"
  pair(
    /\b(?:since|because|due to|because of)(?: there is)? (?:an? |the )?(?:no|lack of|broken|bad|incorrect)\b[^.;,\n]{0,50} in\s+/,
    /(?=\s*(?:[.;!)]|$))/m,
  ),
  // "X crashes (likely a Y bug)", "(Y issue???)"
  pair(
    /\((?:most )?(?:(?:likely|probably|possibly|perhaps|maybe|apparently|really|known|upstream) )?(?:an? )?/,
    /(?:[- ]related| package| recipe)? (?:issue|problem|bug|fault) ?\?{0,5}\)/,
  ),
  // "I bisected it to an X commit"
  pair(
    /\bbisect\w*\b[^.;\n]{0,25} to (?:an?|the|this|some)?\s*/,
    /(?:'s)? (?:commit|change|PR|pull request|update|merge)\b/,
  ),
  // "better suited for the X repository"
  pair(
    /\b(?:suited|place|right|appropriate|relevant|matter|question|issue|job)(?: \w+)? (?:for|to|in|at)(?: the)?\s*/,
    /(?:'s)? (?:repo(?:sitory)?|(?:issue |bug )?tracker|developers|devs|team|folks|maintainers|project)\b/,
  ),
  // "not a problem of our project but of X"
  pair(
    /\bnot (?:an? |the )?(?:bug|problem|issue|fault|error) (?:of|in|with|from) [^.;\n]{1,40}\bbut (?:rather )?(?:(?:an?|the|one|that) )?(?:of|in|with|from)(?: the)?\s*/,
    /(?:'s)?(?:[.,;:!)]|$| (?:issue|problem|bug|itself|library))/m,
  ),
];

/** The words before the name, when words on both sides of it blame it. */
export function blamedByBoth(before: string, after: string): RegExpExecArray | null {
  for (const one of PAIRS) {
    if (!one.after.test(after)) continue;
    const match = one.before.exec(before);
    if (match) return match;
  }
  return null;
}
