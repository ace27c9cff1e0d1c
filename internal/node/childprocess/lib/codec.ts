// How messages between a forked process and its parent become bytes. The wire is Node's: JSON, one message a line, or (`serialization:
// 'advanced'`) what v8.serialize writes, each message with its length in front.
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import { StringDecoder } from 'internal:stringdecoder';

/** How messages become bytes. `take` gets what came in and gives the messages that it completes, in order. */
export interface Codec {
  encode(message: any): string | Uint8Array;
  take(chunk: Uint8Array): Iterable<any>;
  /** Whether the beginning of a message waits for the rest. */
  readonly partial: boolean;
}

class JsonLines implements Codec {
  #decoder = new (StringDecoder as any)('utf8');
  #rest = '';
  encode(message: any): string {
    return `${JSON.stringify(message)}\n`;
  }
  get partial(): boolean {
    return this.#rest !== '';
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
  get partial(): boolean {
    return this.#size > 0;
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

/** serialization: 'json' or 'advanced' */
export function codecFor(serialization: string): Codec {
  return serialization === 'advanced' ? new Serialized() : new JsonLines();
}
