// node:_http_server: deprecated, still loaded by packages.
import { STATUS_CODES, Server, ServerResponse, _connectionListener } from 'internal:http';
import { kConnectionsCheckingInterval, kIncomingMessage, kServerResponse, storeOptions } from 'internal:http/settings';

export default { STATUS_CODES, Server, ServerResponse, storeHTTPOptions(this: any, options: any) { storeOptions(this, options); }, _connectionListener, kServerResponse, kIncomingMessage,
  kConnectionsCheckingInterval };
