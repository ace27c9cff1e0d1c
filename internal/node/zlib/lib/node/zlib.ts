// node:zlib: https://nodejs.org/docs/latest-v24.x/api/zlib.html

import {
  BrotliCompress, BrotliDecompress, Deflate, DeflateRaw, Gunzip, Gzip, Inflate, InflateRaw, Unzip, ZstdCompress, ZstdDecompress,
  crc32, oneShot, oneShotSync,
} from 'internal:zlib/streams';
import { codes, constants } from 'internal:zlib/constants';

const { defineProperty } = Object;

const zlib: any = {
  crc32, Deflate, Inflate, Gzip, Gunzip, DeflateRaw, InflateRaw, Unzip, BrotliCompress, BrotliDecompress, ZstdCompress, ZstdDecompress,
};
const { DEFLATE, GZIP, DEFLATERAW, UNZIP, INFLATE, GUNZIP, INFLATERAW, BROTLI_ENCODE, BROTLI_DECODE, ZSTD_COMPRESS, ZSTD_DECOMPRESS } = constants;
const forms: [string, any, number][] = [
  ['deflate', Deflate, DEFLATE], ['gzip', Gzip, GZIP], ['deflateRaw', DeflateRaw, DEFLATERAW], ['unzip', Unzip, UNZIP], ['inflate', Inflate, INFLATE],
  ['gunzip', Gunzip, GUNZIP], ['inflateRaw', InflateRaw, INFLATERAW], ['brotliCompress', BrotliCompress, BROTLI_ENCODE],
  ['brotliDecompress', BrotliDecompress, BROTLI_DECODE], ['zstdCompress', ZstdCompress, ZSTD_COMPRESS], ['zstdDecompress', ZstdDecompress, ZSTD_DECOMPRESS],
];
for (const [name, Class, mode] of forms) {
  zlib[name] = oneShot(Class, mode);
  zlib[`${name}Sync`] = oneShotSync(Class, mode);
}
for (const Class of [Deflate, Inflate, DeflateRaw, InflateRaw, Gzip, Gunzip, Unzip, BrotliCompress, BrotliDecompress, ZstdCompress, ZstdDecompress]) {
  const name = `create${Class.name}`;
  const create = { [name]: function(options: any) { return new Class(options); } }[name];
  defineProperty(zlib, name, { enumerable: true, configurable: true, writable: false, value: create });
}
// The old places of zlib's own numbers.
for (const key in constants) {
  if (!key.startsWith('BROTLI')) defineProperty(zlib, key, { enumerable: false, value: constants[key] });
}
defineProperty(zlib, 'constants', { enumerable: true, configurable: false, value: constants });
defineProperty(zlib, 'codes', { enumerable: true, configurable: false, writable: false, value: codes });

export default zlib;
