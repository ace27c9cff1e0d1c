// node:_http_common: deprecated, still loaded by packages.
// Differs from Node: there are no parser objects (parsers, freeParser, HTTPParser): parsing is Go's.
import { METHODS } from 'internal:http';
import { hasInvalidHeaderChar, isToken } from 'internal:http/common';

export default {
  _checkInvalidHeaderChar: hasInvalidHeaderChar,
  _checkIsHttpToken: isToken,
  chunkExpression: /(?:^|\W)chunked(?:$|\W)/i,
  continueExpression: /(?:^|\W)100-continue(?:$|\W)/i,
  CRLF: '\r\n',
  methods: METHODS,
};
