// Follows a log while its build runs. Without this script the page is loaded again every few seconds instead.
(() => {
  const log = document.querySelector('[data-stream]');
  if (!log || !window.EventSource) return;
  const rows = document.getElementById('lines');
  const note = document.getElementById('live-note');
  const boxed = log.classList.contains('boxed');
  const most = 5000;
  let address = log.dataset.stream;
  let last = Number(rows.lastElementChild?.id.slice(1) || 0);
  let source;

  const say = (text) => {
    if (note) note.textContent = text;
  };
  // The box keeps to its end by itself (see the style sheet); on its own page the log follows who is at the end.
  const page = document.documentElement;
  const atEnd = () => !boxed && page.scrollHeight - page.scrollTop - page.clientHeight < 80;
  const toEnd = () => window.scrollTo(0, page.scrollHeight);

  const remark = (text) => {
    const row = document.createElement('div');
    row.className = 'l gap';
    row.textContent = text;
    return row;
  };
  const lineRow = (number, text, error) => {
    const row = document.createElement('div');
    row.id = `L${number}`;
    row.className = error ? 'l err' : 'l';
    const anchor = document.createElement('a');
    anchor.href = (log.dataset.line ?? '#L0').replace(/(line=|L)0/g, `$1${number}`);
    anchor.textContent = number;
    const span = document.createElement('span');
    span.textContent = text;
    row.append(anchor, span);
    return row;
  };

  const listeners = {
    lines({ from, lines, errors }) {
      const follow = atEnd();
      const marked = new Set(errors);
      const fresh = document.createDocumentFragment();
      if (from > last + 1 && last > 0) fresh.append(remark(`lines ${last + 1} to ${from - 1}: see the whole log`));
      lines.forEach((text, index) => {
        const number = from + index;
        // After a lost connection some lines come twice.
        if (number <= last) return;
        fresh.append(lineRow(number, text, marked.has(number)));
        last = number;
      });
      rows.append(fresh);
      while (rows.childElementCount > most) rows.firstElementChild.remove();
      if (follow) toEnd();
    },
    state({ word, tone, title, phase, phases }) {
      badge(word, tone, title);
      phaseList(phases);
      say(phase ? `live: ${phase}` : 'live');
    },
    end({ lines, word, tone, title }) {
      source.close();
      badge(word, tone, title);
      say('');
      const again = document.createElement('a');
      again.href = location.pathname + location.search;
      again.textContent = lines === last ? 'Ended: show the verdict' : 'Ended: load the whole of it';
      note?.append(again);
    },
  };

  const phaseList = (phases) => {
    const list = document.getElementById('live-phases');
    if (!list || !phases) return;
    list.replaceChildren(
      ...phases.map((text) => {
        const item = document.createElement('li');
        item.textContent = text;
        return item;
      }),
    );
  };

  const badge = (word, tone, title) => {
    const place = document.getElementById('live-badge');
    if (place) {
      const mark = document.createElement('span');
      mark.className = `badge ${tone}`;
      mark.textContent = word;
      place.replaceChildren(mark);
    }
    const head = document.getElementById('live-title');
    if (head) head.textContent = title;
  };

  const connect = () => {
    source = new EventSource(address);
    for (const [name, listener] of Object.entries(listeners))
      source.addEventListener(name, (event) => {
        if (event.lastEventId) address = address.replace(/after=\d*/, `after=${event.lastEventId}`);
        listener(JSON.parse(event.data));
      });
    source.addEventListener('error', () => {
      say('connection lost, trying again');
      // A refusal ends the browser's own tries; ours go on, slower.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 10000);
    });
  };

  connect();
})();
