// The channel between a forked process and its parent, over a socketpair. The wire is Node's, so that either side may be Node: JSON, one
// message a line, or (`serialization: 'advanced'`) what v8.serialize writes, each message with its length in front. https://nodejs.org/docs/latest-v24.x/api/child_process.html#subprocesssendmessage-sendhandle-options-callback
import { codes, errnoException, unavailable } from 'internal:errors';
import { Buffer } from 'internal:buffer';
import { EventEmitter } from 'internal:events';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { StringDecoder } from 'internal:stringdecoder';
import { validateObject, validateString } from 'internal:validators';
import { DescriptorHandle } from 'internal:tty/descriptor';

const { defineProperty } = Object;
const kChannelHandle = Symbol('kChannelHandle');
const kPending = Symbol('kPendingMessages');

/** What `subprocess.channel` is: it keeps the loop alive while someone listens for messages. */
class Control extends EventEmitter {
  #handle: DescriptorHandle;
  #count = 0;
  #forced: boolean | null = null;
  constructor(handle: DescriptorHandle) {
    super();
    this.#handle = handle;
  }
  get fd(): number | undefined {
    return this.#handle.fd;
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

/** How messages become bytes. `take` gets what came in and gives the messages that it completes, in order. */
interface Codec {
  encode(message: any): Uint8Array;
  take(chunk: Uint8Array): Iterable<any>;
}

class JsonLines implements Codec {
  #decoder = new (StringDecoder as any)('utf8');
  #rest = '';
  encode(message: any): Uint8Array {
    return Buffer.from(`${JSON.stringify(message)}\n`);
  }
  *take(chunk: Uint8Array): Iterable<any> {
    this.#rest += this.#decoder.write(chunk);
    for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n')) {
      const line = this.#rest.slice(0, end);
      // Before the parse: a line that is no JSON is thrown away.
      this.#rest = this.#rest.slice(end + 1);
      yield JSON.parse(line);
    }
  }
}

const LENGTH_SIZE = 4;
// What stands in front of what the serializer can't write by itself.
const VIEW = 0, PLAIN = 1;

class Serialized implements Codec {
  #chunks: Uint8Array[] = [];
  #size = 0; // of all chunks
  #Writer: any;
  #Reader: any;
  constructor() {
    const { DefaultDeserializer, DefaultSerializer } = load('internal:v8/format');
    this.#Writer = class extends DefaultSerializer {
      _writeHostObject(object: any): void {
        const isView = ArrayBuffer.isView(object);
        this.writeUint32(isView ? VIEW : PLAIN);
        if (isView) super._writeHostObject(object);
        else this.writeValue({ ...object });
      }
    };
    this.#Reader = class extends DefaultDeserializer {
      _readHostObject(): any {
        return this.readUint32() === VIEW ? super._readHostObject() : this.readValue();
      }
    };
  }
  encode(message: any): Uint8Array {
    const writer = new this.#Writer();
    writer.writeHeader();
    writer.writeValue(message);
    const body = writer.releaseBuffer();
    const bytes = Buffer.allocUnsafe(LENGTH_SIZE + body.length);
    bytes.writeUInt32BE(body.length, 0);
    bytes.set(body, LENGTH_SIZE);
    return bytes;
  }
  // The next n bytes in one piece, without taking them away.
  #peek(n: number): any {
    if (this.#chunks[0].length < n) this.#chunks = [Buffer.concat(this.#chunks)];
    const first = this.#chunks[0];
    return Buffer.from(first.buffer, first.byteOffset, first.length);
  }
  *take(chunk: Uint8Array): Iterable<any> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= LENGTH_SIZE) {
      const whole = LENGTH_SIZE + this.#peek(LENGTH_SIZE).readUInt32BE(0);
      if (this.#size < whole) return;
      const bytes = this.#peek(whole);
      this.#size -= whole;
      if (bytes.length === whole) this.#chunks.shift();
      else this.#chunks[0] = bytes.subarray(whole);
      const reader = new this.#Reader(bytes.subarray(LENGTH_SIZE, whole));
      reader.readHeader();
      yield reader.readValue();
    }
  }
}

// Messages whose `cmd` begins so are the runtime's own: they go out as 'internalMessage'.
const INTERNAL_PREFIX = 'NODE_';

function isInternal(message: any): boolean {
  return message !== null && typeof message === 'object' && typeof message.cmd === 'string' && message.cmd.startsWith(INTERNAL_PREFIX);
}

const sendable = ['string', 'object', 'number', 'boolean'];

/**
 * Gives target (a ChildProcess or the process) send, disconnect, connected and channel.
 * serialization: 'json' or 'advanced'
 */
export function setupChannel(target: any, handle: DescriptorHandle, serialization: string): Control {
  const codec: Codec = serialization === 'advanced' ? new Serialized() : new JsonLines();
  const control = new Control(handle);
  target.channel = control;
  target[kChannelHandle] = handle;
  defineProperty(target, '_channel', { get() { return target.channel; }, set(value) { target.channel = value; }, enumerable: true, configurable: true });
  target._handleQueue = null;
  target._pendingMessage = null;
  target.connected = true;
  target._disconnect = () => finish();

  let closed = false;
  let incoming: Codec | null = codec;

  handle.onread = (chunk) => {
    for (const message of incoming?.take(chunk) ?? []) deliver(message);
  };
  handle.onend = handle.onerror = () => {
    incoming = null;
    target.connected = false;
    finish();
  };

  function deliver(message: any): void {
    if (closed) return;
    if (isInternal(message)) {
      nextTick(() => target.emit('internalMessage', message, undefined));
    } else if (target[kPending] !== undefined && target.listenerCount('message') === 0) {
      // Nobody listens to 'message' yet: kept until somebody does.
      target[kPending].push(message);
    } else {
      nextTick(() => target.emit('message', message, undefined));
    }
  }

  function finish(): void {
    if (closed) {
      return;
    }
    closed = true;
    target.channel = null;
    target[kChannelHandle] = null;
    if (target._pendingMessage) {
      target._pendingMessage = null;
    }
    handle.close();
    nextTick(() => {
      target.connected = false;
      target.emit('disconnect');
    });
  }

  // What went wrong goes to the callback, or else becomes an 'error' event unless the caller wants to hear nothing.
  const report = (err: any, callback: any, silent: boolean): void => {
    if (typeof callback === 'function') nextTick(callback, err);
    else if (err !== null && !silent) nextTick(() => target.emit('error', err));
  };

  target.send = function send(message: any, sendHandle?: any, options?: any, callback?: any): boolean {
    if (typeof sendHandle === 'function') [sendHandle, options, callback] = [undefined, undefined, sendHandle];
    else if (typeof options === 'function') [options, callback] = [undefined, options];
    else if (options !== undefined) validateObject(options, 'options');
    if (target.connected) return target._send(message, sendHandle, { swallowErrors: false, ...options }, callback);
    report(new codes.ERR_IPC_CHANNEL_CLOSED(), callback, false);
    return false;
  };

  target._send = function(message: any, sendHandle: any, options: any, callback: any): boolean {
    if (message === undefined) throw new codes.ERR_MISSING_ARGS('message');
    if (!sendable.includes(typeof message)) throw new codes.ERR_INVALID_ARG_TYPE('message', sendable, message);
    if (sendHandle) {
      if (typeof sendHandle !== 'object') throw new codes.ERR_INVALID_HANDLE_TYPE();
      unavailable('sending handles between processes');
    }
    const silent = typeof options === 'boolean' ? options : Boolean(options?.swallowErrors);
    handle.write(codec.encode(message), (errno) => report(errno === 0 ? null : errnoException(errno, 'write'), callback, silent));
    return true;
  };

  target.disconnect = function disconnect(): void {
    if (!target.connected) {
      target.emit('error', new codes.ERR_IPC_DISCONNECTED());
      return;
    }
    target.connected = false;
    finish();
  };

  handle.readStart();
  return control;
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
        for (const message of messages) {
          target.emit('message', message, undefined);
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
export function setupChannelFromEnvironment(): void {
  const { process } = load('internal:process');
  const text = process.env.NODE_CHANNEL_FD;
  if (text === undefined || text === '') {
    return;
  }
  const fd = Number(text);
  delete process.env.NODE_CHANNEL_FD;
  const serialization = process.env.NODE_CHANNEL_SERIALIZATION_MODE || 'json';
  delete process.env.NODE_CHANNEL_SERIALIZATION_MODE;
  if (!Number.isInteger(fd) || fd < 0) {
    return;
  }
  setupChannelFromDescriptor(fd, serialization);
}

export function setupChannelFromDescriptor(fd: any, serialization: any = 'json'): void {
  validateString(serialization, 'serializationMode');
  const { process } = load('internal:process');
  const handle = new DescriptorHandle(fd, false, 'Pipe');
  const control = setupChannel(process, handle, serialization);
  handle.unref();
  holdMessages(process, control);
}
