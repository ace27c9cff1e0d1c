// A debugger steps through loops whose variables are captured: at their heads no iteration has its variables yet.
const assert = require('node:assert');
const { Session } = require('node:inspector');
const session = new Session();
session.connect();
const seen = [];
let left = 0;
session.on('Debugger.paused', ({ params: { callFrames } }) => {
  const [top] = callFrames;
  session.post('Debugger.evaluateOnCallFrame', { callFrameId: top.callFrameId, expression: 'typeof captured' }, (err) => assert.ifError(err));
  if (top.functionName.startsWith('loop')) seen.push(`${top.functionName} ${top.scopeChain.map(({ type }) => type)}`);
  session.post(left-- > 0 ? 'Debugger.stepInto' : 'Debugger.resume');
});
session.post('Debugger.enable');

function* three() { for (let i = 0; i < 3; i++) { const j = () => i; yield j; } }
function loopOf(list, captured) { for (const x of list) { const f = () => x + captured; f(); } }
function loopIn(object, captured) { for (const key in object) { const f = () => key + captured; f(); } }
function loopPattern(list, captured) { for (const { a, b = (() => captured)() } of list) { const f = () => a + b; f(); } }
function loopNested(list, captured) { for (const x of list) { for (const y of list) { const f = () => x + y + captured; f(); } } }
function loopGenerator(captured) { for (const f of three()) { const g = () => f() + captured; g(); } }
async function loopAwait(captured) { for await (const x of [1, 2]) { const f = () => x + captured; f(); } }
function loopEval(list) { eval('"use strict"; for (const x of list) { const f = () => x; f(); }'); }
const script = require('node:vm');

left = 400;
debugger;
loopOf([1, 2], 1);
loopIn({ a: 1, b: 2 }, 1);
loopPattern([{ a: 1 }, { a: 2, b: 3 }], 1);
loopNested([1, 2], 1);
loopGenerator(1);
loopAwait(1).then(() => {
  left = 40;
  debugger;
  loopEval([1, 2]);
  script.runInThisContext('let top1 = 5; for (const x of [1, 2]) { const f = () => x + top1; f(); }');
  session.post('Debugger.disable');
  for (const name of ['loopOf', 'loopIn', 'loopPattern', 'loopNested', 'loopGenerator', 'loopAwait']) {
    assert(seen.some((line) => line.startsWith(`${name} block`)), name);
    assert(seen.some((line) => line.startsWith(`${name} local`)), name);
  }
  console.log('ok');
});
