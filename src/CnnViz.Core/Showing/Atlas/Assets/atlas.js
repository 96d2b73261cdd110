// Search, keys and colours of a filter atlas. Pages can be read without it.
(function () {
  'use strict';
  const root = document.documentElement;
  const themeKey = 'cnnviz-atlas-theme';

  // Some browsers give a page from the disk no storage.
  const stored = {
    get() { try { return localStorage.getItem(themeKey); } catch { return null; } },
    set(value) { try { localStorage.setItem(themeKey, value); } catch { /* It then lasts as long as the page. */ } },
  };
  const theme = stored.get();
  if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;

  document.addEventListener('DOMContentLoaded', () => {
    const isSingle = document.getElementById('search-data') !== null;
    const page = isSingle ? showPages() : () => document.querySelector('.page');
    addTheme();
    const search = addSearch(isSingle);
    document.querySelectorAll('.tiles').forEach(rove);
    addKeys(page, search);
    document.querySelector('.keys').hidden = false;
  });

  function addTheme() {
    const button = document.querySelector('.theme');
    const isDark = () => (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
    const tell = () => button.setAttribute('aria-pressed', String(isDark()));
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      stored.set(root.dataset.theme);
      tell();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell);
    tell();
    button.hidden = false;
  }

  // One file has all pages as sections, and the part behind the number sign says which one is shown.
  function showPages() {
    const pages = [...document.querySelectorAll('.page')];
    root.classList.add('one-file');
    const wanted = () => {
      let id = location.hash.slice(1);
      try { id = decodeURIComponent(id); } catch { /* Not ours. */ }
      return pages.find(page => page.id === id);
    };
    const show = isMove => {
      const page = wanted() ?? (document.querySelector('.page.current') || pages[0]);
      if (isMove && page.classList.contains('current')) return;
      pages.forEach(other => other.classList.toggle('current', other === page));
      document.title = page.dataset.title;
      if (isMove) {
        scrollTo(0, 0);
        document.getElementById('content').focus({ preventScroll: true });
      }
    };
    addEventListener('hashchange', () => show(true));
    show(false);
    return () => document.querySelector('.page.current');
  }

  // A group of pictures is one stop of the Tab key; the arrow keys go through it.
  function rove(list) {
    const links = [...list.querySelectorAll('a')];
    links.forEach((link, i) => { link.tabIndex = i === 0 ? 0 : -1; });
    list.addEventListener('focusin', event => links.forEach(link => { link.tabIndex = link === event.target ? 0 : -1; }));
    list.addEventListener('keydown', event => {
      const at = links.indexOf(document.activeElement);
      if (at < 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const tops = links.map(link => link.offsetTop);
      const columns = Math.max(1, tops.findIndex(top => top !== tops[0]) < 0 ? links.length : tops.findIndex(top => top !== tops[0]));
      const to = {
        ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: links.length - 1,
        ArrowUp: at - columns, ArrowDown: at + columns,
      }[event.key];
      if (to === undefined) return;
      const isWay = links[to] !== undefined;
      if (!isWay && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) return;
      event.preventDefault();
      event.stopPropagation();
      if (isWay) links[to].focus();
    });
  }

  function addKeys(page, search) {
    document.addEventListener('keydown', event => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target.closest('input, textarea, select, [contenteditable]')) return;
      if (event.key === '/') {
        event.preventDefault();
        search.focus();
        return;
      }

      const kind = event.shiftKey ? undefined : { ArrowLeft: 'prev', ArrowRight: 'next', ArrowUp: 'up' }[event.key];
      const link = kind && page().querySelector(`a[rel="${kind}"]`);

      // Up scrolls first, as everywhere.
      if (!link || (kind === 'up' && scrollY > 0)) return;
      event.preventDefault();
      link.click();
    });
  }

  function addSearch(isSingle) {
    const form = document.querySelector('.search');
    const input = document.getElementById('search');
    const list = document.getElementById('results');
    const status = document.getElementById('search-status');
    const base = document.body.dataset.root;
    const most = 40;
    let layers = isSingle ? JSON.parse(document.getElementById('search-data').textContent) : null;
    let selected = -1;

    // The list is a script, as pages from the disk may not read files; it is fetched with the first use.
    function load() {
      if (layers || document.getElementById('search-script')) return;
      const script = document.createElement('script');
      script.id = 'search-script';
      script.src = `${base}assets/search.js`;
      script.addEventListener('load', () => {
        layers = window.cnnvizAtlas ?? [];
        if (input.value.trim()) find();
      });
      document.head.append(script);
    }

    const nameOf = number => String(number).padStart(4, '0');
    const linkTo = (layer, file) => isSingle
      ? `#${layer.folder}${file === null ? '' : `/${file}`}`
      : `${base}${layer.folder}/${file ?? 'index'}.html`;
    const thumbOf = (layer, file) => isSingle || layer.bareSet.has(file) ? null : `${base}${layer.folder}/thumbs/${file}.webp`;

    function entriesOf(layer) {
      layer.bareSet ??= new Set(layer.bare);
      layer.entries ??= layer.objectives
        ? Object.entries(layer.objectives).map(([file, title]) => ({ file, title, number: null, text: title.toLowerCase() }))
        : layer.filters.map(number => {
          const name = layer.classes?.[number] ?? '';
          return { file: nameOf(number), title: `${layer.name}:${number}`, number: String(number), note: name, text: name.toLowerCase() };
        });
      return layer.entries;
    }

    // Every word must be in the layer's name or kind, in the class, or be the filter's number. The more specific comes first.
    function search(query) {
      const words = query.toLowerCase().split(/[\s:#]+/).filter(Boolean);
      const found = [];
      let count = 0;
      for (const layer of layers) {
        const text = `${layer.name} ${layer.kind ?? ''}`.toLowerCase();
        const rest = words.filter(word => !text.includes(word));
        if (rest.length === 0) {
          count++;
          found.push({ layer, rank: layer.name.toLowerCase() === words[0] ? 0 : 2, href: linkTo(layer, null), title: layer.name, note: `${entriesOf(layer).length} of this layer`, thumb: null });
        }

        for (const entry of entriesOf(layer)) {
          const byNumber = entry.number !== null && words.includes(entry.number) && words.every(word => word === entry.number || text.includes(word) || entry.text.includes(word));
          const byText = rest.every(word => entry.text.includes(word));
          if (!byNumber && !byText) continue;
          count++;
          const rank = byNumber ? (words.length > 1 ? 0 : 1) : rest.length > 0 ? 1 : 3;
          if (rank < 3 || found.length < most) found.push({ layer, rank, href: linkTo(layer, entry.file), title: entry.title, note: entry.note || layer.kind || '', thumb: thumbOf(layer, entry.file) });
        }
      }

      return { count, found: found.sort((one, other) => one.rank - other.rank).slice(0, most) };
    }

    function find() {
      const query = input.value.trim();
      if (!query || !layers) return close();
      const { count, found } = search(query);
      list.replaceChildren(...found.map((hit, i) => {
        const link = document.createElement('a');
        link.href = hit.href;
        link.id = `hit-${i}`;
        link.tabIndex = -1;
        link.setAttribute('role', 'option');
        const picture = document.createElement(hit.thumb ? 'img' : 'span');
        if (hit.thumb) {
          picture.alt = '';
          picture.src = hit.thumb;
        } else {
          picture.className = 'blank';
        }

        const title = document.createElement('b');
        title.textContent = hit.title;
        const note = document.createElement('span');
        note.textContent = hit.note;
        const text = document.createElement('span');
        text.append(title, note);
        link.append(picture, text);
        link.addEventListener('click', close);
        return link;
      }));
      status.textContent = count === 0 ? 'Nothing found' : count === 1 ? '1 found' : `${count} found`;
      if (count === 0 || count > found.length) {
        const more = document.createElement('p');
        more.textContent = count === 0 ? 'Nothing found.' : `The first ${found.length} of ${count}.`;
        list.append(more);
      }

      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
      select(found.length > 0 ? 0 : -1);
    }

    function select(to) {
      const hits = list.querySelectorAll('[role="option"]');
      selected = hits.length === 0 ? -1 : (to + hits.length) % hits.length;
      hits.forEach((hit, i) => hit.setAttribute('aria-selected', String(i === selected)));
      if (selected < 0) {
        input.removeAttribute('aria-activedescendant');
      } else {
        input.setAttribute('aria-activedescendant', hits[selected].id);
        hits[selected].scrollIntoView({ block: 'nearest' });
      }
    }

    function close() {
      list.hidden = true;
      list.replaceChildren();
      status.textContent = '';
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
      selected = -1;
    }

    input.addEventListener('focus', load);
    input.addEventListener('input', () => { load(); find(); });
    input.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (list.hidden) find(); else select(selected + (event.key === 'ArrowDown' ? 1 : -1));
      } else if (event.key === 'Escape') {
        event.preventDefault();
        if (input.value) {
          input.value = '';
          close();
        } else {
          input.blur();
        }
      }
    });
    form.addEventListener('submit', event => {
      event.preventDefault();
      list.querySelectorAll('[role="option"]')[selected]?.click();
    });
    document.addEventListener('pointerdown', event => { if (!form.contains(event.target)) close(); });
    form.addEventListener('focusout', event => { if (!form.contains(event.relatedTarget)) close(); });
    form.hidden = false;
    return input;
  }
})();
