// node:http2. https://nodejs.org/docs/latest-v24.x/api/http2.html
import { connect } from 'internal:http2/connect';
import { constants } from 'internal:http2/constants';
import { sensitiveHeaders } from 'internal:http2/headers';
import { Http2ServerRequest } from 'internal:http2/request';
import { Http2ServerResponse } from 'internal:http2/response';
import { createSecureServer, createServer, performServerHandshake } from 'internal:http2/server';
import { getDefaultSettings, getPackedSettings, getUnpackedSettings } from 'internal:http2/settings';

export default {
  connect,
  constants,
  createServer,
  createSecureServer,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  performServerHandshake,
  sensitiveHeaders,
  Http2ServerRequest,
  Http2ServerResponse,
};
