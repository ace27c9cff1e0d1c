// internal:punycode: RFC 3492, with the API that node:punycode documents.

const BASE = 36;
const TMIN = 1;
const TMAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 128;
const MAX_INT = 0x7fffffff;

const { floor } = Math;

function overflow(): never {
  throw new RangeError('Overflow: input needs wider integers to process');
}

function invalid(): never {
  throw new RangeError('Invalid input');
}

// RFC 3492, section 6.1.
function adapt(delta: number, points: number, first: boolean): number {
  delta = first ? floor(delta / DAMP) : delta >> 1;
  delta += floor(delta / points);
  let k = 0;
  while (delta > ((BASE - TMIN) * TMAX) >> 1) {
    delta = floor(delta / (BASE - TMIN));
    k += BASE;
  }
  return k + floor(((BASE - TMIN + 1) * delta) / (delta + SKEW));
}

function threshold(k: number, bias: number): number {
  return k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
}

function digitOf(code: number): number {
  if (code >= 48 && code < 58) return code - 22;
  if (code >= 65 && code < 91) return code - 65;
  if (code >= 97 && code < 123) return code - 97;
  return BASE;
}

function codeOf(digit: number): number {
  return digit < 26 ? digit + 97 : digit + 22;
}

/** The code points of a string; lone surrogates stand for themselves. */
export function ucs2decode(text: string): number[] {
  const points: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    if (point > 0xffff) i++;
    points.push(point);
  }
  return points;
}

export function ucs2encode(points: number[]): string {
  let text = '';
  for (const point of points) text += String.fromCodePoint(point);
  return text;
}

/** Decodes a label without its `xn--`. */
export function decode(input: string): string {
  const output: number[] = [];
  const basic = Math.max(input.lastIndexOf('-'), 0);
  for (let j = 0; j < basic; j++) {
    if (input.charCodeAt(j) >= 0x80) throw new RangeError('Illegal input >= 0x80 (not a basic code point)');
    output.push(input.charCodeAt(j));
  }
  let n = INITIAL_N;
  let i = 0;
  let bias = INITIAL_BIAS;
  for (let index = basic > 0 ? basic + 1 : 0; index < input.length;) {
    const before = i;
    for (let weight = 1, k = BASE; ; k += BASE) {
      if (index >= input.length) invalid();
      const digit = digitOf(input.charCodeAt(index++));
      if (digit >= BASE) invalid();
      if (digit > floor((MAX_INT - i) / weight)) overflow();
      i += digit * weight;
      const t = threshold(k, bias);
      if (digit < t) break;
      if (weight > floor(MAX_INT / (BASE - t))) overflow();
      weight *= BASE - t;
    }
    const size = output.length + 1;
    bias = adapt(i - before, size, before === 0);
    if (floor(i / size) > MAX_INT - n) overflow();
    n += floor(i / size);
    i %= size;
    output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}

/** Encodes a label; `xn--` isn't added. */
export function encode(input: string): string {
  const points = ucs2decode(input);
  let output = '';
  for (const point of points) if (point < 0x80) output += String.fromCharCode(point);
  const basic = output.length;
  let handled = basic;
  if (basic > 0) output += '-';
  let n = INITIAL_N;
  let delta = 0;
  let bias = INITIAL_BIAS;
  while (handled < points.length) {
    let next = MAX_INT;
    for (const point of points) if (point >= n && point < next) next = point;
    if (next - n > floor((MAX_INT - delta) / (handled + 1))) overflow();
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n && ++delta > MAX_INT) overflow();
      if (point !== n) continue;
      let q = delta;
      for (let k = BASE; ; k += BASE) {
        const t = threshold(k, bias);
        if (q < t) break;
        output += String.fromCharCode(codeOf(t + ((q - t) % (BASE - t))));
        q = floor((q - t) / (BASE - t));
      }
      output += String.fromCharCode(codeOf(q));
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return output;
}

// Applies a function to each label of a domain, or of the part after '@' of an address.
function mapLabels(domain: string, map: (label: string) => string): string {
  const at = domain.split('@');
  let prefix = '';
  if (at.length > 1) {
    prefix = `${at[0]}@`;
    domain = at[1];
  }
  return prefix + domain.replace(/[\u3002\uff0e\uff61]/g, '.').split('.').map(map).join('.');
}

export function toUnicode(input: string): string {
  return mapLabels(input, (label) => label.startsWith('xn--') ? decode(label.slice(4).toLowerCase()) : label);
}

export function toASCII(input: string): string {
  return mapLabels(input, (label) => /[^\0-\x7f]/.test(label) ? `xn--${encode(label)}` : label);
}
