// cluster.Worker: in the primary one for each process, in a worker the one that stands for itself.
// https://nodejs.org/docs/latest-v24.x/api/cluster.html#class-worker
import { EventEmitter } from 'internal:events';

const { defineProperty, setPrototypeOf } = Object;

/** Also called without new, on an object of any kind. options: {id, state, process} */
export function Worker(this: any, options?: any): any {
  if (!(this instanceof (Worker as any))) return new (Worker as any)(options);
  (EventEmitter as any).call(this);
  const given = options !== null && typeof options === 'object' ? options : {};
  this.exitedAfterDisconnect = undefined;
  this.state = given.state || 'none';
  this.id = given.id | 0;
  if (given.process) {
    this.process = given.process;
    this.process.on('error', (...args: any[]) => this.emit('error', ...args));
    this.process.on('message', (...args: any[]) => this.emit('message', ...args));
  }
  return undefined;
}
setPrototypeOf(Worker.prototype, EventEmitter.prototype);
setPrototypeOf(Worker, EventEmitter);

const methods = {
  send(this: any, ...args: any[]): any {
    return this.process.send(...args);
  },
  isConnected(this: any): boolean {
    return this.process.connected;
  },
  isDead(this: any): boolean {
    return this.process.exitCode != null || this.process.signalCode != null;
  },
  kill(this: any, ...args: any[]): any {
    return this.destroy(...args);
  },
};
for (const [name, value] of Object.entries(methods)) defineProperty(Worker.prototype, name, { value, writable: true, enumerable: true, configurable: true });
