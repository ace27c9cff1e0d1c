// process.binding('spawn_sync').spawn is what spawnSync calls: nyc and spawn-wrap change options there.
'use strict';
const assert = require('node:assert');
const { execSync, spawnSync } = require('node:child_process');

const binding = process.binding('spawn_sync');
const { spawn } = binding;
const seen = [];
binding.spawn = function (options) {
  seen.push(options);
  options.envPairs = [...options.envPairs, 'ADDED=yes'];
  const result = spawn.call(this, options);
  seen.push(result);
  return result;
};
const { stdout } = spawnSync('sh', ['-c', 'echo $ADDED; cat'], { input: 'in', encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
assert.strictEqual(stdout, 'yes\nin');
const [options, result] = seen;
assert.deepStrictEqual({ file: options.file, args: options.args, detached: options.detached }, { file: 'sh', args: ['sh', '-c', 'echo $ADDED; cat'], detached: false });
assert.deepStrictEqual(options.stdio.map(({ type }) => type), ['pipe', 'pipe', 'ignore']);
assert.strictEqual(`${options.stdio[0].input}`, 'in');
assert.strictEqual(result.status, 0);
assert.deepStrictEqual(result.output.map((bytes) => (bytes === null ? null : `${bytes}`)), [null, 'yes\nin', null]);
assert.strictEqual(`${execSync('echo $ADDED')}`, 'yes\n');
assert.strictEqual(spawnSync('sh', ['-c', 'kill -9 $$']).signal, 'SIGKILL');
const missing = spawnSync('no-such-program-here');
assert.strictEqual(missing.error.code, 'ENOENT');
