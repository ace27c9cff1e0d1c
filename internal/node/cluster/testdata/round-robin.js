'use strict';
// Connections go to the workers in turn; all of them listen on the port that the first got.
const assert = require('assert');
const cluster = require('cluster');
const http = require('http');

if (cluster.isWorker) {
  http.createServer((req, res) => res.end(`${cluster.worker.id}`)).listen(0, '127.0.0.1');
} else {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const ports = new Set();
  for (let i = 0; i < 3; i++) cluster.fork();
  let left = 3;
  cluster.on('listening', (_worker, { port }) => {
    ports.add(port);
    if (--left === 0) ask(port, []);
  });
  function ask(port, answers) {
    if (answers.length === 9) {
      assert.strictEqual(ports.size, 1);
      for (const id of ['1', '2', '3']) assert.strictEqual(answers.filter((a) => a === id).length, 3, answers.join());
      cluster.disconnect(() => assert.deepStrictEqual(Object.keys(cluster.workers), []));
      return;
    }
    http.get({ port, host: '127.0.0.1', agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (s) => { text += s; }).on('end', () => ask(port, [...answers, text]));
    });
  }
}
