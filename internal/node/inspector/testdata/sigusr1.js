// SIGUSR1 opens the endpoint of a running program, idle or in an endless loop, that a debugger can stop; a listener of the program's own takes
// its place, and --disable-sigusr1 leaves it without effect.
'use strict';
const assert = require('node:assert');
const { spawn, spawnSync } = require('node:child_process');

function endpoint(child) {
  return new Promise((resolve, reject) => {
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
      const url = /^Debugger listening on (ws:\S+)\n/.exec(err);
      if (url !== null) resolve(url[1]);
    });
    child.on('exit', (code, signal) => reject(new Error(`ended ${code} ${signal}: ${err}`)));
  });
}

async function attach(url) {
  const ws = new WebSocket(url);
  await new Promise((resolve, reject) => { ws.onopen = resolve; ws.onerror = reject; });
  let last = 0;
  const waiting = new Map();
  const paused = [];
  let tell = () => {};
  ws.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id) waiting.get(message.id)(message.result ?? message.error);
    else if (message.method === 'Debugger.paused') paused.push(message.params), tell();
  };
  const post = (method, params) => new Promise((resolve) => { waiting.set(++last, resolve); ws.send(JSON.stringify({ id: last, method, params })); });
  const next = async () => {
    while (paused.length === 0) await new Promise((resolve) => tell = resolve);
    return paused.shift();
  };
  return { ws, post, next };
}

async function debug(program) {
  const child = spawn(process.execPath, ['--inspect-port=0', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const url = endpoint(child);
  process.kill(child.pid, 'SIGUSR1');
  const { ws, post } = await attach(await url);
  await post('Runtime.enable');
  const { result } = await post('Runtime.evaluate', { expression: 'n' });
  assert.ok(result.value >= 0, JSON.stringify(result));
  return { child, ws, post };
}

(async () => {
  {
    const { child, ws, post } = await debug('let n = 7; setInterval(() => {}, 1e6); console.log("ready")');
    const { result } = await post('Runtime.evaluate', { expression: 'process.debugPort', returnByValue: true });
    assert.strictEqual(String(result.value), new URL(ws.url).port);
    ws.close();
    child.kill();
  }
  {
    const { child, ws, post } = await debug('let n = 0; console.log("ready"); while (n >= 0) n++; process.exit(9)');
    await post('Runtime.evaluate', { expression: 'n = -1e9' });
    ws.close();
    const [code] = await new Promise((resolve) => child.on('exit', (...how) => resolve(how)));
    assert.strictEqual(code, 9);
  }
  const heard = spawnSync(process.execPath, ['--inspect-port=0', '-e', `
    setInterval(() => {}, 1e6);
    process.on('SIGUSR1', (name, number) => { console.log(name, number, require('inspector').url()); process.exit(); });
    process.kill(process.pid, 'SIGUSR1');`], { encoding: 'utf8' });
  assert.deepStrictEqual([heard.stdout, heard.stderr], ['SIGUSR1 10 undefined\n', '']);
  const disabled = spawnSync(process.execPath, ['--disable-sigusr1', '-e', `
    process.kill(process.pid, 'SIGUSR1');
    setTimeout(() => console.log(require('inspector').url()), 100);`], { encoding: 'utf8' });
  assert.deepStrictEqual([disabled.status, disabled.stdout, disabled.stderr], [0, 'undefined\n', '']);
  // Opened, closed and opened again.
  const again = spawnSync(process.execPath, ['--inspect-port=0', '-e', `
    const { url } = require('inspector');
    const keep = setInterval(() => {}, 1e6);
    const until = async (open) => { while ((url() !== undefined) !== open) await new Promise((resolve) => setTimeout(resolve, 5)); };
    (async () => {
      process._debugProcess(process.pid);
      await until(true);
      process._debugEnd();
      await until(false);
      process.debugPort = 0;
      process.kill(process.pid, 'SIGUSR1');
      await until(true);
      clearInterval(keep);
    })();`], { encoding: 'utf8' });
  assert.strictEqual(again.status, 0);
  assert.strictEqual(again.stderr.match(/Debugger listening on/g).length, 2);
})();
