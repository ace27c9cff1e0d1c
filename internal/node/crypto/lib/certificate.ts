// Certificate: SPKAC, of HTML's dead <keygen>. https://nodejs.org/docs/latest-v24.x/api/crypto.html#class-certificate
import { codes } from 'internal:errors';
import { bytesOrView, kMaxInt } from 'internal:crypto/bytes';
import * as native from 'native:crypto';

const { assign } = Object;

function spkacOf(spkac: any, encoding: any): any {
  const bytes = bytesOrView(spkac, 'spkac', encoding);
  if (bytes.byteLength > kMaxInt) throw new codes.ERR_OUT_OF_RANGE('spkac', `<= ${kMaxInt}`, bytes.byteLength);
  return bytes;
}

// Plain functions, as a program may call them with new.
function verifySpkac(spkac: any, encoding: any): boolean {
  return native.spkacVerify(spkacOf(spkac, encoding));
}

function exportPublicKey(spkac: any, encoding: any): any {
  return native.spkacPublicKey(spkacOf(spkac, encoding)) ?? '';
}

function exportChallenge(spkac: any, encoding: any): any {
  return native.spkacChallenge(spkacOf(spkac, encoding)) ?? '';
}

export function Certificate(this: any): any {
  if (!(this instanceof Certificate)) return new (Certificate as any)();
  return undefined;
}
assign(Certificate.prototype, { verifySpkac, exportPublicKey, exportChallenge });
assign(Certificate, { exportChallenge, exportPublicKey, verifySpkac });
