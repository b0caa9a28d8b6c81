/**
 * What an issue is: by the labels that its template or a person gave it, by a tag in the title, by the form's own questions, by
 * words. Only when none of these says so the model is asked, and believed when it is sure enough. Null when that fails too.
 */
import type { IssueFacts } from './facts.js';
import type { KindJudge } from './model/judge.js';
import { precisionFrom } from './model/measure.js';
import type { Kind } from './outcome.js';
import type { Reading } from './reading.js';

export interface KindSign {
  readonly id: Kind;
  /** Share of right answers of the rule that decided, or what the model gives it; in [0, 1]. */
  readonly confidence: number;
  /** In words: why. */
  readonly reason: string;
  readonly by: 'rule' | 'model';
}

/** A rule's answer, before it is said that a rule gave it. */
type Sign = Omit<KindSign, 'by'>;

/** The model, and how probable its answer must be. */
export interface ModelUse {
  readonly judge: KindJudge;
  readonly threshold: number;
}

type Rule = readonly [Kind, RegExp];

/** In this order, since a repository gives several: "bug, performance" is a matter of performance, "bug, build" a bug. */
const LABELS: readonly Rule[] = [
  ['performance', /^(?:(?:type|kind|impacting|area)\W*)?(?:performance|perf|slow)(?:[ -]regression)?$/],
  ['build', /^(?:build[- ]error|(?:type|kind)\W*(?:build|installation))$/],
  ['bug', /^(?:(?:type|kind|t|c)\W*)?(?:bug|defect|test-error|regression|crash)(?:[ -]?report)?s?$/],
  ['feature', /^(?:(?:type|kind|t|c)\W*)?(?:enhancement|feature|feature[- ]?request|new feature|wish(?:list)?)s?$/],
  ['question', /^(?:(?:type|kind|t|c)\W*)?(?:question|usage|support|help|user support)s?$/],
  ['docs', /^(?:(?:type|kind|area|c)\W*)?(?:docs?|documentation|howto|how-to)$/],
  [
    'build',
    /^(?:(?:c|area|impacting|component)\W*)?(?:build|build[- ]system|install|installation|fetching|cmake|spack)$/,
  ],
  ['other', /^(?:(?:type|kind)\W*)?(?:task|chore|help wanted|ci|maintenance|cleanup)$/],
];

const TITLES: readonly Rule[] = [
  [
    'build',
    /^\W*(?:\w+ ){0,2}(?:install(?:ation)?|build|compil\w+|concreti[sz]ation|fetch\w*)[ -]?(?:issue|error|failure|fail|problem)s?\b/i,
  ],
  ['bug', /^\s*\[?(?:bug|bug report|regression|crash|testing issue|test issue)\b\]?\s*[:\-\]]?/i],
  ['feature', /^\s*\[?(?:feature(?: request)?|enhancement|enh|rfe|wish|proposal)\b\]?\s*[:\-\]]?/i],
  ['docs', /^\s*\[?(?:docs?|documentation)\b\]?\s*[:\-\]]/i],
  // "Support for X" wishes for something; only the bare word asks.
  ['question', /^\s*(?:\[(?:question|help|support)\]|(?:question|help|support)\s*[:-]|(?:question|help)\b)/i],
  ['performance', /^\s*\[?(?:perf|performance)\b\]?\s*[:\-\]]/i],
];

/** Questions that only one kind of form asks. */
const QUESTIONS: readonly Rule[] = [
  [
    'feature',
    /^(?:rationale|(?:describe )?the solution you'?d like|proposed solution|feature description|is your feature request.*|motivation)/,
  ],
  ['question', /^(?:your question|question|what (?:would you like|do you want) to know)/],
  [
    'docs',
    /^(?:documentation (?:link|issue|page)|link to (?:the )?(?:docs|documentation)|suggested (?:change|fix) to the doc)/,
  ],
  ['performance', /^(?:expected performance|timings|performance (?:data|regression))/],
  ['bug', /^(?:describe the bug|(?:expected|actual|observed|current) behaviou?r|what happened|bug description)/],
];

const WORDS: readonly (readonly [Kind, number, RegExp])[] = [
  [
    'build',
    0.85,
    /\b(?:fail(?:s|ed|ures?|ing)? (?:(?:to|during|when|while) )?(?:the )?(?:(?:build|compil|install|configur|concreti[sz])\w*|link(?:ing|er)?)|(?:build|compil\w+|install(?:ation)?|link(?:ing|er)?|configure|concreti[sz]ation) (?:fail\w*|errors?|broken|problem|issue)|(?:can'?t|cannot|unable to|could not|errors?|problems?|difficult(?:y|ies)|trouble|issues?)(?: (?:in|on|with|while|when|during|trying to)){0,2} (?:(?:build|compil|install|configur|concreti[sz])\w*|link(?:ing|er)?)|install(?:ing|ation of)? \S+ (?:\S+ ){0,3}?fail(?:s|ed)?|(?:can'?t|cannot|could not) find [\w./-]+\.h|undefined reference|no such file or directory|fatal error:|(?:does|do|did|will|can|could|wo|would)(?:n'?t| not) (?:build|compile|install|link|configure|concreti[sz]e)|not (?:compiling|building|installing)|building error|cmake error)\b/i,
  ],
  [
    'performance',
    0.65,
    /\b(?:performance(?! (?:counter|portab|tool|test))|slow(?:er|downs?|ness|ly)?|speed ?up|bottleneck|scal(?:es|ing|ability) (?:poor|bad|problem|issue)|takes (?:too long|forever)|memory usage)\b/i,
  ],
  ['docs', 0.65, /\b(?:documentation|docs|docstrings?|typo|readme|user'?s? guide|manual|tutorial page|doxygen)\b/i],
  [
    'feature',
    0.75,
    /\b(?:feature request|please (?:add|support)|support for|add (?:support|option|ability|a way)|would be (?:nice|great|useful)|allow(?:ing)? (?:to|users|for)|request(?:ed)? (?:for|to add)|implement(?:ing)?|make it possible|new (?:package|version))\b/i,
  ],
  // "Add sparse assembly", "MueLu: use a factory": what begins so wishes for something.
  [
    'feature',
    0.7,
    /^(?!.*\b(?:crash|hang|fail|break|broke|segfault|wrong|corrupt|incorrect|abort|leak|deadlock)\w*)\s*(?:\[[^\]]{1,30}\]\s*|(?!error|warning|fatal)[\w+/. -]{1,30}:\s+)?(?:add|adding|allow|bump|consider|create|enable|expose|extend|implement|improve|introduce|offer|provide|upgrade|update|use)\b(?=\s+(?!error|issue|problem|of\b|after\b|from\b)\w)/i,
  ],
  [
    'bug',
    0.7,
    /\b(?:bug|crash\w*|segfaults?|segmentation fault|seg fault|sigsegv|abort(?:s|ed)?|hangs?|hanging|deadlock|wrong (?:result|answer|value|output)\w*|incorrect(?:ly)?|broken|regression|does(?:n'?t| not) work|not working|fails?|failing|failure|failed|errors?|exception|leak|race condition|illegal memory access|assertion|invalid|throws|unexpected|segv|breaks?|broke)\b/i,
  ],
  [
    'question',
    0.7,
    /^(?:how (?:to|do|can|does|should)|what (?:is|are|does)|why (?:is|are|does|do)|is (?:it|there)|can (?:i|we|you|one)|where (?:is|are|can)|does anyone|which)\b|\?\s*$/i,
  ],
  // Said of wishes and questions as well.
  [
    'bug',
    0.65,
    /\b(?:wrong|incompatib\w+|inconsisten\w+|missing|stuck|defective|non[- ]functional|no longer (?:works?|compiles?|builds?|runs?|finds?|generates?)|ignore[sd]?|lost|deprecation|mismatch\w*|(?:does|do|did|will|wo)(?:n'?t| not) \w+)\b/i,
  ],
  ['build', 0.65, /\binstalling \S+ (?:on|from|with)\b/i],
];

/** In the text such words are said of anything; only the plainest count. */
const TEXT_WORDS: typeof WORDS = [
  [
    'build',
    0.6,
    /\b(?:fails? to (?:build|compile|install|link|configure|concreti[sz]e)|(?:build|compil\w+|installation|linker) (?:fail\w*|errors?)|==> Error: ProcessError|undefined reference|Command exited with status)\b/i,
  ],
  [
    'bug',
    0.6,
    /\b(?:crash(?:es|ed)|segfaults?|segmentation fault|sigsegv|deadlocks?|hangs|wrong results?|regression|memory leak|illegal memory access|assertion failed)\b/i,
  ],
  [
    'feature',
    0.7,
    /\b(?:feature request|please add|would be (?:nice|great|useful|helpful) (?:to|if)|it would help if)\b/i,
  ],
  ['question', 0.55, /^(?:how (?:to|do|can|should)|is there (?:a way|any)|can (?:i|we|you|someone))\b/i],
];

/** Every kind that a rule can name. The model has its own list. */
export const RULE_KINDS: ReadonlySet<Kind> = new Set([
  'build' as const,
  ...[...LABELS, ...TITLES, ...QUESTIONS, ...WORDS, ...TEXT_WORDS].map(([kind]) => kind),
]);

/** The kind and why; null without evidence. Without a model, by rules alone. */
export function decideKind(
  reading: Reading,
  facts: Pick<IssueFacts, 'title' | 'body' | 'labels' | 'labelsWeAdded'>,
  model: ModelUse | null = null,
): KindSign | null {
  const sign = byRules(reading, facts);
  return sign === null ? byModel(facts, model) : { ...sign, by: 'rule' };
}

function byModel({ title, body }: Pick<IssueFacts, 'title' | 'body'>, model: ModelUse | null): KindSign | null {
  // From 1 on nothing is sure enough: that is how it is switched off.
  if (model === null || model.threshold >= 1) return null;
  const { judge, threshold } = model;
  const { id, share } = judge.ask({ title, body });
  if (!(share >= threshold)) return null;
  return { id, confidence: Math.round(share * 1000) / 1000, reason: modelReason(judge, share, threshold), by: 'model' };
}

function modelReason({ measured }: KindJudge, share: number, threshold: number): string {
  const right = precisionFrom(measured, threshold);
  const known = right === null ? 'nothing is measured there' : `measured precision there ${right.toFixed(2)}`;
  return `the model, ${percent(share)} sure; it answers from ${percent(threshold)}, ${known}`;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

function byRules(reading: Reading, facts: Pick<IssueFacts, 'title' | 'labels' | 'labelsWeAdded'>): Sign | null {
  const ours = new Set(facts.labelsWeAdded);
  const theirs = facts.labels.filter((label) => !ours.has(label));
  for (const [id, pattern] of LABELS) {
    const label = theirs.find((name) => pattern.test(name.trim().toLowerCase()));
    if (label) return { id, confidence: 0.95, reason: `the label "${label}"` };
  }
  const asked = fromForm(reading);
  if (asked) return asked;
  for (const [id, pattern] of TITLES) {
    const match = pattern.exec(facts.title);
    if (match) return { id, confidence: 0.9, reason: `the title begins with "${match[0].trim()}"` };
  }
  if (reading.place.kind === 'spack' && reading.log.failures.some(({ sign }) => sign !== 'spec' && sign !== 'last'))
    return { id: 'build', confidence: 0.85, reason: 'it holds the log of a failing build' };
  return byWords(WORDS, facts.title, 'title') ?? byWords(TEXT_WORDS, reading.prose.slice(0, 1500), 'text');
}

function byWords(rules: typeof WORDS, text: string, where: string): Sign | null {
  for (const [id, confidence, pattern] of rules) {
    const match = pattern.exec(text);
    if (match) return { id, confidence, reason: `the ${where} says "${match[0].trim()}"` };
  }
  return null;
}

function fromForm({ fields }: Reading): Sign | null {
  for (const { label, value } of fields) {
    if (value === null || !/^(?:issue |kind|type|category)/.test(label) || value.length > 60) continue;
    const rule = LABELS.find(([, pattern]) => pattern.test(value.toLowerCase()));
    if (rule) return { id: rule[0], confidence: 0.95, reason: `the form says "${value}"` };
  }
  for (const [id, pattern] of QUESTIONS) {
    const field = fields.find(({ label }) => pattern.test(label));
    if (field) return { id, confidence: id === 'bug' ? 0.6 : 0.85, reason: `its form asks "${field.label}"` };
  }
  return null;
}
