// node:_http_agent: deprecated, still loaded by packages.
import { Agent, getGlobalAgent } from 'internal:http';

export default { Agent, get globalAgent() { return getGlobalAgent(); } };
