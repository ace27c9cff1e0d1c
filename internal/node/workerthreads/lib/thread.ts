// The inbox of a thread: what other threads tell it, and postMessageToThread.
// https://nodejs.org/docs/latest-v24.x/api/worker_threads.html#worker_threadspostmessagetothreadthreadid-value-transferlist-timeout
import { threadHold, threadInbox, threadSend } from 'native:workerthreads';
import { codes } from 'internal:errors';
import { adopt } from 'internal:handle';
import { load } from 'internal:load';
import { openParcel, parcelOf, serialize } from 'internal:web/message';
import { state } from 'internal:workerthreads/state';

const { process } = load('internal:process');

// Events, as in Go.
const ON_INPUT = 0;
const ON_TAKEN = 1;
const ON_MESSAGE = 2;

// Answers to a message.
const DELIVERED = 0;
const NO_LISTENER = 1;
const FAILED = 2;

let open = false;
/** From now on the thread can be reached. */
export function openInbox(): void {
  if (open) {
    return;
  }
  open = true;
  adopt(threadInbox(), {
    onevent(event: number, a: any, b: any, c: any): void {
      switch (event) {
        case ON_INPUT:
          load('internal:workerthreads/stdio').input(a);
          break;
        case ON_TAKEN:
          load('internal:workerthreads/stdio').taken(a, b);
          break;
        case ON_MESSAGE:
          onMessage(a, b, c);
          break;
        default:
          onAnswer(a, b);
      }
    },
  });
}

let holds = 0;
/** The thread lives while it is held: by a reader of standard input, by output that the parent has not taken. */
export function hold(delta: number): void {
  holds += delta;
  threadHold(holds > 0);
}

function onMessage(source: number, token: number, parcel: any): void {
  let answer = DELIVERED;
  try {
    const value = openParcel(parcel);
    if (process.listenerCount('workerMessage') === 0) {
      answer = NO_LISTENER;
      return;
    }
    answer = FAILED;
    process.emit('workerMessage', value, source);
    answer = DELIVERED;
  } catch {
    answer = FAILED;
  } finally {
    threadSend(source, token, answer);
  }
}

let lastToken = 0;
const waiting = new Map<number, { settle: (err: any) => void }>();

function onAnswer(token: number, answer: number): void {
  waiting.get(token)?.settle(answer === DELIVERED ? null
    : answer === FAILED ? new codes.ERR_WORKER_MESSAGING_ERRORED() : new codes.ERR_WORKER_MESSAGING_FAILED());
}

/** postMessageToThread(threadId, value[, transferList][, timeout]) */
export async function postMessageToThread(threadId: any, value: any, transferList?: any, timeout?: any): Promise<void> {
  if (typeof transferList === 'number' && timeout === undefined) {
    timeout = transferList;
    transferList = [];
  }
  if (timeout !== undefined) {
    load('internal:validators').validateNumber(timeout, 'timeout', 0);
  }
  if (threadId === state.threadId) {
    throw new codes.ERR_WORKER_MESSAGING_SAME_THREAD();
  }
  openInbox();
  const parcel = parcelOf(serialize(value, transferList === undefined ? [] : [...transferList]));
  const token = ++lastToken;
  let timer: any;
  // The timer keeps the loop alive until the answer comes.
  const { setTimeout, clearTimeout } = load('internal:timers');
  await new Promise<void>((resolve, reject) => {
    waiting.set(token, {
      settle(err: any) {
        waiting.delete(token);
        clearTimeout(timer);
        if (err === null) {
          resolve();
        } else {
          reject(err);
        }
      },
    });
    timer = setTimeout(() => {
      if (timeout !== undefined) {
        waiting.get(token)!.settle(new codes.ERR_WORKER_MESSAGING_TIMEOUT());
      }
    }, timeout ?? 0x7fffffff);
    if (!threadSend(threadId, token, parcel)) {
      waiting.get(token)!.settle(new codes.ERR_WORKER_MESSAGING_FAILED());
    }
  });
}
