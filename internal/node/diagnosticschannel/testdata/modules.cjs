// The loaders tell of require() and import() through tracing channels.
const assert = require('node:assert');
const { tracingChannel } = require('node:diagnostics_channel');
const { pathToFileURL } = require('node:url');

const seen = [];
const listen = (name) => {
  const note = (event) => (message) => seen.push([name, event, message.id ?? message.url, message.parentFilename ?? message.parentURL]);
  tracingChannel(name).subscribe({ start: note('start'), end: note('end'), asyncStart: note('asyncStart'), asyncEnd: note('asyncEnd'), error: note('error') });
};
listen('module.require');
listen('module.import');
require('node:os');
assert.throws(() => require('./missing-module'));
import('node:fs').then(() => {});
const url = pathToFileURL(__filename).href;
process.on('exit', () => assert.deepStrictEqual(seen, [
  ['module.require', 'start', 'node:os', __filename], ['module.require', 'end', 'node:os', __filename],
  ['module.require', 'start', './missing-module', __filename], ['module.require', 'error', './missing-module', __filename],
  ['module.require', 'end', './missing-module', __filename],
  ['module.import', 'start', 'node:fs', url], ['module.import', 'end', 'node:fs', url],
  ['module.import', 'asyncStart', 'node:fs', url], ['module.import', 'asyncEnd', 'node:fs', url],
]));
