// The order of a tracing channel's events; errors of subscribers don't reach the publisher.
'use strict';
const dc = require('diagnostics_channel');
const seen = [];
const tracing = dc.tracingChannel('t');
const handlers = {};
for (const name of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) {
  handlers[name] = (message) => seen.push(`${name}:${message.result ?? message.error?.message ?? ''}`);
}
tracing.traceSync(() => seen.push('untraced'));
tracing.subscribe(handlers);
tracing.traceSync((a, b) => a + b, {}, null, 1, 2);
try {
  tracing.traceSync(() => { throw new Error('no'); });
} catch {
  seen.push('thrown');
}
tracing.traceCallback((n, callback) => callback(null, n), -1, {}, null, 5, () => seen.push('called'));
tracing.tracePromise(async () => 7).then(() => {
  const wanted = 'untraced,1|start:,end:3|start:,error:no,end:no,thrown|start:,asyncStart:5,called,asyncEnd:5,end:5|start:,end:,asyncStart:7,asyncEnd:7';
  if (seen.join() !== wanted.replace(',1|', ',').replaceAll('|', ',')) {
    throw new Error(seen.join());
  }
  if (!tracing.unsubscribe(handlers) || tracing.hasSubscribers) {
    throw new Error('unsubscribe');
  }
  let uncaught = 0;
  process.once('uncaughtException', (error) => {
    uncaught++;
    if (error.message !== 'subscriber') {
      throw error;
    }
  });
  const channel = dc.channel('c');
  let reached = false;
  channel.subscribe(() => { throw new Error('subscriber'); });
  channel.subscribe(() => { reached = true; });
  channel.publish({});
  process.on('exit', () => {
    if (!reached || uncaught !== 1) {
      process.exitCode = 1;
    }
  });
});
