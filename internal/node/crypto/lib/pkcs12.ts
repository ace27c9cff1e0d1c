// PFX files, for internal:tls.
import * as native from 'native:crypto';

/** PEM texts of a PFX file: the private key, its certificate, the other certificates. Throws Node's errors. */
export function pkcs12Parse(data: Uint8Array | string, passphrase: string | Uint8Array): string[] {
  return native.pkcs12Parse(data, passphrase);
}
