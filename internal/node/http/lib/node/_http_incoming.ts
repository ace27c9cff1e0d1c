// node:_http_incoming: deprecated, still loaded by packages.
import { IncomingMessage } from 'internal:http';

export default {
  IncomingMessage,
  readStart(socket: any): void { socket?.resume?.(); },
  readStop(socket: any): void { socket?.pause?.(); },
};
