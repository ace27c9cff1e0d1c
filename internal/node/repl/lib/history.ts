// The history of a REPL in a file: one line an input, the newest first. https://nodejs.org/docs/latest-v24.x/api/repl.html#replserversetuphistoryhistoryconfig-callback
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import { clearTimeout, setTimeout } from 'internal:timers';

const delay = 15; // milliseconds from an input to its writing

/** Reads path into server.history and writes what is added. "" keeps no file; undefined takes ~/.node_repl_history. */
export function setupHistory(server: any, path: any, callback: (error: any, server: any) => void): void {
  const fs = load('node:fs').default;
  server.historyManager = { isFlushing: false };
  if (path === '' || (typeof path === 'string' && path.trim() === '')) {
    server._historyPrev = replHistoryMessage;
    callback(null, server);
    return;
  }
  if (path === undefined || path === null) {
    try {
      path = load('node:path').default.join(load('node:os').default.homedir(), '.node_repl_history');
    } catch (error: any) {
      server.output.write(`\nError: Could not get the home directory.\nREPL session history will not be persisted.\n`);
      callback(null, server);
      return;
    }
  }
  server.pause();
  fs.open(path, 'a+', 0o0600, (error: any, fd: number) => {
    if (error) {
      server.output.write('\nError: Could not open history file.\nREPL session history will not be persisted.\n');
      server.resume();
      callback(null, server);
      return;
    }
    fs.close(fd, () => fs.readFile(path, 'utf8', (readError: any, data: string) => {
      if (readError) {
        callback(readError, server);
        return;
      }
      server.history = data ? data.split(/\r?\n+/, server.historySize) : [];
      fs.open(path, 'r+', (openError: any, handle: number) => {
        if (openError) {
          callback(openError, server);
          return;
        }
        keep(server, handle);
        server.resume();
        callback(null, server);
      });
    }));
  });
}

function replHistoryMessage(this: any): any {
  if (this.history.length === 0) {
    this.output.write('\nPersistent history support disabled. Set the NODE_REPL_HISTORY environment\nvariable to a valid, user-writable path to enable.\n');
    this.displayPrompt(true);
  }
  delete this._historyPrev;
  return this._historyPrev();
}

function keep(server: any, handle: number): void {
  const fs = load('node:fs').default;
  let timer: any;
  let writing = false;
  let again = false;
  server._flushing = false;
  server.historyManager = { get isFlushing() { return server._flushing; } };
  const flush = () => {
    timer = undefined;
    if (writing) {
      again = true;
      return;
    }
    writing = true;
    const text = Buffer.from(server.history.join('\n'));
    fs.write(handle, text, 0, text.length, 0, () => fs.ftruncate(handle, text.length, () => {
      writing = false;
      if (again) {
        again = false;
        flush();
        return;
      }
      server._flushing = timer !== undefined;
      if (!server._flushing) {
        server.emit('flushHistory');
      }
    }));
  };
  server.on('line', () => {
    server._flushing = true;
    clearTimeout(timer);
    timer = setTimeout(flush, delay);
  });
  server.once('exit', () => {
    if (timer !== undefined) {
      clearTimeout(timer);
      timer = undefined;
      const text = Buffer.from(server.history.join('\n'));
      fs.writeSync(handle, text, 0, text.length, 0);
      fs.ftruncateSync(handle, text.length);
    }
    fs.close(handle, () => {});
  });
}
