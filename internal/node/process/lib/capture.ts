// process.setUncaughtExceptionCaptureCallback.
import { abortOnUncaught } from 'native:engine';
import { config } from 'native:runtime';
import { codes } from 'internal:errors';

let capture: ((error: any) => void) | null = null;

// With --abort-on-uncaught-exception the callback keeps the process from aborting.
function set(callback: typeof capture): void {
  capture = callback;
  abortOnUncaught(callback === null && config().worker === '');
}

export function captureFunction(): ((error: any) => void) | null {
  return capture;
}

export function setUncaughtExceptionCaptureCallback(callback: any): void {
  if (callback === null) {
    set(null);
    return;
  }
  if (typeof callback !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], callback);
  }
  if (capture !== null) {
    throw new codes.ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
  }
  set(callback);
}
export function hasUncaughtExceptionCaptureCallback(): boolean {
  return capture !== null;
}
