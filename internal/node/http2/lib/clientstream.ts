// ClientHttp2Stream. https://nodejs.org/docs/latest-v24.x/api/http2.html#class-clienthttp2stream
import * as channels from 'internal:http2/channels';
import { CATEGORY_INFO, CATEGORY_PUSH, CATEGORY_RESPONSE } from 'internal:http2/core';
import { decode } from 'internal:http2/headers';
import { now } from 'internal:http2/perf';
import { CLIENT, Http2Stream, kState } from 'internal:http2/stream';

const END_STREAM = 1;
const CONTINUE = 100;
const MISDIRECTED = 421;

export class ClientHttp2Stream extends Http2Stream {
  constructor(session: any, options: any) {
    super(session, options);
    this[kState].headersSent = true;
    this.on('headers', onInfo);
  }

  onHeaders(category: number, flags: number, fields: string, secret: string): void {
    const state = this[kState];
    if (this.destroyed) return;
    if (state.started !== 0 && state.firstHeader === 0) state.firstHeader = now();
    const { headers, raw } = decode(fields, secret);
    const end = (flags & END_STREAM) !== 0;
    if (end && category !== CATEGORY_INFO) {
      if (category === CATEGORY_RESPONSE || category === CATEGORY_PUSH) state.endAfterHeaders = true;
    }
    let event = 'trailers';
    if (category === CATEGORY_INFO) event = 'headers';
    else if (category === CATEGORY_RESPONSE) event = 'response';
    else if (category === CATEGORY_PUSH) event = 'push';
    if ((event === 'response' || event === 'push') && channels.finished[CLIENT].hasSubscribers) {
      channels.finished[CLIENT].publish({ stream: this, headers, flags });
    }
    if (headers[':status'] === MISDIRECTED) state.session?.misdirected(state.sentHeaders?.[':authority']);
    this.emit(event, headers, flags, raw);
    if (end) this.onEnd();
  }
}

function onInfo(this: any, headers: any): void {
  if (headers[':status'] === CONTINUE) this.emit('continue');
}

/** A stream that the server has promised. */
export function pushedStream(core: any, id: number, headers: any): any {
  const stream = new ClientHttp2Stream(core, {});
  const state = stream[kState];
  state.isPushed = true;
  core.add(stream, id);
  if (channels.created[CLIENT].hasSubscribers) channels.created[CLIENT].publish({ stream, headers });
  // Nothing is sent on it.
  stream.end();
  if (channels.started[CLIENT].hasSubscribers) channels.started[CLIENT].publish({ stream, headers });
  return stream;
}
