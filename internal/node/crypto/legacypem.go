package crypto

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// legacyPEM encrypts a key in OpenSSL's traditional way ("Proc-Type: 4,ENCRYPTED").
func legacyPEM(label string, der []byte, name string, passphrase []byte) (*pem.Block, error) {
	ciphers := map[string]x509.PEMCipher{"des-cbc": x509.PEMCipherDES, "des-ede3-cbc": x509.PEMCipher3DES, "aes-128-cbc": x509.PEMCipherAES128,
		"aes-192-cbc": x509.PEMCipherAES192, "aes-256-cbc": x509.PEMCipherAES256}
	alg, ok := ciphers[pbeName(name)]
	if !ok {
		return nil, errUnknownCipher
	}
	return x509.EncryptPEMBlock(rand.Reader, label, der, passphrase, alg) //nolint:staticcheck // the format that was asked for
}

// pbeName is the name that a cipher has among this package's; other names stay.
func pbeName(name string) string {
	if k := cipherNamed(name); k != nil {
		return k.name
	}
	return strings.ToLower(name)
}
