package supervisor

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// apiTest goes through the calls of packages/pm2, with callbacks and promises.
const apiTest = `
const pm2 = require(process.argv[2]);
const assert = require('node:assert');
const { promisify } = require('node:util');
const until = async (what, ok) => {
  for (let n = 0; n < 1000; n++) { const v = await ok(); if (v) return v; await new Promise((r) => setTimeout(r, 10)); }
  throw new Error('never: ' + what);
};
(async () => {
  await promisify(pm2.connect)();
  assert.deepStrictEqual(await pm2.list(), []);
  const bus = await promisify(pm2.launchBus)();
  const seen = [], any = [];
  for (const name of ['log:out', 'log:err', 'process:event', 'process:msg', 'my:type']) bus.on(name, (p) => seen.push([name, p]));
  bus.on('*', (name) => any.push(name));
  const started = await promisify(pm2.start)({ script: 'app.js', name: 'x', env: { V: 1 }, args: ['a b'] });
  assert.strictEqual(started.length, 1);
  assert.strictEqual(started[0].pm2_env.status, 'online');
  const id = started[0].pm_id;
  await until('it prints', () => seen.some(([n, p]) => n === 'log:out' && p.data === 'up 1 ["a b"]\n' && p.process.pm_id === id && p.process.namespace === 'default'));
  await until('its errors', () => seen.some(([n, p]) => n === 'log:err' && p.data === 'err\n'));
  await until('its messages', () => seen.some(([n, p]) => n === 'process:msg' && p.data?.a === 1 && p.process.name === 'x'));
  await until('raw ones', () => seen.some(([n, p]) => n === 'process:msg' && p.raw?.hello === 'x'));
  await until('types', () => seen.some(([n, p]) => n === 'my:type' && p.data.b === 1));
  assert(seen.some(([n, p]) => n === 'process:event' && p.event === 'online' && p.process.name === 'x'));
  await until('start', () => seen.some(([n, p]) => n === 'process:event' && p.event === 'start' && p.manually === true && p.process.status === 'online'));
  assert(any.includes('process:event'));
  const sent = await pm2.sendDataToProcessId(id, { type: 'process:msg', data: { q: 1 }, topic: 't' });
  assert.deepStrictEqual(sent, { success: true, data: { type: 'process:msg', data: { q: 1 }, topic: 't', id } });
  await pm2.sendDataToProcessId({ id, type: 'process:msg', data: { q: 2 }, topic: 't' });
  await until('it has them', () => seen.some(([n, p]) => n === 'log:out' && p.data.startsWith('got {') && p.data.includes('"q":2') && p.data.includes('"id":' + id)));
  await assert.rejects(pm2.sendDataToProcessId(999, { data: 1 }), { message: 'Process with ID <999> unknown.' });
  await pm2.sendSignalToProcessName('SIGUSR2', 'x');
  await until('it has the signal', () => seen.some(([n, p]) => p.data === 'signal\n'));
  await pm2.sendLineToStdin(id, 'line');
  await until('it has the line', () => seen.some(([n, p]) => p.data === 'in line\n'));
  const [restarted] = await pm2.restart('x');
  assert.strictEqual(restarted.pm2_env.restart_time, 1);
  assert.notStrictEqual(restarted.pid, started[0].pid);
  assert.strictEqual((await pm2.reload('x'))[0].pm2_env.status, 'online');
  assert.strictEqual((await promisify(pm2.stop)(id))[0].pm2_env.status, 'stopped');
  assert.strictEqual((await pm2.start('x'))[0].pm2_env.status, 'online');
  await assert.rejects(pm2.start('app.js', { name: 'x' }), { code: 'ALREADY_RUNNING' });
  await assert.rejects(pm2.stop('none'), { message: 'process or namespace not found' });
  await assert.rejects(pm2.start({ script: 'app.js', nmae: 'x' }), /unknown option 'nmae': did you mean 'name'/);
  assert.strictEqual((await pm2.describe('x')).length, 1);
  assert.deepStrictEqual(await promisify(pm2.describe)('none'), []);
  assert.strictEqual((await pm2.start('eco.config.js')).length, 2);
  assert.deepStrictEqual(await pm2.getProcessIdByName('e1'), [id + 1]);
  await until('actions', async () => (await pm2.describe('x'))[0].pm2_env.axm_actions.length === 1);
  assert.deepStrictEqual(await pm2.trigger('x', 'hello', 'p'), [{ process: { pm_id: id, name: 'x', namespace: 'default' }, return: 'hello p' }]);
  assert.deepStrictEqual(await pm2.dump(), { success: true });
  assert.strictEqual((await pm2.flush('x')).length, 1);
  const [gone] = await pm2.delete('x');
  assert.strictEqual(gone.name, 'x');
  assert.strictEqual((await pm2.list()).length, 2);
  await until('delete', () => seen.some(([n, p]) => p.event === 'delete' && p.process.name === 'x'));
  await promisify(pm2.disconnect)();
  await pm2.killDaemon();
  // With a daemon of its own.
  await pm2.connect(true);
  assert.deepStrictEqual(await pm2.list(), []);
  await pm2.disconnect();
  await pm2.killDaemon();
  console.log('all right');
})().catch((err) => { console.error(err); process.exit(1); });
`

// The package does on Roost and on Node what PM2's does.
func TestPackage(t *testing.T) {
	for _, name := range []string{"roost", "node"} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, map[string]string{"test.js": apiTest,
				"eco.config.js": `module.exports = { apps: [{ name: 'e1', script: 'idle.js' }, { name: 'e2', script: 'idle.js' }] }`, "idle.js": `setInterval(() => {}, 1e6)`,
				"app.js": `
console.log('up', process.env.V, JSON.stringify(process.argv.slice(2))); console.error('err');
process.on('message', (m) => {
  if (m.msg === 'hello') process.send({ type: 'axm:reply', data: { action_name: 'hello', return: 'hello ' + m.opts } });
  else console.log('got ' + JSON.stringify(m));
});
process.on('SIGUSR2', () => console.log('signal'));
process.stdin.on('data', (d) => console.log('in', String(d).trim()));
process.send({ type: 'axm:action', data: { action_name: 'hello', arity: 2 } });
process.send({ type: 'process:msg', data: { a: 1 } }); process.send({ hello: 'x' }); process.send({ type: 'my:type', data: { b: 1 } });`})
			program := p.roost
			if name == "node" {
				if program = os.Getenv("ROOST_PEER_NODE"); program == "" {
					t.Skip("ROOST_PEER_NODE is no path of Node")
				}
			}
			pkg, err := filepath.Abs("../../packages/pm2")
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(program, "test.js", pkg)
			cmd.Dir = p.dir
			cmd.Env = append(os.Environ(), "ROOST_HOME="+p.home, "ROOST_BIN="+p.roost)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "all right") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
