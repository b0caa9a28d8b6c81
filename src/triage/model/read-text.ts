/** An issue taken apart: what the template says, what was answered, and what the reporter wrote in their own words. */
import { lineHash, linesOf, normalLine } from './templates.js';

/** What a kind is predicted from. The author is deliberately not among it. */
export interface IssueText {
  readonly repo: string;
  readonly title: string;
  readonly body: string;
}

export interface IssueParts {
  /** Lower case, white space as single blanks. */
  readonly title: string;
  readonly body: string;
  /** The reporter's own words without code blocks, comments and addresses. */
  readonly prose: string;
  /** Template lines found, normalised. */
  readonly template: readonly string[];
  /** `question => first words of the answer` of forms, and `key = value` lines. */
  readonly answers: readonly string[];
}

/** `templates` holds what `findTemplates` found; a repository it does not know has its headings taken for template. */
export function readText(issue: IssueText, templates: ReadonlySet<number>): IssueParts {
  const template: string[] = [];
  const answers: string[] = [];
  const own: string[] = [];
  let question: string | null = null;
  for (const line of linesOf(issue.body)) {
    const normal = normalLine(line);
    if (normal === '') {
      own.push('');
      continue;
    }
    const known = normal.length > 2 && templates.has(lineHash(issue.repo, normal));
    if (known) template.push(normal);
    else own.push(line);
    if ((known || normal.startsWith('#')) && isQuestion(normal)) {
      question = normal;
      continue;
    }
    if (question !== null) {
      answers.push(`${question} => ${normal.split(' ').slice(0, 4).join(' ')}`);
      question = null;
    }
    const colon = normal.indexOf(':');
    if (colon >= 3 && colon <= 60)
      answers.push(`${normal.slice(0, colon)} = ${normal.slice(colon + 1, colon + 21).trim()}`);
  }
  return {
    title: flat(issue.title),
    body: flat(issue.body.slice(0, 12_000)),
    prose: flat(proseOf(own.join('\n'))),
    template,
    answers,
  };
}

function isQuestion(normal: string): boolean {
  return normal.startsWith('#') || normal.startsWith('**') || normal.endsWith(':') || normal.endsWith('**');
}

/** Splits at the fences instead of one expression over all of the text, which a body of half-open fences would make slow. */
function proseOf(text: string): string {
  return without(
    text
      .split('```')
      .filter((_, at) => at % 2 === 0)
      .join(' codeblock '),
    '<!--',
    '-->',
  ).replace(/https?:\/\/\S+/g, ' urlx ');
}

function without(text: string, open: string, close: string): string {
  let kept = '';
  let at = 0;
  for (;;) {
    const from = text.indexOf(open, at);
    if (from < 0) return kept + text.slice(at);
    kept += `${text.slice(at, from)} `;
    const to = text.indexOf(close, from);
    if (to < 0) return kept;
    at = to + close.length;
  }
}

function flat(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
