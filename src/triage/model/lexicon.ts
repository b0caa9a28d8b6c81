/**
 * What people write when they report, ask or propose: a word list of general English, not learnt from any issue. With a few hundred
 * issues to learn from, a model cannot know by itself that "is there a way" and "would it be possible" are alike.
 */
import { finish, start, step } from './hash.js';
import { type Words, wordsOf } from './tokens.js';

/** Phrases that mean the same, separated by commas; they are compared by stem. */
const GROUPS: Readonly<Record<string, string>> = {
  how: 'how to, how do, how does, how can, how could, how should, how would, how is, how are, how come, how about',
  howAny: 'how',
  what: 'what, whats',
  which: 'which, where, when, who',
  why: 'why, how come',
  isThere: 'is there, are there, is there any, is there a, there any',
  possible: 'is it possible, it possible, be possible, any way to, a way to, possible to, some way',
  canI: 'can i, could i, should i, may i, do i, am i, shall i, can we, should we, could we',
  canYou:
    'can you, could you, would you, can someone, could someone, can anyone, could anyone, can anybody, does anyone, has anyone, anyone know, anybody',
  isVerb: 'is, are',
  doVerb: 'do, does, did',
  canVerb: 'can, could, may',
  help: 'help me, please help, pls help, any help, need help, need some help, help with, give me, any suggestion, any suggestions, any idea, any ideas, any hint, any advice, some advice, kindly, appreciate, let me know, guide me, assist',
  thanks: 'thanks, thank you, thx, tks, regards, cheers, in advance',
  greeting: 'hi, hello, hey, dear, good morning, good day, good evening, greetings, hi all, hello everyone, guys',
  unsure:
    "don't know, do not know, dont know, didn't know, don't understand, do not understand, can't understand, don't get, not sure, unsure, no idea, wonder, wondering, confused, confusing, curious, unclear, not clear, puzzled, understand, clarify, clarification, explain, explanation, maybe i, perhaps i",
  iAm: "i am, i'm, im trying, i was",
  trying:
    "i am trying, i'm trying, i try, i tried, i have tried, i've tried, tried to, i followed, i follow, trying to, attempt to, attempted",
  using: 'i am using, i use, i used, i have used, using',
  found:
    'i found, i have found, i noticed, i noted, i got, i get, i see, i have, i had, i think, i guess, i expect, i expected, i read, i searched, i looked, i installed, i built, i build, i compiled, i downloaded, i run, i ran',
  want: "i want, i need, i wish, i would like, i'd like, would like to, i would love, want to, we want, we need, i wanted",
  my: 'my',
  myThing:
    'my code, my project, my app, my application, my model, my computer, my machine, my pc, my laptop, my own, my program, my script, my problem, my question, my issue, my system, my case, my environment',
  we: 'we, our, us',
  i: 'i',
  you: 'you, your',
  question: 'question, questions',
  elsewhere: 'stackoverflow, stack overflow, stackexchange, forum, discord, irc, mailing list, gitter, reddit, slack',
  docs: 'documentation, docs, tutorial, guide, readme, manual, example, examples',
  sorry: 'right place, wrong place, sorry, not a bug, newbie, beginner, new to, noob',
  solve:
    'how to solve, how to fix, how to resolve, solve this, solve it, solve the, solution, resolve this, fix this, fix it, what should i, what can i, what do i, what am i, doing wrong, did wrong, i missing, missing something',
  difference: 'difference, different, compare, compared, comparison, between, versus, vs',
  correct:
    'correct way, right way, proper way, best way, best practice, recommended, by design, intended, supposed, normal behavior, expected behavior or',
  isItBug:
    'is this a bug, is it a bug, a bug or, is this expected, is it expected, is this normal, is it normal, is this intended, is this correct, is that',
  fail: 'fail, fails, failed, failing, failure, failures, unsuccessful',
  crash:
    'crash, crashes, crashed, crashing, segfault, segfaults, segmentation fault, sigsegv, sigabrt, abort, aborts, aborted, aborting, core dumped, heap, overflow, null pointer, asan, sanitizer, panic',
  error:
    'error, errors, exception, exceptions, traceback, throw, throws, throwing, thrown, assertion, typeerror, valueerror, runtimeerror',
  broken: 'broken, break, breaks, broke, breaking, breakage',
  wrong:
    'wrong, wrongly, incorrect, incorrectly, invalid, unexpected, unexpectedly, weird, strange, inconsistent, inconsistency, mismatch, bad, corrupt, corrupted, garbage, odd, misleading',
  notWork:
    "not work, doesn't work, does not work, don't work, not working, didn't work, did not work, no longer, stopped working, doesnt work, isn't working, not show, not showing, doesn't show, not display, not displayed, not appear, not load, not loading, not open, not update, not updated, not updating, not respond, not responding, not rendered, not render, not trigger, not start, not compile, not respect, not called, not visible, not detected, not recognized, not applied, not preserved, not saved, doesn't, does not, didn't",
  cannot: "cannot, can't, can not, unable, couldn't, could not, not able, impossible",
  regression:
    'regression, since update, since updating, since upgrading, since version, after update, after updating, after upgrade, after upgrading, after the update, after latest, latest update, used to work, worked fine, work fine, worked before, worked in, previous version, bisect, bisected, recently, after installing',
  bug: 'bug, bugs, buggy, defect, glitch',
  hang: 'hang, hangs, hanging, freeze, freezes, frozen, freezing, stuck, deadlock, infinite loop, unresponsive, never ends, timeout, timeouts, timed out, forever, keeps',
  missing:
    'missing, lost, loses, disappear, disappears, disappeared, gone, not found, undefined, no such, ignored, ignores, duplicate, duplicated, flicker, flickering, blank, empty',
  memory:
    'memory leak, leak, leaks, leaking, race, race condition, out of bounds, undefined behavior, uninitialized, warning, warnings',
  repro:
    'repro, reproduce, reproduces, reproducible, reproduced, reproduction, steps to, to reproduce, every time, intermittent, intermittently, sometimes, randomly, consistently',
  expected:
    "expected behavior, expected behaviour, expected result, expected output, actual behavior, actual result, actual output, expected :, actual :, observed, instead of, should be, should have, should not, shouldn't, expected to, supposed to, even though, even if",
  add: 'add, adds, added, adding, support, implement, allow, introduce, provide, enable, make, expose, create, new, extend, include, ability, consider, show, let, port, export, increase, option',
  change:
    'improve, improved, migrate, replace, optimize, update, remove, move, refactor, use, drop, switch, change, rename, deprecate, clean, cleanup, speed, reduce, simplify, rework, split',
  fixing:
    'fix, fixes, fixed, fixing, avoid, prevent, handle, correct, resolve, workaround, revert, restore, ensure, bugfix, hotfix',
  adding:
    'add, adding, added, support for, support of, supporting, implement, implementing, implementation, implemented, introduce, new',
  support: 'support, supports, supported, supporting',
  feature:
    'feature, features, feature request, enhancement, proposal, propose, rfc, suggestion, suggest, idea, wishlist, request, improvement, roadmap, todo',
  nice: 'would be nice, would be great, would be good, would be useful, would be helpful, would be awesome, would be cool, would be better, would be very, would be really, be nice, be great, be good to, be useful, be helpful, be beneficial, handy, nice to have, could be useful, might be, will be great, would love, would help, would allow, would make, would like',
  should: 'should, could, would',
  allow:
    'allow, allows, allowing, enable, enables, ability to, able to, option to, so that, in order to, provide, opt in, customize, custom, configure, configurable, configuration, setting, settings, option, options',
  motivation:
    'motivation, use case, use cases, rationale, alternative, alternatives, benefit, benefits, advantage, propose, proposed, currently, at the moment, right now, convenient, convenience, useful, improve, improves, easier, easily, instead, better, user experience',
  please: 'please, pls, plz',
  pleaseAdd:
    'please add, please support, please provide, please make, please consider, please allow, please implement, please give, could you add, can you add, can you please',
  lacking:
    "no way, no option, no support, no api, lack, lacks, lacking, there is no, there's no, there are no, not supported, not yet, unsupported, doesn't support, does not support, don't support, does not have, doesn't have, not allow, not provide, not available, not implemented, not possible",
  performance:
    'performance, slow, slower, slowly, slowness, faster, speed, speedup, optimize, optimization, efficient, efficiency, latency, benchmark',
  fixesIssue:
    'fixes https, fix https, resolves https, closes https, related https, resolves, closes, relates, follow up, followup, fixes',
  pull: 'pull request, this pr, the pr, pr, prs, patch, merge, merged, commit, commits, backport, cherry, rebase, review, reviewed, contribute',
  build:
    'build, builds, building, built, compile, compiles, compiled, compiling, compilation, compiler, cmake, make, link, linker, linking, linked, install, installed, installing, installation, configure, gcc, clang, msvc, visual studio',
  test: 'test, tests, testing, ci, fuzz, fuzzing, unit test, flaky, unittest',
  version: 'version, versions, release, releases, latest',
  imperative:
    'clarify, inform, auto, follow, set, hide, highlight, persist, adopt, explore, investigate, render, rewrite, document, convert, detect, expand, collapse, reuse, display, print, report, return, accept, store, skip, limit, disable, log, sort, merge, polish, unify, finalize, track, offer, prefer, bring, get rid, stop, turn, put, give, bump, upgrade, define, expand, warn, validate, separate, reorder, relax, consolidate',
  symptom:
    'shows, gets, returns, causes, appears, leads to, results in, gives, produces, overlaps, overlap, jumps, changes, becomes, remains, stays, prevents, doubles, opens, closes, loads, shown, showing, displayed, rendered, truncated, cut off, reset, resets, blocked, refused, rejected, denied, killed, raised',
  when: 'when, while, whenever, upon, during, after, once, since, as soon as',
  purely: 'only, always, never, all, any, every, each, still, already, again, anymore, even',
  annoying:
    'annoying, painful, hard to, difficult, difficult to, ugly, inconvenient, cumbersome, tedious, frustrating, unusable, usability, redundant, unnecessary, unnecessarily, wasteful',
  personal:
    'he, she, they, friend, boss, colleague, student, university, course, homework, thesis, company, money, lost my',
  setup:
    'windows 10, windows 11, ubuntu, macos, mac os, linux, docker, conda, anaconda, pip install, npm, raspberry, android, ios, gpu, cuda, driver',
  follow:
    'introduced in, introduced by, caused by, because of, due to, root cause, the reason, happens because, since commit, as of, regressed',
  person: 'user, users, people, developer, developers, everyone, community',
  code: 'the following code, following code, code below, my code, code snippet, sample code, this code, minimal example, script',
  message:
    'the following error, following error, error message, error below, this error, an error, get error, got error, getting error, this warning, the error, this issue, same issue, this problem, the problem, the issue',
};

const LONGEST = 5;
const names = Object.keys(GROUPS);
const groupsOf = new Map<number, number[]>();
for (const [group, name] of names.entries()) {
  for (const phrase of GROUPS[name]!.split(',')) {
    const { stems, count } = wordsOf(phrase);
    const key = runHash(stems, 0, Math.min(count, LONGEST));
    const known = groupsOf.get(key);
    if (known === undefined) groupsOf.set(key, [group]);
    else if (!known.includes(group)) known.push(group);
  }
}

/** How many groups there are; a group is known by its number. */
export const GROUP_COUNT = names.length;

function runHash(stems: Uint32Array, from: number, to: number): number {
  let hash = start(7);
  for (let at = from; at < to; at += 1) hash = step(Math.imul(hash, 0x85ebca6b), stems[at]!);
  return finish(hash);
}

/** Calls back with every group of which a phrase begins at word `at`, for every word before `limit`. */
export function eachPhrase(words: Words, limit: number, found: (group: number, at: number) => void): void {
  const { stems } = words;
  for (let first = 0; first < limit; first += 1) {
    let hash = start(7);
    const last = Math.min(limit, first + LONGEST);
    for (let at = first; at < last; at += 1) {
      hash = step(Math.imul(hash, 0x85ebca6b), stems[at]!);
      const groups = groupsOf.get(finish(hash));
      if (groups !== undefined) for (const group of groups) found(group, first);
    }
  }
}
