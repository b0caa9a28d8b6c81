/** Markdown of issues, comments and check runs. No HTML of theirs gets through, except folding sections, which GitHub shows too. */
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });

// A line of its own that opens or closes a folding section; a summary may share the opening line.
const FOLD = /^<(?:details( open)?>(?:\s*<summary>(.*)<\/summary>)?|summary>(.*)<\/summary>|(\/details)>)\s*$/;

markdown.block.ruler.before(
  'paragraph',
  'fold',
  (state, start, _end, silent) => {
    const line = state.src.slice((state.bMarks[start] ?? 0) + (state.tShift[start] ?? 0), state.eMarks[start] ?? 0);
    const match = FOLD.exec(line);
    if (!match) return false;
    if (silent) return true;
    const summary = match[2] ?? match[3];
    const inner = summary === undefined ? '' : `<summary>${markdown.renderInline(stripTags(summary))}</summary>`;
    const token = state.push('html_block', '', 0);
    token.content = match[4] ? '</details>' : match[3] === undefined ? `<details${match[1] ?? ''}>${inner}` : inner;
    state.line = start + 1;
    return true;
  },
  { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
);

/** HTML of a Markdown text. Comments (`<!-- -->`) are left out, as on GitHub. */
export function renderMarkdown(text: string): string {
  const html = markdown.render(text.replace(/<!--[\s\S]*?-->/g, ''));
  const open = (html.match(/<details/g) ?? []).length - (html.match(/<\/details>/g) ?? []).length;
  // A section left open in the text must not swallow the rest of the page, nor one too many close it.
  return open === 0
    ? html
    : open > 0
      ? html + '</details>'.repeat(open)
      : html.replaceAll(/<\/?(details|summary)[^>]*>/g, '');
}

function stripTags(text: string): string {
  return text.replace(/<\/?(b|strong|em|i|code)>/g, '');
}
