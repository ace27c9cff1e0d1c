// process.argv[1] is the path that was asked for, made absolute: links, extensions and folders show in require.main, as programs need that
// take their name from the link in node_modules/.bin.
'use strict';
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'argv-')));
try {
  const say = 'console.log(JSON.stringify([process.argv[1], require.main.filename]));';
  const write = (name, text) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  write('cli.js', say);
  write('package/package.json', '{"main": "main.js"}');
  write('package/main.js', say);
  write('m.mjs', 'console.log(JSON.stringify([process.argv[1], import.meta.filename]));');
  fs.mkdirSync(path.join(folder, 'bin'));
  fs.symlinkSync('../cli.js', path.join(folder, 'bin/tool'));
  fs.symlinkSync('../m.mjs', path.join(folder, 'bin/tool.mjs'));
  for (const [asked, file] of [['bin/tool', 'cli.js'], ['cli', 'cli.js'], ['./bin/../cli.js', 'cli.js'], ['package', 'package/main.js'], ['bin/tool.mjs', 'm.mjs']]) {
    const out = JSON.parse(execFileSync(process.execPath, [asked], { cwd: folder, encoding: 'utf8' }));
    assert.deepStrictEqual(out, [path.join(folder, asked), path.join(folder, file)]);
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
