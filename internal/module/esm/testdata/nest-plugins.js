// Roost alone: compiler plugins of nest-cli.json, which don't run over sources that are started directly, are warned of once.
'use strict';
const assert = require('assert');
const { spawnSync } = require('child_process');
const { mkdtempSync, mkdirSync, rmSync, writeFileSync } = require('fs');
const { tmpdir } = require('os');
const { join } = require('path');

const dir = mkdtempSync(join(tmpdir(), 'nest-plugins-'));
try {
  mkdirSync(join(dir, 'src'));
  writeFileSync(join(dir, 'package.json'), '{"type": "commonjs"}');
  writeFileSync(join(dir, 'src', 'part.ts'), 'export const part: number = 1;\n');
  writeFileSync(join(dir, 'src', 'main.ts'), "import { part } from './part';\nconsole.log('runs', part);\n");
  const run = (cli) => {
    writeFileSync(join(dir, 'nest-cli.json'), JSON.stringify(cli));
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dir, 'src', 'main.ts')], { encoding: 'utf8' });
    assert.strictEqual(status, 0, stderr);
    assert.strictEqual(stdout, 'runs 1\n');
    return stderr;
  };
  const warned = run({ compilerOptions: { plugins: [{ name: '@nestjs/swagger' }] } });
  assert.match(warned, /^\(node:\d+\) \[NEST_CLI_PLUGINS\] Warning: The compiler plugins of .*nest-cli\.json \(@nestjs\/swagger\) run in 'nest build' alone/);
  assert.strictEqual(warned.split('NEST_CLI_PLUGINS').length, 2);
  assert.strictEqual(run({ compilerOptions: { deleteOutDir: true } }), '');
} finally {
  rmSync(dir, { recursive: true });
}
