// The facts of node:os have their types, and failures are system errors.
const assert = require('assert');
const os = require('os');
for (const name of ['arch', 'hostname', 'release', 'version', 'machine', 'type', 'tmpdir', 'homedir', 'platform']) {
  assert.ok(os[name]().length > 0, name);
}
assert.ok(os.freemem() > 0 && os.freemem() <= os.totalmem());
assert.ok(os.cpus().length >= 1 && os.cpus()[0].times.user >= 0);
assert.strictEqual(os.loadavg().length, 3);
assert.strictEqual(os.userInfo().uid, process.getuid?.() ?? os.userInfo().uid);
assert.strictEqual(`${os.hostname}`, os.hostname());
assert.strictEqual(os.constants.signals.SIGTERM, 15);
assert.throws(() => os.getPriority(2 ** 31 - 1), { code: 'ERR_SYSTEM_ERROR', info: { errno: -3, code: 'ESRCH', message: 'no such process', syscall: 'uv_os_getpriority' } });
