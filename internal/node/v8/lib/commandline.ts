// internal:v8/commandline: what --cpu-prof, --heap-prof and --heapsnapshot-signal ask for.
// https://nodejs.org/docs/latest-v24.x/api/cli.html#--cpu-prof
import { cpuProfileStart, cpuProfileStop, heapProfileStart, heapProfileStop } from 'native:engine';
import { config } from 'native:runtime';
import { snapshotNearLimit } from 'native:v8';
import { load } from 'internal:load';
import { atEndWrite } from 'internal:process/lifecycle';
import { diagnosticName, writeHeapSnapshot } from 'internal:v8/snapshot';

const STACK_DEPTH = 128; // frames of an allocation's stack

/** Begins what the options name; the profiles are written when this thread of the program exits. */
export function startFromCommandLine(options: any): void {
  const { process } = load('internal:process');
  const limit = options['heapsnapshot-near-heap-limit'];
  if (limit !== undefined) {
    snapshotNearHeapLimit(Number.parseInt(limit, 10) || 0);
  }
  const signal = options['heapsnapshot-signal'];
  if (signal !== undefined) {
    process.on(signal, () => writeHeapSnapshot(inDirectory(options['diagnostic-dir'], diagnosticName('Heap', 'heapsnapshot'))));
  }
  if (options['cpu-prof'] !== undefined) {
    const id = cpuProfileStart(numberOf(options['cpu-prof-interval'], 1000));
    atEndWrite(() => save(options, 'cpu-prof', 'CPU', 'cpuprofile', JSON.stringify(cpuProfileStop(id))));
  }
  if (options['heap-prof'] !== undefined) {
    heapProfileStart(numberOf(options['heap-prof-interval'], 512 * 1024), STACK_DEPTH);
    atEndWrite(() => save(options, 'heap-prof', 'Heap', 'heapprofile', JSON.stringify(heapProfileStop())));
  }
}

/** --heapsnapshot-near-heap-limit and v8.setHeapSnapshotNearHeapLimit(). */
export function snapshotNearHeapLimit(limit: number): void {
  snapshotNearLimit(limit, config().options['diagnostic-dir'] ?? '', load('internal:workerthreads/state').state.threadId);
}

function numberOf(text: string | undefined, otherwise: number): number {
  const n = Number(text);
  return text !== undefined && n > 0 ? n : otherwise;
}

function inDirectory(directory: string | undefined, name: string): string {
  return directory ? load('node:path').default.join(directory, name) : name;
}

function save(options: any, option: string, kind: string, extension: string, text: string): void {
  const fs = load('node:fs').default;
  const directory = options[`${option}-dir`] ?? options['diagnostic-dir'];
  const name = options[`${option}-name`]?.replaceAll('${pid}', load('internal:process').process.pid) ?? diagnosticName(kind, extension);
  const file = inDirectory(directory, name);
  try {
    if (directory) fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(file, text);
  } catch (err: any) {
    fs.writeSync(2, `Failed to write ${file}: ${err.message}\n`); // the program's own exit goes on
  }
}
