// Http2Session. https://nodejs.org/docs/latest-v24.x/api/http2.html#class-http2session
import * as native from 'native:http2';
import { codes } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { inspect } from 'internal:util/inspect';
import { validateBuffer, validateFunction, validateInt32, validateNumber, validateObject } from 'internal:validators';
import { SessionCore } from 'internal:http2/core';
import { setIdleTimeout, touch } from 'internal:http2/idle';
import { validateSettings } from 'internal:http2/settings';
import { nested } from 'internal:http2/stream';
import { socketProxy } from 'internal:http2/socket';

const MAX_STREAM = 2 ** 32 - 1;

export const kCore = Symbol('core');

export class Http2Session extends (EventEmitter as any) {
  constructor(kind: number, options: any, socket: any, makeStream: any) {
    super();
    Object.defineProperty(this, kCore, { value: new SessionCore(kind, this, options, socket, makeStream) });
  }

  get encrypted(): any {
    return this[kCore].encrypted;
  }
  get alpnProtocol(): any {
    return this[kCore].alpn;
  }
  get originSet(): any {
    const core: SessionCore = this[kCore];
    if (!core.encrypted || core.destroyed) return undefined;
    return [...core.originSet() as Set<string>];
  }
  get connecting(): boolean {
    return this[kCore].connecting;
  }
  get closed(): boolean {
    return this[kCore].closed;
  }
  get destroyed(): boolean {
    return this[kCore].destroyed;
  }
  get type(): number {
    return this[kCore].kind;
  }
  get goawayCode(): number {
    return this[kCore].goawayCode;
  }
  get goawayLastStreamID(): number {
    return this[kCore].goawayLast;
  }
  get pendingSettingsAck(): boolean {
    return this[kCore].pendingAcks > 0;
  }
  get socket(): any {
    const core: SessionCore = this[kCore];
    if (core.socket === undefined) return undefined;
    return (core.proxy ??= socketProxy(core));
  }

  get state(): any {
    const core: SessionCore = this[kCore];
    if (core.connecting || core.destroyed || core.nativeId === 0) return {};
    const list = native.sessionState(core.nativeId);
    if (list === undefined) return {};
    const [effectiveLocalWindowSize, effectiveRecvDataLength, nextStreamID, localWindowSize, lastProcStreamID, remoteWindowSize, outboundQueueSize] = list;
    return { effectiveLocalWindowSize, effectiveRecvDataLength, nextStreamID, localWindowSize, lastProcStreamID, remoteWindowSize, outboundQueueSize,
      deflateDynamicTableSize: 0, inflateDynamicTableSize: 0 };
  }
  get localSettings(): any {
    return this[kCore].settingsOf(false);
  }
  get remoteSettings(): any {
    return this[kCore].settingsOf(true);
  }

  setNextStreamID(id: any): void {
    const core: SessionCore = this.#alive();
    validateNumber(id, 'id');
    if (id <= 0 || id > MAX_STREAM) throw new codes.ERR_OUT_OF_RANGE('id', `> 0 and <= ${MAX_STREAM}`, id);
    native.setNextStreamID(core.nativeId, id);
  }

  setLocalWindowSize(windowSize: any): void {
    const core: SessionCore = this.#alive();
    validateInt32(windowSize, 'windowSize', 0);
    native.setLocalWindowSize(core.nativeId, windowSize);
  }

  #alive(): SessionCore {
    if (this[kCore].destroyed) throw new codes.ERR_HTTP2_INVALID_SESSION();
    return this[kCore];
  }

  ping(payload: any, callback?: any): any {
    const core = this.#alive();
    if (typeof payload === 'function') {
      callback = payload;
      payload = undefined;
    }
    if (payload !== undefined && payload !== null) {
      validateBuffer(payload, 'payload');
      if (payload.byteLength !== 8) throw new codes.ERR_HTTP2_PING_LENGTH();
    } else {
      payload = undefined;
    }
    if (callback !== undefined) validateFunction(callback, 'callback');
    const done = callback ?? (() => {});
    if (core.connecting || this.closed) {
      if (!core.connecting) return false;
      this.once('connect', () => core.ping(payload, done));
      return undefined;
    }
    return core.ping(payload, done);
  }

  settings(settings: any, callback?: any): void {
    const core = this.#alive();
    if (settings !== undefined) validateObject(settings, 'settings');
    validateSettings(settings);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (core.connecting) {
      core.pendingAcks++;
      this.once('connect', () => {
        core.pendingAcks--;
        if (!core.destroyed) core.sendSettings(settings, callback);
      });
      return;
    }
    core.sendSettings({ ...settings }, callback);
  }

  goaway(code: any = 0, lastStreamID: any = 0, opaqueData?: any): void {
    const core = this.#alive();
    if (opaqueData !== undefined) validateBuffer(opaqueData, 'opaqueData');
    validateNumber(code, 'code');
    validateNumber(lastStreamID, 'lastStreamID');
    if (core.connecting) {
      this.once('connect', () => {
        if (!core.destroyed) native.goaway(core.nativeId, code, lastStreamID, opaqueData);
      });
      return;
    }
    native.goaway(core.nativeId, code, lastStreamID, opaqueData);
  }

  destroy(error?: any, code?: number): void {
    this[kCore].destroy(error, code);
  }

  close(callback?: any): void {
    const core: SessionCore = this[kCore];
    if (core.closed || core.destroyed) return;
    if (typeof callback === 'function') this.once('close', callback);
    core.closed = true;
    this.goaway();
    core.maybeDestroy();
  }

  _onTimeout(): void {
    const core: SessionCore = this[kCore];
    if (core.destroyed) return;
    if (core.madeProgress(this)) {
      touch(this);
      return;
    }
    this.emit('timeout');
  }

  setTimeout(msecs: any, callback?: any): any {
    if (this[kCore].destroyed) return this;
    return setIdleTimeout(this, msecs, callback);
  }

  ref(): void {
    this[kCore].socket?.ref?.();
  }
  unref(): void {
    this[kCore].socket?.unref?.();
  }

  [Symbol.for('nodejs.rejection')](err: any, event: any, ...args: any[]): void {
    if (event === 'stream') args[0].destroy(err);
    else this.destroy(err);
  }

  [inspect.custom](depth: number, options: any): any {
    if (typeof depth === 'number' && depth < 0) return this;
    const { type, closed, destroyed, state, localSettings, remoteSettings } = this;
    return `Http2Session ${inspect({ type, closed, destroyed, state, localSettings, remoteSettings },
      nested(options))}`;
  }
}
