// Timeouts of sessions and streams: they fire when nothing has happened for a while.
import { clearTimeout, setUnrefTimeout } from 'internal:timers';
import { validateFunction } from 'internal:validators';
import { timerDuration } from 'internal:net';

export const kTimer = Symbol('timer');
export const kDuration = Symbol('timeoutDuration');

/** target.setTimeout(msecs, callback): target._onTimeout() is called. */
export function setIdleTimeout(target: any, msecs: any, callback: any): any {
  const duration = timerDuration(msecs, 'msecs');
  target.timeout = duration;
  clearTimeout(target[kTimer]);
  target[kTimer] = duration === 0 ? undefined : setUnrefTimeout(() => target._onTimeout(), duration);
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
    if (duration === 0) target.removeListener('timeout', callback);
    else target.once('timeout', callback);
  }
  return target;
}

export function stopIdle(target: any): void {
  clearTimeout(target[kTimer]);
  target[kTimer] = undefined;
}

/** Something happened. */
export function touch(target: any): void {
  target[kTimer]?.refresh();
}
