// node:sea. Roost's programs are never Node's single executables, so everything behaves as in an ordinary process.
// https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html
import { codes } from 'internal:errors';
import { validateString } from 'internal:validators';

function isSea(): boolean {
  return false;
}
function notInside(): never {
  throw new codes.ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION();
}
function getRawAsset(key: any): never {
  validateString(key, 'key');
  return notInside();
}
function getAsset(key: any, encoding: any): never {
  if (encoding !== undefined) {
    validateString(encoding, 'encoding');
  }
  return getRawAsset(key);
}
function getAssetAsBlob(key: any, _options: any): never {
  return getRawAsset(key);
}
function getAssetKeys(): never {
  return notInside();
}

export default { isSea, getAsset, getRawAsset, getAssetAsBlob, getAssetKeys };
