'use strict';
// Workers that are killed, disconnected or exit at random moments, while connections come and go: no process stays behind, no descriptor
// either, and the primary ends. An argument says how many.
const assert = require('assert');
const cluster = require('cluster');
const fs = require('fs');
const net = require('net');

const TOTAL = +process.argv[2] || 16;
const AT_ONCE = Math.min(TOTAL, 6);

if (cluster.isWorker) {
  net.createServer((socket) => {
    socket.on('error', () => {});
    socket.end('hello');
  }).listen(0, '127.0.0.1');
  process.on('message', (message, socket) => {
    if (message === 'exit') process.exit(3);
    socket?.on('error', () => {}).end('given');
  });
} else {
  cluster.schedulingPolicy = process.argv[3] === 'none' ? cluster.SCHED_NONE : cluster.SCHED_RR;
  // Sockets, and descriptors of processes.
  const descriptors = () => {
    if (!fs.existsSync('/proc/self/fd')) return [];
    return fs.readdirSync('/proc/self/fd').map((fd) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    }).filter((target) => /^socket:|pidfd/.test(target));
  };
  const before = descriptors();
  const ends = [
    (worker) => worker.process.kill('SIGKILL'), (worker) => worker.kill(), (worker) => worker.disconnect(), (worker) => worker.send('exit'),
    (worker) => worker.process.disconnect(),
  ];
  let forked = 0;
  let ended = 0;
  let port = 0;
  const clients = new Set();
  // Connections of the primary's own server go to random workers too.
  const giver = net.createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    const workers = Object.values(cluster.workers).filter((worker) => worker.isConnected());
    if (workers.length === 0) socket.destroy();
    else workers[Math.floor(Math.random() * workers.length)].process.send('socket', socket, (err) => { if (err) socket.destroy(); });
  }).listen(0, '127.0.0.1');

  const connect = (to) => {
    if (ended === TOTAL || clients.size > 20) return;
    const client = net.connect(to, '127.0.0.1');
    clients.add(client);
    client.on('error', () => {}).on('close', () => clients.delete(client)).resume();
  };
  const traffic = setInterval(() => {
    if (port > 0) connect(port);
    connect(giver.address().port);
  }, 2);

  const fork = () => {
    if (forked === TOTAL) return;
    forked++;
    const worker = cluster.fork();
    worker.on('error', () => {}); // of messages to one that has just ended
    const doom = () => setTimeout(() => {
      if (worker.isDead() || !worker.isConnected()) return;
      ends[Math.floor(Math.random() * ends.length)](worker);
      setTimeout(() => worker.process.kill('SIGKILL'), 2000).unref();
    }, Math.random() * 60);
    if (Math.random() < 0.2) doom();
    else worker.on('listening', doom);
    worker.on('listening', (address) => { port = address.port; });
    worker.on('exit', () => {
      ended++;
      fork();
      if (ended === TOTAL) finish();
    });
  };
  const finish = () => {
    clearInterval(traffic);
    giver.close();
    for (const client of clients) client.destroy();
    setTimeout(() => {
      // Node 24 forgets connections that were on their way to a worker which died, and such workers.
      if (process.versions.roost) {
        assert.deepStrictEqual(descriptors(), before);
        assert.deepStrictEqual(Object.keys(cluster.workers), []);
      }
      if (!fs.existsSync('/proc/self/task')) return;
      const children = fs.readdirSync('/proc/self/task').map((id) => fs.readFileSync(`/proc/self/task/${id}/children`, 'utf8').trim());
      assert.deepStrictEqual(children.filter((list) => list !== ''), []);
    }, 300);
  };
  for (let i = 0; i < AT_ONCE; i++) fork();
}
