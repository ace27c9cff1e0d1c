// The parser of text/event-stream. https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

/** What a parser tells. */
export interface Receiver {
  message(type: string, data: string, lastEventId: string): void;
  retry(milliseconds: number): void;
}

/** Takes the stream's text in pieces of any size. A line ends with CR, LF or both. */
export class StreamParser {
  #receiver: Receiver;
  #rest = '';
  #afterCR = false; // a LF that comes next belongs to the line before
  #data: string[] = [];
  #type = '';
  #id: string;

  constructor(receiver: Receiver, lastEventId: string) {
    this.#receiver = receiver;
    this.#id = lastEventId;
  }

  push(text: string): void {
    let from = 0;
    if (this.#afterCR && text !== '') {
      this.#afterCR = false;
      if (text[0] === '\n') {
        from = 1;
      }
    }
    const all = this.#rest + text.slice(from);
    let start = 0;
    // What was looked at before has no end of line.
    for (let i = this.#rest.length; i < all.length; i++) {
      const c = all.charCodeAt(i);
      if (c !== 10 && c !== 13) {
        continue;
      }
      this.#line(all.slice(start, i));
      if (c === 13) {
        if (i + 1 === all.length) {
          this.#afterCR = true;
        } else if (all.charCodeAt(i + 1) === 10) {
          i++;
        }
      }
      start = i + 1;
    }
    this.#rest = all.slice(start);
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) {
      return; // a comment
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value[0] === ' ') {
      value = value.slice(1);
    }
    switch (field) {
      case 'event':
        this.#type = value;
        break;
      case 'data':
        this.#data.push(value);
        break;
      case 'id':
        if (!value.includes('\0')) {
          this.#id = value;
        }
        break;
      case 'retry':
        if (/^[0-9]+$/.test(value)) {
          this.#receiver.retry(Number(value));
        }
    }
  }

  #dispatch(): void {
    const lines = this.#data;
    const type = this.#type || 'message';
    this.#data = [];
    this.#type = '';
    this.#receiver.message(lines.length > 0 ? type : '', lines.join('\n'), this.#id);
  }
}
