// Promise rejections without a handler: --unhandled-rejections and the process events.
// https://nodejs.org/docs/latest-v24.x/api/process.html#event-unhandledrejection
import { getContext, setContext, shortText, tickInfo } from 'native:engine';
import { reportUncaught } from 'native:runtime';
import { load } from 'internal:load';

interface Entry {
  promise: Promise<any>;
  reason: any;
  uid: number;
  warned: boolean;
  context: any;
}

export type Mode = 'throw' | 'strict' | 'warn' | 'none' | 'warn-with-error-codes';
let mode: Mode = 'throw';
export function setRejectionMode(value: Mode): void {
  mode = value;
}

const maybeUnhandled = new WeakMap<object, Entry>();
let pending: Entry[] = [];
let handledLater: Entry[] = [];
let lastUid = 0;

// Of v8::PromiseRejectEvent.
const NO_HANDLER = 0;
const HANDLER_ADDED = 1;
const REJECT_AFTER_RESOLVED = 2;
const RESOLVE_AFTER_RESOLVED = 3;

/** V8's promise-reject hook. It runs inside user code: it only notes what happened. */
export function onReject(event: number, promise: Promise<any>, reason: any): void {
  if (event === NO_HANDLER) {
    const entry = { promise, reason, uid: ++lastUid, warned: false, context: getContext() };
    maybeUnhandled.set(promise, entry);
    pending.push(entry);
    tickInfo[1] = 1;
    return;
  }
  if (event === HANDLER_ADDED) {
    const entry = maybeUnhandled.get(promise);
    if (entry !== undefined) {
      maybeUnhandled.delete(promise);
      if (entry.warned) {
        handledLater.push(entry);
        tickInfo[1] = 1;
      } else {
        const i = pending.indexOf(entry);
        if (i >= 0) {
          pending.splice(i, 1);
        }
      }
    }
    return;
  }
  if (event === REJECT_AFTER_RESOLVED || event === RESOLVE_AFTER_RESOLVED) {
    const process = load('node:process').default;
    if (process.listenerCount('multipleResolves') > 0) {
      if (!warnedOfMultiple) {
        warnedOfMultiple = true;
        process.emitWarning('The multipleResolves event has been deprecated.', 'DeprecationWarning', 'DEP0160');
      }
      load('internal:process/task').nextTick(() => {
        process.emit('multipleResolves', event === REJECT_AFTER_RESOLVED ? 'reject' : 'resolve', promise, reason);
      });
    }
  }
}

let warnedOfMultiple = false;

function isError(value: any): boolean {
  return load('internal:util/types').isNativeError(value) || value instanceof Error;
}

function unhandledError(reason: any): any {
  if (isError(reason)) {
    return reason;
  }
  const error: any = new (load('internal:errors').codes.ERR_UNHANDLED_REJECTION)(shortText(reason));
  error.name = 'UnhandledPromiseRejection';
  Object.defineProperty(error, 'toString', { value: Error.prototype.toString, writable: true, enumerable: false, configurable: true });
  error.stack = `UnhandledPromiseRejection: ${error.message}${stackFrames(error)}`;
  return error;
}
function stackFrames(error: any): string {
  const stack = String(error.stack);
  const i = stack.indexOf('\n    at ');
  return i < 0 ? '' : stack.slice(i);
}

function warnUnhandled(entry: Entry): void {
  const process = load('node:process').default;
  const warning: any = new Error(
    'Unhandled promise rejection. This error originated either by throwing inside of an async function without a catch block, ' +
      'or by rejecting a promise which was not handled with .catch(). To terminate the node process on unhandled promise rejection, ' +
      'use the CLI flag `--unhandled-rejections=strict` (see https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). ' +
      `(rejection id: ${entry.uid})`,
  );
  warning.name = 'UnhandledPromiseRejectionWarning';
  let text: string;
  const { reason } = entry;
  if (isError(reason) || (typeof reason === 'object' && reason !== null && Object.hasOwn(reason, 'stack'))) {
    warning.stack = reason.stack;
    text = reason.stack;
  } else {
    text = shortText(reason);
  }
  process.emitWarning(text, 'UnhandledPromiseRejectionWarning');
  process.emitWarning(warning);
}

/**
 * Reports the rejections that are still without a handler. Runs when ticks and microtasks are done.
 * @returns whether user code ran, so that ticks must be looked at again
 */
export function processRejections(): boolean {
  let ran = false;
  while (handledLater.length > 0) {
    const entry = handledLater.shift() as Entry;
    const process = load('node:process').default;
    ran = true;
    if (!process.emit('rejectionHandled', entry.promise)) {
      const warning: any = new Error(`Promise rejection was handled asynchronously (rejection id: ${entry.uid})`);
      warning.name = 'PromiseRejectionHandledWarning';
      warning.id = entry.uid;
      process.emitWarning(warning);
    }
  }
  if (pending.length === 0) {
    return ran;
  }
  const list = pending;
  pending = [];
  const process = load('node:process').default;
  for (let i = 0; i < list.length; i++) {
    const entry = list[i];
    entry.warned = true;
    ran = true;
    const before = getContext();
    setContext(entry.context);
    try {
      switch (mode) {
        case 'strict': {
          reportUncaught(unhandledError(entry.reason), true);
          if (!process.emit('unhandledRejection', entry.reason, entry.promise)) {
            warnUnhandled(entry);
          }
          break;
        }
        case 'none':
          process.emit('unhandledRejection', entry.reason, entry.promise);
          break;
        case 'warn':
          process.emit('unhandledRejection', entry.reason, entry.promise);
          warnUnhandled(entry);
          break;
        case 'warn-with-error-codes':
          if (!process.emit('unhandledRejection', entry.reason, entry.promise)) {
            warnUnhandled(entry);
            process.exitCode = 1;
          }
          break;
        default:
          if (!process.emit('unhandledRejection', entry.reason, entry.promise)) {
            reportUncaught(unhandledError(entry.reason), true);
          }
      }
    } catch (err) {
      // The rest waits for the next turn of the drain.
      pending = list.slice(i + 1).concat(pending);
      if (pending.length > 0) {
        tickInfo[1] = 1;
      }
      throw err;
    } finally {
      setContext(before);
    }
  }
  return ran || pending.length > 0;
}
