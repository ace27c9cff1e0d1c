// Transfer of web streams: the chunks cross over a message channel.
// https://streams.spec.whatwg.org/#transferrable-streams
import { load } from 'internal:load';
import { dataCloneError } from 'internal:web/message/clone';

function channel(): any {
  return new (load('internal:web/message').MessageChannel)();
}

// Chunks that a port brings, as a readable stream: each 'pull' asks for one.
function readableFrom(port: any): any {
  const { ReadableStream } = load('internal:web/streams');
  let controller: any;
  port.onmessage = ({ data }: any) => {
    switch (data.type) {
      case 'chunk':
        controller.enqueue(data.value);
        break;
      case 'close':
        controller.close();
        port.close();
        break;
      case 'error':
        controller.error(data.value);
        port.close();
        break;
      default:
    }
  };
  port.unref();
  return new ReadableStream({
    start(c: any) {
      controller = c;
    },
    pull() {
      port.ref();
      port.postMessage({ type: 'pull' });
    },
    cancel(reason: any) {
      port.postMessage({ type: 'error', value: reason });
      port.close();
    },
  }, { highWaterMark: 0 });
}

// A writable stream whose chunks go to a port, when the other side asks.
function writableTo(port: any): any {
  const { WritableStream } = load('internal:web/streams');
  let asked: (() => void) | undefined;
  let ready = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let controller: any;
  port.onmessage = ({ data }: any) => {
    if (data.type === 'pull') {
      asked?.();
    } else if (data.type === 'error') {
      controller.error(data.value);
      asked?.();
      port.close();
    }
  };
  port.unref();
  return new WritableStream({
    start(c: any) {
      controller = c;
    },
    async write(chunk: any) {
      port.ref();
      await ready;
      port.unref();
      ready = new Promise<void>((resolve) => {
        asked = resolve;
      });
      port.postMessage({ type: 'chunk', value: chunk });
    },
    close() {
      port.postMessage({ type: 'close' });
      port.close();
    },
    abort(reason: any) {
      port.postMessage({ type: 'error', value: reason });
      port.close();
    },
  }, { highWaterMark: 1 });
}

function ignore(promise: Promise<any>): void {
  promise.then(undefined, () => { /* the error is told to both ends of the pipe */ });
}

/** What the structured clone calls for a stream in a transfer list; undefined when stream is none. */
export function transferOf(stream: any): Function | undefined {
  const { ReadableStream, TransformStream, WritableStream } = load('internal:web/streams');
  if (stream instanceof ReadableStream) {
    return () => {
      if (stream.locked) {
        throw dataCloneError('A locked ReadableStream could not be transferred.');
      }
      const { port1, port2 } = channel();
      return ['internal:web/message/streams', 'readable', { port: port2 }, () => ignore(stream.pipeTo(writableTo(port1))), [port2]];
    };
  }
  if (stream instanceof WritableStream) {
    return () => {
      if (stream.locked) {
        throw dataCloneError('A locked WritableStream could not be transferred.');
      }
      const { port1, port2 } = channel();
      return ['internal:web/message/streams', 'writable', { port: port2 }, () => ignore(readableFrom(port1).pipeTo(stream)), [port2]];
    };
  }
  if (stream instanceof TransformStream) {
    return () => {
      const { readable, writable } = stream as any;
      if (readable.locked || writable.locked) {
        throw dataCloneError('A locked TransformStream could not be transferred.');
      }
      const a = channel();
      const b = channel();
      return ['internal:web/message/streams', 'transform', { readable: a.port2, writable: b.port2 }, () => {
        ignore(readable.pipeTo(writableTo(a.port1)));
        ignore(readableFrom(b.port1).pipeTo(writable));
      }, [a.port2, b.port2]];
    };
  }
  return undefined;
}

/** The streams that came with a message. */
export function readable({ port }: any): any {
  return readableFrom(port);
}
export function writable({ port }: any): any {
  return writableTo(port);
}
export function transform(ports: any): any {
  const { TransformStream } = load('internal:web/streams');
  const out = Object.create(TransformStream.prototype);
  const pair = { readable: readableFrom(ports.readable), writable: writableTo(ports.writable) };
  for (const key of ['readable', 'writable'] as const) {
    Object.defineProperty(out, key, { value: pair[key], enumerable: true, configurable: true });
  }
  return out;
}
