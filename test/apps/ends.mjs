// What the scripts share: printing, ending, and running as either end of a protocol.
import { createHash } from 'node:crypto';
import process from 'node:process';

/** Prints a label and values as JSON. */
export function print(label, ...values) {
  console.log([label, ...values.map((v) => (typeof v === 'string' ? v : JSON.stringify(v)))].join(' '));
}

/** A short digest of bytes or text, to print much data by. */
export function digest(data) {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}

/** Deterministic bytes that don't compress to nothing. */
export function bytes(length, seed = 1) {
  const out = Buffer.alloc(length);
  let x = seed;
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    out[i] = x >>> 16;
  }
  return out;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Ends a script that hangs; it keeps nothing alive. */
export function limit(seconds = 60) {
  setTimeout(() => {
    console.error('still running; what keeps it:', process.getActiveResourcesInfo());
    process.exit(3);
  }, seconds * 1000).unref();
}

/**
 * Runs both ends in this process, or one: `serve` prints the port and serves until its input ends, `client <port>` is the other end.
 * serve() gives { port, close }; client(port) prints what it sees.
 */
export async function ends({ serve, client }) {
  limit();
  const [, , role, port] = process.argv;
  if (role === 'client') return await client(Number(port));
  const server = await serve();
  if (role === 'serve') {
    console.log(server.port);
    process.stdin.resume();
    await new Promise((resolve) => process.stdin.once('end', resolve));
  } else {
    await client(server.port);
  }
  await server.close();
}

/** Listens on a free port of the loopback and gives it. */
export function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}
