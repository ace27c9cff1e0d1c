// process.setUncaughtExceptionCaptureCallback.
import { codes } from 'internal:errors';

let capture: ((error: any) => void) | null = null;

export function captureFunction(): ((error: any) => void) | null {
  return capture;
}

export function setUncaughtExceptionCaptureCallback(callback: any): void {
  if (callback === null) {
    capture = null;
    return;
  }
  if (typeof callback !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], callback);
  }
  if (capture !== null) {
    throw new codes.ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
  }
  capture = callback;
}
export function hasUncaughtExceptionCaptureCallback(): boolean {
  return capture !== null;
}
