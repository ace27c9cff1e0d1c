// The old name of stream.Duplex, which packages still require.
import { Duplex } from 'internal:stream';

export default Duplex;
