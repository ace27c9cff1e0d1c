// Names of servers against certificates. https://nodejs.org/docs/latest-v24.x/api/tls.html#tlscheckserveridentityhostname-cert
import { isIP } from 'internal:net';
import { codes } from 'internal:errors';

const { isArray } = Array;
const { parse } = JSON;

function unfqdn(host: string): string {
  return host.replace(/[.]$/, '');
}

function splitHost(host: string): string[] {
  return unfqdn(host).toLowerCase().split('.');
}

// One pattern of a certificate, whose first label may hold a wildcard (RFC 6125, 6.4).
function matches(hostParts: string[], pattern: string, wildcards: boolean): boolean {
  if (!pattern) return false;
  const patternParts = splitHost(pattern);
  if (hostParts.length !== patternParts.length || patternParts.includes('')) return false;
  if (!patternParts.every((part) => /^[!-~]*$/.test(part))) return false;
  for (let i = hostParts.length - 1; i > 0; i--) {
    if (hostParts[i] !== patternParts[i]) return false;
  }
  const [hostLabel] = hostParts;
  const [label] = patternParts;
  const pieces = label.split('*', 3);
  if (pieces.length === 1 || label.includes('xn--')) return hostLabel === label;
  if (!wildcards || pieces.length > 2 || patternParts.length <= 2) return false;
  const [prefix, suffix] = pieces;
  return prefix.length + suffix.length <= hostLabel.length && hostLabel.startsWith(prefix) && hostLabel.endsWith(suffix);
}

// The parts of a subjectaltname text; a part with a comma, a quote or a control character in it is written as a JSON string.
function altParts(text: string): string[] {
  if (!text.includes('"')) return text.split(', ');
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const comma = text.indexOf(', ', at);
    const quote = text.indexOf('"', at);
    if (quote === -1 || (comma !== -1 && comma < quote)) {
      const end = comma === -1 ? text.length : comma;
      parts.push(text.slice(at, end));
      at = end + 2;
      continue;
    }
    const match = /^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/.exec(text.slice(quote));
    if (match === null) throw new codes.ERR_TLS_CERT_ALTNAME_FORMAT();
    const end = quote + match[0].length;
    if (end < text.length && text.slice(end, end + 2) !== ', ') throw new codes.ERR_TLS_CERT_ALTNAME_FORMAT();
    parts.push(text.slice(at, quote) + parse(match[0]));
    at = end + 2;
  }
  return parts;
}

function canonicalIP(text: string): string {
  const kind = isIP(text);
  if (kind === 4) return text;
  if (kind !== 6) return '';
  try {
    return new URL(`http://[${text.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  } catch {
    return '';
  }
}

/** tls.checkServerIdentity(hostname, cert) */
export function checkServerIdentity(hostname: any, cert: any): Error | undefined {
  const { subject, subjectaltname } = cert;
  const dns: string[] = [];
  const ips: string[] = [];
  hostname = `${hostname}`;
  if (subjectaltname) {
    for (const part of altParts(subjectaltname)) {
      if (part.startsWith('DNS:')) dns.push(part.slice(4));
      else if (part.startsWith('IP Address:')) ips.push(canonicalIP(part.slice(11)));
    }
  }
  let valid = false;
  let reason = 'Unknown reason';
  hostname = unfqdn(hostname);
  if (isIP(hostname)) {
    valid = ips.includes(canonicalIP(hostname));
    if (!valid) reason = `IP: ${hostname} is not in the cert's list: ${ips.join(', ')}`;
  } else if (dns.length > 0 || subject?.CN) {
    const parts = splitHost(hostname);
    if (dns.length > 0) {
      valid = dns.some((name) => matches(parts, name, true));
      if (!valid) reason = `Host: ${hostname}. is not in the cert's altnames: ${subjectaltname}`;
    } else {
      const cn = subject.CN;
      valid = isArray(cn) ? cn.some((name: string) => matches(parts, name, true)) : matches(parts, cn, true);
      if (!valid) reason = `Host: ${hostname}. is not cert's CN: ${cn}`;
    }
  } else {
    reason = 'Cert does not contain a DNS name';
  }
  return valid ? undefined : new codes.ERR_TLS_CERT_ALTNAME_INVALID(reason, hostname, cert);
}
