// Events of Go, one list for all that a read or a turn produced: session, event, then the event's values (events.go).
import * as native from 'native:http2';
import { runTicks } from 'internal:process/task';

interface Target {
  onEvent(event: number, list: any[], at: number): void;
}

// How many values an event has.
const sizes = [0, 6, 2, 1, 2, 2, 1, 1, 1, 1, 2, 3, 3, 1, 3, 3, 1, 1, 0, 0];

const sessions = new Map<number, Target>();

export function addSession(id: number, session: Target): void {
  sessions.set(id, session);
}
export function removeSession(id: number): void {
  sessions.delete(id);
}

let queue: any[] = [];
let head = 0;

/** Called by Go; without a list, to go on after an exception. Between two events ticks and microtasks run, as after every callback. */
function deliver(list?: any[]): void {
  if (list !== undefined) queue = head < queue.length ? queue.slice(head).concat(list) : list;
  if (list !== undefined) head = 0;
  let first = list !== undefined;
  while (head < queue.length) {
    if (!first) runTicks();
    first = false;
    const id = queue[head];
    const event = queue[head + 1];
    const at = head + 2;
    head = at + sizes[event];
    sessions.get(id)?.onEvent(event, queue, at);
  }
  queue = [];
  head = 0;
}

/** The events of what a JavaScript stream has brought: they happen within its event, so ticks wait for that. */
export function handle(list: any[]): void {
  for (let at = 0; at < list.length;) {
    const id = list[at];
    const event = list[at + 1];
    at += 2;
    sessions.get(id)?.onEvent(event, list, at);
    at += sizes[event];
  }
}

native.onEvents(deliver);
