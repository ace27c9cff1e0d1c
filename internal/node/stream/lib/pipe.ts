// One pipe from a Readable to a destination: what readable.pipe() makes and readable.unpipe() ends.
// https://nodejs.org/docs/latest-v24.x/api/stream.html#readablepipedestination-options

import { nextTick } from 'internal:process/task';
import { errorOrDestroy } from 'internal:stream/destroy';
import { prependListener } from 'internal:stream/legacy';
import { noLinks } from 'internal:stream/readablestate';

class Pipe {
  source: any;
  dest: any;
  state: any;
  /** The destination is full and the source paused for it. Written by the source's state too. */
  held = false;
  /** What listens on either side, to be taken away again. */
  #listening: Array<[any, string, any]> = [];
  #waitsForDrain = false;

  constructor(source: any, dest: any) {
    this.source = source;
    this.dest = dest;
    this.state = source._readableState;
  }

  /** `ends`: the end of the source ends the destination. */
  open(ends: boolean): void {
    const { source, dest, state } = this;
    const leave = () => { source.unpipe(dest); };
    const atEnd = ends ? () => { dest.end(); } : leave;
    if (state.links === noLinks) state.links = [this];
    else state.links.push(this);

    if (state.endEmitted) nextTick(atEnd);
    else this.#listen(source, 'once', 'end', atEnd);
    this.#listen(source, 'on', 'data', (chunk: any) => this.#forward(chunk));
    const onError = (err: any) => this.#destinationFailed(err, leave);
    prependListener(dest, 'error', onError);
    this.#listening.push([dest, 'error', onError]);
    this.#listen(dest, 'once', 'close', leave);
    this.#listen(dest, 'once', 'finish', leave);

    dest.emit('pipe', source);
    if (dest.writableNeedDrain === true) this.#hold();
    else if (state.flowing !== true) source.resume();
  }

  /** Takes everything away; the caller has taken it off the source's list. */
  close(): void {
    for (const [emitter, event, listener] of this.#listening) emitter.removeListener(event, listener);
    this.#listening = [];
    // The other pipes of the source may have waited for this one alone.
    if (this.held) this.#letGo();
  }

  #listen(emitter: any, how: 'on' | 'once', event: string, listener: any): void {
    emitter[how](event, listener);
    this.#listening.push([emitter, event, listener]);
  }

  #forward(chunk: any): void {
    let room: any;
    try {
      room = this.dest.write(chunk);
    } catch (thrown) {
      // A chunk that the destination can't take is its error.
      this.dest.destroy(thrown);
      return;
    }
    if (room === false) this.#hold();
  }

  #hold(): void {
    // The write may have ended this pipe.
    if (this.#listening.length === 0) return;
    if (!this.held) {
      this.held = true;
      this.state.held++;
    }
    this.source.pause();
    if (this.#waitsForDrain) return;
    this.#waitsForDrain = true;
    this.#listen(this.dest, 'on', 'drain', () => this.#letGo());
  }

  #letGo(): void {
    if (this.held) {
      this.held = false;
      this.state.held--;
    }
    if (this.state.held === 0 && this.source.listenerCount('data') > 0) this.source.resume();
  }

  #destinationFailed(err: any, leave: () => void): void {
    const { dest } = this;
    leave();
    // Nobody else handles it: then it is the destination's own.
    if (dest.listenerCount('error') > 0) return;
    const known = dest._writableState ?? dest._readableState;
    if (known && !known.errorEmitted) errorOrDestroy(dest, err);
    else dest.emit('error', err);
  }
}

export function pipe(source: any, dest: any, options: any): any {
  // The standard streams of the process stay open.
  new Pipe(source, dest).open(options?.end !== false && !dest._isStdio);
  return dest;
}

/** Ends the first pipe to `dest`, or all of them. */
export function unpipe(source: any, dest?: any): void {
  const state = source._readableState;
  const all = state.links;
  const at = dest ? all.findIndex((link: any) => link.dest === dest) : 0;
  if (at < 0 || all.length === 0) return;
  const ended = dest ? all.splice(at, 1) : all;
  if (!dest) {
    state.letGo();
    state.links = noLinks;
  }
  if (state.links.length === 0) source.pause();
  for (const link of ended) {
    link.close();
    link.dest.emit('unpipe', source, { hasUnpiped: true });
  }
}
