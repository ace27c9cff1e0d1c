// Figures as people read them.

export function bytes(n) {
  if (n === undefined || n === null) return '–';
  if (n < 1024) return `${Math.round(n)} B`;
  if (n < 1024 ** 2) return `${Math.round(n / 1024)} KB`;
  if (n < 100 * 1024 ** 2) return `${(n / 1024 ** 2).toFixed(1)} MB`;
  if (n < 1024 ** 3) return `${Math.round(n / 1024 ** 2)} MB`;
  return `${(n / 1024 ** 3).toFixed(2)} GB`;
}

export function percent(p) {
  if (p === undefined || p === null) return '–';
  return p >= 100 ? `${Math.round(p)} %` : `${p.toFixed(1)} %`;
}

// time takes milliseconds and shows a duration with three digits at the most.
export function time(ms) {
  if (ms === undefined || ms === null) return '–';
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10000 ? 1 : 0)} s`;
}

export function rate(r) {
  if (r === undefined || r === null) return '–';
  if (r >= 100000) return `${Math.round(r / 1000)}k`;
  if (r >= 10000) return `${(r / 1000).toFixed(1)}k`;
  if (r >= 100) return String(Math.round(r));
  return r.toFixed(1);
}

export function count(n) {
  if (n === undefined || n === null) return '–';
  if (n >= 1e9) return `${(n / 1e9).toFixed(1)} G`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  if (n >= 1e4) return `${(n / 1e3).toFixed(1)}k`;
  return String(n);
}

export function since(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

export function clock(ms, seconds = true) {
  const d = new Date(ms);
  const two = (n) => String(n).padStart(2, '0');
  return `${two(d.getHours())}:${two(d.getMinutes())}${seconds ? `:${two(d.getSeconds())}` : ''}`;
}
