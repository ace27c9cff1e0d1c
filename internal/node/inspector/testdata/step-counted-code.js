// Code that was compiled while blocks were counted, and kept: a debugger steps through it in a program that counts nothing.
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { Session } = require('node:inspector');
const { Script } = require('node:vm');
const text = `(function f(a) {
  let x = 0;
  if (a) { x = 1; } else { x = 2; }
  for (let i = 0; i < 3; i++) { if (i === 1) { x += i; } else x -= i; }
  switch (x) { case 1: x = 2; break; case 3: { x = 4; break; } }
  try { x++; } finally { x--; }
  class A { #p = 1; m() { return this.#p; } }
  { const y = x; const g = () => y; x = g() + new A().m(); }
  return x;
})`;
const session = new Session();
session.connect();
if (process.argv[2] === 'count') {
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const script = new Script(text, { filename: 'counted.js' });
  script.runInThisContext()(1);
  process.stdout.write(script.createCachedData().toString('base64'));
} else {
  const cachedData = Buffer.from(execFileSync(process.execPath, [__filename, 'count'], { encoding: 'latin1' }), 'base64');
  const script = new Script(text, { filename: 'counted.js', cachedData });
  assert.strictEqual(script.cachedDataRejected, false);
  const f = script.runInThisContext();
  let steps = 0;
  session.on('Debugger.paused', ({ params: { callFrames: [{ functionName }] } }) => {
    if (functionName === 'f') steps++;
    session.post('Debugger.stepInto');
  });
  session.post('Debugger.enable');
  debugger;
  assert.strictEqual(f(0), f(1) + 2);
  session.post('Debugger.disable');
  assert(steps > 30, `${steps}`);
}
