// Keys of a terminal: turns what a terminal sends into 'keypress' events.
// https://nodejs.org/docs/latest-v24.x/api/readline.html#readlineemitkeypresseventsstream-interface
import { StringDecoder } from 'internal:stringdecoder';
import { clearTimeout, setTimeout } from 'internal:timers';

const kDecoder = Symbol('keypress-decoder');
const kParser = Symbol('keypress-parser');
const ESC = '\x1b';
const ESCAPE_TIMEOUT = 500;

interface Key {
  sequence: string;
  name: string | undefined;
  ctrl: boolean;
  meta: boolean;
  shift: boolean;
  code?: string;
}

// What terminals send after ESC: xterm, gnome, rxvt, putty, the Linux console, Cygwin. A name may be followed by modifiers.
const sequences: Record<string, string> = { __proto__: null as never };
function add(name: string, ...list: string[]): void {
  for (const code of list) {
    sequences[code] = name;
  }
}
add('f1', 'OP', '[11~', '[[A', '[P');
add('f2', 'OQ', '[12~', '[[B', '[Q');
add('f3', 'OR', '[13~', '[[C', '[R');
add('f4', 'OS', '[14~', '[[D', '[S');
add('f5', '[15~', '[[E');
add('f6', '[17~');
add('f7', '[18~');
add('f8', '[19~');
add('f9', '[20~');
add('f10', '[21~');
add('f11', '[23~');
add('f12', '[24~');
add('paste-start', '[200~');
add('paste-end', '[201~');
add('up', '[A', 'OA');
add('down', '[B', 'OB');
add('right', '[C', 'OC');
add('left', '[D', 'OD');
add('clear', '[E', 'OE');
add('end', '[F', 'OF', '[4~', '[8~');
add('home', '[H', 'OH', '[1~', '[7~');
add('insert', '[2~');
add('delete', '[3~');
add('pageup', '[5~', '[[5~');
add('pagedown', '[6~', '[[6~');
add('up+shift', '[a');
add('down+shift', '[b');
add('right+shift', '[c');
add('left+shift', '[d');
add('clear+shift', '[e');
for (const [code, name] of [['2', 'insert'], ['3', 'delete'], ['5', 'pageup'], ['6', 'pagedown'], ['7', 'home'], ['8', 'end']]) {
  add(`${name}+shift`, `[${code}$`);
  add(`${name}+ctrl`, `[${code}^`);
}
add('up+ctrl', 'Oa');
add('down+ctrl', 'Ob');
add('right+ctrl', 'Oc');
add('left+ctrl', 'Od');
add('clear+ctrl', 'Oe');
add('tab+shift', '[Z');

/** Length in UTF-16 units of the character at index. */
export function charLengthAt(text: string, index: number): number {
  if (text.length <= index) {
    return 1;
  }
  return (text.codePointAt(index) as number) >= 0x10000 ? 2 : 1;
}
/** Length in UTF-16 units of the character before index. */
export function charLengthLeft(text: string, index: number): number {
  if (index <= 0) {
    return 0;
  }
  if ((index > 1 && (text.codePointAt(index - 2) as number) >= 0x10000) || (text.codePointAt(index - 1) as number) >= 0x10000) {
    return 2;
  }
  return 1;
}

/** Takes text character by character and emits a key whenever one is complete. */
class Parser {
  #stream: any;
  #pending = ''; // begins with ESC
  constructor(stream: any) {
    this.#stream = stream;
  }
  /** Whether an escape sequence has begun. */
  get waiting(): boolean {
    return this.#pending !== '';
  }
  feed(char: string): void {
    const before = this.#pending;
    if (before === '') {
      if (char === ESC) {
        this.#pending = ESC;
      } else {
        this.#plain(char, char, false);
      }
      return;
    }
    if (before === ESC) {
      if (char === ESC) {
        // Two of them: the second may begin a sequence with meta.
        this.#pending = ESC + ESC;
      } else if (char === 'O' || char === '[') {
        this.#pending += char;
      } else {
        this.#pending = '';
        this.#plain(char, before + char, true);
      }
      return;
    }
    if (before === ESC + ESC) {
      if (char === 'O' || char === '[') {
        this.#pending += char;
      } else {
        this.#pending = '';
        this.#plain(char, before + char, true);
      }
      return;
    }
    this.#pending += char;
    const code = this.#pending.slice(this.#pending.lastIndexOf(ESC) + 1);
    if (this.#complete(code)) {
      const sequence = this.#pending;
      this.#pending = '';
      this.#sequence(sequence, code, sequence.startsWith(ESC + ESC));
    }
  }
  /** No more comes in time: what there is stands for itself. */
  flush(): void {
    const rest = this.#pending;
    this.#pending = '';
    if (rest === '') {
      return;
    }
    if (rest === ESC || rest === ESC + ESC) {
      this.#emit(undefined, { sequence: rest, name: 'escape', ctrl: false, meta: true, shift: false });
      return;
    }
    // ESC O or ESC [ and perhaps digits.
    const char = rest[rest.length - 1];
    if (rest.length === 2) {
      this.#plain(char, rest, true);
    } else {
      const code = rest.slice(rest.lastIndexOf(ESC) + 1);
      this.#emit(undefined, { sequence: rest, name: 'undefined', ctrl: false, meta: false, shift: false, code });
    }
  }
  #complete(code: string): boolean {
    if (code[0] === 'O') {
      return code.length > 1 && !/^O[0-9]$/.test(code);
    }
    // [[A, [[5~
    if (code[1] === '[') {
      return code.length > 2 && !/^\[\[[0-9]$/.test(code);
    }
    return code.length > 1 && !/^\[[0-9]{1,3}(;[0-9]{0,3})?$/.test(code);
  }
  #sequence(sequence: string, code: string, escaped: boolean): void {
    let modifier = 0;
    let m = /^O([0-9])(.)$/s.exec(code);
    if (m !== null) {
      modifier = Number(m[1]) - 1;
      code = `O${m[2]}`;
    } else {
      // [15;5~  [200~  [1;5A  [5A
      if ((m = /^\[([0-9]{3}|[0-9]{1,2}(?=;|[~^$]))(?:;([0-9]))?([~^$])$/.exec(code)) !== null) {
        code = `[${m[1]}${m[3]}`;
        modifier = Number(m[2] || 1) - 1;
      } else if ((m = /^\[(?:[0-9];)?([0-9])?([A-Za-z])$/.exec(code)) !== null) {
        code = `[${m[2]}`;
        modifier = Number(m[1] || 1) - 1;
      }
    }
    const found = sequences[code] ?? 'undefined';
    const [name, held] = found.split('+');
    this.#emit(undefined, {
      sequence,
      name,
      ctrl: (modifier & 4) !== 0 || held === 'ctrl',
      meta: (modifier & 10) !== 0 || escaped,
      shift: (modifier & 1) !== 0 || held === 'shift',
      code,
    });
  }
  #plain(char: string, sequence: string, escaped: boolean): void {
    const key: Key = { sequence, name: undefined, ctrl: false, meta: escaped, shift: false };
    if (char === '\r') {
      key.name = 'return';
    } else if (char === '\n') {
      key.name = 'enter';
    } else if (char === '\t') {
      key.name = 'tab';
    } else if (char === '\b' || char === '\x7f') {
      key.name = 'backspace';
    } else if (char === ESC) {
      key.name = 'escape';
    } else if (char === ' ') {
      key.name = 'space';
    } else if (char <= '\x1a') {
      key.name = String.fromCharCode(char.charCodeAt(0) + 96);
      key.ctrl = true;
    } else if (/^[0-9A-Za-z]$/.test(char)) {
      key.name = char.toLowerCase();
      key.shift = /^[A-Z]$/.test(char);
    }
    this.#emit(escaped ? undefined : char, key);
  }
  #emit(char: string | undefined, key: Key): void {
    this.#stream.emit('keypress', char, key);
  }
}

/** Makes a stream emit 'keypress' once someone listens to it. iface: the Interface that reads it, if any */
export function emitKeypressEvents(stream: any, iface: any = {}): void {
  if (stream[kDecoder]) {
    return;
  }
  stream[kDecoder] = new (StringDecoder as any)('utf8');
  const parser: Parser = stream[kParser] = new Parser(stream);
  const timeout = iface?.escapeCodeTimeout ?? ESCAPE_TIMEOUT;
  let timer: any;
  const flush = () => parser.flush();

  function onData(input: any): void {
    if (stream.listenerCount('keypress') === 0) {
      stream.removeListener('data', onData);
      stream.on('newListener', onNewListener);
      return;
    }
    const text = stream[kDecoder].write(input);
    if (!text) {
      return;
    }
    clearTimeout(timer);
    // Only the last of several characters may ask for completion: a pasted tab doesn't.
    let length = 0;
    for (const char of text) {
      length += char.length;
      iface.isCompletionEnabled = length === text.length;
      parser.feed(char);
    }
    iface.isCompletionEnabled = true;
    if (parser.waiting) {
      timer = setTimeout(flush, timeout);
    }
  }
  function onNewListener(event: string): void {
    if (event === 'keypress') {
      stream.on('data', onData);
      stream.removeListener('newListener', onNewListener);
    }
  }
  if (stream.listenerCount('keypress') > 0) {
    stream.on('data', onData);
  } else {
    stream.on('newListener', onNewListener);
  }
}
