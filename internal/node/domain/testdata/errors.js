// Errors reach the domain in which their callback was made, by every way; what its listener throws goes to the domain around it.
const assert = require('node:assert');
const domain = require('node:domain');
const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');

const want = new Set(['timer', 'immediate', 'tick', 'fs', 'net', 'emitter', 'intercept', 'bind', 'sync']);
const later = (f) => setTimeout(f, 1);
function inside(name, start) {
  const d = domain.create();
  d.on('error', (err) => {
    assert.strictEqual(err.message, name);
    assert.strictEqual(err.domain, d);
    assert.ok(want.delete(name), name);
  });
  d.run(start, d);
}
const fail = (name) => () => { throw new Error(name); };
inside('timer', () => setTimeout(fail('timer'), 1));
inside('immediate', () => setImmediate(fail('immediate')));
inside('tick', () => process.nextTick(fail('tick')));
inside('fs', () => fs.stat('/nowhere', fail('fs')));
inside('net', () => net.createServer().listen(0, '127.0.0.1', function() { this.close(); fail('net')(); }));
inside('emitter', () => {
  const emitter = new EventEmitter();
  later(() => emitter.emit('error', new Error('emitter')));
});
inside('intercept', (d) => later(d.intercept(() => assert.fail()).bind(null, new Error('intercept'))));
inside('bind', (d) => {
  const bound = d.bind((a, b) => {
    assert.strictEqual(process.domain, d);
    assert.strictEqual(a + b, 3);
    throw new Error('bind');
  });
  d.exit();
  later(() => bound(1, 2));
});

const outer = domain.create();
const inner = domain.create();
const seen = [];
inner.on('error', (err) => { seen.push(err.message); throw new Error('again'); });
outer.on('error', (err) => {
  seen.push(err.message);
  assert.deepStrictEqual(seen, ['first', 'again']);
});
later(() => outer.run(() => inner.run(fail('first'))));

process.on('exit', () => {
  assert.deepStrictEqual([...want], []);
  assert.deepStrictEqual(seen, ['first', 'again']);
});
// The last, since it leaves this script.
inside('sync', fail('sync'));
