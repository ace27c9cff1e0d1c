// internal:v8/snapshot: heap snapshots. https://nodejs.org/docs/latest-v24.x/api/v8.html#v8getheapsnapshotoptions
import { heapSnapshot } from 'native:engine';
import { load } from 'internal:load';
import { validateBoolean, validateObject } from 'internal:validators';

function flagsOf(options: any): [boolean, boolean] {
  if (options === undefined) {
    return [false, false];
  }
  validateObject(options, 'options');
  const { exposeInternals = false, exposeNumericValues = false } = options;
  validateBoolean(exposeInternals, 'options.exposeInternals');
  validateBoolean(exposeNumericValues, 'options.exposeNumericValues');
  return [exposeInternals, exposeNumericValues];
}

/** A Readable of the snapshot's JSON. The snapshot is taken at once: it shows the heap of this moment. */
export function getHeapSnapshot(options?: any): any {
  const [internals, numbers] = flagsOf(options);
  const chunks: string[] = [];
  heapSnapshot((text: string) => { chunks.push(text); }, internals, numbers);
  const { Readable } = load('node:stream').default;
  let next = 0;
  class HeapSnapshotStream extends Readable {
    _read(): void {
      const text = chunks[next];
      if (text === undefined) {
        (this as any).push(null);
        return;
      }
      chunks[next++] = ''; // what was read may be collected
      (this as any).push(text, 'latin1');
    }
  }
  return new HeapSnapshotStream();
}

let written = 0;
const two = (n: number): string => String(n).padStart(2, '0');

/** Heap.20260131.235959.PID.THREAD.001.heapsnapshot, as Node names its diagnostic files. */
export function diagnosticName(kind: string, extension: string): string {
  const now = new Date();
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const { process } = load('internal:process');
  return `${kind}.${date}.${time}.${process.pid}.${load('node:worker_threads').default.threadId}.${String(++written).padStart(3, '0')}.${extension}`;
}

/**
 * Writes a snapshot to a file and gives its name.
 * @param filename a path, Buffer or file: URL; without it one is made in the current directory
 * @throws ERR_INVALID_ARG_TYPE; the file system's errors
 */
export function writeHeapSnapshot(filename?: any, options?: any): string {
  const fs = load('node:fs').default;
  if (filename !== undefined) {
    filename = load('internal:fs/arguments').toPath(filename);
  } else {
    filename = diagnosticName('Heap', 'heapsnapshot');
  }
  const [internals, numbers] = flagsOf(options);
  const fd = fs.openSync(filename, 'w', 0o600);
  try {
    heapSnapshot((text: string) => { fs.writeSync(fd, text, null, 'latin1'); }, internals, numbers);
  } finally {
    fs.closeSync(fd);
  }
  return typeof filename === 'string' ? filename : filename.toString();
}
