// What a log line says: its level, and its text without or with the colours that the program gave it.

export const levels = ['debug', 'info', 'warn', 'error'];

const words = {
  trace: 'debug', silly: 'debug', verbose: 'debug', debug: 'debug', log: 'info', info: 'info', notice: 'info', http: 'info',
  warn: 'warn', warning: 'warn', error: 'error', err: 'error', fatal: 'error', crit: 'error', critical: 'error', alert: 'error', emerg: 'error', panic: 'error',
};

// Only what stands before the message counts, so that a sentence with "error" in it isn't one.
const head = /^(?:\[[^\]]*\]\s*)?(?:[^A-Za-z]|\b(?:AM|PM)\b|T(?=\d)|Z(?=\W))*\b(trace|silly|verbose|debug|log|info|notice|http|warn|warning|error|err|fatal|crit|critical|alert|emerg|panic)\b(?![\w-])/i;
const exception = /^\s*(?:Uncaught\s+)?[A-Z]\w*(?:Error|Exception)\b/;

// level gives debug, info, warn or error: by the JSON of pino, bunyan and winston, the head of Nest's and others' lines, else by the stream.
export function level(text, isErr) {
  if (text.startsWith('{')) {
    const found = jsonLevel(text);
    if (found) return found;
  }
  const plain = strip(text);
  const match = head.exec(plain.slice(0, 160));
  if (match) return words[match[1].toLowerCase()];
  if (exception.test(plain)) return 'error';
  return isErr ? 'error' : 'info';
}

function jsonLevel(text) {
  let record;
  try {
    record = JSON.parse(text);
  } catch {
    return undefined;
  }
  const l = record?.level ?? record?.severity;
  if (typeof l === 'number') return l < 30 ? 'debug' : l < 40 ? 'info' : l < 50 ? 'warn' : 'error';
  return typeof l === 'string' ? words[l.toLowerCase()] : undefined;
}

// All escape sequences: colours (ending in m), other CSI, OSC with its end, and single ones.
const escapes = /\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_]?)/g;
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

export function strip(text) {
  return text.replace(escapes, '').replace(controls, '');
}

// spans cuts a line where its colours change: [{text, colour, bold}], colour 0 to 7 or undefined.
export function spans(text) {
  const out = [];
  let colour, bold = false, last = 0;
  const put = (part) => {
    part = part.replace(controls, '');
    if (part) out.push({ text: part, colour, bold });
  };
  for (const match of text.matchAll(escapes)) {
    put(text.slice(last, match.index));
    last = match.index + match[0].length;
    const sgr = /^\x1b\[([0-9;]*)m$/.exec(match[0]);
    if (sgr) [colour, bold] = style(sgr[1], colour, bold);
  }
  put(text.slice(last));
  return out;
}

function style(codes, colour, bold) {
  const list = codes.split(';').map(Number);
  for (let k = 0; k < list.length; k++) {
    const c = list[k];
    if (c === 0) [colour, bold] = [undefined, false];
    else if (c === 1) bold = true;
    else if (c === 22) bold = false;
    else if (c >= 30 && c <= 37) colour = c - 30;
    else if (c >= 90 && c <= 97) colour = c - 90;
    else if (c === 39) colour = undefined;
    else if (c === 38 && list[k + 1] === 5) {
      colour = list[k + 2] < 16 ? list[k + 2] % 8 : nearest(list[k + 2]);
      k += 2;
    } else if (c === 38 && list[k + 1] === 2) k += 4;
    else if (c === 48) k += list[k + 1] === 5 ? 2 : 4;
  }
  return [colour, bold];
}

// nearest takes a colour of the 6x6x6 cube to one of eight.
function nearest(n) {
  if (!(n >= 16 && n < 232)) return undefined;
  const [r, g, b] = [Math.floor((n - 16) / 36), Math.floor((n - 16) / 6) % 6, (n - 16) % 6];
  return (r >= 3 ? 1 : 0) | (g >= 3 ? 2 : 0) | (b >= 3 ? 4 : 0);
}
