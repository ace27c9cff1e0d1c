'use strict';

const { EventEmitter } = require('node:events');
const { call } = require('./connection.js');

/**
 * What happens to processes: 'log:out', 'log:err', 'process:event', 'process:msg' and the types of messages that programs make up. Listeners of '*' get
 * the name of the event and the packet.
 */
class Bus extends EventEmitter {
  #calls = [];

  /** Opens it; from when it resolves on nothing is missed. */
  static async open(path) {
    const bus = new Bus();
    await Promise.all([
      bus.#follow(path, 'follow', { target: 'all' }, (line) => bus.#log(line)),
      bus.#follow(path, 'bus', {}, (event) => bus.#tell(event)),
    ]);
    return bus;
  }

  #follow(path, method, params, take) {
    return new Promise((resolve, reject) => {
      let open = false;
      const c = call(path, method, params, (note) => {
        if (note !== null) {
          take(note);
          return;
        }
        open = true;
        resolve();
      });
      this.#calls.push(c);
      c.answer.catch((err) => {
        if (!open) reject(err);
        else if (this.#calls.length > 0) this.#end();
      });
    });
  }

  #end() {
    this.close();
    super.emit('close');
  }

  #send(name, packet) {
    super.emit(name, packet);
    super.emit('*', name, packet);
  }

  #log({ id, app, namespace, type, at, text, raw, lost }) {
    if (lost) this.#send('lost', { what: 'log', count: lost });
    this.#send(`log:${type}`, { process: { pm_id: id, name: app, namespace: namespace ?? 'default' }, data: `${raw || text}\n`, at: Date.parse(at) });
  }

  #tell({ channel, event, manually, at, data, raw, process, lost }) {
    if (lost) this.#send('lost', { what: 'event', count: lost });
    if (channel === 'error') return; // nobody may listen to it
    if (channel === 'process:event') this.#send(channel, { event, manually: manually === true, process, at });
    else if (raw !== undefined) this.#send(channel, { at, raw, process });
    else this.#send(channel, { at, data, process });
  }

  /** Ends it. */
  close() {
    const calls = this.#calls;
    this.#calls = [];
    for (const c of calls) c.close();
  }
}

module.exports = { Bus };
