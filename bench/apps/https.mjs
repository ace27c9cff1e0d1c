import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const { TLS_KEY, TLS_CERT, PORT } = process.env;
createServer({ key: readFileSync(TLS_KEY), cert: readFileSync(TLS_CERT) }, (request, response) => response.end('Hello World!')).listen(Number(PORT), '127.0.0.1');
