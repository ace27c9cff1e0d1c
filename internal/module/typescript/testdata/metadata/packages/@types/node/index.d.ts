interface Buffer extends Uint8Array {}
declare var Buffer: { new (text: string): Buffer; from(text: string): Buffer; prototype: Buffer };
declare namespace NodeJS { interface Timeout {} interface ReadableStream {} }
