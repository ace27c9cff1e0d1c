// The process object.
import { EventEmitter } from 'internal:events';
import { config, reallyExit, writeSync } from 'native:runtime';
import { nextTick } from 'internal:process/task';

export const process: any = Object.create(Object.create(EventEmitter.prototype, { constructor: { value: function process() {} } }));
EventEmitter.call(process);
const settings = config();
process.version = 'v24.12.0';
process.versions = { node: '24.12.0' };
process.argv = [settings.execPath, ...settings.argv];
process.platform = 'linux';
process.nextTick = nextTick;
process.exitCode = undefined;
process.env = { HOME: '/root' };
process.cwd = () => settings.cwd;
process.emitWarning = (w: any) => writeSync(2, `${w}\n`);
process.exit = (code?: number) => {
  if (code !== undefined) process.exitCode = code;
  if (!process._exiting) {
    process._exiting = true;
    process.emit('exit', process.exitCode ?? 0);
  }
  reallyExit(process.exitCode ?? 0);
};
const out = (fd: number) => ({ write: (s: any) => (writeSync(fd, String(s)), true), on() {}, once() {}, removeListener() {}, listenerCount: () => 0 });
process.stdout = out(1);
process.stderr = out(2);
