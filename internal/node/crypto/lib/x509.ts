// X509Certificate. https://nodejs.org/docs/latest-v24.x/api/crypto.html#class-x509certificate
import { codes } from 'internal:errors';
import { customInspectSymbol, inspect } from 'internal:util';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateBoolean, validateObject, validateString } from 'internal:validators';
import { PublicKeyObject, isKeyObject, kHandle } from 'internal:crypto/keys';
import * as native from 'native:crypto';

const { parse } = JSON;

function checkOptions(options: any): [string, boolean, boolean, boolean] {
  validateObject(options, 'options');
  const { subject = 'default', wildcards = true, partialWildcards = true, multiLabelWildcards = false, singleLabelSubdomains = false } = options;
  validateString(subject, 'options.subject');
  if (subject !== 'default' && subject !== 'always' && subject !== 'never') throw new codes.ERR_INVALID_ARG_VALUE('options.subject', subject);
  validateBoolean(wildcards, 'options.wildcards');
  validateBoolean(partialWildcards, 'options.partialWildcards');
  validateBoolean(multiLabelWildcards, 'options.multiLabelWildcards');
  validateBoolean(singleLabelSubdomains, 'options.singleLabelSubdomains');
  return [subject, wildcards, partialWildcards, multiLabelWildcards];
}

// Flat pairs as an object; names that come again make an array.
function nameObject(pairs: string[]): any {
  const out: any = { __proto__: null };
  for (let i = 0; i < pairs.length; i += 2) {
    const [key, value] = [pairs[i], pairs[i + 1]];
    if (out[key] === undefined) out[key] = value;
    else if (Array.isArray(out[key])) out[key].push(value);
    else out[key] = [out[key], value];
  }
  return out;
}

function accessObject(text: string | undefined): any {
  if (text === undefined) return undefined;
  const out: any = { __proto__: null };
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    let value = line.slice(at + 1);
    if (value[0] === '"') value = parse(value);
    (out[line.slice(0, at)] ??= []).push(value);
  }
  return out;
}

// In the order in which inspect shows them.
const shownFields = [
  'subject', 'subjectAltName', 'issuer', 'infoAccess', 'validFrom', 'validTo', 'validFromDate', 'validToDate', 'fingerprint', 'fingerprint256',
  'fingerprint512', 'keyUsage', 'serialNumber', 'signatureAlgorithm', 'signatureAlgorithmOid',
];

// The names that TLS sockets use, what they are in the certificate's fields, and how their form differs.
const legacyFields: Array<[name: string, from: string, convert?: (value: any) => any]> = [
  ['subject', 'subjectPairs', nameObject], ['issuer', 'issuerPairs', nameObject], ['subjectaltname', 'subjectAltName'], ['infoAccess', 'infoAccess', accessObject],
  ['ca', 'ca'], ...['modulus', 'exponent', 'pubkey', 'bits'].map((name): [string, string] => [name, name]), ['valid_from', 'validFrom'], ['valid_to', 'validTo'],
  ...['fingerprint', 'fingerprint256', 'fingerprint512'].map((name): [string, string] => [name, name]), ['ext_key_usage', 'keyUsage'],
  ...['serialNumber', 'raw', 'asn1Curve', 'nistCurve'].map((name): [string, string] => [name, name]),
];

export class X509Certificate {
  #cert: any;
  #info: any;
  #key: any;

  constructor(buffer: any) {
    if (typeof buffer !== 'string' && !isArrayBufferView(buffer) && !isAnyArrayBuffer(buffer)) {
      throw new codes.ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], buffer);
    }
    this.#cert = native.certParse(buffer);
  }

  get #fields(): any {
    return this.#info ??= native.certInfo(this.#cert);
  }

  get issuerCertificate(): any { return undefined; }
  get validFromDate(): Date { return new Date(this.#fields.from); }
  get validToDate(): Date { return new Date(this.#fields.to); }
  get publicKey(): any { return this.#key ??= new PublicKeyObject(native.certKey(this.#cert)); }

  toString(): string { return this.#fields.pem; }
  toJSON(): string { return this.#fields.pem; }

  checkHost(name: any, options: any = {}): string | undefined {
    validateString(name, 'name');
    const [subject, wildcards, partial, multi] = checkOptions(options);
    return native.certCheckHost(this.#cert, 'host', name, subject, wildcards, partial, multi);
  }

  checkEmail(email: any, options: any = {}): string | undefined {
    validateString(email, 'email');
    const [subject] = checkOptions(options);
    return native.certCheckHost(this.#cert, 'email', email, subject, false, false, false);
  }

  checkIP(ip: any, options?: any): string | undefined {
    validateString(ip, 'ip');
    if (options !== undefined) checkOptions(options);
    return native.certCheckHost(this.#cert, 'ip', ip, 'never', false, false, false);
  }

  checkIssued(other: any): boolean {
    if (!isX509Certificate(other)) throw new codes.ERR_INVALID_ARG_TYPE('otherCert', 'X509Certificate', other);
    return native.certCheckIssued(this.#cert, other.#cert);
  }

  checkPrivateKey(key: any): boolean {
    if (!isKeyObject(key)) throw new codes.ERR_INVALID_ARG_TYPE('pkey', 'KeyObject', key);
    if (key.type !== 'private') throw new codes.ERR_INVALID_ARG_VALUE('pkey', key);
    return native.certCheckKey(this.#cert, key[kHandle]);
  }

  verify(key: any): boolean {
    if (!isKeyObject(key)) throw new codes.ERR_INVALID_ARG_TYPE('pkey', 'KeyObject', key);
    if (key.type !== 'public') throw new codes.ERR_INVALID_ARG_VALUE('pkey', key);
    return native.certVerify(this.#cert, key[kHandle]);
  }

  /** The form that TLS sockets give. */
  toLegacyObject(): any {
    const fields = this.#fields;
    const legacy: any = {};
    for (const [name, from, convert] of legacyFields) legacy[name] = convert === undefined ? fields[from] : convert(fields[from]);
    return legacy;
  }

  [customInspectSymbol](depth: any, options: any): any {
    if (depth < 0) return this;
    const shown: any = {};
    for (const name of shownFields) shown[name] = (this as any)[name];
    return `X509Certificate ${inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }

  static fieldOf(certificate: X509Certificate, name: string): any {
    return certificate.#fields[name];
  }
  static isX509(value: any): boolean {
    return typeof value === 'object' && value !== null && #cert in value;
  }
}
// Not a part of the public class.
const { fieldOf, isX509 } = X509Certificate;
delete (X509Certificate as any).isX509;
delete (X509Certificate as any).fieldOf;

// What the native read from the certificate, as getters by the same names.
for (const name of [
  'subject', 'subjectAltName', 'issuer', 'infoAccess', 'validFrom', 'validTo', 'fingerprint', 'fingerprint256', 'fingerprint512', 'keyUsage',
  'serialNumber', 'signatureAlgorithm', 'signatureAlgorithmOid', 'raw', 'ca',
]) {
  const { get } = Object.getOwnPropertyDescriptor({ get [name]() { return fieldOf(this as any, name); } }, name)!;
  Object.defineProperty(X509Certificate.prototype, name, { get, configurable: true });
}

export function isX509Certificate(value: any): boolean {
  return isX509(value);
}
