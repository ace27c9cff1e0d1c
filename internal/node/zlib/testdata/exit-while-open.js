// The program ends with streams open and work under way.
'use strict';
const zlib = require('zlib');
for (const name of ['createGzip', 'createBrotliCompress', 'createZstdCompress', 'createGunzip', 'createZstdDecompress']) {
  zlib[name]().on('error', () => {}).write(Buffer.alloc(1_000_000, 'abc'));
}
zlib.gzip(Buffer.alloc(10_000_000), () => process.exit(1));
setImmediate(() => process.exit(0));
