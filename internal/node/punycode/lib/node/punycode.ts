// node:punycode — https://nodejs.org/docs/latest-v24.x/api/punycode.html (deprecated, DEP0040)
// Differs from Node: loading it prints no deprecation warning.

import { decode, encode, toASCII, toUnicode, ucs2decode, ucs2encode } from 'internal:punycode';

export default {
  version: '2.1.0',
  ucs2: { decode: ucs2decode, encode: ucs2encode },
  decode, encode, toASCII, toUnicode,
};
