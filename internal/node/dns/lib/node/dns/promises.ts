// node:dns/promises. https://nodejs.org/docs/latest-v24.x/api/dns.html#dns-promises-api
import { promises } from 'internal:dns';

export default promises;
