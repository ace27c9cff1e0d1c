'use strict';
// Agents of npm tell by the call stack whether a request came through https: agent-base looks for "node:https:" in it.
const assert = require('node:assert');
const http = require('node:http');
const https = require('node:https');

const seen = [];
class Watching extends http.Agent {
  get protocol() {
    seen.push(new Error().stack);
    return 'https:';
  }
  set protocol(value) {}
  addRequest(request) {
    seen.push(new Error().stack);
    process.nextTick(() => request.destroy());
  }
}

for (const name of ['request', 'get']) {
  https[name]({ host: 'localhost', agent: new Watching() }).on('error', () => {});
}
assert.ok(seen.length >= 4);
for (const stack of seen) assert.match(stack, /node:https:/);
