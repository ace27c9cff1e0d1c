// memoryUsage().arrayBuffers: the memory of ArrayBuffers, SharedArrayBuffers and Buffers, and what is freed is gone from it.
'use strict';
const assert = require('node:assert');
const v8 = require('node:v8');

const size = () => process.memoryUsage().arrayBuffers;
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 200_000, `${actual} is not near ${expected}`);

const begun = size();
let buffers = [new ArrayBuffer(1e6), Buffer.alloc(2e6), Buffer.from('x'.repeat(3e6)), new SharedArrayBuffer(4e6)];
near(size() - begun, 10e6);
assert.ok(process.memoryUsage().external >= 6e6);
near(process.memoryUsage().external, v8.getHeapStatistics().external_memory);
const moved = structuredClone(buffers[0], { transfer: [buffers[0]] });
const small = Array.from({ length: 10_000 }, () => new Uint8Array(100));
near(size() - begun, 11e6);
assert.strictEqual(small.length + moved.byteLength, 1_010_000);

buffers = undefined;
v8.setFlagsFromString('--expose-gc');
const gc = require('node:vm').runInNewContext('gc');
(async () => {
  for (let turn = 0; turn < 100 && size() - begun > 3e6; turn++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10)); // V8 frees on threads of its own
  }
  assert.ok(size() - begun < 3e6, `${size() - begun} are left`);
})();
