package tls

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"strings"
	"sync"
	"time"

	"roost/internal/binding"
)

// store holds certificates that are trusted, by subject. Immutable once a session or a context has it, except through add before.
type store struct {
	list      []*x509.Certificate
	bySubject map[string][]*x509.Certificate
}

func (s *store) add(certs ...*x509.Certificate) {
	if s.bySubject == nil {
		s.bySubject = map[string][]*x509.Certificate{}
	}
	for _, c := range certs {
		if !s.has(c) {
			s.list = append(s.list, c)
			s.bySubject[string(c.RawSubject)] = append(s.bySubject[string(c.RawSubject)], c)
		}
	}
}

func (s *store) has(c *x509.Certificate) bool {
	for _, other := range s.bySubject[string(c.RawSubject)] {
		if other.Equal(c) {
			return true
		}
	}
	return false
}

// issuer is the certificate whose key signed c, as far as names tell; one that is valid now comes first.
func (s *store) issuer(c *x509.Certificate) *x509.Certificate {
	return issuerAmong(s.bySubject[string(c.RawIssuer)], c)
}

func issuerAmong(list []*x509.Certificate, c *x509.Certificate) *x509.Certificate {
	var found *x509.Certificate
	now := time.Now()
	for _, other := range list {
		if !bytes.Equal(other.RawSubject, c.RawIssuer) ||
			len(c.AuthorityKeyId) > 0 && len(other.SubjectKeyId) > 0 && !bytes.Equal(c.AuthorityKeyId, other.SubjectKeyId) {
			continue
		}
		if now.After(other.NotBefore) && now.Before(other.NotAfter) {
			return other
		}
		if found == nil {
			found = other
		}
	}
	return found
}

func selfSigned(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

// The texts of OpenSSL (X509_verify_cert_error_string(3)) for its codes.
var verifyTexts = map[string]string{
	"CERT_NOT_YET_VALID": "certificate is not yet valid", "CERT_HAS_EXPIRED": "certificate has expired",
	"INVALID_PURPOSE": "unsuitable certificate purpose", "DEPTH_ZERO_SELF_SIGNED_CERT": "self-signed certificate",
	"SELF_SIGNED_CERT_IN_CHAIN":         "self-signed certificate in certificate chain",
	"UNABLE_TO_VERIFY_LEAF_SIGNATURE":   "unable to verify the first certificate",
	"UNABLE_TO_GET_ISSUER_CERT_LOCALLY": "unable to get local issuer certificate",
	"UNABLE_TO_GET_ISSUER_CERT":         "unable to get issuer certificate", "CERT_SIGNATURE_FAILURE": "certificate signature failure",
	"INVALID_CA": "invalid CA certificate", "PATH_LENGTH_EXCEEDED": "path length constraint exceeded", "CERT_REVOKED": "certificate revoked",
	"UNABLE_TO_GET_CRL": "unable to get certificate CRL", "CRL_HAS_EXPIRED": "CRL has expired", "CRL_NOT_YET_VALID": "CRL is not yet valid",
	"CRL_SIGNATURE_FAILURE": "CRL signature failure", "CERT_CHAIN_TOO_LONG": "certificate chain too long",
	"CERT_REJECTED": "certificate rejected",
}

const longestChain = 100

// verify checks a peer's certificates without the name: OpenSSL's code, "" for a good chain, and the chain as far as it could be built.
//
// OpenSSL's walk gives the code; a chain that it takes must stand before crypto/x509, too, which knows name constraints and weak hashes.
func (ctx *secureContext) verify(trusted *store, peer []*x509.Certificate, usage x509.ExtKeyUsage) (code string, chain []*x509.Certificate) {
	if len(peer) == 0 {
		return "", nil
	}
	chain = []*x509.Certificate{peer[0]}
	anchored, fromStore := false, false
	for {
		last := chain[len(chain)-1]
		if trusted.has(last) && (selfSigned(last) || ctx.partial) {
			anchored = true
			break
		}
		if len(chain) >= longestChain {
			return "CERT_CHAIN_TOO_LONG", chain
		}
		if selfSigned(last) {
			break
		}
		next := trusted.issuer(last)
		fromStore = next != nil
		if next == nil {
			next = issuerAmong(peer[1:], last)
		}
		if next == nil || contains(chain, next) {
			break
		}
		chain = append(chain, next)
	}
	if !anchored {
		last := chain[len(chain)-1]
		switch {
		case selfSigned(last) && len(chain) == 1:
			code = "DEPTH_ZERO_SELF_SIGNED_CERT"
		case selfSigned(last):
			code = "SELF_SIGNED_CERT_IN_CHAIN"
		case len(chain) == 1:
			code = "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
		case fromStore || trusted.has(last):
			code = "UNABLE_TO_GET_ISSUER_CERT"
		default:
			code = "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
		}
	}
	// OpenSSL goes on after an error and reports the last one.
	if !suits(peer[0], usage) && code != "UNABLE_TO_VERIFY_LEAF_SIGNATURE" {
		code = "INVALID_PURPOSE"
	}
	now := time.Now()
	for i := len(chain) - 1; i >= 0; i-- {
		c := chain[i]
		if i > 0 {
			if c.BasicConstraintsValid && !c.IsCA || c.Version >= 3 && !c.BasicConstraintsValid && c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0 {
				code = "INVALID_CA"
			}
			if c.BasicConstraintsValid && c.IsCA && (c.MaxPathLen > 0 || c.MaxPathLenZero) && i-1 > c.MaxPathLen {
				code = "PATH_LENGTH_EXCEEDED"
			}
			if err := c.CheckSignature(chain[i-1].SignatureAlgorithm, chain[i-1].RawTBSCertificate, chain[i-1].Signature); err != nil {
				return "CERT_SIGNATURE_FAILURE", chain
			}
		}
		switch {
		case now.Before(c.NotBefore):
			code = "CERT_NOT_YET_VALID"
		case now.After(c.NotAfter):
			code = "CERT_HAS_EXPIRED"
		}
	}
	if code == "" {
		code = ctx.revoked(chain)
	}
	if code != "" {
		return code, chain
	}
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), KeyUsages: []x509.ExtKeyUsage{usage}}
	o.Roots.AddCert(chain[len(chain)-1])
	for _, c := range chain[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := peer[0].Verify(o)
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		code = "CERT_HAS_EXPIRED"
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		code = "INVALID_PURPOSE"
	case errors.As(err, &invalid) && invalid.Reason == x509.NotAuthorizedToSign:
		code = "INVALID_CA"
	case errors.As(err, &invalid) && invalid.Reason == x509.TooManyIntermediates:
		code = "PATH_LENGTH_EXCEEDED"
	default:
		code = "CERT_REJECTED"
	}
	return code, chain
}

// suits tells whether a certificate may be used by a server, or by a client (X509_check_purpose(3)).
func suits(c *x509.Certificate, usage x509.ExtKeyUsage) bool {
	if usage == x509.ExtKeyUsageAny {
		return true
	}
	needs := x509.KeyUsageDigitalSignature | x509.KeyUsageKeyAgreement
	if usage == x509.ExtKeyUsageServerAuth {
		needs |= x509.KeyUsageKeyEncipherment
	}
	if c.KeyUsage != 0 && c.KeyUsage&needs == 0 {
		return false
	}
	if len(c.ExtKeyUsage) == 0 && len(c.UnknownExtKeyUsage) == 0 {
		return true
	}
	for _, u := range c.ExtKeyUsage {
		if u == usage || u == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}

func contains(list []*x509.Certificate, c *x509.Certificate) bool {
	for _, other := range list {
		if other.Equal(c) {
			return true
		}
	}
	return false
}

// roots are certificates with the text that they came from.
type roots struct {
	store store
	text  []string
	trim  bool // without the last line's end, as tls.rootCertificates has them
}

func (r *roots) read(text []byte) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		if c, err := parseCertificate(block.Bytes); err == nil && !r.store.has(c) {
			r.store.add(c)
			text := string(pem.EncodeToMemory(block))
			if r.trim {
				text = strings.TrimSuffix(text, "\n")
			}
			r.text = append(r.text, text)
		}
	}
}

// systemRoots are read once from the files that hold the system's roots; immutable after.
var systemRoots = sync.OnceValue(func() *roots {
	r := &roots{trim: true}
	for _, file := range []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"} {
		if file == "/etc/ssl/certs/ca-certificates.crt" && os.Getenv("SSL_CERT_FILE") != "" {
			file = os.Getenv("SSL_CERT_FILE")
		}
		if text, err := os.ReadFile(file); err == nil {
			r.read(text)
			break
		}
	}
	return r
})

// extraRoots are those of NODE_EXTRA_CA_CERTS as the process was started with; immutable.
var extraRoots = sync.OnceValue(func() *roots {
	r := &roots{}
	if file := os.Getenv("NODE_EXTRA_CA_CERTS"); file != "" {
		if text, err := os.ReadFile(file); err == nil {
			r.read(text)
		}
	}
	return r
})

type defaultKey struct{}

// defaults are what a context trusts that names no ca. One for each isolate; loop thread only.
type defaults struct{ roots *roots }

func defaultsOf(env *binding.Env) *defaults {
	return env.State(defaultKey{}, func() any { return &defaults{} }).(*defaults)
}

func defaultRoots(env *binding.Env) *roots {
	d := defaultsOf(env)
	if d.roots == nil {
		r := &roots{}
		r.store.add(systemRoots().store.list...)
		r.text = append(r.text, systemRoots().text...)
		for i, c := range extraRoots().store.list {
			if !r.store.has(c) {
				r.store.add(c)
				r.text = append(r.text, extraRoots().text[i])
			}
		}
		d.roots = r
	}
	return d.roots
}

func defaultStore(env *binding.Env) *store { return &defaultRoots(env).store }

// caCertificates(type: default, system, extra) → PEM texts
func caCertificates(c *binding.Call) {
	switch c.String(0) {
	case "extra":
		c.Return(binding.Strings(extraRoots().text))
	case "default":
		c.Return(binding.Strings(defaultRoots(c.Env()).text))
	default:
		c.Return(binding.Strings(systemRoots().text))
	}
}

// extraError() → why NODE_EXTRA_CA_CERTS could not be read
func extraError(c *binding.Call) {
	file := os.Getenv("NODE_EXTRA_CA_CERTS")
	if file == "" {
		return
	}
	if _, err := os.ReadFile(file); err != nil {
		text := err.Error()
		if errors.Is(err, os.ErrNotExist) {
			text = "error:80000002:system library::No such file or directory"
		}
		c.Return(binding.String("Ignoring extra certs from `" + file + "`, load failed: " + text))
	} else if len(extraRoots().text) == 0 {
		c.Return(binding.String("Ignoring extra certs from `" + file + "`, load failed: error:0480006C:PEM routines::no start line"))
	}
}

// setDefaultCA(PEM texts): what contexts without ca trust from now on
func setDefaultCA(c *binding.Call) {
	r := &roots{}
	texts := c.Strings(0)
	for _, text := range texts {
		for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
			if block.Type != "CERTIFICATE" {
				continue
			}
			if _, err := parseCertificate(block.Bytes); err != nil {
				c.Throw(opensslError("0480000D", "PEM routines", "PEM", "ASN1 lib"))
				return
			}
		}
		if strings.Contains(text, "-----BEGIN CERTIFICATE-----") {
			if block, _ := pem.Decode([]byte(text)); block == nil {
				c.Throw(opensslError("0480000D", "PEM routines", "PEM", "ASN1 lib"))
				return
			}
		}
		r.read([]byte(text))
	}
	if len(texts) > 0 && len(r.text) == 0 {
		c.Throw(binding.Error("ERR_CRYPTO_OPERATION_FAILED", "No valid certificates found in the provided array"))
		return
	}
	defaultsOf(c.Env()).roots = r
}
