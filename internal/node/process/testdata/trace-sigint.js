// --trace-sigint and util.setTraceSigInt: SIGINT shows the stack of the JavaScript that it ends, but not where the program listens to it.
const assert = require('assert');
const { spawnSync } = require('child_process');
const run = (text, ...flags) => spawnSync(process.execPath, [...flags, '-e', text], { encoding: 'utf8', timeout: 20000 });
const busy = 'function main() { process.kill(process.pid, "SIGINT"); for (;;); } main();';
for (const { signal, stderr } of [run(busy, '--trace-sigint'), run(`util.setTraceSigInt(true);${busy}`)]) {
  assert.strictEqual(signal, 'SIGINT');
  assert.match(stderr, /^KEYBOARD_INTERRUPT: Script execution was interrupted by `SIGINT`\n    at main \(\[eval\]:1:\d+\)\n    at \[eval\]:1:\d+\n/);
}
{
  const { signal, stderr } = run(`util.setTraceSigInt(false);${busy}`, '--trace-sigint');
  assert.strictEqual(signal, 'SIGINT');
  assert.strictEqual(stderr, '');
}
{
  const { status, stdout } = run('process.on("SIGINT", () => { console.log("heard"); process.exit(3); }); process.kill(process.pid, "SIGINT"); setInterval(() => {}, 1000);', '--trace-sigint');
  assert.strictEqual(status, 3);
  assert.strictEqual(stdout, 'heard\n');
}
