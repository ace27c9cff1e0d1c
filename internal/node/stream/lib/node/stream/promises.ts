// node:stream/promises. https://nodejs.org/docs/latest-v24.x/api/stream.html#streams-promises-api
import { promises } from 'internal:stream';

export default promises;
