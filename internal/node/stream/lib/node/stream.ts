// node:stream. https://nodejs.org/docs/latest-v24.x/api/stream.html
import { Stream } from 'internal:stream';

export default Stream;
