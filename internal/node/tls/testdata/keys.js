'use strict';
// The files of the other tests are there and fit each other.
const assert = require('assert');
const { X509Certificate, createPrivateKey } = require('crypto');
const fs = require('fs');
const path = require('path');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name));
const ca = new X509Certificate(read('ca.pem'));
for (const name of ['server', 'other', 'client']) {
  const cert = new X509Certificate(read(`${name}.pem`));
  assert.ok(cert.checkPrivateKey(createPrivateKey(read(`${name}-key.pem`))));
  assert.ok(cert.verify(ca.publicKey));
}
