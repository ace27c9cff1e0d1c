// Package crypto is the native half of node:crypto and of Web Crypto, on Go's crypto packages and golang.org/x/crypto.
//
// Natives run on the isolate's thread; what takes long (key derivation, key generation, primes, one-shot signatures with a callback) runs on
// the pool through binding's Run. State is kept in Go objects behind binding.Ref: only the isolate's thread uses hashes and ciphers; keys are
// immutable and used from anywhere. It knows no other builtin; certificates and keys reach TLS through TypeScript.
package crypto

import (
	"strings"

	"roost/internal/binding"
)

// Module is the crypto builtin.
var Module = binding.Module{Name: "crypto", Natives: natives()}

func natives() binding.Natives {
	all := binding.Natives{}
	for _, part := range []binding.Natives{digestNatives, randomNatives, kdfNatives, cipherNatives, keyNatives, rsaNatives, signNatives,
		ecdhNatives, dhNatives, generateNatives, x509Natives, kemNatives, macNatives, spkacNatives} {
		for name, f := range part {
			all[name] = f
		}
	}
	return all
}

// opensslError is an error as OpenSSL reports it through Node: message "error:<number>:<library>::<reason>", code from the reason.
// number is the packed error number in hexadecimal.
func opensslError(number, library, reason string) *binding.NodeError {
	code := "ERR_OSSL_" + strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(reason))
	if library == "digital envelope routines" {
		code = "ERR_OSSL_EVP_" + strings.TrimPrefix(code, "ERR_OSSL_")
	} else if prefix := opensslPrefix[library]; prefix != "" {
		code = "ERR_OSSL_" + prefix + "_" + strings.TrimPrefix(code, "ERR_OSSL_")
	}
	e := &binding.NodeError{Class: binding.ClassError, Message: "error:" + number + ":" + library + "::" + reason}
	return e.With("library", binding.String(library)).With("reason", binding.String(reason)).With("code", binding.String(code))
}

// Libraries whose name is a part of the code; "Provider routines" is none.
var opensslPrefix = map[string]string{
	"rsa routines":              "RSA",
	"asn1 encoding routines":    "ASN1",
	"elliptic curve routines":   "EC",
	"PEM routines":              "PEM",
	"Diffie-Hellman routines":   "DH",
	"PKCS12 routines":           "PKCS12",
	"x509 certificate routines": "X509",
	"bignum routines":           "BN",
	"DSA routines":              "DSA",
}

func plainError(message string) error {
	return &binding.NodeError{Class: binding.ClassError, Message: message}
}

// clone copies borrowed memory.
func clone(b []byte) []byte { return append([]byte{}, b...) }

// dataOf reads an argument that is text (UTF-8) or bytes; borrowed.
func dataOf(c *binding.Call, k int) []byte {
	if c.IsString(k) {
		return []byte(c.String(k))
	}
	return c.Bytes(k)
}
