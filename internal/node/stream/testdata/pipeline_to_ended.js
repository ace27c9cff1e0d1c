// pipeline() throws when a stream in it is destroyed or closed already.
const assert = require('assert');
const { Readable, Writable, pipeline } = require('stream');

const ended = new Writable({ write(chunk, encoding, callback) { callback(); } });
ended.destroy();
assert.throws(() => pipeline(Readable.from(['a']), ended, () => {}), { code: 'ERR_STREAM_UNABLE_TO_PIPE' });
