package tls

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"strings"
	"time"

	"roost/internal/binding"
)

var contextNatives = binding.Natives{
	"contextNew": contextNew, "contextVersions": contextVersions, "contextCiphers": contextCiphers, "contextCurves": contextCurves,
	"contextSigalgs": contextSigalgs, "contextCert": contextCert, "contextKey": contextKey, "contextCA": contextCA, "contextDefaultCA": contextDefaultCA,
	"contextCRL": contextCRL, "contextOptions": contextOptions, "contextTicketKeys": contextTicketKeys, "contextCertificate": contextCertificate,
	"contextIssuer": contextIssuer,
}

// secureContext is what tls.createSecureContext reads. Natives change it on the loop thread; a session takes a copy when it starts.
type secureContext struct {
	pairs    []tls.Certificate // one for each kind of key, the private key may be nil yet
	keys     []crypto.Signer   // that belong to no certificate yet
	ca       *store            // nil: the default
	crls     []*revocations
	partial  bool // a certificate of ca that isn't self-signed is enough
	min, max uint16
	suites   []uint16 // of TLS 1.2 and before, in order
	suites13 []uint16 // of TLS 1.3 that are allowed
	level    int      // OpenSSL's security level
	curves   []tls.CurveID
	sigalgs  []tls.SignatureScheme
	tickets  []byte // 48 bytes
	noTicket bool
	timeout  time.Duration // of a session
	id       string        // sessionIdContext

	clientOrder bool // the client's order of cipher suites counts
}

func contextOf(c *binding.Call, k int) *secureContext {
	ctx, _ := c.Ref(k).(*secureContext)
	if ctx == nil {
		c.Throw(binding.TypeError("ERR_INVALID_THIS", `Value of "this" must be of type SecureContext`))
	}
	return ctx
}

// contextNew() → context
func contextNew(c *binding.Call) {
	ctx := &secureContext{tickets: make([]byte, 48), timeout: 300 * time.Second, level: 2}
	rand.Read(ctx.tickets)
	c.Return(binding.Ref(ctx))
}

// contextVersions(context, min, max)
func contextVersions(c *binding.Call) {
	if ctx := contextOf(c, 0); ctx != nil {
		ctx.min, ctx.max = uint16(c.Int(1)), uint16(c.Int(2))
	}
}

// contextCiphers(context, cipher list, suites of TLS 1.3): throws ERR_SSL_NO_CIPHER_MATCH
func contextCiphers(c *binding.Call) {
	ctx := contextOf(c, 0)
	if ctx == nil {
		return
	}
	list, level, err := parseCiphers(c.String(1))
	if err == nil {
		ctx.suites13, err = parseSuites13(c.String(2))
	}
	if err != nil || len(list) == 0 && len(ctx.suites13) == 0 {
		c.Throw(sslError("0A0000B9", "no cipher match"))
		return
	}
	ctx.suites, ctx.level = list, level
}

// contextCurves(context, names by colons): whether all are known
func contextCurves(c *binding.Call) {
	ctx := contextOf(c, 0)
	if ctx == nil {
		return
	}
	ctx.curves = nil
	for _, name := range strings.Split(c.String(1), ":") {
		id, ok := curveIDs[strings.ToLower(name)]
		if !ok {
			c.Return(binding.False)
			return
		}
		ctx.curves = append(ctx.curves, id)
	}
	c.Return(binding.True)
}

// contextSigalgs(context, names by colons): whether one is known
func contextSigalgs(c *binding.Call) {
	ctx := contextOf(c, 0)
	if ctx == nil {
		return
	}
	ctx.sigalgs = nil
	for _, name := range strings.Split(c.String(1), ":") {
		for scheme, text := range schemeNames {
			if strings.EqualFold(name, text) || strings.EqualFold(name, scheme.String()) {
				ctx.sigalgs = append(ctx.sigalgs, scheme)
			}
		}
	}
	c.Return(binding.Bool(len(ctx.sigalgs) > 0))
}

func textOf(c *binding.Call, k int) []byte {
	if c.IsString(k) {
		return []byte(c.String(k))
	}
	return bytes.Clone(c.Bytes(k))
}

// certificatesOf reads all certificates of a PEM text; broken ones are counted.
func certificatesOf(text []byte) (list []*x509.Certificate, broken int) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
			cert, err := parseCertificate(block.Bytes)
			if err != nil {
				broken++
				continue
			}
			list = append(list, cert)
		}
	}
	return list, broken
}

// parseCertificate allows what OpenSSL writes after a trusted certificate.
func parseCertificate(der []byte) (*x509.Certificate, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		var first asn1.RawValue
		if _, e := asn1.Unmarshal(der, &first); e == nil && len(first.FullBytes) < len(der) {
			return x509.ParseCertificate(first.FullBytes)
		}
	}
	return cert, err
}

// keyKind is the slot of a key: a context has one certificate for each.
func keyKind(public any) string {
	switch public.(type) {
	case *rsa.PublicKey:
		return "RSA"
	case *ecdsa.PublicKey:
		return "EC"
	case ed25519.PublicKey:
		return "ED25519"
	}
	return ""
}

func sameKey(a, b any) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// contextCert(context, PEM: the certificate, then its chain)
func contextCert(c *binding.Call) {
	ctx := contextOf(c, 0)
	if ctx == nil {
		return
	}
	list, _ := certificatesOf(textOf(c, 1))
	if len(list) == 0 {
		c.Throw(opensslError("0480006C", "PEM routines", "PEM", "no start line"))
		return
	}
	leaf := list[0]
	if err := ctx.bigEnough(leaf); err != nil {
		c.Throw(err)
		return
	}
	pair := tls.Certificate{Leaf: leaf}
	for _, cert := range list {
		pair.Certificate = append(pair.Certificate, cert.Raw)
	}
	for _, k := range ctx.keys {
		if sameKey(k.Public(), leaf.PublicKey) {
			pair.PrivateKey = k
		}
	}
	for i := range ctx.pairs {
		if keyKind(ctx.pairs[i].Leaf.PublicKey) == keyKind(leaf.PublicKey) {
			ctx.pairs[i] = pair
			return
		}
	}
	ctx.pairs = append(ctx.pairs, pair)
}

// bigEnough checks a certificate's key against the security level (SSL_CTX_set_security_level(3)).
func (ctx *secureContext) bigEnough(cert *x509.Certificate) error {
	if k, ok := cert.PublicKey.(*rsa.PublicKey); ok {
		least := map[int]int{0: 0, 1: 1024, 2: 2048, 3: 3072, 4: 7680}[ctx.level]
		if ctx.level > 4 {
			least = 15360
		}
		if k.N.BitLen() < least {
			return sslError("0A00018F", "ee key too small")
		}
	}
	return nil
}

// contextKey(context, PEM) → false when the key is encrypted, which internal:crypto undoes
func contextKey(c *binding.Call) {
	ctx := contextOf(c, 0)
	if ctx == nil {
		return
	}
	var key crypto.Signer
	for block, rest := pem.Decode(textOf(c, 1)); block != nil && key == nil; block, rest = pem.Decode(rest) {
		var k any
		var err error
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			c.Return(binding.False)
			return
		case block.Type == "PRIVATE KEY":
			k, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case block.Type == "RSA PRIVATE KEY":
			k, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case block.Type == "EC PRIVATE KEY":
			k, err = x509.ParseECPrivateKey(block.Bytes)
		}
		if err == nil {
			key, _ = k.(crypto.Signer)
		}
	}
	if key == nil {
		c.Throw(opensslError("1E08010C", "DECODER routines", "", "unsupported"))
		return
	}
	kind := keyKind(key.Public())
	for i := range ctx.pairs {
		p := &ctx.pairs[i]
		if sameKey(p.Leaf.PublicKey, key.Public()) {
			p.PrivateKey = key
			c.Return(binding.True)
			return
		}
		if keyKind(p.Leaf.PublicKey) == kind {
			c.Throw(opensslError("05800074", "x509 certificate routines", "X509", "key values mismatch"))
			return
		}
	}
	ctx.keys = append(ctx.keys, key)
	c.Return(binding.True)
}

// contextCA(context, PEM) → how many were found: they take the place of the default, or join those before
func contextCA(c *binding.Call) {
	if ctx := contextOf(c, 0); ctx != nil {
		list, _ := certificatesOf(textOf(c, 1))
		own := &store{}
		if ctx.ca != nil {
			own.add(ctx.ca.list...)
		}
		own.add(list...)
		ctx.ca = own
		c.Return(binding.Int(len(list)))
	}
}

// contextDefaultCA(context, PEM): certificates beside the default ones
func contextDefaultCA(c *binding.Call) {
	if ctx := contextOf(c, 0); ctx != nil {
		own := &store{}
		own.add(defaultStore(c.Env()).list...)
		if ctx.ca != nil {
			own.add(ctx.ca.list...)
		}
		list, _ := certificatesOf(textOf(c, 1))
		own.add(list...)
		ctx.ca = own
	}
}

// contextCRL(context, PEM): whether it is a list of revoked certificates
func contextCRL(c *binding.Call) {
	ctx := contextOf(c, 0)
	if ctx == nil {
		return
	}
	list, err := parseRevocations(textOf(c, 1))
	if err == nil {
		ctx.crls = append(ctx.crls, list)
	}
	c.Return(binding.Bool(err == nil))
}

const noTicketOption = 1 << 14 // SSL_OP_NO_TICKET

// contextOptions(context, allowPartialTrustChain, sessionTimeout, sessionIdContext, secureOptions, whether the client's order counts)
func contextOptions(c *binding.Call) {
	if ctx := contextOf(c, 0); ctx != nil {
		ctx.partial = c.Bool(1)
		if seconds := c.Int64(2); seconds > 0 {
			ctx.timeout = time.Duration(seconds) * time.Second
		}
		ctx.id = c.String(3)
		ctx.noTicket = c.Int64(4)&noTicketOption != 0
		ctx.clientOrder = c.Bool(5)
	}
}

// contextTicketKeys(context[, 48 bytes]) → the keys
func contextTicketKeys(c *binding.Call) {
	if ctx := contextOf(c, 0); ctx != nil {
		if c.IsBytes(1) && len(c.Bytes(1)) == 48 {
			ctx.tickets = bytes.Clone(c.Bytes(1))
		}
		c.Return(binding.Buffer(ctx.tickets))
	}
}

// contextCertificate(context) → DER of its first certificate
func contextCertificate(c *binding.Call) {
	if ctx := contextOf(c, 0); ctx != nil && len(ctx.pairs) > 0 {
		c.Return(binding.Buffer(ctx.pairs[0].Leaf.Raw))
	}
}

// contextIssuer(context) → DER of the issuer of its first certificate, when it is known
func contextIssuer(c *binding.Call) {
	ctx := contextOf(c, 0)
	if ctx == nil || len(ctx.pairs) == 0 {
		return
	}
	trusted := ctx.ca
	if trusted == nil {
		trusted = defaultStore(c.Env())
	}
	issuer := trusted.issuer(ctx.pairs[0].Leaf)
	if issuer == nil && len(ctx.pairs[0].Certificate) > 1 {
		issuer, _ = x509.ParseCertificate(ctx.pairs[0].Certificate[1])
	}
	if issuer != nil {
		c.Return(binding.Buffer(issuer.Raw))
	}
}

// certificates are those with a key, with the chain that ca completes.
func (ctx *secureContext) certificates() []tls.Certificate {
	var out []tls.Certificate
	for _, p := range ctx.pairs {
		if p.PrivateKey == nil {
			continue
		}
		if len(p.Certificate) == 1 && ctx.ca != nil {
			for cert := p.Leaf; !selfSigned(cert); {
				if cert = ctx.ca.issuer(cert); cert == nil {
					break
				}
				p.Certificate = append(p.Certificate[:len(p.Certificate):len(p.Certificate)], cert.Raw)
				if len(p.Certificate) > 10 {
					break
				}
			}
		}
		if len(ctx.sigalgs) > 0 {
			p.SupportedSignatureAlgorithms = ctx.sigalgs
		}
		out = append(out, p)
	}
	return out
}

// config is what crypto/tls needs of the context.
func (ctx *secureContext) config() *tls.Config {
	config := &tls.Config{Certificates: ctx.certificates(), MinVersion: ctx.min, MaxVersion: ctx.max, CipherSuites: ctx.suites,
		CurvePreferences: ctx.curves, DynamicRecordSizingDisabled: true,
		// JavaScript decides what becomes of a certificate that doesn't verify: see verify.go.
		InsecureSkipVerify: true} // #nosec G402
	if len(ctx.suites) == 0 { // none would mean crypto/tls's own
		config.MinVersion = max(config.MinVersion, tls.VersionTLS13)
	}
	key := sha256.Sum256(ctx.tickets)
	config.SetSessionTicketKeys([][32]byte{key})
	return config
}

// opensslError is an error as OpenSSL reports it through Node; prefix is the library's part of the code.
func opensslError(number, library, prefix, reason string) *binding.NodeError {
	code := "ERR_OSSL_"
	if prefix != "" {
		code += prefix + "_"
	}
	code += strings.ToUpper(strings.ReplaceAll(reason, " ", "_"))
	e := &binding.NodeError{Class: binding.ClassError, Message: "error:" + number + ":" + library + "::" + reason}
	return e.With("library", binding.String(library)).With("reason", binding.String(reason)).With("code", binding.String(code))
}

// sslError is an error of OpenSSL's SSL library.
func sslError(number, reason string) *binding.NodeError {
	e := &binding.NodeError{Class: binding.ClassError, Message: "error:" + number + ":SSL routines::" + reason}
	code := "ERR_SSL_" + strings.ToUpper(strings.ReplaceAll(reason, " ", "_"))
	return e.With("library", binding.String("SSL routines")).With("reason", binding.String(reason)).With("code", binding.String(code))
}
