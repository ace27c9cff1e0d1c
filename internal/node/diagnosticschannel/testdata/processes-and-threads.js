'use strict';
// The channels of processes and threads that are started.
const assert = require('assert');
const { ChildProcess, spawn } = require('child_process');
const { subscribe } = require('diagnostics_channel');
const { Worker } = require('worker_threads');

const seen = [];
subscribe('child_process', ({ process }) => seen.push(process));
subscribe('worker_threads', ({ worker }) => seen.push(worker));
const child = spawn(process.execPath, ['-e', '0']);
const worker = new Worker('0', { eval: true });
assert.deepStrictEqual(seen.map((one) => one === child || one === worker), [true, true]);
assert.ok(seen[0] instanceof ChildProcess);
