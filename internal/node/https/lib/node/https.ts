// node:https. https://nodejs.org/docs/latest-v24.x/api/https.html
import { ClientRequest } from 'internal:http';
import { urlToHttpOptions } from 'internal:http/client';
import { Agent, Server, createServer, getGlobalAgent, setGlobalAgent } from 'internal:https';
import { load } from 'internal:load';

// These two stand in the public module because agents of npm (agent-base, below every proxy agent) learn from the call stack
// whether a request is TLS: they look for node:https in it.
function request(...args: any[]): any {
  let options: any = {};
  if (typeof args[0] === 'string') {
    const { URL } = load('internal:url');
    options = urlToHttpOptions(new URL(args.shift()));
  } else if (args[0]?.href && args[0].protocol && args[0].auth === undefined && args[0].path === undefined) {
    options = urlToHttpOptions(args.shift());
  }
  if (args[0] && typeof args[0] !== 'function') Object.assign(options, args.shift());
  options._defaultAgent = getGlobalAgent();
  args.unshift(options);
  return new (ClientRequest as any)(...args);
}

function get(...args: any[]): any {
  const req = request(...args);
  req.end();
  return req;
}

const https: any = { Agent, Server, createServer, get, request };
Object.defineProperty(https, 'globalAgent', {
  __proto__: null, configurable: true, enumerable: true, get: getGlobalAgent, set: setGlobalAgent,
} as any);

export default https;
