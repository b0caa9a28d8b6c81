/** The words by which people blame a package: what stands right before its name, and right after it. */

function anyOf(before: string, parts: readonly RegExp[], after: string): RegExp {
  return new RegExp(`${before}(?:${parts.map((part) => part.source).join('|')})${after}`, 'i');
}

/** From the words to the name: articles, quotation marks. */
const TO_NAME =
  /(?: the| an?| its| our| (?:spack )?(?:recipe|package(?:\.py)?) (?:for|of)| (?:current|latest|newest|last|new|newer|recent|released) (?:version|release) of| underlying| upstream| external| third[- ]party| dependency| package| faulty| buggy| broken| newest| latest| newer| recent)*\s*[`"'([*]*$/
    .source;
/** From the name on: its version, quotation marks. */
const FROM_NAME = /^[`"')\]*]*(?:[ @=v-]{0,2}\d[\w.]*)?[`"')\]*]*/.source;

/** It has the fault: "a bug in X", "fixed in X". */
export const CAUSE_BEFORE = anyOf(
  '',
  [
    /\b(?:bug|regression|defect|memory leak|race condition|deadlock|breakage|(?:issue|problem)(?:,? (?:maybe|perhaps|possibly|probably|likely))?) (?:is )?(?:of|in|inside|within|with)/,
    /\berror(?:,? (?:maybe|perhaps|possibly|probably|likely))? (?:is )?(?:of|in|inside|within)/,
    // "Build error with libxc 7" tells a setting.
    /(?<!\b(?:build(?:ing)?|compil(?:e|er|ing|ation)|link(?:er|ing)?|install(?:ing|ation)?|configur(?:e|ing|ation)|cmake|make) )\berror(?:,? (?:maybe|perhaps|possibly|probably|likely))? (?:is )?with/,
    /\b(?:caused|triggered|introduced|broken) by(?: a (?:bug|change|regression) in)?/,
    /\b(?:due to|because of)(?: (?:an? |the )?(?:bug|change|changes|regression|issue|update|upgrade)(?: (?:in|of|to))?)/,
    /\b(?:fixed|solved|resolved|addressed|corrected) (?:in|by|with|upstream in)(?: the)?(?: (?:newer|latest|new|next|upcoming))?/,
    /\b(?:report|send|forward|bring) (?:this|that|it|the (?:issue|bug|problem))(?: (?:over|directly|also|rather|instead|upstream))? (?:to|at|with)(?: the)?(?: [a-z]+ (?:folks|people|developers|devs|team|maintainers) (?:at|of|behind))?/,
    /\b(?:belongs|reported|filed|moved|goes?|tracked) (?:to|at|upstream (?:to|at|with|in|by)|with|in|by)/,
    /\b(?:filed|opened|raised|submitted|created) (?:an?|the) (?:\w+ )?(?:issue|ticket|bug|report) (?:at|with|in|against|on|to)/,
    /\breproduc\w*\b[^.;\n]{0,40}\b(?:with|in|using) (?:an? )?(?:pure|plain|bare|standalone|only|just)/,
    /\bblames?/,
    // What a recipe tells of its package to those that are built on it.
    /\b(?:add|adding|define|defining|implement\w*|needs?|lacks?|missing|wrong|correct|fix)(?: (?:an?|the|some|proper|custom|own)){0,2} ["'`]{0,2}(?:libs|headers)(?:\(\)|["'`]| (?:property|attribute|method)\b){1,4} (?:to|in|for|of)/,
    /\bintroduced (?:in|by|with)/,
    /\bfix (?:for (?:this|it) )?(?:is|was|landed|came) (?:in|with)/,
    /\bfix (?:is|was|has been|got) (?:pushed|submitted|sent|proposed|contributed) (?:to|in|into|at)/,
    /\b(?:issue|problem|error|bug|fault) (?:seems?|appears?|looks?) to (?:be|lie|come) (?:in|with|from|inside)(?: an?| its| the)?(?: dependency)?,?/,
    /\b(?:bug|defect|regression|issue|problem|fault|error|flaw|oversight|mistake|cause) (?:here |itself |then )?(?:is|was|lies|lay|sits|originates|arises|comes|came|stems|must be|has to be)(?: (?:really|actually|probably|likely|rather|entirely|rooted|located|somewhere)){0,2} (?:in|inside|within|with|from)(?: within| inside)?/,
    /\b(?:flaw|oversight|mistake) (?:of|in|inside|within)/,
    /\b(?:com(?:es?|ing)|originat(?:es?|ing)|stem(?:s|ming)|arises?) (?:directly |probably |actually )?(?:from)(?: within| inside)?/,
    /\brooted in/,
    /\b(?:submitted|sent|sending|proposed|contributed|upstreamed|pushed) (?:an? |the |my |our )?(?:patch|fix|PR|pull request|bug report|issue|report|change) (?:for (?:this|it) )?(?:to|in|at|with)/,
    /\b(?:moving|moved|transferring|transferred|forwarding|forwarded|handing|handed) (?:this|it|that|the (?:issue|ticket|discussion)) (?:over )?(?:to|on to)/,
    // "Kokkos 3.0 was merged into LAMMPS" tells no fault.
    /\b(?:fix(?:es)?|patch|PR|pull request|change|it|this|that|#\d{1,6})\b[^.;\n]{0,25} merged (?:in|into|upstream (?:in|into|at|by))/,
    /\b(?:grab|upgrade to|update to|switch to|move to|use|need|requires?) (?:an? )?(?:more )?(?:recent|newer|fixed|patched)(?: (?:version|release) of)?/,
    /\b(?:cause|culprit|offender) (?:here |of (?:this|it|that) )?(?:is|was|seems to be|appears to be|turned out to be|:)(?: in| with)?/,
  ],
  TO_NAME,
);
export const CAUSE_AFTER = anyOf(
  FROM_NAME + /\s+/.source,
  [
    /(?:itself |that )?(?:is|was|are|seems|appears)(?: to be)? (?:broken|buggy|to blame|at fault|the culprit|miscompil\w+)/,
    /bugs?\b/,
    /(?:that|which)(?:'s| is| was| has)? (?:caus(?:es|ed|ing)|triggers?|triggered|triggering|br(?:eaks|oke|eaking)|introduc(?:es|ed|ing)) (?:this|it|the (?:bug|errors?|crash|failures?|problem|issue|regression|hang|leak))\b/,
    /(?:has|had|have|contains|introduced|introduces|brought|ships?|shipped)(?: in)? (?:an? |some |the |this )?(?:[a-z]+ )?(?:bug|regression|memory leak|defect|flaw)/,
    /(?:package |recipe |package\.py )?(?:should|needs?|must|has) (?:to )?be (?:updated|fixed|changed|patched|corrected)\b/,
    /regression\b/,
    /(?:(?:release|version|update|upgrade) )?(?:fixed|fixes|solved|solves|broke|breaks|introduced|caused) (?:it|this)\b/,
    /(?:already )?(?:has|have|contains?|includes?|ships?) (?:the|an?) (?:fix|bug ?fix)\b/,
    /should be preferred\b/,
    /(?:(?:people|developers?|devs|team|folks|maintainers?) (?:[a-z]+ ){0,5})?(?:need(?:s|ed)? to|ha(?:s|ve) to|should|must|will|are going to|is going to) (?:fix|address|solve|correct|repair)\b/,
    /(?:people|developers?|devs|team|folks|maintainers?) (?:[a-z]+ ){0,4}(?:fixed|confirmed|fixing|aware|patched|merged|working on|looking into)\b/,
    /(?:has |have |had )?(?:merged|released|pushed|provided|committed) (?:an?|the|their) (?:\w+ )?(?:fix|bugfix|patch|hotfix)\b/,
    /(?:build|package|release|packaging|version)(?: (?:in|of|from|on|for) \S+){0,2} (?:is|was) (?:bad|wrong|broken|faulty|buggy|miscompil\w+)/,
    /does (?:this|that|it) wrong\b/,
  ],
  '',
);
/** "this is X's fault" */
export const POSSESSED =
  /^[`"')\]*]*'s? (?:own )?(?:fault|bug|mistake|problem|issue|responsibility)\b(?! tracker| #?\d)/i;
/** "a bug in the HDF5 reader": a part of the product itself that deals with the other one. */
export const OWN_PART =
  /^[`"')\]]* (?:enabled|disabled|turned|switched|mode|option|code|interface|wrappers?|back-?ends?|integration|support|plugins?|adapt[eo]rs?|bindings?|readers?|writers?|drivers?|modules?|solvers?|examples?|tests?|outputs?|i\/?o|usage|calls?|configuration)\b/i;
/** It does not build: "error while installing X". */
export const FAILS_BEFORE = anyOf(
  '',
  [
    /\b(?:errors?|fail(?:s|ed|ing|ure|ures)?|problems?|stuck|stops?|stopped|dies|died|halts?|aborts?|chokes?|crash(?:es|ed)?|break(?:s|ing)?|issues?|trouble) (?:(?:is|are|occurs?|arises?|happens?) )?(?:in|at|while|when|during|with|on|to|for)?\s*(?:the )?(?:building|installing|compiling|configuring|linking|fetching|build(?: of)?|installation of|compilation of|configur(?:e|ation) of)/,
    /\b(?:fail(?:s|ed|ing)?|unable|cannot|can'?t|could not|couldn'?t) (?:to )?(?:build|install|compile|configure|link|fetch|concretize)/,
    /\b(?:errors?|fail(?:s|ed|ing|ures?)?|stops?|stopped|breaks?|dies) (?:in|at|inside)/,
    /\b(?:fail(?:s|ed|ing)?|stuck|chok(?:es|ed|ing)) (?:at|on)/,
    /\b(?:errors?|failures?|problems?) (?:is|was|occurs?|occurred|happens?|happened|arises?|appears?) (?:in|at|inside|during|within)/,
    /\b(?:errors?|fail\w*|problems?|stops?|dies|crash\w*)\b[^.;\n]{0,30} (?:spack|it) (?:tries|is trying|attempts|is attempting) to (?:build|install|compile|configure|link|fetch)/,
    /\b(?:unable|not able|cannot|can'?t|could not|couldn'?t)(?: [\w-]+){1,4} to (?:build|install|compile|configure|link)/,
    /\bnot able to (?:build|install|compile|configure|link)/,
    /\bfail\w*\b[^.;\n]{0,20} (?:phase|step|stage|build|installation) (?:of|for)/,
    /\b(?:everything|the rest|all (?:the )?(?:dependencies|packages|others?))\b[^.;\n]{0,40} (?:except|but|apart from)(?: for)?/,
    /\bget(?:ting)? past/,
    /\berrors? from/,
    /\bthe (?:real |actual |only )?(?:problem|issue) (?:here )?(?:is|was|seems to be|appears to be|(?:may|might|could) (?:be|lie)(?: (?:in|with))?)/,
    /\b(?:error|fail\w*|problem|issue)s? (?:in|with|of) (?:the )?dependenc(?:y|ies)/,
    /\b(?:build[ -](?:error |output )?logs?|spack-build-out\S*|error log) (?:is |are )?(?:for|of|from)/,
    /\b(?:failing package|root cause) (?:is|are|was|seems to be|appears to be|:)/,
    /\b(?:comes?|coming|originates?|stems?) (?:from|in)(?: building)?/,
  ],
  TO_NAME,
);
export const FAILS_AFTER = anyOf(
  FROM_NAME + /(?:\s+and ["'`]?[\w.-]+)?["'`]?(?:'s)?\s+/.source,
  [
    /(?:(?:library|package|build|install|installation|compile|compilation|configure|cmake|make|link|fetch|concretization|pre-?req(?:uisite)?|dependency) ?(?:step|phase|process)? ?)?(?:errors?|failures?|fail(?:s|ed|ing)?|stops?|breaks?|dies|aborts?)\b(?! (?:to|message|because|due|with \w+ (?:support|enabled)))/,
    /(?:(?:build|install|installation|compile|configure|link|package|recipe) )?(?:fail(?:s|ed)?|refuses?) (?:to (?:build|install|compile|configure|link|concretize|fetch)|because|due|with)\b/,
    /(?:is|was|seems to be|appears to be) (?:the (?:problem|issue|one (?:that|which) (?:fails|breaks))|what (?:fails|breaks))\b/,
    /(?:build )?crash(?:es|ed) (?:during|while|when) (?:the )?(?:build|compil|install|configur)/,
    /(?:is|are|was|were|has|have) (?:fail(?:ed|ing)|not (?:built|compiled|building|compiling)(?! (?:with|against|for|using|as|in)\b)|broken)\b/,
    /(?:is|are|being|gets?) (?:built|installed|compiled) as (?:an? )?dependenc/,
    /(?:does|do|did|will|can|could|would|wo)(?: ?n[o']t|not|'t| not) (?:be )?(?:build|built|install(?:ed)?|compiled?|configured?|linked|link|fetch(?:ed)?)\b/,
    /(?:can'?t|cannot|could not|does not|doesn'?t) find\b/,
    /not (?:building|compiling|installing)\b/,
    /that (?:fails|breaks|stops|does not (?:build|compile|install))\b/,
  ],
  '',
);
/** What comes next is part of another one's description: "X with python3 and mesa fails". */
export const OF_ANOTHER =
  /(?:\b(?:with|using|for|on|w\/|via|from|under|without)|\b(?:with|using|w\/) [\w.@+~-]+(?:,| and))\s+[`"'([]*$/i;
/** Between two names of one list. */
export const JOINED = /^[-@\d.="'`]*(?:,| and|,? and)\s+["'`]*$/;
