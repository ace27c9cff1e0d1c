// The old name of stream.Readable, which packages still require.
import { Readable } from 'internal:stream';

export default Readable;
