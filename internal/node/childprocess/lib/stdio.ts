// The stdio option: what each descriptor of a child is. https://nodejs.org/docs/latest-v24.x/api/child_process.html#optionsstdio
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { DescriptorHandle, DescriptorStream } from 'internal:tty/descriptor';

/** What natives take for a descriptor of the child, beside a number of ours: nothing, or one end of a new pipe. */
export const IGNORE = -1, PIPE = -2;

const kLent = Symbol('kIsUsedAsStdio');

/** One descriptor of the child: `source` is IGNORE, PIPE or our descriptor; `lender` the stream whose descriptor that is. */
export interface Slot {
  source: number;
  channel: boolean;
  lender: any;
}

function slot(source: number, lender?: any, channel = false): Slot {
  return { source, channel, lender };
}

/** The shorthands: one word for the first three. */
function spread(stdio: any): any[] {
  if (Array.isArray(stdio)) return stdio;
  switch (stdio ?? 'pipe') {
    case 'inherit': return [0, 1, 2];
    case 'pipe': case 'overlapped': case 'ignore': return new Array(3).fill(stdio ?? 'pipe');
    default: throw new codes.ERR_INVALID_ARG_VALUE('stdio', stdio);
  }
}

/**
 * @param sync for spawnSync, which has no channel
 * @returns the slots, and the index of the channel's, -1 without one
 */
export function planStdio(stdio: any, sync: boolean): { slots: Slot[]; channel: number } {
  const asked = spread(stdio);
  const slots: Slot[] = [];
  let channel = -1;
  for (let i = 0; i < Math.max(asked.length, 3); i++) {
    const item = asked[i] ?? (i > 2 ? 'ignore' : 'pipe');
    if (item === 'ipc') {
      if (sync) throw new codes.ERR_IPC_SYNC_FORK();
      if (channel >= 0) throw new codes.ERR_IPC_ONE_PIPE();
      channel = i;
      slots.push(slot(PIPE, undefined, true));
    } else {
      slots.push(slotOf(item, i, sync));
    }
  }
  return { slots, channel };
}

function slotOf(item: any, index: number, sync: boolean): Slot {
  switch (typeof item) {
    case 'number': return slot(item < 0 ? PIPE : item);
    case 'string':
      if (item === 'inherit') return slot(index);
      if (item === 'ignore') return slot(IGNORE);
      if (item === 'pipe' || item === 'overlapped') return slot(PIPE);
      break;
    case 'object': {
      // A stream, or what looks like one: its own descriptor, or that of its handle.
      const own = item.fd;
      const fd = typeof own === 'number' ? own : item._handle?.fd;
      if (typeof fd === 'number' && (fd === own || fd >= 0)) return slot(fd, item);
    }
  }
  if (!sync && (typeof item === 'string' || ArrayBuffer.isView(item))) {
    throw new codes.ERR_INVALID_SYNC_FORK_INPUT(load('internal:util/inspect').inspect(item));
  }
  throw new codes.ERR_INVALID_ARG_VALUE('stdio', item);
}

/** What natives want to know. */
export function sources(slots: Slot[]): number[] {
  return slots.map(({ source }) => source);
}

/** A stream that the child reads from now on isn't read here any more. */
export function lend(stream: any): void {
  const state = stream?._readableState;
  if (!state || !stream._handle?.readStop) return;
  stream[kLent] = true;
  stream._handle.readStop();
  stream.pause();
  stream.readableFlowing = false;
  state.reading = false;
}

/** Our end of a child's pipe. The first of the three is written to, the next two are read, the others are both. */
export function pipeStream(fd: number, index: number): any {
  const writable = index === 0 || index > 2;
  const stream = new (DescriptorStream as any)({ handle: new DescriptorHandle(fd, false, 'Pipe'), readable: index > 0, writable, allowHalfOpen: false });
  if (index > 0) stream.read(0);
  return stream;
}

/** After the child's end: what nobody reads would keep 'close' from coming. */
export function drain(child: any): void {
  for (const stream of child.stdio ?? []) {
    if (stream?.readable && !stream[kLent]) stream.resume();
  }
}
