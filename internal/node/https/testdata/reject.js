'use strict';
// A server whose certificate doesn't verify gets no request; with its CA, or without the check, it does.
const assert = require('assert');
const https = require('https');

// A key for tests alone; the certificate is self-signed, for localhost.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyNmICiR1HrgoM+DA
17q8cXVzmOi9ExB7V9KMnWZ3FmuhRANCAARSMU4Cpwn7gdPpzytK66yiEH5PUYtE
tAsKrh4/UuhecKuXQXYzcL1M0RTwIHAdFLSs23FM4u4sipqDK5TAbUmm
-----END PRIVATE KEY-----`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUTy6N4fXcihwmwJeUbdWB8kGmYYgwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE5MjIzNVoYDzIxMjYxMDI5
MTkyMjM1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARSMU4Cpwn7gdPpzytK66yiEH5PUYtEtAsKrh4/UuhecKuXQXYzcL1M
0RTwIHAdFLSs23FM4u4sipqDK5TAbUmmo28wbTAdBgNVHQ4EFgQUVZdktN50HYjB
CZW7Vv0iGyyukl8wHwYDVR0jBBgwFoAUVZdktN50HYjBCZW7Vv0iGyyukl8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgFNFVBtDIpblDbpYP6CMa6JIp/hrd2OGgo9OGptpIhaQCIAeG
cD0k5ffwvVv2tNvFGShD8P2uB/PsFGFsJo8tbdAq
-----END CERTIFICATE-----`;

let requests = 0;
const server = https.createServer({ key, cert }, (req, res) => {
  requests++;
  assert.strictEqual(req.socket.encrypted, true);
  res.end(`secret ${req.url}`);
});

function ask(options) {
  return new Promise((resolve) => {
    https.get({ port: server.address().port, host: '127.0.0.1', path: '/a', agent: false, ...options }, (res) => {
      let text = '';
      res.on('data', (chunk) => { text += chunk; });
      res.on('end', () => resolve({ text, authorized: res.socket.authorized, error: res.socket.authorizationError }));
    }).on('error', resolve);
  });
}

server.listen(0, '127.0.0.1', async () => {
  assert.strictEqual((await ask({})).code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  assert.strictEqual(requests, 0);
  const unchecked = await ask({ rejectUnauthorized: false });
  assert.deepStrictEqual(unchecked, { text: 'secret /a', authorized: false, error: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  const trusted = await ask({ ca: cert, servername: 'localhost' });
  assert.strictEqual(trusted.text, 'secret /a');
  assert.strictEqual(trusted.authorized, true);
  const other = await ask({ ca: cert, servername: 'example.org' });
  assert.strictEqual(other.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.strictEqual(requests, 2);
  server.close();
});
