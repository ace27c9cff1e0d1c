// node:_http_common: deprecated, still loaded by packages.
import { METHODS } from 'internal:http';
import { hasInvalidHeaderChar, isLenient, isToken } from 'internal:http/common';
import { HTTPParser, freeParser, parsers } from 'internal:http/parser';
import { kIncomingMessage } from 'internal:http/settings';

export default {
  _checkInvalidHeaderChar: hasInvalidHeaderChar,
  _checkIsHttpToken: isToken,
  chunkExpression: /(?:^|\W)chunked(?:$|\W)/i,
  continueExpression: /(?:^|\W)100-continue(?:$|\W)/i,
  CRLF: '\r\n',
  freeParser,
  methods: METHODS,
  parsers,
  kIncomingMessage,
  HTTPParser,
  isLenient,
};
