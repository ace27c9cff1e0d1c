// node:string_decoder: https://nodejs.org/docs/latest-v24.x/api/string_decoder.html

import { StringDecoder } from 'internal:stringdecoder';

export default { StringDecoder };
