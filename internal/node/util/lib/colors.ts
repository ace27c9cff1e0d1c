// Colors of terminals: whether to use them, and util.styleText.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utilstyletextformat-text-options

import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateBoolean, validateObject, validateOneOf, validateString } from 'internal:validators';
import { inspect } from 'internal:util/inspect';

/** Whether text for stream may hold escape codes: FORCE_COLOR decides, else the terminal. */
export function shouldColorize(stream: any): boolean {
  const { env } = load('node:process').default;
  const force = env.FORCE_COLOR;
  if (force !== undefined) {
    return force === '' || force === '1' || force === 'true' || force === '2' || force === '3';
  }
  return Boolean(stream?.isTTY) && (typeof stream.getColorDepth !== 'function' || stream.getColorDepth() > 2);
}

function isStream(value: any): boolean {
  if (value === null || typeof value !== 'object') {
    return false;
  }
  return value._readableState !== undefined || value._writableState !== undefined ||
    (typeof value.on === 'function' && (typeof value.write === 'function' || typeof value.pipe === 'function')) ||
    typeof value.getReader === 'function' || typeof value.getWriter === 'function';
}

function hexColor(format: string): [string, string] | undefined {
  const match = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(format);
  if (match === null) {
    return undefined;
  }
  const digits = match[1].length === 3 ? match[1].replace(/./g, '$&$&') : match[1];
  const part = (at: number) => parseInt(digits.slice(at, at + 2), 16);
  return [`38;2;${part(0)};${part(2)};${part(4)}`, '39'];
}

/** text in a color or style, or several. options: validateStream (whether stream decides), stream (stdout when left out). */
export function styleText(format: string | string[], text: string, options: any = {}): string {
  const { validateStream = true, stream } = options;
  validateString(text, 'text');
  validateObject(options, 'options');
  validateBoolean(validateStream, 'options.validateStream');
  let plain = false;
  if (validateStream) {
    if (stream !== undefined && !isStream(stream)) {
      throw new codes.ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
    }
    plain = !shouldColorize(stream ?? load('node:process').default.stdout);
  }
  const formats = Array.isArray(format) ? format : [format];
  let open = '';
  let close = '';
  for (const key of formats) {
    if (key === 'none') {
      continue;
    }
    let pair: any = typeof key === 'string' ? inspect.colors[key] ?? hexColor(key) : undefined;
    if (pair === undefined || pair.length !== 2) {
      validateOneOf(key, 'format', Object.getOwnPropertyNames(inspect.colors));
      pair = inspect.colors[key];
    }
    const start = `\u001b[${pair[0]}m`;
    const end = `\u001b[${pair[1]}m`;
    if (!plain) {
      // A style inside that ends with the same code would end this one too: start again after it, unless nothing follows. Bold and dim
      // share their end, which therefore stays.
      const again = key === 'bold' || key === 'dim' ? end + start : start;
      const last = text.length - end.length;
      text = text.endsWith(end) ? text.slice(0, last).replaceAll(end, again) + end : text.replaceAll(end, again);
    }
    open += start;
    close = end + close;
  }
  return plain ? text : `${open}${text}${close}`;
}
