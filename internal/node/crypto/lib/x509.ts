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

  get subject(): any { return this.#fields.subject; }
  get subjectAltName(): any { return this.#fields.subjectAltName; }
  get issuer(): any { return this.#fields.issuer; }
  get issuerCertificate(): any { return undefined; }
  get infoAccess(): any { return this.#fields.infoAccess; }
  get validFrom(): string { return this.#fields.validFrom; }
  get validTo(): string { return this.#fields.validTo; }
  get validFromDate(): Date { return new Date(this.#fields.from); }
  get validToDate(): Date { return new Date(this.#fields.to); }
  get fingerprint(): string { return this.#fields.fingerprint; }
  get fingerprint256(): string { return this.#fields.fingerprint256; }
  get fingerprint512(): string { return this.#fields.fingerprint512; }
  get keyUsage(): any { return this.#fields.keyUsage; }
  get serialNumber(): string { return this.#fields.serialNumber; }
  get signatureAlgorithm(): string { return this.#fields.signatureAlgorithm; }
  get signatureAlgorithmOid(): string { return this.#fields.signatureAlgorithmOid; }
  get raw(): any { return this.#fields.raw; }
  get ca(): boolean { return this.#fields.ca; }
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
    const f = this.#fields;
    return {
      subject: nameObject(f.subjectPairs),
      issuer: nameObject(f.issuerPairs),
      subjectaltname: f.subjectAltName,
      infoAccess: accessObject(f.infoAccess),
      ca: f.ca,
      modulus: f.modulus,
      exponent: f.exponent,
      pubkey: f.pubkey,
      bits: f.bits,
      valid_from: f.validFrom,
      valid_to: f.validTo,
      fingerprint: f.fingerprint,
      fingerprint256: f.fingerprint256,
      fingerprint512: f.fingerprint512,
      ext_key_usage: f.keyUsage,
      serialNumber: f.serialNumber,
      raw: f.raw,
      asn1Curve: f.asn1Curve,
      nistCurve: f.nistCurve,
    };
  }

  [customInspectSymbol](depth: any, options: any): any {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const f = this.#fields;
    return `X509Certificate ${inspect({
      subject: f.subject,
      subjectAltName: f.subjectAltName,
      issuer: f.issuer,
      infoAccess: f.infoAccess,
      validFrom: f.validFrom,
      validTo: f.validTo,
      validFromDate: this.validFromDate,
      validToDate: this.validToDate,
      fingerprint: f.fingerprint,
      fingerprint256: f.fingerprint256,
      fingerprint512: f.fingerprint512,
      keyUsage: f.keyUsage,
      serialNumber: f.serialNumber,
      signatureAlgorithm: f.signatureAlgorithm,
      signatureAlgorithmOid: f.signatureAlgorithmOid,
    }, inner)}`;
  }

  static isX509(value: any): boolean {
    return typeof value === 'object' && value !== null && #cert in value;
  }
}
// Not a part of the public class.
const { isX509 } = X509Certificate;
delete (X509Certificate as any).isX509;

export function isX509Certificate(value: any): boolean {
  return isX509(value);
}
