const { Writable } = require('node:stream');
const writable = new Writable({
  highWaterMark: 3,
  write(chunk, encoding, done) {
    console.log('write', String(chunk));
    setImmediate(done);
  },
  final(done) {
    console.log('final');
    process.nextTick(done);
  },
});
writable.on('drain', () => console.log('drain')).on('finish', () => console.log('finish')).on('close', () => console.log('close'));
console.log(writable.write('ab', () => console.log('ab written')));
console.log(writable.write('cd', () => console.log('cd written')));
writable.end('ef', () => console.log('ended'));
