// The old name of stream.Writable, which packages still require.
import { Writable } from 'internal:stream';

export default Writable;
