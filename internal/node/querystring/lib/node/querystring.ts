// node:querystring: https://nodejs.org/docs/latest-v24.x/api/querystring.html

import { querystring } from 'internal:querystring';

export default querystring;
