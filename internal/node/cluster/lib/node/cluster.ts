// node:cluster, as the only process of a cluster sees it. https://nodejs.org/docs/latest-v24.x/api/cluster.html
import { unavailable } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';

const SCHED_NONE = 1;
const SCHED_RR = 2;

// Differs from Node: a cluster can't be forked; run more processes instead.
function Worker(this: any, _options: any): void {
  unavailable('cluster.Worker');
}
Object.setPrototypeOf(Worker.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Worker, EventEmitter);
for (const name of ['kill', 'send', 'isDead', 'isConnected', 'disconnect', 'destroy']) {
  Object.defineProperty(Worker.prototype, name, {
    value: { [name]() { unavailable(`cluster.Worker.${name}()`); } }[name],
    writable: true, enumerable: true, configurable: true,
  });
}

const cluster: any = new (EventEmitter as any)();
cluster.isWorker = false;
cluster.isMaster = true; // deprecated
cluster.isPrimary = true;
cluster.Worker = Worker;
cluster.workers = {};
cluster.settings = {};
cluster.SCHED_NONE = SCHED_NONE;
cluster.SCHED_RR = SCHED_RR;
cluster.schedulingPolicy = SCHED_RR;
cluster.setupPrimary = function setupPrimary(options: any): void {
  const { process } = load('internal:process');
  cluster.settings = {
    args: process.argv.slice(2),
    exec: process.argv[1],
    execArgv: process.execArgv,
    silent: false,
    ...cluster.settings,
    ...options,
  };
  const { settings } = cluster;
  nextTick(() => cluster.emit('setup', settings));
};
cluster.setupMaster = cluster.setupPrimary; // deprecated
cluster.fork = function fork(_env: any): never {
  return unavailable('cluster.fork()');
};
cluster.disconnect = function disconnect(callback: any): void {
  // There is no worker to wait for.
  if (callback) {
    nextTick(() => callback.call(cluster));
  }
};

export default cluster;
