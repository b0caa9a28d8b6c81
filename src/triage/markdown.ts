/**
 * Issue text as blocks: headings, prose, code. Uses markdown-it's block parser only (no inline rules, no HTML output), so that
 * text in a fence is never taken for what a person said, and a heading in a log is never taken for a form field.
 */
import MarkdownIt from 'markdown-it';

export interface Block {
  readonly kind: 'heading' | 'prose' | 'code';
  /** 1 to 6 for headings, 0 otherwise. */
  readonly level: number;
  readonly text: string;
  /** Inside a quotation (`>`): somebody else's words. */
  readonly quoted: boolean;
}

/** Longest text that is read; GitHub itself stops at 65,536 characters. */
export const TEXT_LIMIT = 70_000;

const parser = new MarkdownIt({ html: true });
parser.core.ruler.disable(['inline', 'linkify', 'replacements', 'smartquotes', 'text_join'], true);

/** Blocks in order. HTML comments (a template's hints) are dropped, tags are taken off and what they enclose is kept as code. */
export function readBlocks(body: string): Block[] {
  const blocks: Block[] = [];
  let heading = 0;
  let quotes = 0;
  for (const token of parser.parse(plainText(body), {})) {
    if (token.type === 'heading_open') heading = Number(token.tag.slice(1));
    else if (token.type === 'heading_close') heading = 0;
    else if (token.type === 'blockquote_open') quotes += 1;
    else if (token.type === 'blockquote_close') quotes -= 1;
    else if (token.type === 'inline' && token.content !== '')
      blocks.push({
        kind: heading > 0 ? 'heading' : 'prose',
        level: heading,
        text: token.content,
        quoted: quotes > 0,
      });
    else if (token.type === 'fence' || token.type === 'code_block')
      blocks.push({ kind: 'code', level: 0, text: token.content, quoted: quotes > 0 });
    else if (token.type === 'html_block') {
      const text = untag(token.content).trim();
      if (text !== '') blocks.push({ kind: 'code', level: 0, text, quoted: quotes > 0 });
    }
  }
  return blocks;
}

/** The text without HTML comments and carriage returns, cut at the limit. */
export function plainText(body: string): string {
  const text = body.slice(0, TEXT_LIMIT).replaceAll('\r\n', '\n');
  // By hand: a regular expression would look for the end again at each of many openings.
  let kept = '';
  let from = 0;
  for (let open = text.indexOf('<!--'); open !== -1; open = text.indexOf('<!--', from)) {
    const close = text.indexOf('-->', open + 4);
    if (close === -1) break;
    kept += text.slice(from, open);
    from = close + 3;
  }
  return kept + text.slice(from);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

function untag(html: string): string {
  return html
    .replace(/<\/?[a-zA-Z][^<>]*>/g, ' ')
    .replace(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => ENTITIES[name]!);
}
