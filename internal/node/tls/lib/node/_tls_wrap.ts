// node:_tls_wrap, deprecated but required by old packages.
import { Server, TLSSocket, connect, createServer } from 'internal:tls';

export default { TLSSocket, Server, createServer, connect };
