// node:_http_outgoing: deprecated, still loaded by packages.
import { OutgoingMessage, validateHeaderName, validateHeaderValue } from 'internal:http';
import { kUniqueHeaders, parseUniqueHeadersOption } from 'internal:http/outgoing';

export default { kUniqueHeaders, parseUniqueHeadersOption, validateHeaderName, validateHeaderValue, OutgoingMessage };
