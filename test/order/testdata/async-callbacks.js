// Each of these answers on a later turn, in its own good time; one after the other they are in order.
const crypto = require('node:crypto');
const zlib = require('node:zlib');
const dns = require('node:dns');
crypto.randomBytes(8, (error, bytes) => {
  console.log('randomBytes', bytes.length);
  crypto.scrypt('secret', 'salt', 16, (error, key) => {
    console.log('scrypt', key.toString('hex'));
    zlib.gzip('text', (error, packed) => {
      zlib.gunzip(packed, (error, text) => {
        console.log('gunzip', String(text));
        zlib.gunzip('damaged', (error) => {
          console.log(error.code);
          dns.lookup('127.0.0.1', (error, address, family) => console.log('lookup', address, family));
          console.log('lookup called');
        });
      });
    });
  });
});
console.log('main');
