// node:worker_threads. https://nodejs.org/docs/latest-v24.x/api/worker_threads.html
import { load } from 'internal:load';
import {
  BroadcastChannel, MessageChannel, MessagePort, isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable, moveMessagePortToContext,
  receiveMessageOnPort,
} from 'internal:web/message';
import { SHARE_ENV, Worker } from 'internal:workerthreads';
import { state } from 'internal:workerthreads/state';
import { postMessageToThread } from 'internal:workerthreads/thread';

const workerThreads = {
  isInternalThread: state.isInternalThread,
  isMainThread: state.isMainThread,
  MessagePort,
  MessageChannel,
  markAsUncloneable,
  markAsUntransferable,
  isMarkedAsUntransferable,
  moveMessagePortToContext,
  receiveMessageOnPort,
  resourceLimits: state.resourceLimits,
  postMessageToThread,
  threadId: state.threadId,
  threadName: state.threadName,
  SHARE_ENV,
  Worker,
  parentPort: state.parentPort,
  workerData: state.workerData,
  BroadcastChannel,
  /** Data for all workers that are made from now on: a copy of value, undefined takes it away. */
  setEnvironmentData(key: any, value: any): void {
    if (value === undefined) {
      state.environmentData.delete(key);
    } else {
      state.environmentData.set(key, value);
    }
  },
  getEnvironmentData(key: any): any {
    return state.environmentData.get(key);
  },
  get locks(): any {
    return load('internal:web/navigator/locks').locks;
  },
};
export default workerThreads;
