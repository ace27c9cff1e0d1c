const { Writable } = require('node:stream');
const writable = new Writable({
  write(chunk, encoding, done) {
    console.log('write', String(chunk));
    setImmediate(done);
  },
});
writable.on('finish', () => console.log('finish')).on('close', () => console.log('close'));
writable.on('error', (error) => console.log('error', error.code));
writable.write('ab', () => console.log('ab written'));
writable.end('cd', () => console.log('ended'));
writable.write('too late', (error) => console.log('callback', error.code));
