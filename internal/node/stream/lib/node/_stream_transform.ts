// The old name of stream.Transform, which packages still require.
import { Transform } from 'internal:stream';

export default Transform;
