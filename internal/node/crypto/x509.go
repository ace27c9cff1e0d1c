package crypto

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"strings"

	"roost/internal/binding"
)

var x509Natives = binding.Natives{
	"certParse":       certParse,
	"certInfo":        certInfo,
	"certKey":         certKey,
	"certCheckHost":   certCheckHost,
	"certCheckIssued": certCheckIssued,
	"certCheckKey":    certCheckKey,
	"certVerify":      certVerify,
	"pkcs12Parse":     pkcs12Parse,
}

func certArgument(c *binding.Call, k int) *x509.Certificate {
	cert, _ := c.Ref(k).(*x509.Certificate)
	if cert == nil {
		c.Throw(plainError("no certificate"))
	}
	return cert
}

// certParse(PEM or DER)
func certParse(c *binding.Call) {
	data := clone(dataOf(c, 0))
	if len(data) > 0 && data[0] != 0x30 {
		der := []byte(nil)
		for rest := data; der == nil; {
			var b *pem.Block
			if b, rest = pem.Decode(rest); b == nil {
				c.Throw(opensslError("0480006C", "PEM routines", "no start line"))
				return
			}
			switch b.Type {
			case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
				der = b.Bytes
			}
		}
		data = der
	}
	cert, err := x509.ParseCertificate(data)
	if err != nil {
		// A trusted certificate has more after the certificate.
		var first asn1.RawValue
		if _, e := asn1.Unmarshal(data, &first); e == nil && len(first.FullBytes) < len(data) {
			cert, err = x509.ParseCertificate(first.FullBytes)
		}
	}
	if err != nil {
		c.Throw(opensslError("0680008E", "asn1 encoding routines", "not enough data"))
		return
	}
	c.Return(binding.Ref(cert))
}

func keyUsages(cert *x509.Certificate) binding.Result {
	raw := extension(cert, oidEKU)
	var oids []asn1.ObjectIdentifier
	if raw == nil {
		return binding.Undefined
	}
	if _, err := asn1.Unmarshal(raw, &oids); err != nil {
		return binding.Undefined
	}
	var out []string
	for _, o := range oids {
		out = append(out, o.String())
	}
	return binding.Strings(out)
}

func colons(sum []byte) binding.Result {
	text := strings.ToUpper(hex.EncodeToString(sum))
	var parts []string
	for i := 0; i < len(text); i += 2 {
		parts = append(parts, text[i:i+2])
	}
	return binding.String(strings.Join(parts, ":"))
}

var signatureNames = map[string]string{
	"1.2.840.113549.1.1.4": "md5WithRSAEncryption", "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
	"1.2.840.113549.1.1.10": "rsassaPss", "1.2.840.113549.1.1.11": "sha256WithRSAEncryption", "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
	"1.2.840.113549.1.1.13": "sha512WithRSAEncryption", "1.2.840.113549.1.1.14": "sha224WithRSAEncryption", "1.2.840.10045.4.1": "ecdsa-with-SHA1",
	"1.2.840.10045.4.3.1": "ecdsa-with-SHA224", "1.2.840.10045.4.3.2": "ecdsa-with-SHA256", "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
	"1.2.840.10045.4.3.4": "ecdsa-with-SHA512", "1.3.101.112": "ED25519", "1.3.101.113": "ED448", "1.2.840.10040.4.3": "dsaWithSHA1",
	"2.16.840.1.101.3.4.3.2": "dsa_with_SHA256",
}

func signatureOID(cert *x509.Certificate) string {
	var outer struct {
		TBS       asn1.RawValue
		Algorithm algorithm
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(cert.Raw, &outer); err != nil {
		return ""
	}
	return outer.Algorithm.OID.String()
}

const certTime = "Jan _2 15:04:05 2006 GMT"

// certInfo(cert): its fields by their names in X509Certificate, names as pairs too
func certInfo(c *binding.Call) {
	cert := certArgument(c, 0)
	if cert == nil {
		return
	}
	var pairs []binding.Result
	add := func(name string, v binding.Result) { pairs = append(pairs, binding.String(name), v) }
	add("subject", nameText(cert.RawSubject))
	add("subjectPairs", namePairs(cert.RawSubject))
	add("subjectAltName", alternativeNames(cert))
	add("issuer", nameText(cert.RawIssuer))
	add("issuerPairs", namePairs(cert.RawIssuer))
	add("infoAccess", infoAccess(cert))
	add("validFrom", binding.String(cert.NotBefore.UTC().Format(certTime)))
	add("validTo", binding.String(cert.NotAfter.UTC().Format(certTime)))
	add("from", binding.Number(float64(cert.NotBefore.UnixMilli())))
	add("to", binding.Number(float64(cert.NotAfter.UnixMilli())))
	one, two, five := sha1.Sum(cert.Raw), sha256.Sum256(cert.Raw), sha512.Sum512(cert.Raw)
	add("fingerprint", colons(one[:]))
	add("fingerprint256", colons(two[:]))
	add("fingerprint512", colons(five[:]))
	add("keyUsage", keyUsages(cert))
	serial := cert.SerialNumber.Text(16)
	if len(serial)%2 == 1 {
		serial = "0" + serial
	}
	add("serialNumber", binding.String(strings.ToUpper(serial)))
	oid := signatureOID(cert)
	name := signatureNames[oid]
	if name == "" {
		name = oid
	}
	add("signatureAlgorithm", binding.String(name))
	add("signatureAlgorithmOid", binding.String(oid))
	add("raw", binding.Buffer(cert.Raw))
	add("pem", binding.Latin1(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})))
	add("ca", binding.Bool(cert.BasicConstraintsValid && cert.IsCA))
	if k, err := parseSPKI(cert.RawSubjectPublicKeyInfo); err == nil {
		switch {
		case k.rsa != nil:
			add("modulus", binding.String(strings.ToUpper(hex.EncodeToString(k.rsa.N.Bytes()))))
			add("exponent", binding.String(fmt.Sprintf("0x%x", k.rsa.E)))
			add("pubkey", binding.Buffer(cert.RawSubjectPublicKeyInfo))
			add("bits", binding.Int(k.rsa.N.BitLen()))
		case k.curve != nil:
			add("pubkey", binding.Buffer(k.point))
			add("bits", binding.Int(k.curve.bits))
			add("asn1Curve", binding.String(k.curve.name))
			if k.curve.std != nil {
				add("nistCurve", binding.String(k.curve.alias))
			}
		}
	}
	c.Return(binding.Object(pairs...))
}

// certKey(cert): its public key
func certKey(c *binding.Call) {
	if cert := certArgument(c, 0); cert != nil {
		k, err := parseSPKI(cert.RawSubjectPublicKeyInfo)
		if err != nil {
			c.Throw(errDecoder())
			return
		}
		c.Return(binding.Ref(k))
	}
}

// matchHost tells whether a certificate's name stands for a host (RFC 6125): a wildcard for the first label, or in it.
func matchHost(pattern, host string, wildcards, partial, multi bool) bool {
	pattern, host = strings.ToLower(strings.TrimSuffix(pattern, ".")), strings.ToLower(strings.TrimSuffix(host, "."))
	if pattern == host {
		return true
	}
	star := strings.IndexByte(pattern, '*')
	if !wildcards || star < 0 || strings.Count(pattern, "*") > 1 {
		return false
	}
	dot := strings.IndexByte(pattern, '.')
	if dot < star || strings.Count(pattern[dot:], ".") < 2 && !strings.Contains(pattern[dot+1:], ".") || strings.HasPrefix(pattern[:dot], "xn--") {
		return false
	}
	if !partial && dot != 1 {
		return false
	}
	before, after := pattern[:star], pattern[star+1:]
	if len(host) < len(before)+len(after) || !strings.HasPrefix(host, before) || !strings.HasSuffix(host, after) {
		return false
	}
	middle := host[len(before) : len(host)-len(after)]
	return middle != "" && (multi || !strings.Contains(middle, "."))
}

// certCheckHost(cert, kind, name, subject, wildcards, partial, multi): what matched, or undefined. kind is host, email or ip; subject is
// default, always or never.
func certCheckHost(c *binding.Call) {
	cert := certArgument(c, 0)
	if cert == nil {
		return
	}
	name, subject := c.String(2), c.String(3)
	switch c.String(1) {
	case "ip":
		ip := net.ParseIP(name)
		for _, other := range cert.IPAddresses {
			if ip != nil && other.Equal(ip) {
				c.Return(binding.String(name))
				return
			}
		}
	case "email":
		same := func(a string) bool {
			i, j := strings.LastIndexByte(a, '@'), strings.LastIndexByte(name, '@')
			return i >= 0 && j >= 0 && a[:i] == name[:j] && strings.EqualFold(a[i:], name[j:])
		}
		for _, a := range cert.EmailAddresses {
			if same(a) {
				c.Return(binding.String(name))
				return
			}
		}
		if subject == "always" || subject != "never" && len(cert.EmailAddresses) == 0 {
			for _, rdn := range attributesOf(cert.RawSubject) {
				for i := range rdn {
					if rdn[i].name() == "emailAddress" && same(rdn[i].text()) {
						c.Return(binding.String(name))
						return
					}
				}
			}
		}
	case "host":
		for _, pattern := range cert.DNSNames {
			if matchHost(pattern, name, c.Bool(4), c.Bool(5), c.Bool(6)) {
				c.Return(binding.String(pattern))
				return
			}
		}
		if subject == "always" || subject != "never" && len(cert.DNSNames) == 0 {
			for _, rdn := range attributesOf(cert.RawSubject) {
				for i := range rdn {
					if rdn[i].name() == "CN" && matchHost(rdn[i].text(), name, c.Bool(4), c.Bool(5), c.Bool(6)) {
						c.Return(binding.String(rdn[i].text()))
						return
					}
				}
			}
		}
	}
}

// certCheckIssued(cert, other): whether other's names say that it issued cert
func certCheckIssued(c *binding.Call) {
	cert, other := certArgument(c, 0), certArgument(c, 1)
	if cert == nil || other == nil {
		return
	}
	ok := bytes.Equal(cert.RawIssuer, other.RawSubject)
	if len(cert.AuthorityKeyId) > 0 && len(other.SubjectKeyId) > 0 {
		ok = ok && bytes.Equal(cert.AuthorityKeyId, other.SubjectKeyId)
	}
	if other.KeyUsage != 0 {
		ok = ok && other.KeyUsage&x509.KeyUsageCertSign != 0
	}
	c.Return(binding.Bool(ok))
}

// certCheckKey(cert, private key)
func certCheckKey(c *binding.Call) {
	cert, k := certArgument(c, 0), keyArgument(c, 1)
	if cert == nil || k == nil {
		return
	}
	own, err := parseSPKI(cert.RawSubjectPublicKeyInfo)
	pub := k.public()
	c.Return(binding.Bool(err == nil && pub != nil && own.equal(pub)))
}

// certVerify(cert, public key): whether the key made the certificate's signature
func certVerify(c *binding.Call) {
	cert, k := certArgument(c, 0), keyArgument(c, 1)
	if cert == nil || k == nil {
		return
	}
	name := strings.ToLower(signatureNames[signatureOID(cert)])
	s := &signing{key: k, data: cert.RawTBSCertificate, signature: cert.Signature, salt: defaultSalt}
	for _, d := range []string{"sha512", "sha384", "sha256", "sha224", "sha1", "md5"} {
		if strings.Contains(name, d) {
			s.hash = digestNamed(d)
			break
		}
	}
	if name == "rsassapss" {
		s.padding = padPSS
		switch cert.SignatureAlgorithm {
		case x509.SHA384WithRSAPSS:
			s.hash = digestNamed("sha384")
		case x509.SHA512WithRSAPSS:
			s.hash = digestNamed("sha512")
		default:
			s.hash = digestNamed("sha256")
		}
	}
	ok, err := s.verify()
	c.Return(binding.Bool(err == nil && ok))
}
