// The standard streams of a child on pipes: all is out at exit, what nobody reads keeps nothing alive, EPIPE is an error event.
'use strict';
const assert = require('assert');
const { spawn, spawnSync } = require('child_process');
const tty = require('tty');
assert.strictEqual(tty.isatty(-1), false);
assert.throws(() => new tty.WriteStream(-1), { code: 'ERR_INVALID_FD' });
const big = spawnSync(process.execPath, ['-e', 'process.stdout.write("x".repeat(3e6)); process.exitCode = 5'], { maxBuffer: Infinity });
assert.strictEqual(big.stdout.length, 3e6);
assert.strictEqual(big.status, 5);
const echo = spawnSync(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)'], { input: 'é'.repeat(100000) });
assert.strictEqual(echo.stdout.toString(), 'é'.repeat(100000));
// stdin stays open here: the child ends all the same, as it doesn't read.
const idle = spawn(process.execPath, ['-e', 'process.stdin; process.stdin.fd']);
idle.on('exit', (code) => assert.strictEqual(code, 0));
const broken = spawn(process.execPath, ['-e',
  'process.stdout.on("error", (e) => process.exit(e.code === "EPIPE" && e.syscall === "write" ? 7 : 8)); setInterval(() => process.stdout.write("x"), 1)']);
broken.stdout.destroy();
broken.on('exit', (code) => assert.strictEqual(code, 7));
