// The program ends while streams, watchers and requests are open.
'use strict';
const fs = require('fs');
fs.watch('.', () => {});
fs.watchFile(__filename, () => {});
fs.createReadStream('/dev/zero').on('data', () => {});
fs.opendirSync('.');
fs.promises.open(__filename).then((handle) => { globalThis.handle = handle; });
fs.readFile(__filename, () => setImmediate(() => process.exit(0)));
