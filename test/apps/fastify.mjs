// Fastify: hooks, schemas, plugins, static files, multipart uploads, errors, streams.
import { Readable } from 'node:stream';
import fastify from 'fastify';
import multipart from '@fastify/multipart';
import files from '@fastify/static';
import { digest, ends } from './ends.mjs';
import { ask } from './visitor.mjs';

async function serve() {
  const app = fastify({ bodyLimit: 1 << 20, forceCloseConnections: true });
  app.addHook('onRequest', async (request, reply) => { reply.header('x-middleware', request.method); });
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload === 'string') reply.header('etag', digest(payload));
    return payload;
  });
  await app.register(multipart);
  await app.register(files, { root: new URL('public', import.meta.url).pathname, prefix: '/static/' });
  app.get('/hello/:name', {
    schema: { params: { type: 'object', properties: { name: { type: 'string', maxLength: 10 } } }, response: { 200: { type: 'object', properties: { name: { type: 'string' }, query: { type: 'object', additionalProperties: true } } } } },
  }, async (request) => ({ name: request.params.name, query: request.query, dropped: 1 }));
  app.post('/json', { schema: { body: { type: 'object', required: ['a'], properties: { a: { type: 'array' } } } } }, async (request, reply) => reply.code(201).send(request.body));
  app.get('/async', async (request, reply) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return reply.type('text/plain; charset=utf-8').send('later é');
  });
  app.get('/throws', () => { throw new Error('thrown'); });
  app.get('/rejects', async () => { throw Object.assign(new Error('rejected'), { statusCode: 422, code: 'E_REJECTED' }); });
  app.get('/redirect', (request, reply) => reply.redirect('/async', 303));
  app.get('/cookie', (request, reply) => reply.header('set-cookie', ['c=d', 'f=g']).send(request.headers.cookie));
  app.post('/upload', async (request) => {
    const file = await request.file();
    const content = await file.toBuffer();
    return { title: file.fields.title.value, name: file.filename, type: file.mimetype, size: content.length, digest: digest(content) };
  });
  app.get('/stream', (request, reply) => reply.type('text/plain').send(Readable.from(['a', 'b', 'c'])));
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (request, body, done) => done(null, body));
  app.put('/raw', async (request) => ({ length: request.body.length, digest: digest(request.body) }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: app.server.address().port, close: () => app.close() };
}

await ends({ serve, client: ask });
