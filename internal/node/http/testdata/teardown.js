'use strict';
// The program ends while servers, connections and requests are open.
const http = require('http');
const server = http.createServer((req, res) => {
  res.write('never complete');
});
server.listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, host: '127.0.0.1' }, () => process.exit(0));
});
