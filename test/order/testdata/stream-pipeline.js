const { pipeline, Readable, Transform, Writable } = require('node:stream');
const upper = () => new Transform({
  transform(chunk, encoding, done) { done(null, String(chunk).toUpperCase()); },
  flush(done) { console.log('flush'); done(null, '!'); },
});
const sink = (fail) => new Writable({
  write(chunk, encoding, done) { console.log('got', String(chunk)); done(fail ? new Error('sink') : null); },
});
pipeline(Readable.from(['a', 'b']), upper(), sink(false), (error) => {
  console.log('done', error);
  pipeline(Readable.from(['a', 'b']), upper(), sink(true), (error) => console.log('failed', error.message));
});
process.nextTick(() => console.log('tick'));
setImmediate(() => console.log('immediate'));
