// The channel between a forked process and its parent: JSON, one message a line, over a socketpair. The wire is Node's, so that either side
// may be Node. https://nodejs.org/docs/latest-v24.x/api/child_process.html#subprocesssendmessage-sendhandle-options-callback
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

const INTERNAL_PREFIX = 'NODE_';

/**
 * Gives target (a ChildProcess or the process) send, disconnect, connected and channel.
 * serialization: 'json'
 */
export function setupChannel(target: any, handle: DescriptorHandle, serialization: string): Control {
  if (serialization === 'advanced') {
    handle.close();
    unavailable("serialization: 'advanced' between processes");
  }
  const control = new Control(handle);
  target.channel = control;
  target[kChannelHandle] = handle;
  defineProperty(target, '_channel', { get() { return target.channel; }, set(value) { target.channel = value; }, enumerable: true, configurable: true });
  target._handleQueue = null;
  target._pendingMessage = null;
  target.connected = true;
  target._disconnect = () => finish();

  const decoder = new (StringDecoder as any)('utf8');
  let rest = '';
  let closed = false;

  handle.onread = (chunk) => {
    rest += decoder.write(chunk);
    let start = 0;
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', start)) {
      const line = rest.slice(start, end);
      start = end + 1;
      let message: any;
      try {
        message = JSON.parse(line);
      } catch (err) {
        rest = rest.slice(start);
        throw err;
      }
      deliver(message);
    }
    rest = rest.slice(start);
  };
  const onEnd = () => {
    rest = '';
    if (target.connected) {
      target.connected = false;
    }
    finish();
  };
  handle.onend = onEnd;
  handle.onerror = onEnd;

  function deliver(message: any): void {
    if (closed) {
      return;
    }
    const isInternal = message !== null && typeof message === 'object' && typeof message.cmd === 'string' && message.cmd.startsWith(INTERNAL_PREFIX);
    const name = isInternal ? 'internalMessage' : 'message';
    // Nobody listens to 'message' yet: kept until somebody does.
    if (!isInternal && target.listenerCount('message') === 0 && target[kPending] !== undefined) {
      target[kPending].push(message);
      return;
    }
    nextTick(() => target.emit(name, message, undefined));
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

  target.send = function send(message: any, sendHandle?: any, options?: any, callback?: any): boolean {
    if (typeof sendHandle === 'function') {
      callback = sendHandle;
      sendHandle = undefined;
      options = undefined;
    } else if (typeof options === 'function') {
      callback = options;
      options = undefined;
    } else if (options !== undefined) {
      validateObject(options, 'options');
    }
    options = { swallowErrors: false, ...options };
    if (target.connected) {
      return target._send(message, sendHandle, options, callback);
    }
    const err = new codes.ERR_IPC_CHANNEL_CLOSED();
    if (typeof callback === 'function') {
      nextTick(callback, err);
    } else {
      nextTick(() => target.emit('error', err));
    }
    return false;
  };

  target._send = function(message: any, sendHandle: any, options: any, callback: any): boolean {
    if (message === undefined) {
      throw new codes.ERR_MISSING_ARGS('message');
    }
    if (!['string', 'object', 'number', 'boolean'].includes(typeof message)) {
      throw new codes.ERR_INVALID_ARG_TYPE('message', ['string', 'object', 'number', 'boolean'], message);
    }
    if (sendHandle) {
      if (typeof sendHandle !== 'object') {
        throw new codes.ERR_INVALID_HANDLE_TYPE();
      }
      unavailable('sending handles between processes');
    }
    if (typeof options === 'boolean') {
      options = { swallowErrors: options };
    }
    const data = Buffer.from(`${JSON.stringify(message)}\n`);
    handle.write(data, (errno) => {
      if (errno !== 0) {
        const err = errnoException(errno, 'write');
        if (typeof callback === 'function') {
          nextTick(callback, err);
        } else if (!options.swallowErrors) {
          nextTick(() => target.emit('error', err));
        }
      } else if (typeof callback === 'function') {
        nextTick(callback, null);
      }
    });
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
