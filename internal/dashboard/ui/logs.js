// The log pane: lines that follow, search, levels.
import { clock } from './format.js';
import { level, levels, spans, strip } from './lines.js';
import { h, setText } from './dom.js';
import { stream } from './net.js';

const keptLines = 5000;
const shownLines = 1000; // that are in the document

export class Logs {
  constructor() {
    this.lines = [];
    this.lost = 0;
    this.query = '';
    this.least = 0;
    this.following = true;
    this.search = h('input', { type: 'search', placeholder: 'Search', 'aria-label': 'Search the logs', spellcheck: 'false', oninput: () => this.filter() });
    this.levels = h('select', { 'aria-label': 'Level', onchange: () => this.filter() },
      ...[['all levels', 0], ['info and above', 1], ['warnings and errors', 2], ['errors', 3]].map(([text, value]) => h('option', { value, text })));
    this.follow = h('input', { type: 'checkbox', checked: true, id: 'follow', onchange: () => this.setFollowing(this.follow.checked) });
    this.note = h('span', { class: 'muted', role: 'status' });
    this.box = h('div', { class: 'lines', tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-label': 'Log lines', onscroll: () => this.scrolled() });
    this.element = h('section', { class: 'panel logs', 'aria-labelledby': 'logs-title' },
      h('div', { class: 'bar' }, h('h3', { id: 'logs-title', text: 'Logs' }), this.search, this.levels,
        h('label', { for: 'follow', class: 'check' }, this.follow, 'follow'), this.note,
        h('button', { class: 'button quiet', type: 'button', onclick: () => this.clear() }, 'Clear')),
      this.box);
  }

  // open follows another target.
  open(of, labels) {
    this.close();
    this.labels = labels;
    this.clear();
    this.setFollowing(true);
    this.stop = stream(`/api/logs?of=${encodeURIComponent(of)}&lines=300`, (e) => this.take(e), (up) => {
      if (up && this.wasUp) this.again = true; // the server sends its backlog anew
      this.wasUp = up || this.wasUp;
    });
  }

  close() {
    this.stop?.();
    this.stop = undefined;
    this.wasUp = this.again = false;
  }

  clear() {
    this.lines = [];
    this.lost = 0;
    this.box.replaceChildren();
    this.count();
  }

  take(event) {
    if (this.again) {
      this.clear();
      this.again = false;
    }
    this.lost += event.lost ?? 0;
    const fresh = (event.lines ?? []).map((l) => ({ ...l, plain: strip(l.text).toLowerCase(), level: levels.indexOf(level(l.text, l.err)) }));
    this.lines.push(...fresh);
    if (this.lines.length > keptLines) this.lines.splice(0, this.lines.length - keptLines);
    this.box.append(...fresh.filter((l) => this.wants(l)).slice(-shownLines).map((l) => this.row(l)));
    while (this.box.childElementCount > shownLines) this.box.firstElementChild.remove();
    this.count();
    this.laterToEnd();
  }

  // laterToEnd waits for the next frame: a program that prints a lot costs one layout a frame.
  laterToEnd() {
    if (!this.following || this.ending) return;
    this.ending = requestAnimationFrame(() => {
      this.ending = undefined;
      if (this.following) this.toEnd();
    });
  }

  filter() {
    this.query = this.search.value.toLowerCase();
    this.least = Number(this.levels.value);
    this.box.replaceChildren(...this.lines.filter((l) => this.wants(l)).slice(-shownLines).map((l) => this.row(l)));
    this.count();
    if (this.following) this.toEnd();
  }

  wants(l) {
    return l.level >= this.least && (this.query === '' || l.plain.includes(this.query));
  }

  row(l) {
    const text = h('span', { class: 'text' });
    for (const s of spans(l.text)) {
      const classes = [s.colour === undefined ? '' : `ansi${s.colour}`, s.bold ? 'bold' : ''].filter(Boolean).join(' ');
      text.append(...this.marked(s.text).map((part) => (classes ? h('span', { class: classes }, part) : part)));
    }
    return h('div', { class: `line ${levels[l.level]}` }, h('time', { text: l.at ? clock(l.at) : '' }), this.labels && h('span', { class: 'label', text: `${l.app} ${l.id}` }), text);
  }

  // marked cuts a text so that what was searched for stands out.
  marked(text) {
    if (!this.query) return [text];
    const out = [];
    const lower = text.toLowerCase();
    if (lower.length !== text.length) return [text];
    let last = 0;
    for (let k = lower.indexOf(this.query); k >= 0; k = lower.indexOf(this.query, last)) {
      out.push(text.slice(last, k), h('mark', { text: text.slice(k, k + this.query.length) }));
      last = k + this.query.length;
    }
    out.push(text.slice(last));
    return out;
  }

  count() {
    const n = this.box.childElementCount;
    const lost = this.lost ? `, ${this.lost} left out: too many at once` : '';
    setText(this.note, `${n} line${n === 1 ? '' : 's'}${this.query || this.least ? ` of ${this.lines.length}` : ''}${lost}`);
  }

  setFollowing(on) {
    this.following = on;
    this.follow.checked = on;
    if (on) this.toEnd();
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  // scrolled stops following when the user scrolls back, and follows again at the end.
  scrolled() {
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 24;
    if (atEnd !== this.following) {
      this.following = atEnd;
      this.follow.checked = atEnd;
    }
  }
}
