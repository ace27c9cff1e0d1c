// node:stream/consumers. https://nodejs.org/docs/latest-v24.x/api/webstreams.html#utility-consumers

import { load } from 'internal:load';
import { Buffer } from 'internal:buffer';

/** @param stream a Readable, a ReadableStream or another async iterable. */
async function blob(stream: any): Promise<any> {
  const { Blob } = load('internal:web/blob');
  const chunks: any[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Blob(chunks);
}

async function arrayBuffer(stream: any): Promise<ArrayBuffer> {
  return (await blob(stream)).arrayBuffer();
}

async function bytes(stream: any): Promise<Uint8Array> {
  return (await blob(stream)).bytes();
}

async function buffer(stream: any): Promise<any> {
  return Buffer.from(await arrayBuffer(stream));
}

async function text(stream: any): Promise<string> {
  const { TextDecoder } = load('internal:web/encoding');
  const decoder = new TextDecoder();
  let result = '';
  for await (const chunk of stream) {
    result += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  }
  // What an incomplete last character leaves.
  result += decoder.decode(undefined, { stream: false });
  return result;
}

async function json(stream: any): Promise<any> {
  return JSON.parse(await text(stream));
}

export default { arrayBuffer, blob, buffer, bytes, text, json };
