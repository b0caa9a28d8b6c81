/**
 * Answers of a GitHub issue form as data. A form reaches us as Markdown: each question is a `###` heading, the answer is what
 * follows, and an empty answer is the word `_No response_`.
 */
import type { Block } from './markdown.js';

export interface FormField {
  /** The question, in lower case, without punctuation at its ends. */
  readonly label: string;
  /** Null when nobody answered. */
  readonly value: string | null;
}

const NO_RESPONSE = /^_?no response_?$/i;
/** Questions whose answer names the product, whatever repository asks them. */
const PRODUCT_QUESTION =
  /^(?:which |what )?(?:affected |e4s |cass |hub )?(?:product|software|software product|project|library)(?: name| affected| is affected| is this about)?$/;
/** Questions about a part: a Spack package in Spack's repositories, one of its own parts in a product's repository. */
const PACKAGE_QUESTION =
  /^(?:which |what )?(?:affected |spack |failing )?(?:package|packages|component|spack package|recipe)(?:\(s\))?(?: name| affected| is affected| fails| failing)?$/;
const NOT_AN_ANSWER =
  /^(?:other|others|none|n\/?a|unknown|not sure|unsure|i (?:don'?t|do not) know|all|several|multiple|-)\b/i;

/** The form's fields in order; empty for an issue written freely. */
export function parseIssueForm(blocks: readonly Block[]): FormField[] {
  const fields: { label: string; parts: string[] }[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level === 3 && !block.quoted)
      fields.push({ label: normalise(block.text), parts: [] });
    else fields.at(-1)?.parts.push(block.text);
  }
  return fields.map(({ label, parts }) => {
    const value = parts.join('\n').trim();
    return { label, value: value === '' || NO_RESPONSE.test(value) ? null : value };
  });
}

function normalise(label: string): string {
  return label
    .toLowerCase()
    .replace(/[*_`]/g, '')
    .replace(/^[^a-z0-9]+|[^a-z0-9)]+$/g, '')
    .trim();
}

/** Names given where the form asks for the product, or for a package where `packages` is set; several when the answer lists several. */
export function namedProducts(fields: readonly FormField[], packages: boolean): string[] {
  for (const { label, value } of fields) {
    if (value === null || value.length > 200) continue;
    if (!PRODUCT_QUESTION.test(label) && !(packages && PACKAGE_QUESTION.test(label))) continue;
    const names = value
      .split(/\n|,|;/)
      .map((name) =>
        name
          .replace(/^\s*(?:[-*]\s+)?(?:\[[xX]\]\s*)?/, '')
          .replace(/[`*"']/g, '')
          .trim(),
      )
      .filter((name) => name !== '' && name.length <= 60 && !name.startsWith('[ ]') && !NOT_AN_ANSWER.test(name));
    if (names.length > 0) return names;
  }
  return [];
}
