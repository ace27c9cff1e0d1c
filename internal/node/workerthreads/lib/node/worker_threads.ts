// node:worker_threads: message ports, and the face of a main thread. https://nodejs.org/docs/latest-v24.x/api/worker_threads.html
import { codes, unavailable } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import {
  BroadcastChannel, MessageChannel, MessagePort, isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable, receiveMessageOnPort,
} from 'internal:web/message';

const environmentData = new Map<any, any>();

// Differs from Node: threads are not there yet.
class Worker extends (EventEmitter as any) {
  constructor(_filename: any, _options?: any) {
    super();
    unavailable('worker_threads.Worker');
  }
}

const workerThreads = {
  isInternalThread: false,
  isMainThread: true,
  MessagePort,
  MessageChannel,
  markAsUncloneable,
  markAsUntransferable,
  isMarkedAsUntransferable,
  moveMessagePortToContext(_port: any, _context: any): never {
    return unavailable('worker_threads.moveMessagePortToContext()');
  },
  receiveMessageOnPort,
  resourceLimits: {},
  async postMessageToThread(threadId: any): Promise<void> {
    throw threadId === 0 ? new codes.ERR_WORKER_MESSAGING_SAME_THREAD() : new codes.ERR_WORKER_MESSAGING_FAILED();
  },
  threadId: 0,
  threadName: '',
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  Worker,
  parentPort: null,
  workerData: null,
  BroadcastChannel,
  /** Data that workers would inherit: a copy of value, undefined takes it away. */
  setEnvironmentData(key: any, value: any): void {
    if (value === undefined) {
      environmentData.delete(key);
    } else {
      environmentData.set(key, value);
    }
  },
  getEnvironmentData(key: any): any {
    return environmentData.get(key);
  },
  get locks(): any {
    return unavailable('worker_threads.locks');
  },
};
Object.defineProperty(workerThreads, 'locks', { enumerable: false });
export default workerThreads;
