// The processes at the side: all, each application, each of its processes.
import { bytes, percent, rate, time } from './format.js';
import { h, setAttribute, setClass, setText } from './dom.js';
import { spark } from './plot.js';

const sparkLength = 60;

export const statusClass = (status) => ({ online: 'good', launching: 'busy', stopping: 'busy', 'waiting restart': 'warn', stopped: 'off' })[status] ?? 'bad';

// groups puts processes together by application.
export function groups(processes) {
  const out = new Map();
  for (const p of processes) {
    if (!out.has(p.name)) out.set(p.name, []);
    out.get(p.name).push(p);
  }
  return out;
}

// worst is the status that an application is judged by.
export function worst(list) {
  const order = ['errored', 'waiting restart', 'stopping', 'launching', 'stopped', 'online'];
  const found = order.find((s) => list.some((p) => p.status === s)) ?? list[0].status;
  return found === 'stopped' && list.some((p) => p.status === 'online') ? 'online' : found;
}

class Row {
  constructor(key, kind) {
    this.dot = h('i', { class: 'dot', 'aria-hidden': 'true' });
    this.name = h('span', { class: 'name' });
    this.state = h('span', { class: 'state' });
    this.figures = h('span', { class: 'figures' });
    this.canvas = h('canvas', { class: 'spark', 'aria-hidden': 'true' });
    this.link = h('a', { class: `entry ${kind}`, href: `#/${key}`, 'data-key': key }, this.dot, this.name, this.state, this.figures, this.canvas);
    this.element = h('li', {}, this.link);
    this.past = [];
  }

  update({ name, title, status, state, exit, spot, selected }) {
    setClass(this.dot, `dot ${statusClass(status)}`);
    setText(this.name, name);
    setText(this.state, state);
    setClass(this.state, `state ${statusClass(status)}`);
    if (title) setAttribute(this.link, 'title', title);
    const figures = spot?.cpu === undefined ? (exit ? `ended with ${exit}` : '') : [percent(spot.cpu), bytes(spot.memory), spot.p99 === undefined ? '' : `p99 ${time(spot.p99)}`, spot.requests === undefined ? '' : `${rate(spot.requests)}/s`].filter(Boolean).join(' · ');
    setText(this.figures, figures);
    setAttribute(this.link, 'aria-current', selected ? 'page' : null);
    this.past.push(spot?.cpu ?? null);
    if (this.past.length > sparkLength) this.past.shift();
    if (this.canvas.clientWidth > 0) spark(this.canvas, this.past, '--accent', 20);
  }
}

export class List {
  constructor(element) {
    this.rows = new Map();
    this.list = h('ul', {});
    element.append(h('h2', { text: 'Processes' }), this.list, (this.empty = h('p', { class: 'muted empty', hidden: true }, 'Nothing runs yet. Start an application:', h('code', { text: 'roost start app.js' }))));
  }

  update(page, selected) {
    const wanted = [];
    const add = (key, kind, what) => wanted.push([key, kind, { ...what, spot: page.spots?.[key], selected: key === selected }]);
    const online = page.processes.filter((p) => p.status === 'online').length;
    add('all', 'whole', { name: 'All', status: page.processes.length ? worst(page.processes) : 'stopped', state: `${online} of ${page.processes.length} online` });
    for (const [name, list] of groups(page.processes)) {
      const up = list.filter((p) => p.status === 'online').length;
      if (list.length > 1) add(`app:${name}`, 'app', { name, status: worst(list), state: `${up} of ${list.length} online` });
      for (const p of list) {
        add(String(p.id), list.length > 1 ? 'process' : 'app', { name: list.length > 1 ? `#${p.id}` : p.name, title: p.name, exit: p.pid ? '' : p.lastExit, status: p.status, state: p.status + (p.restarts ? ` · ↺ ${p.restarts}` : '') });
      }
    }
    this.empty.hidden = page.processes.length > 0;
    this.place(wanted);
  }

  // place brings the rows into order and keeps those that are there, and with them the focus.
  place(wanted) {
    const keep = new Set(wanted.map(([key, kind]) => `${kind} ${key}`));
    for (const [id, row] of this.rows) {
      if (keep.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
    wanted.forEach(([key, kind, what], k) => {
      const id = `${kind} ${key}`;
      if (!this.rows.has(id)) this.rows.set(id, new Row(key, kind));
      const row = this.rows.get(id);
      if (this.list.children[k] !== row.element) this.list.insertBefore(row.element, this.list.children[k] ?? null);
      row.update(what);
    });
  }
}
