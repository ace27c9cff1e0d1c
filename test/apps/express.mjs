// Express: middleware, routers, parameters, bodies, static files, uploads through multer, errors, streams.
import { Readable } from 'node:stream';
import express from 'express';
import multer from 'multer';
import { digest, ends, listen } from './ends.mjs';
import { ask } from './visitor.mjs';
import { createServer } from 'node:http';

async function serve() {
  const app = express();
  app.use((req, res, next) => {
    res.set('x-middleware', req.method);
    next();
  });
  app.use(express.json({ limit: '1mb' }));
  app.use('/static', express.static(new URL('public', import.meta.url).pathname));
  const router = express.Router();
  router.get('/:name', (req, res) => res.json({ name: req.params.name, query: req.query, ip: req.ip, protocol: req.protocol }));
  app.use('/hello', router);
  app.post('/json', (req, res) => res.status(201).json(req.body));
  app.get('/async', async (req, res) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    res.type('text/plain').send('later é');
  });
  app.get('/throws', () => { throw new Error('thrown'); });
  app.get('/rejects', async () => { throw Object.assign(new Error('rejected'), { status: 422 }); });
  app.get('/redirect', (req, res) => res.redirect(303, '/async'));
  app.get('/cookie', (req, res) => res.cookie('c', 'd e', { httpOnly: true }).cookie('f', 'g').send(req.headers.cookie));
  app.post('/upload', multer({ storage: multer.memoryStorage() }).single('file'), (req, res) => {
    res.json({ title: req.body.title, name: Buffer.from(req.file.originalname, 'latin1').toString(), type: req.file.mimetype, size: req.file.size, digest: digest(req.file.buffer) });
  });
  app.get('/stream', (req, res) => Readable.from(['a', 'b', 'c']).pipe(res.type('text/plain')));
  app.put('/raw', express.raw({ limit: '1mb' }), (req, res) => res.json({ length: req.body.length, digest: digest(req.body) }));
  app.use((error, req, res, next) => res.status(error.status ?? 500).json({ error: error.message, type: error.type }));
  const server = createServer(app);
  return { port: await listen(server), close: () => server.close().closeAllConnections() };
}

await ends({ serve, client: ask });
