// The figures of what is selected: all processes, an application or one process.
import { bytes, count, percent, rate, since, time } from './format.js';
import { ask, perform } from './actions.js';
import { h, setAttribute, setClass, setText } from './dom.js';
import { Histogram } from './histogram.js';
import { groups, statusClass, worst } from './list.js';
import { Logs } from './logs.js';
import { read } from './net.js';
import { Plot } from './plot.js';

const hour = 3600000;
const ranges = [['5 min', 300000], ['15 min', 900000], ['1 h', hour]];
const tiles = [['cpu', 'CPU', percent], ['memory', 'Memory', bytes], ['heap', 'JS heap', bytes], ['p50', 'Loop lag p50', time], ['p99', 'Loop lag p99', time],
  ['requests', 'Requests / s', rate], ['connections', 'Connections', count], ['busy', 'Loop busy', percent]];
const gcColours = { minor: 'c1', major: 'c4', incremental: 'c2', weakcb: 'c5' };

export class Detail {
  constructor(element) {
    this.parent = element;
    this.range = ranges[0][1];
    this.recent = true;
    this.logs = new Logs();
    this.build();
  }

  build() {
    this.title = h('h1', {});
    this.badges = h('div', { class: 'badges' });
    this.buttons = h('div', { class: 'buttons' });
    this.crash = h('section', { class: 'crash', role: 'alert', hidden: true });
    this.tiles = tiles.map(([, label]) => h('div', { class: 'tile' }, h('span', { class: 'muted', text: label }), h('b', { text: '–' })));
    this.plots = [
      new Plot({ title: 'CPU', format: percent, least: 10, series: [{ key: 'cpu', label: '', colour: 'c1', area: true }] }),
      new Plot({ title: 'Memory', format: bytes, base: 1024, least: 1024 * 1024, series: [{ key: 'memory', label: 'resident', colour: 'c1', area: true }, { key: 'heap', label: 'JS heap', colour: 'c2' }] }),
      new Plot({ title: 'Event-loop lag', format: time, least: 5, series: [{ key: 'p99', label: 'p99', colour: 'c4' }, { key: 'p50', label: 'p50', colour: 'c1' }] }),
      new Plot({ title: 'Requests', format: (v) => `${rate(v)}/s`, least: 5, series: [{ key: 'requests', label: '', colour: 'c3', area: true }] }),
    ];
    this.rangeButtons = ranges.map(([text, value]) => h('button', { class: 'button', type: 'button', 'aria-pressed': String(value === this.range), onclick: () => this.setRange(value) }, text));
    this.spanButtons = [['last minute', true], ['since start', false]].map(([text, value]) =>
      h('button', { class: 'button', type: 'button', 'aria-pressed': String(value === this.recent), onclick: () => this.setSpan(value) }, text));
    this.lag = new Histogram({ title: 'Event-loop lag' });
    this.gc = new Histogram({ title: 'GC pauses by kind' });
    this.durations = new Histogram({ title: 'Request durations' });
    this.classes = h('span', { class: 'muted' });
    this.insideSection = h('div', { class: 'inside' },
      h('div', { class: 'bar' }, h('h2', { text: 'Distributions' }), h('div', { class: 'segments', role: 'group', 'aria-label': 'Time of the distributions' }, ...this.spanButtons), this.classes),
      h('div', { class: 'grid three' }, this.lag.element, this.gc.element, this.durations.element));
    this.none = h('p', { class: 'muted panel', hidden: true });
    this.element = h('div', { class: 'detail' },
      h('div', { class: 'head' }, h('div', {}, this.title, this.badges), this.buttons),
      this.crash,
      h('div', { class: 'tiles' }, ...this.tiles),
      h('div', { class: 'bar' }, h('h2', { text: 'Over time' }), h('div', { class: 'segments', role: 'group', 'aria-label': 'Length of the plots' }, ...this.rangeButtons)),
      h('div', { class: 'grid two' }, ...this.plots.map((p) => p.element)),
      this.none, this.insideSection, this.logs.element);
    this.parent.append(this.element);
  }

  // open shows another key.
  open(key) {
    this.key = key;
    this.data = { at: [], series: {} };
    this.buttonsFor = undefined;
    this.insideSection.hidden = true;
    this.logs.open(key, key === 'all' || key.startsWith('app:'));
    this.draw();
    this.load();
    this.loadInside();
  }

  async load() {
    const key = this.key;
    const history = await read(`/api/history?of=${encodeURIComponent(key)}`);
    if (history && key === this.key) {
      this.data = history;
      this.draw();
    }
  }

  async loadInside() {
    const key = this.key;
    const inside = await read(`/api/inside?of=${encodeURIComponent(key)}`);
    if (key !== this.key) return;
    this.inside = inside;
    this.insideSection.hidden = !inside;
    if (inside) this.drawInside();
  }

  drawInside() {
    const i = this.inside;
    if (!i) return;
    const of = (chart) => (this.recent ? chart.recent : chart.whole);
    this.lag.set(i.bounds, [{ label: i.isolates > 1 ? `${i.isolates} loops` : 'turns', colour: 'c1', counts: of(i.lag) }]);
    this.gc.set(i.bounds, i.gc.map((g) => ({ label: g.kind, colour: gcColours[g.kind] ?? 'c3', counts: of(g) })));
    this.durations.set(i.bounds, [{ label: 'requests', colour: 'c3', counts: of(i.requests) }]);
    const answered = i.classes.map((n, k) => (n ? `${k + 1}xx ${count(n)}` : '')).filter(Boolean).join('  ');
    setText(this.classes, answered ? `answers since the start: ${answered}${i.pending ? `, ${i.pending} under way` : ''}` : '');
  }

  setRange(range) {
    this.range = range;
    this.rangeButtons.forEach((b, k) => setAttribute(b, 'aria-pressed', String(ranges[k][1] === range)));
    this.draw();
  }

  setSpan(recent) {
    this.recent = recent;
    this.spanButtons.forEach((b, k) => setAttribute(b, 'aria-pressed', String((k === 0) === recent)));
    this.drawInside();
  }

  draw() {
    for (const p of this.plots) p.set(this.data, this.range);
  }

  // update takes the newest state.
  update(page) {
    const list = page.processes.filter((p) => this.key === 'all' || this.key === `app:${p.name}` || this.key === String(p.id));
    const spot = page.spots?.[this.key];
    this.append(page.at, spot);
    tiles.forEach(([name, , format], k) => setText(this.tiles[k].lastChild, format(spot?.[name])));
    this.tiles[4].classList.toggle('alarm', spot?.p99 >= 200);
    this.header(list, page);
    this.showCrash(list);
    this.showNone(list, spot);
    this.draw();
    this.ticks = (this.ticks ?? 0) + 1;
    if (this.ticks % 2 === 0 && !document.hidden) this.loadInside();
  }

  append(at, spot) {
    const d = this.data;
    if (!spot || d.at[d.at.length - 1] >= at) return;
    d.at.push(at);
    for (const [name] of tiles) (d.series[name] ??= Array(d.at.length - 1).fill(null)).push(spot[name] ?? null);
    if (d.at.length > 3600) {
      d.at.shift();
      for (const s of Object.values(d.series)) s.shift();
    }
  }

  header(list, page) {
    const one = list.length === 1 ? list[0] : undefined;
    const name = this.key === 'all' ? 'All processes' : (one?.name ?? this.key.replace(/^app:/, ''));
    setText(this.title, this.key !== 'all' && one && page.processes.filter((p) => p.name === one.name).length > 1 ? `${name} ${one.id}` : name);
    document.title = `${this.title.textContent} – Roost`;
    const badges = [];
    if (list.length) {
      const status = one ? one.status : worst(list);
      const up = list.filter((p) => p.status === 'online').length;
      badges.push([one ? status : `${up} of ${list.length} online`, `status ${statusClass(status)}`]);
    }
    if (one) {
      badges.push([one.mode.replace(/_mode$/, '')], [`id ${one.id}`]);
      if (one.pid) badges.push([`pid ${one.pid}`], [`up ${since(page.at - one.started)}`]);
      badges.push([`${one.restarts} restart${one.restarts === 1 ? '' : 's'}`, one.restarts ? 'status warn' : '']);
      if (one.watching) badges.push(['watching']);
      if (one.namespace !== 'default') badges.push([one.namespace]);
    } else if (this.key !== 'all' && list.length) {
      badges.push([`${list.reduce((n, p) => n + p.restarts, 0)} restarts`]);
    }
    while (this.badges.childElementCount > badges.length) this.badges.lastElementChild.remove();
    badges.forEach(([text, kind], k) => {
      const b = this.badges.children[k] ?? this.badges.appendChild(h('span', {}));
      setText(b, text);
      setClass(b, `badge ${kind ?? ''}`);
    });
    this.showButtons(list, page);
  }

  // showButtons makes the buttons anew only where they change, so that the focus stays.
  showButtons(list, page) {
    const app = this.key === 'all' ? undefined : list[0]?.name;
    const members = app ? (groups(page.processes).get(app) ?? []) : [];
    const runs = list.some((p) => p.pid);
    const signature = `${this.key} ${app} ${members.length} ${runs}`;
    if (signature === this.buttonsFor) return;
    const focused = this.buttons.contains(document.activeElement) ? document.activeElement.dataset.do : undefined;
    this.buttonsFor = signature;
    this.buttons.replaceChildren();
    if (!app) return;
    const target = this.key.replace(/^app:/, '');
    const label = this.title.textContent;
    const button = (text, kind, name, onclick) => {
      const b = h('button', { class: `button ${kind}`, type: 'button', 'data-do': name, onclick: () => onclick(b) }, text);
      return b;
    };
    const scale = (by) => async (b) => {
      if (by < 0 && !(await ask(`Run ${app} with ${members.length + by} process${members.length + by === 1 ? '' : 'es'} instead of ${members.length}?`, 'Scale down'))) return;
      await perform(b, { method: 'scale', target: app, count: members.length + by });
    };
    const fewer = button('−', '', 'fewer', scale(-1));
    const more = button('+', '', 'more', scale(1));
    fewer.disabled = members.length < 2;
    fewer.setAttribute('aria-label', `One process of ${app} fewer`);
    more.setAttribute('aria-label', `One process of ${app} more`);
    this.buttons.append(
      h('div', { class: 'scale', role: 'group', 'aria-label': `Processes of ${app}` }, fewer, h('span', { text: `× ${members.length}` }), more),
      button('Reload', 'primary', 'reload', (b) => perform(b, { method: 'reload', target: this.key.startsWith('app:') ? target : String(list[0].id) })),
      button(runs ? 'Restart' : 'Start', '', 'restart', (b) => perform(b, { method: 'restart', target })),
      button('Stop', 'danger', 'stop', async (b) => {
        if (await ask(`Stop ${label}? It serves nobody until it is started again.`, 'Stop')) await perform(b, { method: 'stop', target });
      }));
    if (!runs) for (const name of ['reload', 'stop']) this.buttons.querySelector(`[data-do="${name}"]`).disabled = true;
    if (focused) this.buttons.querySelector(`[data-do="${focused}"]`)?.focus();
  }

  // showCrash tells of processes that don't come up.
  showCrash(list) {
    const bad = list.filter((p) => p.status === 'errored' || p.status === 'waiting restart');
    const signature = JSON.stringify(bad.map((p) => [p.id, p.status, p.restarts, p.lastError]));
    if (signature === this.crashFor) return;
    this.crashFor = signature;
    this.crash.hidden = bad.length === 0;
    this.crash.replaceChildren(...bad.map((p) => h('div', {},
      h('p', {}, h('b', { text: `${p.name} ${p.id}` }), ` ${p.status === 'errored' ? 'gave up' : 'waits for its restart'} after ${p.restarts} restarts${p.lastExit ? `; it ended with ${p.lastExit}` : ''}.`),
      p.lastError?.length ? h('pre', { tabindex: '0', 'aria-label': 'Its last lines', text: p.lastError.join('\n') }) : null)));
  }

  showNone(list, spot) {
    let text = '';
    if (list.length === 0) text = this.key === 'all' ? 'Nothing runs yet.' : 'Nothing by this name is there any more.';
    else if (spot && spot.p99 === undefined) text = list.some((p) => p.pid) ? 'There are no figures of the event loop: Roost doesn’t run this program, or it has just come up.' : 'It doesn’t run.';
    this.none.hidden = text === '';
    setText(this.none, text);
  }
}
