process.on('exit', (code) => console.log('exit', code));
process.on('uncaughtException', () => {
  console.log('handler');
  throw new Error('from the handler');
});
setImmediate(() => console.log('never'));
throw new Error('first');
