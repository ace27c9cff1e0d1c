// A file of 1 MB, piped.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';

createServer((request, response) => {
  response.setHeader('Content-Length', 1 << 20);
  createReadStream(process.env.FILE).pipe(response);
}).listen(Number(process.env.PORT), '127.0.0.1');
