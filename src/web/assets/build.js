// What a build's pages gain by a script: lines that can be linked to by range, and a button that copies commands.
(() => {
  const log = document.getElementById('log');
  const picked = /^#L(\d+)(?:-L?(\d+))?$/;

  const range = () => {
    const [, from, to = from] = picked.exec(location.hash) ?? [];
    return from === undefined ? null : [Math.min(from, to), Math.max(from, to)];
  };

  // Marks the lines that the address names; a line that this page does not hold is looked up on the page that does.
  const show = () => {
    for (const row of document.querySelectorAll('.l.picked')) row.classList.remove('picked');
    const wanted = range();
    if (!log || !wanted) return;
    const [from, to] = wanted;
    const first = document.getElementById(`L${from}`);
    if (!first) {
      const address = log.dataset.place?.replace('line=0', `line=${from}`).replace('#L0', location.hash);
      const there = address?.split('#')[0] === location.pathname + location.search;
      if (address && !there) location.replace(address);
      return;
    }
    for (let line = from; line <= to; line++) document.getElementById(`L${line}`)?.classList.add('picked');
    first.scrollIntoView({ block: 'center' });
  };

  // With the shift key a second number ends the range that the first began.
  log?.addEventListener('click', (event) => {
    const number = event.target.closest?.('.l > a');
    const wanted = range();
    if (!number || !event.shiftKey || !wanted) return;
    event.preventDefault();
    const other = Number(number.textContent);
    location.hash = `#L${Math.min(wanted[0], other)}-L${Math.max(wanted[0], other)}`;
  });
  window.addEventListener('hashchange', show);
  show();

  function copyButton(what, text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
      } catch {
        // Where the browser keeps the clipboard to itself, the whole text is at least shown and selected.
        what.textContent = text;
        getSelection().selectAllChildren(what);
        button.textContent = 'Selected: copy it';
      }
    });
    return button;
  }

  for (const block of document.querySelectorAll('pre[data-copy]')) block.before(copyButton(block, block.textContent));
  for (const short of document.querySelectorAll('code[data-whole]'))
    (short.closest('a') ?? short).after(' ', copyButton(short, short.dataset.whole));
})();
