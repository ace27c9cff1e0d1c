// Nobody catches it: what is still queued doesn't run, exit handlers do.
process.on('exit', (code) => console.log('exit', code, process.exitCode));
setTimeout(() => {
  process.nextTick(() => console.log('never'));
  throw new Error('nobody catches this');
}, 1);
setTimeout(() => console.log('never either'), 30);
