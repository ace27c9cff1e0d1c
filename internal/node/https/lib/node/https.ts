// node:https. https://nodejs.org/docs/latest-v24.x/api/https.html
import { Agent, Server, createServer, get, getGlobalAgent, request, setGlobalAgent } from 'internal:https';

const https: any = { Agent, Server, createServer, get, request };
Object.defineProperty(https, 'globalAgent', {
  __proto__: null, configurable: true, enumerable: true, get: getGlobalAgent, set: setGlobalAgent,
} as any);

export default https;
