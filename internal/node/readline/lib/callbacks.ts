// Cursor movement on a terminal, by ECMA-48 control sequences.
import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { validateFunction } from 'internal:validators';

const CSI = '\x1b[';
export const clearToLineBeginning = `${CSI}1K`;
export const clearToLineEnd = `${CSI}0K`;
export const clearWholeLine = `${CSI}2K`;
export const clearBelow = `${CSI}0J`;

function send(stream: any, data: string, callback: any): boolean {
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
  }
  if (stream === null || stream === undefined || data === '') {
    if (typeof callback === 'function') {
      nextTick(callback, null);
    }
    return true;
  }
  return stream.write(data, callback);
}

/** The sequence that moves the cursor to a column and perhaps a row, both from 0. */
export function cursorToSequence(x: any, y?: any): string {
  return typeof y !== 'number' ? `${CSI}${x + 1}G` : `${CSI}${y + 1};${x + 1}H`;
}
export function moveSequence(dx: number, dy: number): string {
  let data = '';
  if (dx < 0) {
    data += `${CSI}${-dx}D`;
  } else if (dx > 0) {
    data += `${CSI}${dx}C`;
  }
  if (dy < 0) {
    data += `${CSI}${-dy}A`;
  } else if (dy > 0) {
    data += `${CSI}${dy}B`;
  }
  return data;
}
export function clearSequence(dir: any): string {
  return dir < 0 ? clearToLineBeginning : dir > 0 ? clearToLineEnd : clearWholeLine;
}

export function cursorTo(stream: any, x: any, y?: any, callback?: any): boolean {
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
  }
  if (typeof y === 'function') {
    callback = y;
    y = undefined;
  }
  if (Number.isNaN(x)) {
    throw new codes.ERR_INVALID_ARG_VALUE('x', x);
  }
  if (Number.isNaN(y)) {
    throw new codes.ERR_INVALID_ARG_VALUE('y', y);
  }
  if (stream == null || (typeof x !== 'number' && typeof y !== 'number')) {
    return send(null, '', callback);
  }
  if (typeof x !== 'number') {
    throw new codes.ERR_INVALID_CURSOR_POS();
  }
  return send(stream, cursorToSequence(x, y), callback);
}
export function moveCursor(stream: any, dx: any, dy: any, callback?: any): boolean {
  return send(stream, moveSequence(dx, dy), callback);
}
export function clearLine(stream: any, dir: any, callback?: any): boolean {
  return send(stream, clearSequence(dir), callback);
}
export function clearScreenDown(stream: any, callback?: any): boolean {
  return send(stream, clearBelow, callback);
}
