// --inspect-brk: the program waits for a debugger, stops at its first statement, goes on, is stopped in the middle of a loop, and evaluates.
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const http = require('http');
const { spawn } = require('child_process');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'inspect-'));
const file = path.join(dir, 'looping.js');
fs.writeFileSync(file, 'let stop = false;\nconsole.log("begun");\nwhile (!stop) {}\nconsole.log("done");\n');
const child = spawn(process.execPath, ['--inspect-brk=127.0.0.1:0', file], { stdio: ['ignore', 'pipe', 'pipe'] });
let out = '';
child.stdout.on('data', (d) => out += d);
let err = '';
child.stderr.on('data', (d) => {
  const before = err;
  err += d;
  const url = /ws:\/\/(\S+)/.exec(err);
  if (url !== null && !/ws:\/\/\S+\s/.test(before) && /ws:\/\/\S+\s/.test(err)) debug(url[0], url[1].split('/')[0]).catch((e) => { console.log(e); child.kill(); process.exitCode = 1; });
});
async function debug(url, place) {
  const list = await (await fetch(`http://${place}/json/list`)).json();
  assert.strictEqual(list.length, 1);
  assert.strictEqual(list[0].webSocketDebuggerUrl, url);
  assert.strictEqual(list[0].type, 'node');
  const version = await (await fetch(`http://${place}/json/version`)).json();
  assert.match(version.Browser, /^node\.js\/v24\./);
  // A page of the web reaches the endpoint by a name of its own.
  const status = await new Promise((resolve) => http.get({ host: place.split(':')[0], port: place.split(':')[1], path: '/json', headers: { host: 'example.com' } }, (res) => resolve(res.statusCode)));
  assert.strictEqual(status, 400);
  const ws = new WebSocket(url);
  await new Promise((resolve) => ws.onopen = resolve);
  let last = 0;
  const waiting = new Map();
  const heard = [];
  let hear = () => {};
  ws.onmessage = ({ data }) => {
    const m = JSON.parse(data);
    if (m.id) waiting.get(m.id)(m.result ?? m.error);
    else heard.push(m), hear();
  };
  const post = (method, params) => new Promise((resolve) => { waiting.set(++last, resolve); ws.send(JSON.stringify({ id: last, method, params })); });
  const next = async (method) => {
    for (;;) {
      const i = heard.findIndex((m) => m.method === method);
      if (i >= 0) return heard.splice(i, 1)[0].params;
      await new Promise((resolve) => hear = resolve);
    }
  };
  await post('Runtime.enable');
  await post('Debugger.enable');
  await post('Runtime.runIfWaitingForDebugger');
  const start = await next('Debugger.paused');
  assert.strictEqual(start.reason, 'Break on start');
  const { scriptId } = start.callFrames[0].location;
  assert.strictEqual(heard.find((m) => m.method === 'Debugger.scriptParsed' && m.params.scriptId === scriptId).params.url, `file://${file}`);
  assert.strictEqual(start.callFrames[0].location.lineNumber, 0);
  assert.strictEqual(out, '');
  await post('Debugger.resume');
  const log = await next('Runtime.consoleAPICalled');
  assert.strictEqual(log.args[0].value, 'begun');
  while (out !== 'begun\n') await new Promise((resolve) => setTimeout(resolve, 5));
  let callFrames;
  for (;;) {
    await post('Debugger.pause');
    ({ callFrames } = await next('Debugger.paused'));
    if (callFrames[0].location.scriptId === scriptId) break;
    await post('Debugger.resume'); // it was still in the runtime's own code
  }
  assert.strictEqual(callFrames[0].location.lineNumber, 2);
  const { result } = await post('Debugger.evaluateOnCallFrame', { callFrameId: callFrames[0].callFrameId, expression: 'stop = true' });
  assert.strictEqual(result.value, true);
  await post('Debugger.resume');
  const done = await next('Runtime.consoleAPICalled');
  assert.strictEqual(done.args[0].value, 'done');
  ws.close();
}
child.on('exit', (code) => {
  assert.strictEqual(code, 0);
  assert.strictEqual(out, 'begun\ndone\n');
  assert.match(err, /^Debugger listening on ws:\/\/127\.0\.0\.1:\d+\/[-0-9a-f]{36}\nFor help, see: https:\/\/nodejs\.org\/\S+\nDebugger attached\.\n/);
  fs.rmSync(dir, { recursive: true, force: true });
});
