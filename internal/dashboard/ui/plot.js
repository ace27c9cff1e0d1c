// A plot of figures over time on a canvas.
import { clock } from './format.js';
import { h, setText } from './dom.js';

const gap = 3500; // milliseconds without a figure that break a line
const margin = { left: 56, right: 10, top: 8, bottom: 20 };

// colours are those of the page's theme; they are read anew when it changes.
let colours = new Map();
export function forgetColours() {
  colours = new Map();
}
export function colour(name) {
  if (!colours.has(name)) colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return colours.get(name);
}

// fitCanvas gives a context whose unit is a CSS pixel, and the canvas's size in them.
export function fitCanvas(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const c = canvas.getContext('2d');
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, height);
  c.font = '11px system-ui, sans-serif';
  return { c, width, height };
}

// scale gives the steps of an axis from 0 to max; base 1024 is for bytes.
export function scale(max, base = 1000) {
  const unit = base === 1024 ? 1024 ** Math.floor(Math.log(Math.max(max, 1)) / Math.log(1024)) : 1;
  const raw = max / unit / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((n) => n * power >= raw) * power * unit;
  const n = Math.ceil(max / step - 1e-9);
  return Array.from({ length: n + 1 }, (_, k) => k * step);
}

// Plot has series [{key, label, colour, area}]; least is what the axis reaches at the least.
export class Plot {
  constructor({ title, series, format, least = 1, base = 1000 }) {
    Object.assign(this, { title, series, format, least, base, data: { at: [], series: {} }, range: 900000, at: undefined, waiting: false });
    this.values = series.map((s) => h('span', { class: 'value' }));
    this.when = h('span', { class: 'when muted' });
    this.canvas = h('canvas', { role: 'img', tabindex: '0', onkeydown: (e) => this.key(e), onblur: () => this.point(undefined),
      onpointermove: (e) => this.point(e.offsetX), onpointerleave: () => this.point(undefined) });
    const legend = h('div', { class: 'legend' }, this.when, ...series.map((s, k) =>
      h('span', {}, h('i', { class: `swatch ${s.colour}`, 'aria-hidden': 'true' }), s.label ? `${s.label} ` : '', this.values[k])));
    this.element = h('figure', { class: 'panel plot' }, h('figcaption', {}, h('h3', { text: title }), legend), this.canvas);
    new ResizeObserver(() => this.later()).observe(this.canvas);
  }

  set(data, range) {
    this.data = data;
    this.range = range;
    this.later();
  }

  later() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (this.canvas.isConnected && this.canvas.clientWidth > 0) this.draw();
    });
  }

  // point shows the figures at a place of the canvas, or the newest.
  point(x) {
    this.x = x;
    this.later();
  }

  key(e) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (!by) return;
    e.preventDefault();
    const right = this.canvas.clientWidth - margin.right;
    this.point(Math.min(Math.max((this.x ?? right) + by * (e.shiftKey ? 40 : 4), margin.left), right));
  }

  draw() {
    const { c, width, height } = fitCanvas(this.canvas);
    const { at } = this.data;
    const plot = { left: margin.left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom };
    const end = at.length ? at[at.length - 1] : Date.now();
    const begin = end - this.range;
    let first = at.findIndex((t) => t >= begin);
    if (first < 0) first = at.length;
    let max = this.least;
    for (const s of this.series) {
      const list = this.data.series[s.key] ?? [];
      for (let k = first; k < list.length; k++) if (list[k] > max) max = list[k];
    }
    const ticks = scale(max, this.base);
    const top = ticks[ticks.length - 1];
    const x = (t) => plot.left + ((t - begin) / this.range) * (plot.right - plot.left);
    const y = (v) => plot.bottom - (v / top) * (plot.bottom - plot.top);
    this.axes(c, plot, ticks, y, begin, end, x);
    for (const s of this.series) this.line(c, plot, s, first, x, y);
    this.show(c, plot, first, begin, x, y);
  }

  axes(c, plot, ticks, y, begin, end, x) {
    c.strokeStyle = colour('--grid');
    c.fillStyle = colour('--muted');
    c.lineWidth = 1;
    c.textAlign = 'right';
    c.textBaseline = 'middle';
    c.beginPath();
    for (const v of ticks) {
      const at = Math.round(y(v)) + 0.5;
      c.moveTo(plot.left, at);
      c.lineTo(plot.right, at);
      c.fillText(this.format(v), plot.left - 6, at);
    }
    c.stroke();
    c.textBaseline = 'top';
    c.textAlign = 'center';
    const steps = [60, 120, 300, 600, 900, 1800].map((s) => s * 1000);
    const step = steps.find((s) => ((plot.right - plot.left) * s) / this.range >= 60) ?? 3600000;
    for (let t = Math.ceil(begin / step) * step; t <= end; t += step) {
      const at = x(t);
      if (at > plot.left + 16 && at < plot.right - 16) c.fillText(clock(t, false), at, plot.bottom + 6);
    }
  }

  // line draws one series. Of several figures on one pixel the highest is shown: peaks matter.
  line(c, plot, s, first, x, y) {
    const { at } = this.data;
    const list = this.data.series[s.key] ?? [];
    const parts = [];
    let part, last = -1e15;
    for (let k = first; k < at.length; k++) {
      const v = list[k];
      if (v === null || v === undefined) continue;
      const px = Math.round(x(at[k]) * 2) / 2;
      if (!part || at[k] - last > gap) parts.push((part = []));
      last = at[k];
      const before = part[part.length - 1];
      if (before && before[0] === px) before[1] = Math.max(before[1], v);
      else part.push([px, v]);
    }
    c.strokeStyle = colour(`--${s.colour}`);
    c.lineWidth = 1.6;
    c.lineJoin = 'round';
    for (const points of parts) {
      c.beginPath();
      points.forEach(([px, v], k) => (k ? c.lineTo(px, y(v)) : c.moveTo(px, y(v))));
      if (points.length === 1) c.lineTo(points[0][0] + 1, y(points[0][1]));
      c.stroke();
      if (s.area) {
        c.lineTo(points[points.length - 1][0], plot.bottom);
        c.lineTo(points[0][0], plot.bottom);
        c.globalAlpha = 0.14;
        c.fillStyle = colour(`--${s.colour}`);
        c.fill();
        c.globalAlpha = 1;
      }
    }
  }

  // show writes the figures into the legend: those under the pointer, or the newest.
  show(c, plot, first, begin, x, y) {
    const { at } = this.data;
    let k = at.length - 1;
    const pointed = this.x !== undefined && k >= first;
    if (pointed) {
      const t = begin + ((this.x - plot.left) / (plot.right - plot.left)) * this.range;
      k = first;
      while (k < at.length - 1 && at[k + 1] <= t) k++;
      if (k < at.length - 1 && at[k + 1] - t < t - at[k]) k++;
      c.strokeStyle = colour('--muted');
      c.setLineDash([3, 3]);
      c.beginPath();
      c.moveTo(x(at[k]), plot.top);
      c.lineTo(x(at[k]), plot.bottom);
      c.stroke();
      c.setLineDash([]);
    }
    setText(this.when, pointed ? clock(at[k]) : '');
    const said = [];
    this.series.forEach((s, n) => {
      const v = this.data.series[s.key]?.[k];
      const known = v !== null && v !== undefined;
      setText(this.values[n], known ? this.format(v) : '–');
      said.push(`${s.label} ${known ? this.format(v) : 'unknown'}`.trim());
      if (pointed && known) {
        c.fillStyle = colour(`--${s.colour}`);
        c.beginPath();
        c.arc(x(at[k]), y(v), 3, 0, 7);
        c.fill();
      }
    });
    this.canvas.setAttribute('aria-label', `${this.title}${pointed ? ` at ${clock(at[k])}` : ''}: ${said.join(', ')}`);
  }
}

// spark draws a small line without axes.
export function spark(canvas, values, name, least) {
  const { c, width, height } = fitCanvas(canvas);
  if (values.length < 2) return;
  const top = Math.max(least, ...values.map((v) => v ?? 0));
  const step = width / (values.length - 1);
  c.strokeStyle = colour(name);
  c.lineWidth = 1.3;
  c.beginPath();
  let open = false;
  values.forEach((v, k) => {
    if (v === null || v === undefined) return (open = false);
    const y = height - 1.5 - (v / top) * (height - 3);
    if (open) c.lineTo(k * step, y);
    else c.moveTo(k * step, y);
    open = true;
  });
  c.stroke();
}
