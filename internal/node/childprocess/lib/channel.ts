// The channel between a forked process and its parent, over a socketpair: messages, and handles that go with them. Either side may be Node.
// https://nodejs.org/docs/latest-v24.x/api/child_process.html#subprocesssendmessage-sendhandle-options-callback
//
// A message with a handle is acknowledged. Until then everything that is sent waits behind it, so that order is kept and the sender still has
// the handle when the other side did not get it.
import { Buffer } from 'internal:buffer';
import { codes, errnoException } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { load } from 'internal:load';
import { errno as numbers } from 'internal:os/constants';
import { nextTick } from 'internal:process/task';
import { validateObject, validateString } from 'internal:validators';
import { type Codec, codecFor } from 'internal:childprocess/codec';
import { ChannelPipe, closeDescriptor } from 'internal:childprocess/pipe';
import type { Rendezvous } from 'internal:childprocess/rendezvous';
import type { Envelope, Gift } from 'internal:childprocess/transfer';

const { defineProperty } = Object;
const kPending = Symbol('kPendingMessages');

/** What `subprocess.channel` is: it keeps the loop alive while someone listens for messages. */
class Control extends EventEmitter {
  #handle: ChannelPipe | Rendezvous;
  #count = 0;
  #forced: boolean | null = null;
  constructor(handle: ChannelPipe) {
    super();
    this.#handle = handle;
  }
  get fd(): number | undefined {
    return this.#handle.fd;
  }
  /** Internal: what stands for the connection from now on. */
  replace(handle: ChannelPipe | Rendezvous): void {
    const referenced = this.#handle.hasRef();
    this.#handle = handle;
    if (referenced) handle.ref();
    else handle.unref();
  }
  /** Internal: a listener came. */
  refCounted(): void {
    if (++this.#count === 1 && this.#forced === null) {
      this.#handle.ref();
    }
  }
  /** Internal: a listener went. */
  unrefCounted(): void {
    if (--this.#count === 0 && this.#forced === null) {
      this.#handle.unref();
      this.emit('unref');
    }
  }
  ref(): void {
    this.#forced = true;
    this.#handle.ref();
  }
  unref(): void {
    this.#forced = false;
    this.#handle.unref();
  }
  hasRef(): boolean {
    return this.#handle.hasRef();
  }
}

// Messages whose `cmd` begins so are the runtime's own: they go out as 'internalMessage'.
const INTERNAL_PREFIX = 'NODE_';
const HANDLE = 'NODE_HANDLE', RECEIVED = 'NODE_HANDLE_ACK', MISSED = 'NODE_HANDLE_NACK';

// What a write says when the other side is gone.
const isGone = (errno: number): boolean => -errno === numbers.EPIPE || -errno === numbers.ECONNRESET;

/** How often a handle that did not arrive is sent again. */
const MAX_REPEATS = 3;
/** So many bytes may wait in the channel before send() says that it is enough. */
const HIGH_WATER = 128 * 1024;

function isInternal(message: any): boolean {
  return message !== null && typeof message === 'object' && typeof message.cmd === 'string' && message.cmd.startsWith(INTERNAL_PREFIX);
}

const nothing = (): void => {};

function joined(pieces: (string | Uint8Array)[]): string | Uint8Array {
  if (pieces.length === 1) return pieces[0];
  return typeof pieces[0] === 'string' ? pieces.join('') : Buffer.concat(pieces as Uint8Array[]);
}

/** So many messages wait for a supervisor that is away. */
const MAX_AWAY = 1000;

const sendable = ['string', 'object', 'number', 'boolean'];

/** What one call of send() wants. */
interface Parcel {
  message: any;
  handle: any; // undefined for a plain message
  options: SendOptions;
  callback: any;
  repeats: number;
  bytes: string | Uint8Array | undefined; // of a plain message that had to wait
}

interface SendOptions {
  keepOpen?: boolean;
  swallowErrors?: boolean;
  /** Internal: told once whether the other side has the handle. */
  settled?: (received: boolean) => void;
}

/** The parcel whose handle the other side has not acknowledged. */
interface Underway {
  parcel: Parcel;
  envelope: Envelope;
  gift: Gift;
}

/** One end: what a ChildProcess, or the process of a child, has as its connection. */
export class Channel {
  /** Internal: takes a descriptor that came with an internal message, at once and before an object is made of it. True when it did. */
  claim: ((message: any, fd: number) => boolean) | undefined = undefined;
  /** Internal: the supervisor that was away has come back. */
  returned: (() => void) | undefined = undefined;
  control: Control;
  #target: any;
  #pipe: ChannelPipe;
  #serialization: string;
  #codec: Codec;
  #rendezvous: Rendezvous | undefined; // where the other side can come back to
  #away = false; // it has gone, and is waited for
  #underway: Underway | null = null;
  #waiting: Parcel[] = [];
  #corked: (string | Uint8Array)[] | null = null; // answers to what is being read: they go out in one piece
  #ended = false; // nothing more will come
  #closed = false;

  constructor(target: any, pipe: ChannelPipe, serialization: string, rendezvous?: Rendezvous) {
    this.#target = target;
    this.#pipe = pipe;
    this.#serialization = serialization;
    this.#codec = codecFor(serialization);
    this.#rendezvous = rendezvous;
    if (rendezvous !== undefined) rendezvous.onreturn = (fd) => this.#comeBack(fd);
    this.control = new Control(pipe);
    this.#listen();
  }

  #listen(): void {
    const pipe = this.#pipe;
    pipe.onread = (chunk) => this.#read(chunk);
    pipe.onend = () => {
      if (pipe !== this.#pipe || this.#away || this.#waitForReturn()) return;
      this.#ended = true;
      this.#target.connected = false;
      this.finish();
    };
    pipe.readStart();
  }

  // A supervisor that was killed, or is being replaced: the program doesn't notice.

  /** @returns whether the other side can come back */
  #waitForReturn(): boolean {
    if (this.#rendezvous === undefined || this.#closed || !this.#rendezvous.wait(this.#pipe.hasRef())) return false;
    this.#away = true;
    this.control.replace(this.#rendezvous);
    this.#leaveUnderway(false);
    this.#pipe.close();
    return true;
  }

  #comeBack(fd: number): void {
    this.#away = false;
    this.#codec = codecFor(this.#serialization);
    this.#pipe = new ChannelPipe(fd);
    this.control.replace(this.#pipe);
    this.#listen();
    this.returned?.();
    this.#sendWaiting(false);
  }

  /** Keeps what can't be sent now. What the runtime itself has to say it says again. */
  #keep(parcel: Parcel): boolean {
    if (parcel.message?.cmd === 'NODE_CLUSTER') return true;
    if (this.#waiting.length < MAX_AWAY && parcel.handle === undefined) {
      parcel.bytes ??= this.#codec.encode(parcel.message);
      this.#waiting.push(parcel);
      return true;
    }
    if (typeof parcel.callback === 'function') nextTick(parcel.callback, new codes.ERR_IPC_CHANNEL_CLOSED());
    parcel.options.settled?.(false);
    return false;
  }

  // Receiving.

  #read(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#corked = [];
    try {
      for (const message of this.#codec.take(chunk)) this.#deliver(message);
    } finally {
      const answers = this.#corked;
      this.#corked = null;
      if (answers.length > 0) this.#pipe.write(joined(answers), -1, nothing);
    }
    // A descriptor comes no later than the last byte of its message: nobody will ask for these.
    if (!this.#codec.partial) {
      for (let fd = this.#pipe.takeDescriptor(); fd >= 0; fd = this.#pipe.takeDescriptor()) closeDescriptor(fd);
    }
  }

  #deliver(message: any): void {
    if (this.#closed) return;
    if (!isInternal(message)) {
      this.#emit(message, undefined);
      return;
    }
    switch (message.cmd) {
      case HANDLE: this.#unpack(message); return;
      case RECEIVED: nextTick(() => this.#received()); break;
      case MISSED: nextTick(() => this.#missed()); break;
    }
    nextTick(() => this.#target.emit('internalMessage', message, undefined));
  }

  /** Gives a message to the program, or to the runtime. */
  #emit(message: any, handle: any): void {
    const target = this.#target;
    if (isInternal(message)) {
      nextTick(() => target.emit('internalMessage', message, handle));
    } else if (target[kPending] !== undefined && target.listenerCount('message') === 0) {
      // Nobody listens to 'message' yet: kept until somebody does.
      target[kPending].push([message, handle]);
    } else {
      nextTick(() => target.emit('message', message, handle));
    }
  }

  #unpack(envelope: Envelope): void {
    const fd = this.#pipe.takeDescriptor();
    this.#answer({ cmd: fd < 0 ? MISSED : RECEIVED });
    if (fd < 0 || this.claim?.(envelope.msg, fd)) return;
    nextTick(() => {
      load('internal:childprocess/transfer').unpack(fd, envelope, this.#target, (handle: any) => this.#emit(envelope.msg, handle));
    });
  }

  // Sending.

  #answer(message: any): void {
    const bytes = this.#codec.encode(message);
    if (this.#corked !== null) this.#corked.push(bytes);
    else this.#pipe.write(bytes, -1, nothing);
  }

  /** Sends, or lets wait behind a handle that isn't acknowledged. False when the caller had better wait with more. */
  send(parcel: Parcel): boolean {
    if (parcel.handle !== undefined) load('internal:childprocess/transfer').kindOf(parcel.handle);
    if (this.#away) return this.#keep(parcel);
    if (this.#underway !== null) {
      // What can't be written is the caller's to know, now.
      const bytes = this.#codec.encode(parcel.message);
      if (parcel.handle === undefined) parcel.bytes = bytes;
      return this.#waiting.push(parcel) === 1;
    }
    this.#post(parcel);
    return this.#pipe.writeQueueSize < HIGH_WATER;
  }

  #post(parcel: Parcel): void {
    const { message, handle, options, bytes } = parcel;
    if (handle !== undefined) {
      const kind = load('internal:childprocess/transfer').kindOf(handle);
      const envelope: Envelope = { cmd: HANDLE, type: kind.type, msg: message };
      const gift = kind.give(handle, envelope, this.#target, options.keepOpen === true);
      if (gift !== undefined) {
        this.#underway = { parcel, envelope, gift };
        this.#pipe.write(this.#codec.encode(envelope), gift.fd, (errno) => {
          if (errno !== 0) this.#leaveUnderway(false);
          if (isGone(errno)) this.#lose(parcel);
          else this.#report(parcel, errno);
        });
        return;
      }
      options.settled?.(false);
    }
    if (this.#corked !== null && parcel.callback === undefined) {
      this.#corked.push(bytes ?? this.#codec.encode(message));
      return;
    }
    this.#pipe.write(bytes ?? this.#codec.encode(message), -1, (errno) => this.#report(parcel, errno));
  }

  // What went wrong goes to the callback, or else becomes an 'error' event unless the caller wants to hear nothing.
  #report(parcel: Parcel, errno: number): void {
    const { callback, options } = parcel;
    if (errno !== 0 && this.#rendezvous !== undefined && !this.#closed) {
      this.#keep(parcel);
      return;
    }
    const err = errno === 0 ? null : errnoException(errno, 'write');
    if (typeof callback === 'function') nextTick(callback, err);
    else if (err !== null && !options.swallowErrors) nextTick(() => this.#target.emit('error', err));
  }

  // Differs from Node: there the callback of a handle that nobody is left to take hears of no error, and the channel never ends.
  /**
   * The other side is gone, and this end has not read so yet. Whether a handle meets that or the end that was read is chance, so its callback
   * hears the same in both cases. Who gave none hears nothing: a worker that ends while connections are on their way to it is no error.
   */
  #lose(parcel: Parcel): void {
    if (this.#rendezvous !== undefined && !this.#closed) this.#keep(parcel);
    else if (typeof parcel.callback === 'function') nextTick(parcel.callback, new codes.ERR_IPC_CHANNEL_CLOSED());
  }

  /** The handle on its way is the other side's, or lost. */
  #leaveUnderway(received: boolean): void {
    const underway = this.#underway;
    if (underway === null) return;
    this.#underway = null;
    underway.gift.settle();
    underway.parcel.options.settled?.(received);
  }

  /** Sends what waits, up to the next handle; with `all`, that too. */
  #sendWaiting(all: boolean): void {
    while (this.#waiting.length > 0 && (all || this.#underway === null)) {
      if (all) this.#leaveUnderway(true);
      this.#post(this.#waiting.shift() as Parcel);
    }
  }

  #received(): void {
    if (this.#closed) return;
    this.#leaveUnderway(true);
    this.#sendWaiting(false);
  }

  #missed(): void {
    const underway = this.#underway;
    if (this.#closed || underway === null) return;
    const { parcel, envelope, gift } = underway;
    if (parcel.repeats++ < MAX_REPEATS) {
      this.#pipe.write(this.#codec.encode(envelope), gift.fd, nothing);
      return;
    }
    load('internal:process').process.emitWarning('Handle did not reach the receiving process correctly', 'SentHandleNotReceivedWarning');
    this.#leaveUnderway(false);
    this.#sendWaiting(false);
  }

  // The end.

  // Differs from Node: messages that were sent before the end arrive; there those are lost that the other side had no room for yet.
  /** Ends the channel: what waits is still sent if the other side may read it. */
  finish(): void {
    if (this.#closed) return;
    if (!this.#ended && !this.#away) this.#sendWaiting(true);
    this.#closed = true;
    const target = this.#target;
    target.channel = null;
    const lost = this.#waiting;
    this.#waiting = [];
    this.#leaveUnderway(!this.#ended);
    if (!this.#away) this.#pipe.close();
    this.#rendezvous?.close();
    for (const { callback, options } of lost) {
      if (typeof callback === 'function') nextTick(callback, new codes.ERR_IPC_CHANNEL_CLOSED());
      options.settled?.(false);
    }
    nextTick(() => {
      target.connected = false;
      target.emit('disconnect');
    });
  }
}

/**
 * Gives target (a ChildProcess or the process) send, disconnect, connected and channel.
 * serialization: 'json' or 'advanced'
 */
export function setupChannel(target: any, pipe: ChannelPipe, serialization: string, rendezvous?: Rendezvous): Channel {
  const channel = new Channel(target, pipe, serialization, rendezvous);
  target.channel = channel.control;
  defineProperty(target, '_channel', { get() { return target.channel; }, set(value) { target.channel = value; }, enumerable: true, configurable: true });
  target._handleQueue = null;
  target._pendingMessage = null;
  target.connected = true;
  target._disconnect = () => channel.finish();

  target.send = function send(message: any, handle?: any, options?: any, callback?: any): boolean {
    if (typeof handle === 'function') [handle, options, callback] = [undefined, undefined, handle];
    else if (typeof options === 'function') [options, callback] = [undefined, options];
    else if (options !== undefined) validateObject(options, 'options');
    if (target.connected) return target._send(message, handle, { swallowErrors: false, ...options }, callback);
    const err = new codes.ERR_IPC_CHANNEL_CLOSED();
    if (typeof callback === 'function') nextTick(callback, err);
    else nextTick(() => target.emit('error', err));
    return false;
  };

  // Used by packages too. `true` as options: errors are of no interest.
  target._send = function(message: any, handle: any, options: any, callback: any): boolean {
    if (message === undefined) throw new codes.ERR_MISSING_ARGS('message');
    if (!sendable.includes(typeof message)) throw new codes.ERR_INVALID_ARG_TYPE('message', sendable, message);
    const wishes: SendOptions = typeof options === 'boolean' ? { swallowErrors: options } : options ?? {};
    return channel.send({ message, handle: handle || undefined, options: wishes, callback, repeats: 0, bytes: undefined });
  };

  target.disconnect = function disconnect(): void {
    if (!target.connected) {
      target.emit('error', new codes.ERR_IPC_DISCONNECTED());
      return;
    }
    target.connected = false;
    channel.finish();
  };

  return channel;
}

/** Keeps messages for a listener that comes late; on the child's side alone. */
function holdMessages(target: any, control: Control): void {
  target[kPending] = [];
  const counts = (name: any) => name === 'message' || name === 'disconnect';
  target.on('newListener', (name: any) => {
    if (!counts(name)) {
      return;
    }
    control.refCounted();
    if (name === 'message' && target[kPending] !== undefined) {
      const messages = target[kPending];
      target[kPending] = undefined;
      nextTick(() => {
        for (const [message, handle] of messages) {
          target.emit('message', message, handle);
        }
      });
    }
  });
  target.on('removeListener', (name: any) => {
    if (counts(name)) {
      control.unrefCounted();
    }
  });
}

/** A forked process: connects to its parent over the descriptor that NODE_CHANNEL_FD names. Called at start. */
export function setupChannelFromEnvironment(): Channel | undefined {
  const { process } = load('internal:process');
  const text = process.env.NODE_CHANNEL_FD;
  if (text === undefined || text === '') {
    return undefined;
  }
  const fd = Number(text);
  delete process.env.NODE_CHANNEL_FD;
  const serialization = process.env.NODE_CHANNEL_SERIALIZATION_MODE || 'json';
  delete process.env.NODE_CHANNEL_SERIALIZATION_MODE;
  const again = Number(process.env.ROOST_CHANNEL_RETURN ?? -1);
  delete process.env.ROOST_CHANNEL_RETURN;
  if (!Number.isInteger(fd) || fd < 0) {
    return undefined;
  }
  return connectToParent(fd, serialization, again > 2 ? load('internal:childprocess/rendezvous').Rendezvous.open(again) : undefined);
}

function connectToParent(fd: number, serialization: string, rendezvous?: Rendezvous): Channel {
  const { process } = load('internal:process');
  const pipe = new ChannelPipe(fd);
  const channel = setupChannel(process, pipe, serialization, rendezvous);
  pipe.unref();
  holdMessages(process, channel.control);
  return channel;
}

export function setupChannelFromDescriptor(fd: any, serialization: any = 'json'): void {
  validateString(serialization, 'serializationMode');
  connectToParent(fd, serialization);
}
