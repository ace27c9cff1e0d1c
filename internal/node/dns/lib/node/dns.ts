// node:dns. https://nodejs.org/docs/latest-v24.x/api/dns.html
import { dns } from 'internal:dns';

export default dns;
