// readline.Interface: lines from a stream, with an editor when the stream is a terminal.
// https://nodejs.org/docs/latest-v24.x/api/readline.html#class-readlineinterface
import { AbortError, codes } from 'internal:errors';
import { load } from 'internal:load';
import { EventEmitter, on } from 'internal:events';
import { addAbortListener } from 'internal:events/abort';
import { kFirstEventParam } from 'internal:events/emitter';
import { StringDecoder } from 'internal:stringdecoder';
import { nextTick } from 'internal:process/task';
import { getStringWidth } from 'internal:util/stringwidth';
import { stripVTControlCharacters } from 'internal:util/inspect';
import {
  validateAbortSignal, validateArray, validateNumber, validateString, validateUint32,
} from 'internal:validators';
import { clearScreenDown, cursorTo, moveCursor } from 'internal:readline/callbacks';
import { charLengthAt, charLengthLeft, emitKeypressEvents } from 'internal:readline/keypress';

const { setPrototypeOf, defineProperty } = Object;

const lineEnding = /\r\n|\n|\r(?!\n)|\u2028|\u2029/g;
const historyDefault = 30;
const crlfMinimum = 100;
const undoMax = 2048;
const killRingMax = 32;

const kOldPrompt = Symbol('_oldPrompt');
const kPrompt = Symbol('_prompt');
const kQuestion = Symbol('_questionCallback');
const kDecoder = Symbol('_decoder');
const kSawReturnAt = Symbol('_sawReturnAt');
const kRest = Symbol('_line_buffer');
const kSawKeyPress = Symbol('_sawKeyPress');
const kPreviousKey = Symbol('_previousKey');
const kPrevRows = Symbol('prevRows');
const kPreviousCols = Symbol('_previousCursorCols');
const kUndo = Symbol('_undoStack');
const kRedo = Symbol('_redoStack');
const kYanking = Symbol('_yanking');
const kKillRing = Symbol('_killRing');
const kKillCursor = Symbol('_killRingCursor');
/** What entries of the history must begin with while the arrows walk it; null: they don't. */
export const kSearch = Symbol('kSubstringSearch');
const kIterator = Symbol('line object stream');
const kDuplicates = Symbol('removeHistoryDuplicates');
/** Ends a pending question; used by the promise form. */
export const kQuestionCancel = Symbol('kQuestionCancel');
export const kQuestionStart = Symbol('kQuestion');

export function Interface(this: any, input: any, output?: any, completer?: any, terminal?: any): any {
  if (!(this instanceof (Interface as any))) {
    return new (Interface as any)(input, output, completer, terminal);
  }
  EventEmitter.call(this);
  this.isCompletionEnabled = true;
  this[kSawReturnAt] = 0;
  this[kSawKeyPress] = false;
  this[kPreviousKey] = null;
  this.escapeCodeTimeout = 500;
  this.tabSize = 8;
  let crlfDelay: any;
  let prompt: any = '> ';
  let signal: any;
  let history: any;
  let historySize: any;
  let removeHistoryDuplicates = false;
  if (input?.input) {
    const options = input;
    output = options.output;
    completer = options.completer;
    terminal = options.terminal;
    signal = options.signal;
    ({ history, historySize, removeHistoryDuplicates = false } = options);
    if (options.tabSize !== undefined) {
      validateUint32(options.tabSize, 'tabSize', true);
      this.tabSize = options.tabSize;
    }
    if (options.prompt !== undefined) {
      prompt = options.prompt;
    }
    if (options.escapeCodeTimeout !== undefined) {
      if (!Number.isFinite(options.escapeCodeTimeout)) {
        throw new codes.ERR_INVALID_ARG_VALUE('input.escapeCodeTimeout', options.escapeCodeTimeout);
      }
      this.escapeCodeTimeout = options.escapeCodeTimeout;
    }
    if (signal) {
      validateAbortSignal(signal, 'options.signal');
    }
    crlfDelay = options.crlfDelay;
    input = options.input;
  }
  if (completer !== undefined && typeof completer !== 'function') {
    throw new codes.ERR_INVALID_ARG_VALUE('completer', completer);
  }
  if (history === undefined) {
    history = [];
  } else {
    validateArray(history, 'history');
  }
  historySize ??= historyDefault;
  validateNumber(historySize, 'historySize', 0);
  if (terminal === undefined && output != null) {
    terminal = output.isTTY;
  }
  this.line = '';
  this.output = output;
  this.input = input;
  this[kUndo] = [];
  this[kRedo] = [];
  this.history = history;
  this.historySize = historySize;
  this.historyIndex = -1;
  this[kDuplicates] = !!removeHistoryDuplicates;
  this[kKillRing] = [];
  this[kKillCursor] = 0;
  this[kPreviousCols] = -1;
  this[kSearch] = null;
  this.crlfDelay = crlfDelay ? Math.max(crlfMinimum, crlfDelay) : crlfMinimum;
  this.completer = completer;
  this[kPrompt] = `${prompt}`;
  this.terminal = !!terminal;
  if (this.terminal && load('internal:process').process.env.TERM === 'dumb') {
    this._ttyWrite = writeDumb.bind(this);
  }
  this.cursor = 0;
  this[kPrevRows] = 0;
  this.closed = false;
  this[kQuestion] = null;
  this[kIterator] = undefined;
  start(this, input, output);
  if (signal) {
    const close = () => this.close();
    if (signal.aborted) {
      nextTick(close);
    } else {
      const disposable = addAbortListener(signal, close);
      this.once('close', () => disposable[Symbol.dispose]());
    }
  }
}
setPrototypeOf(Interface.prototype, EventEmitter.prototype);
setPrototypeOf(Interface, EventEmitter);

function start(rl: any, input: any, output: any): void {
  const onError = (err: any) => rl.emit('error', err);
  input.on('error', onError);
  if (!rl.terminal) {
    const onData = (data: any) => rl._normalWrite(data);
    const onEnd = () => {
      if (typeof rl[kRest] === 'string' && rl[kRest].length > 0) {
        const line = rl[kRest];
        rl[kRest] = '';
        rl.emit('line', line);
      }
      rl.close();
    };
    rl[kDecoder] = new (StringDecoder as any)('utf8');
    input.on('data', onData);
    input.on('end', onEnd);
    rl.once('close', () => {
      input.removeListener('data', onData);
      input.removeListener('end', onEnd);
      input.removeListener('error', onError);
    });
    input.resume();
  } else {
    const onKeypress = (s: any, key: any) => {
      rl._ttyWrite(s, key);
      if (key?.sequence) {
        // A key that is half a surrogate pair or a dead key: draw again.
        const code = key.sequence.codePointAt(0);
        if (code >= 0xd800 && code <= 0xdfff) {
          rl._refreshLine();
        }
      }
    };
    const onEnd = () => {
      if (typeof rl.line === 'string' && rl.line.length > 0) {
        rl.emit('line', rl.line);
      }
      rl.close();
    };
    const onResize = () => rl._refreshLine();
    emitKeypressEvents(input, rl);
    input.on('keypress', onKeypress);
    input.on('end', onEnd);
    rl._setRawMode(true);
    rl.terminal = true;
    rl.cursor = 0;
    if (rl.history.length === 0 || rl.historyIndex === undefined) {
      rl.historyIndex = -1;
    }
    if (output != null) {
      output.on('resize', onResize);
    }
    rl.once('close', () => {
      input.removeListener('keypress', onKeypress);
      input.removeListener('error', onError);
      input.removeListener('end', onEnd);
      if (output != null) {
        output.removeListener('resize', onResize);
      }
    });
    input.resume();
  }
  input.resume();
}

const proto = Interface.prototype;

defineProperty(proto, 'columns', {
  configurable: true,
  enumerable: false,
  get(this: any) {
    return this.output?.columns ? this.output.columns : Infinity;
  },
});

function open(rl: any): void {
  if (rl.closed) {
    throw new codes.ERR_USE_AFTER_CLOSE('readline');
  }
}

proto.setPrompt = function(this: any, prompt: any): void {
  this[kPrompt] = prompt;
};
proto.getPrompt = function(this: any): any {
  return this[kPrompt];
};
/** Switches the terminal between lines and single keys. @returns the mode before */
proto._setRawMode = function(this: any, mode: boolean): any {
  const { input } = this;
  const { isRaw } = input;
  input.setRawMode?.(mode);
  return isRaw;
};
proto.prompt = function(this: any, preserveCursor?: boolean): void {
  if (this.paused) {
    this.resume();
  }
  if (this.terminal && load('internal:process').process.env.TERM !== 'dumb') {
    if (!preserveCursor) {
      this.cursor = 0;
    }
    this._refreshLine();
  } else {
    this._writeToOutput(this[kPrompt]);
  }
};

proto[kQuestionStart] = function(this: any, query: any, callback: any): void {
  open(this);
  if (this[kQuestion]) {
    this.prompt();
    return;
  }
  this[kOldPrompt] = this[kPrompt];
  this.setPrompt(query);
  this[kQuestion] = callback;
  this.prompt();
};
proto[kQuestionCancel] = function(this: any): void {
  if (this[kQuestion]) {
    this[kQuestion] = null;
    this.setPrompt(this[kOldPrompt]);
    this.clearLine();
  }
};

/** Asks and calls back with the line. Arguments: query, [options {signal}], callback. */
proto.question = function(this: any, query: any, options: any, callback?: any): void {
  const answer = typeof options === 'function' ? options : callback;
  const signal = options?.signal;
  if (!signal || typeof options !== 'object') {
    if (typeof answer === 'function') this[kQuestionStart](query, answer);
    return;
  }
  validateAbortSignal(signal, 'options.signal');
  if (signal.aborted) return;
  const listening = addAbortListener(signal, () => this[kQuestionCancel]());
  this[kQuestionStart](query, (line: any) => {
    listening[Symbol.dispose]();
    if (typeof answer === 'function') answer(line);
  });
};
defineProperty(proto.question, Symbol.for('nodejs.util.promisify.custom'), {
  configurable: true,
  value: function question(this: any, query: any, options: any): Promise<any> {
    if (options === null || typeof options !== 'object') {
      options = {};
    }
    if (options.signal?.aborted) {
      return Promise.reject(new AbortError(undefined, { cause: options.signal.reason }));
    }
    return new Promise((resolve, reject) => {
      let callback: any = resolve;
      if (options.signal) {
        const disposable = addAbortListener(options.signal, () => reject(new AbortError(undefined, { cause: options.signal.reason })));
        callback = (answer: any) => {
          disposable[Symbol.dispose]();
          resolve(answer);
        };
      }
      this.question(query, options, callback);
    });
  },
});

proto._onLine = function(this: any, line: any): void {
  const callback = this[kQuestion];
  if (callback) {
    this[kQuestion] = null;
    this.setPrompt(this[kOldPrompt]);
    callback(line);
  } else {
    this.emit('line', line);
  }
};
proto._writeToOutput = function(this: any, text: any): void {
  validateString(text, 'stringToWrite');
  if (this.output != null) {
    this.output.write(text);
  }
};

proto.close = function(this: any): void {
  if (this.closed) {
    return;
  }
  this.pause();
  if (this.terminal) {
    this._setRawMode(false);
  }
  this.closed = true;
  this.emit('close');
};
proto[Symbol.dispose] = function(this: any): void {
  this.close();
};
proto.pause = function(this: any): any {
  open(this);
  if (this.paused) {
    return this;
  }
  this.input.pause();
  this.paused = true;
  this.emit('pause');
  return this;
};
proto.resume = function(this: any): any {
  open(this);
  if (!this.paused) {
    return this;
  }
  this.input.resume();
  this.paused = false;
  this.emit('resume');
  return this;
};
proto.write = function(this: any, data: any, key?: any): void {
  open(this);
  if (this.paused) {
    this.resume();
  }
  if (this.terminal) {
    this._ttyWrite(data, key);
  } else {
    this._normalWrite(data);
  }
};

proto._normalWrite = function(this: any, data: any): void {
  if (data === undefined) {
    return;
  }
  let text = this[kDecoder].write(data);
  if (this[kSawReturnAt] && Date.now() - this[kSawReturnAt] <= this.crlfDelay) {
    if (text.codePointAt(0) === 10) {
      text = text.slice(1);
    }
    this[kSawReturnAt] = 0;
  }
  // A \r at the end may be the first half of \r\n: the line is given now, the other half ignored later.
  lineEnding.lastIndex = 0;
  let ending = lineEnding.exec(text);
  if (ending === null) {
    if (text) {
      this[kRest] = this[kRest] ? this[kRest] + text : text;
    }
    return;
  }
  this[kSawReturnAt] = text.endsWith('\r') ? Date.now() : 0;
  const lines: string[] = [];
  let from = 0;
  while (ending !== null) {
    lines.push(text.slice(from, ending.index));
    from = lineEnding.lastIndex;
    ending = lineEnding.exec(text);
  }
  if (this[kRest]) {
    lines[0] = this[kRest] + lines[0];
  }
  // Set before any listener runs: it may close or write.
  this[kRest] = text.slice(from);
  for (const line of lines) {
    this._onLine(line);
  }
};

proto[Symbol.asyncIterator] = function(this: any): any {
  if (this[kIterator] === undefined) {
    this[kIterator] = on(this, 'line', { close: ['close'], highWaterMark: 1024, [kFirstEventParam]: true });
  }
  return this[kIterator];
};

// ---------------------------------------------------------------------------------------------------------------
// The editor
// ---------------------------------------------------------------------------------------------------------------

/** How many cells a line of text takes on a terminal of so many columns, what is left empty at its edge included. */
function cellsOf(line: string, columns: number, tabSize: number): number {
  let cells = 0;
  for (const char of line) {
    const width = char === '\t' ? tabSize - (cells % tabSize) : getStringWidth(char, false);
    // A wide character doesn't straddle the edge.
    const straddles = char !== '\t' && width > 1 && (cells + 1) % columns === 0;
    cells += width + Number(straddles);
  }
  return cells;
}

const plain = /^[ -~]*$/; // a cell each

/** Rows and columns that text takes on the terminal: where the cursor stands behind it. */
proto._getDisplayPos = function(this: any, text: string): { cols: number; rows: number } {
  const { columns, tabSize } = this;
  if (plain.test(text)) {
    return { cols: text.length % columns, rows: Math.floor(text.length / columns) };
  }
  const cells = stripVTControlCharacters(text).split('\n').map((line: string) => cellsOf(line, columns, tabSize));
  const last = cells.pop() as number;
  // A line that fills its row ends in it, an empty one takes a row as well.
  const above = cells.reduce((rows: number, n: number) => rows + (Math.ceil(n / columns) || 1), 0);
  const cols = last % columns;
  return { cols, rows: above + (last - cols) / columns };
};
proto.getCursorPos = function(this: any): { cols: number; rows: number } {
  return this._getDisplayPos(this[kPrompt] + this.line.slice(0, this.cursor));
};
proto._getCursorPos = proto.getCursorPos;

proto._refreshLine = function(this: any): void {
  const { output } = this;
  const whole = this[kPrompt] + this.line;
  const end = this._getDisplayPos(whole);
  const cursor = this.getCursorPos();
  // Up to the row where the text begins, and all of it again.
  if (this[kPrevRows] > 0) moveCursor(output, 0, -this[kPrevRows]);
  cursorTo(output, 0);
  clearScreenDown(output);
  this._writeToOutput(whole);
  // Text that fills the last column leaves the cursor there: a blank takes it to the next row.
  if (end.cols === 0) this._writeToOutput(' ');
  cursorTo(output, cursor.cols);
  if (end.rows > cursor.rows) moveCursor(output, 0, cursor.rows - end.rows);
  this[kPrevRows] = cursor.rows;
};

proto._beforeEdit = function(this: any, text: string, cursor: number): void {
  if (this[kUndo].push({ text, cursor }) > undoMax) {
    this[kUndo].shift();
  }
};

proto._insertString = function(this: any, text: string): void {
  this._beforeEdit(this.line, this.cursor);
  if (this.cursor < this.line.length) {
    this.line = this.line.slice(0, this.cursor) + text + this.line.slice(this.cursor);
    this.cursor += text.length;
    this._refreshLine();
    return;
  }
  const before = this.getCursorPos();
  this.line += text;
  this.cursor += text.length;
  // Nothing behind the cursor and no new row: only the text is written.
  if (before.rows < this.getCursorPos().rows) {
    this._refreshLine();
  } else {
    this._writeToOutput(text);
  }
};

proto._line = function(this: any): void {
  const line = addHistory(this);
  this[kUndo] = [];
  this[kRedo] = [];
  this.clearLine();
  this._onLine(line);
};
proto.clearLine = function(this: any): void {
  this._moveCursor(+Infinity);
  this._writeToOutput('\r\n');
  this.line = '';
  this.cursor = 0;
  this[kPrevRows] = 0;
};
proto._moveCursor = function(this: any, dx: number): void {
  if (dx === 0) return;
  const before = this.getCursorPos();
  this.cursor = Math.min(Math.max(this.cursor + dx, 0), this.line.length);
  const after = this.getCursorPos();
  if (before.rows === after.rows) {
    moveCursor(this.output, after.cols - before.cols, 0);
  } else {
    this._refreshLine();
  }
};

function addHistory(rl: any): string {
  if (rl.line.length === 0) {
    return '';
  }
  const { history, historySize } = rl;
  if (historySize === 0 || rl.line.trim().length === 0) {
    return rl.line;
  }
  const line = rl.line;
  if (history.length === 0 || history[0] !== line) {
    if (rl[kDuplicates]) {
      const index = history.indexOf(line);
      if (index !== -1) {
        history.splice(index, 1);
      }
    }
    history.unshift(line);
    if (history.length > historySize) {
      history.pop();
    }
  }
  rl.historyIndex = -1;
  // A listener may clean the entry, of a password for instance.
  rl.emit('history', history);
  return line;
}

proto._historyNext = function(this: any): void {
  if (this.historyIndex < 0) {
    return;
  }
  this._beforeEdit(this.line, this.cursor);
  const search = this[kSearch] || '';
  let index = this.historyIndex - 1;
  while (index >= 0 && (!this.history[index].startsWith(search) || this.line === this.history[index])) {
    index--;
  }
  this.line = index === -1 ? search : this.history[index];
  this.historyIndex = index;
  this.cursor = this.line.length;
  this._refreshLine();
};
proto._historyPrev = function(this: any): void {
  if (this.historyIndex >= this.history.length || this.history.length === 0) {
    return;
  }
  this._beforeEdit(this.line, this.cursor);
  const search = this[kSearch] || '';
  let index = this.historyIndex + 1;
  while (index < this.history.length && (!this.history[index].startsWith(search) || this.line === this.history[index])) {
    index++;
  }
  this.line = index === this.history.length ? search : this.history[index];
  this.historyIndex = index;
  this.cursor = this.line.length;
  this._refreshLine();
};

function wordLeft(rl: any): number {
  const reversed = Array.from(rl.line.slice(0, rl.cursor) as string).reverse().join('');
  return /^\s*(?:[^\w\s]+|\w+)?/.exec(reversed)![0].length;
}
function wordRight(rl: any): number {
  return /^(?:\s+|[^\w\s]+|\w+)\s*/.exec(rl.line.slice(rl.cursor))![0].length;
}

proto._wordLeft = function(this: any): void {
  if (this.cursor > 0) {
    this._moveCursor(-wordLeft(this));
  }
};
proto._wordRight = function(this: any): void {
  if (this.cursor < this.line.length) {
    this._moveCursor(wordRight(this));
  }
};
proto._deleteLeft = function(this: any): void {
  if (this.cursor > 0 && this.line.length > 0) {
    this._beforeEdit(this.line, this.cursor);
    const size = charLengthLeft(this.line, this.cursor);
    this.line = this.line.slice(0, this.cursor - size) + this.line.slice(this.cursor);
    this.cursor -= size;
    this._refreshLine();
  }
};
proto._deleteRight = function(this: any): void {
  if (this.cursor < this.line.length) {
    this._beforeEdit(this.line, this.cursor);
    const size = charLengthAt(this.line, this.cursor);
    this.line = this.line.slice(0, this.cursor) + this.line.slice(this.cursor + size);
    this._refreshLine();
  }
};
proto._deleteWordLeft = function(this: any): void {
  if (this.cursor > 0) {
    this._beforeEdit(this.line, this.cursor);
    const size = wordLeft(this);
    this.line = this.line.slice(0, this.cursor - size) + this.line.slice(this.cursor);
    this.cursor -= size;
    this._refreshLine();
  }
};
proto._deleteWordRight = function(this: any): void {
  if (this.cursor < this.line.length) {
    this._beforeEdit(this.line, this.cursor);
    this.line = this.line.slice(0, this.cursor) + this.line.slice(this.cursor + wordRight(this));
    this._refreshLine();
  }
};
function kill(rl: any, text: string): void {
  if (!text || text === rl[kKillRing][0]) {
    return;
  }
  rl[kKillRing].unshift(text);
  rl[kKillCursor] = 0;
  while (rl[kKillRing].length > killRingMax) {
    rl[kKillRing].pop();
  }
}
proto._deleteLineLeft = function(this: any): void {
  this._beforeEdit(this.line, this.cursor);
  kill(this, this.line.slice(0, this.cursor));
  this.line = this.line.slice(this.cursor);
  this.cursor = 0;
  this._refreshLine();
};
proto._deleteLineRight = function(this: any): void {
  this._beforeEdit(this.line, this.cursor);
  kill(this, this.line.slice(this.cursor));
  this.line = this.line.slice(0, this.cursor);
  this._refreshLine();
};
function yank(rl: any): void {
  if (rl[kKillRing].length > 0) {
    rl[kYanking] = true;
    rl._insertString(rl[kKillRing][rl[kKillCursor]]);
  }
}
function yankPop(rl: any): void {
  if (!rl[kYanking] || rl[kKillRing].length < 2) {
    return;
  }
  const last = rl[kKillRing][rl[kKillCursor]];
  rl[kKillCursor] = (rl[kKillCursor] + 1) % rl[kKillRing].length;
  const next = rl[kKillRing][rl[kKillCursor]];
  const head = rl.line.slice(0, rl.cursor - last.length);
  rl.line = head + next + rl.line.slice(rl.cursor);
  rl.cursor = head.length + next.length;
  rl._refreshLine();
}
function undo(rl: any): void {
  const entry = rl[kUndo].pop();
  if (entry === undefined) {
    return;
  }
  rl[kRedo].push({ text: rl.line, cursor: rl.cursor });
  rl.line = entry.text;
  rl.cursor = entry.cursor;
  rl._refreshLine();
}
function redo(rl: any): void {
  const entry = rl[kRedo].pop();
  if (entry === undefined) {
    return;
  }
  rl[kUndo].push({ text: rl.line, cursor: rl.cursor });
  rl.line = entry.text;
  rl.cursor = entry.cursor;
  rl._refreshLine();
}

// ---- completion ----
function commonPrefix(list: string[]): string {
  if (list.length === 0) {
    return '';
  }
  const sorted = list.slice().sort();
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  let i = 0;
  while (i < first.length && first[i] === last[i]) {
    i++;
  }
  return first.slice(0, i);
}

proto._tabComplete = function(this: any, lastKeypressWasTab: boolean): void {
  this.pause();
  const text = this.line.slice(0, this.cursor);
  const { completer } = this;
  let called = false;
  const done = (err: any, value?: any) => {
    if (called) {
      return;
    }
    called = true;
    if (!this.closed) {
      this.resume();
    }
    if (err) {
      this._writeToOutput(`Tab completion error: ${load('internal:util/inspect').inspect(err)}`);
      return;
    }
    this._tabCompleter(lastKeypressWasTab, value);
  };
  if (this._completesByPromise) {
    // The promise form's completer may be asynchronous or not; with two parameters it takes a callback all the same.
    (async () => completer.length === 2
      ? new Promise((resolve, reject) => completer(text, (err: any, value: any) => err ? reject(err) : resolve(value)))
      : completer(text))().then((value: any) => done(null, value), done);
  } else if (completer.length === 2) {
    completer(text, done);
  } else {
    done(null, completer(text));
  }
};
/** Completions as a table; an empty one stands between two groups. */
function inColumns(items: string[], columns: number): string {
  const width = Math.max(...items.map((item) => getStringWidth(item))) + 2;
  // Without a width of the terminal: one below the other.
  const perRow = Number.isFinite(columns) ? Math.floor(columns / width) || 1 : 1;
  const groups: string[][] = [[]];
  for (const item of items) {
    if (item === '') groups.push([]);
    else groups[groups.length - 1].push(item);
  }
  const texts = groups.map((group) => {
    const rows: string[] = [];
    for (let at = 0; at < group.length; at += perRow) {
      const row = group.slice(at, at + perRow);
      rows.push(row.map((item, i) => i + 1 < row.length ? item + ' '.repeat(width - getStringWidth(item)) : item).join(''));
    }
    return rows.join('\r\n');
  });
  const ends = groups[groups.length - 1].length > 0 ? '\r\n\r\n' : '';
  return `\r\n${texts.join('\r\n\r\n')}${ends}`;
}

proto._tabCompleter = function(this: any, lastKeypressWasTab: boolean, [completions, completeOn]: [string[], string]): void {
  if (!completions || completions.length === 0) {
    return;
  }
  const prefix = commonPrefix(completions.filter((item) => item !== ''));
  if (prefix.startsWith(completeOn) && prefix.length > completeOn.length) {
    this._insertString(prefix.slice(completeOn.length));
    return;
  }
  if (!completeOn.startsWith(prefix)) {
    this.line = this.line.slice(0, this.cursor - completeOn.length) + prefix + this.line.slice(this.cursor);
    this.cursor = this.cursor - completeOn.length + prefix.length;
    this._refreshLine();
    return;
  }
  if (!lastKeypressWasTab) {
    return;
  }
  this._beforeEdit(this.line, this.cursor);
  // The choices, in columns.
  const out = inColumns(completions, this.columns);
  this._writeToOutput(out);
  this._refreshLine();
};

// ---- keys ----

/** Up and down, and what control with p and n stands for. */
function walksHistory({ name, ctrl, meta, shift }: any): boolean {
  if (meta || shift) return false;
  return name === 'up' || name === 'down' || (ctrl === true && (name === 'p' || name === 'n'));
}

/** \r is 'return' and \n 'enter'. The second half of a \r\n, soon after the first, is no line of its own. */
function endLine(rl: any, name: string): void {
  const now = Date.now();
  const since = rl[kSawReturnAt];
  rl[kSawReturnAt] = name === 'return' ? now : 0;
  if (name === 'return' || since === 0 || now - since > rl.crlfDelay) rl._line();
}

proto._ttyWrite = function(this: any, s: any, key: any): void {
  const previous = this[kPreviousKey];
  key ||= {};
  this[kPreviousKey] = key;
  if (!key.meta || key.name !== 'y') {
    this[kYanking] = false;
  }
  // The history is searched by what stood before the cursor when the search began.
  if (walksHistory(key)) {
    this[kSearch] ??= this.line.slice(0, this.cursor);
  } else if (this[kSearch] !== null) {
    this[kSearch] = null;
    if (this.historyIndex === this.history.length) this.historyIndex = -1;
  }
  // Undo and redo keep their sequences.
  const again = key.sequence === '\x1f' ? undo : key.sequence === '\x1e' ? redo : undefined;
  if (again !== undefined) {
    again(this);
    return;
  }
  if (key.name === 'escape') {
    return;
  }
  if (key.ctrl && key.shift) {
    switch (key.name) {
      case 'backspace': this._deleteLineLeft(); break;
      case 'delete': this._deleteLineRight(); break;
    }
    return;
  }
  if (key.ctrl) {
    controlKey(this, key);
    return;
  }
  if (key.meta) {
    switch (key.name) {
      case 'b': this._wordLeft(); break;
      case 'f': this._wordRight(); break;
      case 'd': case 'delete': this._deleteWordRight(); break;
      case 'backspace': this._deleteWordLeft(); break;
      case 'y': yankPop(this); break;
    }
    return;
  }
  if (this[kSawReturnAt] && key.name !== 'enter') {
    this[kSawReturnAt] = 0;
  }
  switch (key.name) {
    case 'return': case 'enter': endLine(this, key.name); break;
    case 'backspace': this._deleteLeft(); break;
    case 'delete': this._deleteRight(); break;
    case 'left': this._moveCursor(-charLengthLeft(this.line, this.cursor)); break;
    case 'right': this._moveCursor(+charLengthAt(this.line, this.cursor)); break;
    case 'home': this._moveCursor(-Infinity); break;
    case 'end': this._moveCursor(+Infinity); break;
    case 'up': this._historyPrev(); break;
    case 'down': this._historyNext(); break;
    case 'tab':
      if (typeof this.completer === 'function' && this.isCompletionEnabled) {
        this._tabComplete(previous?.name === 'tab');
        break;
      }
      insert(this, s);
      break;
    default:
      insert(this, s);
  }
};
// A terminal without cursor movement: lines are taken, not edited.
function writeDumb(this: any, s: any, key: any): void {
  key ||= {};
  if (key.name === 'escape') {
    return;
  }
  if (this[kSawReturnAt] && key.name !== 'enter') {
    this[kSawReturnAt] = 0;
  }
  if (key.ctrl) {
    if (key.name === 'c') {
      controlKey(this, key);
    } else if (key.name === 'd') {
      this.close();
    }
    return;
  }
  switch (key.name) {
    case 'return': case 'enter': endLine(this, key.name); break;
    default:
      if (typeof s === 'string' && s) {
        this.line += s;
        this.cursor += s.length;
        this._writeToOutput(s);
      }
  }
}
function insert(rl: any, s: any): void {
  if (typeof s !== 'string' || !s) {
    return;
  }
  // Pasted text may hold lines.
  lineEnding.lastIndex = 0;
  let ending = lineEnding.exec(s);
  let from = 0;
  while (ending !== null) {
    rl._insertString(s.slice(from, ending.index));
    from = lineEnding.lastIndex;
    rl._line();
    lineEnding.lastIndex = from;
    ending = lineEnding.exec(s);
  }
  if (from === 0) {
    rl._insertString(s);
  } else if (from < s.length) {
    rl._insertString(s.slice(from));
  }
}
function controlKey(rl: any, key: any): void {
  switch (key.name) {
    case 'c':
      if (rl.listenerCount('SIGINT') > 0) {
        rl.emit('SIGINT');
      } else {
        // As a terminal that is not in raw mode would do.
        rl.close();
      }
      break;
    case 'h': rl._deleteLeft(); break;
    case 'd':
      if (rl.cursor === 0 && rl.line.length === 0) {
        rl.close();
      } else if (rl.cursor < rl.line.length) {
        rl._deleteRight();
      }
      break;
    case 'u': rl._deleteLineLeft(); break;
    case 'k': rl._deleteLineRight(); break;
    case 'a': rl._moveCursor(-Infinity); break;
    case 'e': rl._moveCursor(+Infinity); break;
    case 'b': rl._moveCursor(-charLengthLeft(rl.line, rl.cursor)); break;
    case 'f': rl._moveCursor(+charLengthAt(rl.line, rl.cursor)); break;
    case 'l':
      cursorTo(rl.output, 0, 0);
      clearScreenDown(rl.output);
      rl._refreshLine();
      break;
    case 'n': rl._historyNext(); break;
    case 'p': rl._historyPrev(); break;
    case 'y': yank(rl); break;
    case 'z': suspend(rl); break;
    case 'w': case 'backspace': rl._deleteWordLeft(); break;
    case 'delete': rl._deleteWordRight(); break;
    case 'left': rl._wordLeft(); break;
    case 'right': rl._wordRight(); break;
  }
}
function suspend(rl: any): void {
  const { process } = load('internal:process');
  if (rl.listenerCount('SIGTSTP') > 0) {
    rl.emit('SIGTSTP');
    return;
  }
  process.once('SIGCONT', () => {
    // It may have been paused by a listener of SIGTSTP meanwhile.
    if (!rl.paused) {
      rl.pause();
      rl.emit('SIGCONT');
    }
    rl._setRawMode(true);
    rl._refreshLine();
  });
  rl._setRawMode(false);
  process.kill(process.pid, 'SIGTSTP');
}

export function createInterface(input: any, output?: any, completer?: any, terminal?: any): any {
  return new (Interface as any)(input, output, completer, terminal);
}
