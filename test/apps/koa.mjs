// Koa: middleware in layers, a router, bodies, static files, uploads through multer, errors, streams, cookies.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import Koa from 'koa';
import Router from '@koa/router';
import multer from '@koa/multer';
import bodyParser from 'koa-bodyparser';
import files from 'koa-static';
import { digest, ends, listen } from './ends.mjs';
import { ask } from './visitor.mjs';

async function serve() {
  const app = new Koa({ keys: ['secret'] });
  app.on('error', () => {});
  app.use(async (ctx, next) => {
    ctx.set('x-middleware', ctx.method);
    await next();
    if (ctx.body && typeof ctx.body === 'object' && !ctx.body.pipe && !Buffer.isBuffer(ctx.body)) ctx.etag = digest(JSON.stringify(ctx.body));
  });
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      ctx.status = error.status ?? 500;
      ctx.body = { error: error.message };
    }
  });
  const served = files(new URL('public', import.meta.url).pathname);
  app.use((ctx, next) => {
    if (!ctx.path.startsWith('/static/')) return next();
    ctx.path = ctx.path.slice('/static'.length);
    return served(ctx, next);
  });
  app.use(bodyParser({ jsonLimit: '1mb' }));
  const router = new Router();
  router.get('/hello/:name', (ctx) => { ctx.body = { name: ctx.params.name, query: ctx.query, protocol: ctx.protocol }; });
  router.post('/json', (ctx) => {
    ctx.status = 201;
    ctx.body = ctx.request.body;
  });
  router.get('/async', async (ctx) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    ctx.body = 'later é';
  });
  router.get('/throws', () => { throw new Error('thrown'); });
  router.get('/rejects', async (ctx) => ctx.throw(422, 'rejected'));
  router.get('/redirect', (ctx) => {
    ctx.redirect('/async');
    ctx.status = 303;
  });
  router.get('/cookie', (ctx) => {
    ctx.cookies.set('c', 'd', { signed: true });
    ctx.body = ctx.cookies.get('b');
  });
  router.post('/upload', multer().single('file'), (ctx) => {
    ctx.body = { title: ctx.request.body.title, name: ctx.file.originalname, type: ctx.file.mimetype, size: ctx.file.size, digest: digest(ctx.file.buffer) };
  });
  router.get('/stream', (ctx) => {
    ctx.type = 'text/plain';
    ctx.body = Readable.from(['a', 'b', 'c']);
  });
  router.put('/raw', async (ctx) => {
    const chunks = [];
    for await (const chunk of ctx.req) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    ctx.body = { length: body.length, digest: digest(body) };
  });
  app.use(router.routes()).use(router.allowedMethods());
  const server = createServer(app.callback());
  return { port: await listen(server), close: () => server.close().closeAllConnections() };
}

await ends({ serve, client: ask });
