const { Readable } = require('node:stream');
const readable = new Readable({
  read() {
    console.log('read');
    this.push(this.n === 2 ? null : `chunk ${(this.n = (this.n ?? 0) + 1)}`);
  },
  destroy(error, done) {
    console.log('destroy', error);
    done(error);
  },
});
readable.on('data', (data) => console.log('data', String(data)));
readable.on('end', () => console.log('end'));
readable.on('close', () => console.log('close'));
readable.on('resume', () => console.log('resume'));
process.nextTick(() => console.log('tick'));
console.log('main', readable.readableFlowing);
