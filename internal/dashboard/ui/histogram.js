// Histograms of durations on a canvas: the buckets on a logarithmic axis of time, the counts on a logarithmic one too, so that one long pause
// among a million short ones is seen.
import { count, time } from './format.js';
import { h, setText } from './dom.js';
import { colour, fitCanvas } from './plot.js';

const margin = { left: 8, right: 8, top: 6, bottom: 20 };
const marks = [0.01, 0.1, 1, 10, 100, 1000, 10000];

export class Histogram {
  constructor({ title, rowHeight }) {
    this.title = title;
    this.rowHeight = rowHeight;
    this.note = h('span', { class: 'muted note' });
    this.canvas = h('canvas', { role: 'img' });
    this.table = h('div', { class: 'rows' });
    this.element = h('figure', { class: 'panel histogram' }, h('figcaption', {}, h('h3', { text: title }), this.note), this.table, this.canvas);
    this.rows = [];
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  // set takes rows [{label, colour, counts}], counts as the server gives them.
  set(bounds, rows) {
    this.bounds = bounds;
    this.rows = rows;
    this.canvas.classList.toggle('tall', rows.length > 2);
    this.table.replaceChildren(...rows.map((r) => h('div', { class: 'row-figures' },
      h('span', {}, h('i', { class: `swatch ${r.colour}`, 'aria-hidden': 'true' }), r.label),
      ...[['count', count(r.counts.count)], ['p50', time(r.counts.p50)], ['p99', time(r.counts.p99)], ['longest ever', time(r.counts.max)]]
        .map(([name, value]) => h('span', { class: 'muted' }, `${name} `, h('b', { text: value }))))));
    this.canvas.setAttribute('aria-label', `${this.title}: ${rows.map((r) => `${r.label} ${r.counts.count} times, p50 ${time(r.counts.p50)}, p99 ${time(r.counts.p99)}, longest ${time(r.counts.max)}`).join('; ') || 'nothing was measured'}`);
    setText(this.note, rows.some((r) => r.counts.count) ? '' : 'nothing was measured');
    this.draw();
  }

  draw() {
    if (!this.canvas.isConnected || !this.bounds || this.canvas.clientWidth === 0) return;
    const { c, width, height } = fitCanvas(this.canvas);
    const used = this.range();
    const left = margin.left, right = width - margin.right, bottom = height - margin.bottom;
    const bar = (right - left) / (used[1] - used[0] + 1);
    this.axis(c, used, left, bar, bottom, width);
    const each = (bottom - margin.top) / Math.max(1, this.rows.length);
    const top = Math.log10(1 + Math.max(1, ...this.rows.flatMap((r) => r.counts.buckets)));
    this.rows.forEach((r, n) => {
      const base = margin.top + (n + 1) * each;
      c.fillStyle = colour('--grid');
      c.fillRect(left, Math.round(base) - 1, right - left, 1);
      c.fillStyle = colour(`--${r.colour}`);
      for (let k = used[0]; k <= used[1]; k++) {
        const v = r.counts.buckets[k];
        if (!v) continue;
        const tall = Math.max(2, (Math.log10(1 + v) / top) * (each - 6));
        c.fillRect(left + (k - used[0]) * bar + 0.5, base - 1 - tall, Math.max(1, bar - 1), tall);
      }
    });
  }

  // range is the buckets to show: those with anything in them, and two decades at the least.
  range() {
    let first = this.bounds.length, last = 0;
    for (const r of this.rows) {
      r.counts.buckets.forEach((v, k) => {
        if (v) [first, last] = [Math.min(first, k), Math.max(last, k)];
      });
    }
    if (first > last) [first, last] = [8, 48];
    first = Math.max(0, first - 2);
    last = Math.min(this.bounds.length - 1, Math.max(last + 2, first + 27));
    return [first, last];
  }

  axis(c, used, left, bar, bottom, width) {
    c.fillStyle = colour('--muted');
    c.textBaseline = 'top';
    for (const mark of marks) {
      const k = Math.log2(mark / this.bounds[0]) * 4 + 1; // bounds double every four buckets
      const x = left + (k - used[0]) * bar;
      if (k < used[0] || k > used[1] + 1) continue;
      c.fillRect(Math.round(x), bottom, 1, 4);
      c.textAlign = x < 24 ? 'left' : x > width - 24 ? 'right' : 'center';
      c.fillText(time(mark), x, bottom + 6);
    }
  }
}
