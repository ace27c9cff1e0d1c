// node:_http_client: deprecated, still loaded by packages.
import { ClientRequest } from 'internal:http';

export default { ClientRequest };
