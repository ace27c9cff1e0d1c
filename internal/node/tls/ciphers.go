package tls

import (
	"crypto/tls"
	"errors"
	"slices"
	"sort"
	"strconv"
	"strings"
	_ "unsafe" // for linkname

	"roost/internal/binding"
)

// The order in which crypto/tls offers and picks the suites of TLS 1.3. It has no option for it and prefers 128 bits; this is Node's order,
// set before any connection of the process and not changed after.
//
//go:linkname suitesTLS13 crypto/tls.defaultCipherSuitesTLS13
var suitesTLS13 []uint16

func init() {
	suitesTLS13 = []uint16{tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256, tls.TLS_AES_128_GCM_SHA256}
}

// suite is a cipher suite of TLS 1.2 and before that crypto/tls has, with what OpenSSL's cipher strings (openssl-ciphers(1)) ask of it.
type suite struct {
	id       uint16
	name     string // OpenSSL's
	standard string // of the RFC
	tags     []string
	bits     int
	rsa      bool // needs a certificate with an RSA key
	exchange bool // the key is exchanged with RSA alone
}

var suites = func() []suite {
	var list []suite
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if slices.Contains(s.SupportedVersions, tls.VersionTLS13) || strings.Contains(s.Name, "RC4") {
			continue
		}
		e := suite{id: s.ID, standard: s.Name, name: openSSLName(s.Name)}
		e.exchange = strings.HasPrefix(s.Name, "TLS_RSA_")
		e.rsa = e.exchange || strings.HasPrefix(s.Name, "TLS_ECDHE_RSA_")
		tag := func(names ...string) { e.tags = append(e.tags, names...) }
		switch {
		case e.exchange:
			tag("RSA", "kRSA", "aRSA")
		case e.rsa:
			tag("ECDHE", "EECDH", "kECDHE", "kEECDH", "aRSA")
		default:
			tag("ECDHE", "EECDH", "kECDHE", "kEECDH", "aECDSA", "ECDSA")
		}
		aead := strings.Contains(s.Name, "GCM") || strings.Contains(s.Name, "CHACHA20")
		switch {
		case strings.Contains(s.Name, "AES_128"):
			tag("AES", "AES128", "HIGH")
			e.bits = 128
		case strings.Contains(s.Name, "AES_256"):
			tag("AES", "AES256", "HIGH")
			e.bits = 256
		case strings.Contains(s.Name, "CHACHA20"):
			tag("CHACHA20", "HIGH")
			e.bits = 256
		default:
			tag("3DES", "MEDIUM")
			e.bits = 112
		}
		switch {
		case strings.Contains(s.Name, "GCM"):
			tag("AESGCM", "AEAD")
		case aead:
			tag("AEAD")
		case strings.HasSuffix(s.Name, "_SHA256"):
			tag("SHA256")
		default:
			tag("SHA1", "SHA")
		}
		if aead || strings.HasSuffix(s.Name, "_SHA256") {
			tag("TLSv1.2")
		} else {
			tag("TLSv1", "TLSv1.0", "SSLv3")
		}
		list = append(list, e)
	}
	// As OpenSSL: forward secrecy first, then by strength.
	sort.SliceStable(list, func(i, k int) bool {
		a, b := list[i], list[k]
		aead := func(s suite) bool { return slices.Contains(s.tags, "AEAD") }
		switch {
		case a.exchange != b.exchange:
			return b.exchange
		case aead(a) != aead(b):
			return aead(a)
		case a.bits != b.bits:
			return a.bits > b.bits
		}
		return false
	})
	return list
}()

func suiteByID(id uint16) *suite {
	for i := range suites {
		if suites[i].id == id {
			return &suites[i]
		}
	}
	return nil
}

// openSSLName is the name that OpenSSL gives a cipher suite of TLS 1.2; those of 1.3 have one name everywhere.
func openSSLName(name string) string {
	rest, ok := strings.CutPrefix(name, "TLS_")
	exchange, cipher, found := strings.Cut(rest, "_WITH_")
	if !ok || !found {
		return name
	}
	switch {
	case strings.HasPrefix(cipher, "CHACHA20"):
		cipher = "CHACHA20-POLY1305"
	case strings.HasPrefix(cipher, "3DES"):
		cipher = "DES-CBC3-SHA"
	default:
		cipher = strings.ReplaceAll(strings.ReplaceAll(cipher, "AES_", "AES"), "_", "-")
		cipher = strings.ReplaceAll(cipher, "-CBC", "")
	}
	if exchange == "RSA" {
		return cipher
	}
	return strings.ReplaceAll(exchange, "_", "-") + "-" + cipher
}

var errNoMatch = errors.New("no cipher match")

// matching are the suites that an element of a cipher string names: one name, a keyword, or keywords joined by +.
func matching(element string) []suite {
	var out []suite
	parts := strings.Split(element, "+")
	for _, s := range suites {
		ok := true
		for _, p := range parts {
			ok = ok && (p == "ALL" || p == "DEFAULT" || p == s.name || slices.Contains(s.tags, p))
		}
		if ok && (parts[0] != "DEFAULT" && parts[0] != "ALL" || !slices.Contains(s.tags, "3DES")) {
			out = append(out, s)
		}
	}
	return out
}

// parseCiphers reads a cipher string of OpenSSL for TLS 1.2 and before. Names that mean suites which crypto/tls lacks add nothing.
func parseCiphers(text string) (list []uint16, level int, err error) {
	level = 2
	killed := map[uint16]bool{}
	found := false
	for _, element := range strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == ',' || r == ' ' || r == ';' }) {
		// DEFAULT@SECLEVEL=0 is written without a colon, too.
		element, command, _ := strings.Cut(element, "@")
		if v, ok := strings.CutPrefix(command, "SECLEVEL="); ok {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 || n > 5 {
				return nil, 0, errNoMatch
			}
			level = n
		}
		if command == "STRENGTH" {
			slices.SortStableFunc(list, func(a, b uint16) int { return suiteByID(b).bits - suiteByID(a).bits })
		}
		if element == "" {
			continue
		}
		remove := func(id uint16) {
			list = slices.DeleteFunc(list, func(have uint16) bool { return have == id })
		}
		switch element[0] {
		case '!':
			for _, s := range matching(element[1:]) {
				killed[s.id] = true
				remove(s.id)
			}
		case '-':
			for _, s := range matching(element[1:]) {
				remove(s.id)
			}
		case '+':
			for _, s := range matching(element[1:]) {
				if slices.Contains(list, s.id) {
					remove(s.id)
					list = append(list, s.id)
				}
			}
		default:
			for _, s := range matching(element) {
				found = true
				if !killed[s.id] && !slices.Contains(list, s.id) {
					list = append(list, s.id)
				}
			}
		}
	}
	if text != "" && !found {
		return nil, level, errNoMatch
	}
	return list, level, nil
}

var suites13 = map[string]uint16{"TLS_AES_256_GCM_SHA384": tls.TLS_AES_256_GCM_SHA384, "TLS_CHACHA20_POLY1305_SHA256": tls.TLS_CHACHA20_POLY1305_SHA256,
	"TLS_AES_128_GCM_SHA256": tls.TLS_AES_128_GCM_SHA256}

func parseSuites13(text string) (list []uint16, err error) {
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return r == ':' }) {
		id, ok := suites13[name]
		if !ok {
			return nil, errNoMatch
		}
		list = append(list, id)
	}
	return list, nil
}

// cipherNames() → in lower case, sorted
func cipherNames(c *binding.Call) {
	var out []string
	for _, s := range suites {
		out = append(out, strings.ToLower(s.name))
	}
	for name := range suites13 {
		out = append(out, strings.ToLower(name))
	}
	sort.Strings(out)
	c.Return(binding.Strings(out))
}

var curveIDs = map[string]tls.CurveID{
	"p-256": tls.CurveP256, "prime256v1": tls.CurveP256, "secp256r1": tls.CurveP256, "p-384": tls.CurveP384, "secp384r1": tls.CurveP384,
	"p-521": tls.CurveP521, "secp521r1": tls.CurveP521, "x25519": tls.X25519, "x25519mlkem768": tls.X25519MLKEM768,
	"secp256r1mlkem768": tls.SecP256r1MLKEM768, "secp384r1mlkem1024": tls.SecP384r1MLKEM1024,
}

// groups are the names of key exchanges as tlsSocket.getEphemeralKeyInfo() gives them, with the size of a curve.
var groups = map[tls.CurveID]struct {
	name string
	bits int
}{
	tls.CurveP256: {"prime256v1", 256}, tls.CurveP384: {"secp384r1", 384}, tls.CurveP521: {"secp521r1", 521}, tls.X25519: {"X25519", 253},
	tls.X25519MLKEM768: {"X25519MLKEM768", 0}, tls.SecP256r1MLKEM768: {"SecP256r1MLKEM768", 0}, tls.SecP384r1MLKEM1024: {"SecP384r1MLKEM1024", 0},
}

var schemeNames = map[tls.SignatureScheme]string{
	tls.PSSWithSHA256: "RSA-PSS+SHA256", tls.PSSWithSHA384: "RSA-PSS+SHA384", tls.PSSWithSHA512: "RSA-PSS+SHA512",
	tls.PKCS1WithSHA256: "RSA+SHA256", tls.PKCS1WithSHA384: "RSA+SHA384", tls.PKCS1WithSHA512: "RSA+SHA512", tls.PKCS1WithSHA1: "RSA+SHA1",
	tls.ECDSAWithP256AndSHA256: "ECDSA+SHA256", tls.ECDSAWithP384AndSHA384: "ECDSA+SHA384", tls.ECDSAWithP521AndSHA512: "ECDSA+SHA512",
	tls.ECDSAWithSHA1: "ECDSA+SHA1", tls.Ed25519: "ED25519",
}
