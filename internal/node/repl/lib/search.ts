// The search of the history while a line is edited: Ctrl+R goes back in it, Ctrl+S forth.
// https://nodejs.org/docs/latest-v24.x/api/repl.html#reverse-i-search
import { clearScreenDown, cursorTo, moveCursor } from 'internal:readline/callbacks';
import { kSearch } from 'internal:readline/interface';

/** Where a text was found: which entry of the history, and where in it. */
interface Place {
  index: number;
  at: number;
}

/** The search of one REPL. */
export class HistorySearch {
  #server: any;
  #direction: 'back' | 'forth' | undefined; // undefined: nobody searches
  #text = '';
  #place: Place = { index: -1, at: 0 }; // where the next search begins
  #found = false; // the text stands there
  #seen = new Set<string>(); // entries that were shown in this direction: one that is there twice is shown once
  #line = ''; // what was there before
  #cursor = 0;

  constructor(server: any) {
    this.#server = server;
  }

  /** Whether the search takes a key; another key ends it, and means what it means. */
  takes(text: string, key: any): boolean {
    const direction = key.ctrl && !key.meta && !key.shift ? ({ r: 'back', s: 'forth' } as const)[key.name as string] : undefined;
    if (this.#direction === undefined) {
      if (direction === undefined) return false;
      this.#begin(direction);
      return true;
    }
    if (direction !== undefined) {
      if (direction !== this.#direction) this.#seen.clear();
      this.#direction = direction;
      if (this.#text !== '') this.#next();
      this.#draw();
      return true;
    }
    if (key.name === 'backspace' || (key.ctrl && (key.name === 'h' || key.name === 'w'))) {
      this.#search(Array.from(this.#text).slice(0, -1).join(''));
      return true;
    }
    if (key.name === 'escape' || (key.ctrl && (key.name === 'c' || key.name === 'g'))) {
      this.#end(this.#line, this.#cursor);
      return true;
    }
    if (typeof text === 'string' && text !== '' && !key.ctrl && !key.meta && !['return', 'enter', 'tab'].includes(key.name) && text >= ' ' && text !== '\x7f' &&
      (key.name === undefined || key.name.length === 1 || key.name === 'space')) {
      this.#search(this.#text + text);
      return true;
    }
    this.#accept();
    return false;
  }

  #begin(direction: 'back' | 'forth'): void {
    const { line, cursor } = this.#server;
    this.#line = line;
    this.#cursor = cursor;
    this.#direction = direction;
    this.#text = '';
    this.#restart();
    this.#found = false;
    this.#draw(true);
  }
  #restart(): void {
    this.#seen.clear();
    this.#place = { index: this.#direction === 'back' ? 0 : -1, at: Infinity };
  }
  #search(text: string): void {
    this.#text = text;
    this.#restart();
    this.#found = false;
    if (text !== '') this.#next();
    this.#draw();
  }

  // The next place of the text in the direction; when there is none, the one behind the last, from which the other direction goes back.
  #next(): void {
    const { history } = this.#server;
    const back = this.#direction === 'back';
    const step = back ? 1 : -1;
    let { index, at } = this.#place;
    if (this.#found) {
      at += back ? -1 : 1;
    }
    for (; index >= 0 && index < history.length; index += step, at = back ? Infinity : 0) {
      const entry = history[index];
      const found = back ? (at < 0 ? -1 : entry.lastIndexOf(this.#text, at)) : entry.indexOf(this.#text, at === Infinity ? entry.length : at);
      if (found >= 0 && (!this.#seen.has(entry) || (this.#found && index === this.#place.index))) {
        this.#seen.add(entry);
        this.#place = { index, at: found };
        this.#found = true;
        return;
      }
    }
    this.#found = false;
    this.#place = back ? { index: history.length - 1, at: 0 } : { index: 0, at: Infinity };
    if (history.length === 0) this.#place = { index: -1, at: 0 };
  }

  #draw(first = false): void {
    const server = this.#server;
    const { output } = server;
    const { index, at } = this.#place;
    let [line, cursor] = [this.#line, this.#cursor];
    if (this.#found) [line, cursor] = [server.history[index], at];
    const shown = this.#found && server.useColors ?
      `${line.slice(0, at)}\x1b[4m${this.#text}\x1b[24m${line.slice(at + this.#text.length)}` : line;
    const failed = this.#text !== '' && !this.#found ? 'failed-' : '';
    const label = `${failed}${this.#direction === 'back' ? 'bck' : 'fwd'}-i-search: ${this.#text}_`;
    if (!first) this.#toStart();
    output.write(first ? `\n${label}` : `${shown}\n${label}`);
    // Where the cursor is on the terminal is told by the line's own fields.
    server.line = line;
    server.cursor = cursor;
    const end = server._getDisplayPos(`${server.getPrompt()}${line}\n${label}`);
    const now = server.getCursorPos();
    moveCursor(output, 0, now.rows - end.rows);
    cursorTo(output, now.cols);
  }
  // To the end of the prompt; what stands behind it goes.
  #toStart(): void {
    const server = this.#server;
    const start = server._getDisplayPos(server.getPrompt());
    const { rows } = server.getCursorPos();
    if (rows > start.rows) moveCursor(server.output, 0, start.rows - rows);
    cursorTo(server.output, start.cols);
    clearScreenDown(server.output);
  }

  #accept(): void {
    const { index, at } = this.#place;
    if (this.#found) {
      this.#server.historyIndex = index;
      this.#server[kSearch] = ''; // the arrows go on from there
      this.#end(this.#server.history[index], at);
    } else {
      this.#end(this.#line, this.#cursor);
    }
  }
  #end(line: string, cursor: number): void {
    const server = this.#server;
    this.#direction = undefined;
    this.#toStart();
    server.output.write(line);
    server.line = line;
    server.cursor = line.length;
    const back = cursor - line.length;
    if (back !== 0) {
      const end = server.getCursorPos();
      server.cursor = cursor;
      const now = server.getCursorPos();
      if (end.rows > now.rows) moveCursor(server.output, 0, now.rows - end.rows);
      cursorTo(server.output, now.cols);
    }
  }
}
