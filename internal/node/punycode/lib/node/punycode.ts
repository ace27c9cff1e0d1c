// node:punycode: https://nodejs.org/docs/latest-v24.x/api/punycode.html (deprecated, DEP0040)

import { calledFromNodeModules, warnDeprecation } from 'internal:buffer/deprecation';
import { decode, encode, toASCII, toUnicode, ucs2decode, ucs2encode } from 'internal:punycode';

if (!calledFromNodeModules()) {
  warnDeprecation('The `punycode` module is deprecated. Please use a userland alternative instead.', 'DEP0040');
}

export default {
  version: '2.1.0',
  ucs2: { decode: ucs2decode, encode: ucs2encode },
  decode, encode, toASCII, toUnicode,
};
