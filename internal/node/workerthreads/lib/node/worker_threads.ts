// node:worker_threads as the main thread sees it. Workers are not there yet: the constructor throws.
// https://nodejs.org/docs/latest-v24.x/api/worker_threads.html
import { unavailable } from 'internal:errors';
import { load } from 'internal:load';

const environment = new Map<any, any>();

class Worker {
  constructor() {
    unavailable('worker_threads.Worker');
  }
}

const lazyNames = ['MessagePort', 'MessageChannel', 'BroadcastChannel'];
const workerThreads: any = {
  isMainThread: true,
  isInternalThread: false,
  parentPort: null,
  resourceLimits: {},
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  threadId: 0,
  threadName: '',
  workerData: null,
  Worker,
  markAsUntransferable: (value: any) => load('internal:web/message').markAsUntransferable(value),
  isMarkedAsUntransferable: (value: any) => load('internal:web/message').isMarkedAsUntransferable(value),
  markAsUncloneable: (value: any) => load('internal:web/message').markAsUncloneable(value),
  moveMessagePortToContext: () => unavailable('worker_threads.moveMessagePortToContext'),
  receiveMessageOnPort: (port: any) => load('internal:web/message').receiveMessageOnPort(port),
  postMessageToThread: () => unavailable('worker_threads.postMessageToThread'),
  getEnvironmentData: (key: any) => environment.get(key),
  setEnvironmentData(key: any, value: any) {
    if (value === undefined) {
      environment.delete(key);
    } else {
      environment.set(key, value);
    }
  },
  locks: undefined,
};
for (const name of lazyNames) {
  Object.defineProperty(workerThreads, name, {
    enumerable: true,
    configurable: true,
    get: () => load('internal:web/message')[name],
  });
}
export default workerThreads;
