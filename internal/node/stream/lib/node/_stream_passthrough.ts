// The old name of stream.PassThrough, which packages still require.
import { PassThrough } from 'internal:stream';

export default PassThrough;
