// A debugger steps through the load of builtins, and looks at what it sees.
const { Session } = require('node:inspector');
const session = new Session();
session.connect();
let steps = 0;
session.on('Debugger.paused', ({ params: { callFrames: [{ callFrameId, scopeChain }] } }) => {
  session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'this' });
  for (const { object: { objectId } } of scopeChain.slice(0, 2)) session.post('Runtime.getProperties', { objectId, ownProperties: true });
  session.post(++steps < 1500 ? steps % 50 === 49 ? 'Debugger.stepOut' : 'Debugger.stepInto' : 'Debugger.resume');
});
session.post('Debugger.enable');
session.post('Debugger.setPauseOnExceptions', { state: 'all' });
for (const name of ['dgram', 'http2', 'readline', 'sqlite', 'test', 'tls', 'zlib', 'repl', 'cluster', 'stream/web', 'perf_hooks']) {
  session.post('Debugger.pause');
  process.getBuiltinModule(`node:${name}`);
}
session.post('Debugger.disable');
if (steps < 50) throw new Error(`${steps} steps`);
