package crypto

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"

	"roost/internal/binding"
)

var spkacNatives = binding.Natives{
	"spkacVerify":    spkacVerify,
	"spkacPublicKey": spkacPublicKey,
	"spkacChallenge": spkacChallenge,
}

// signedKey is SignedPublicKeyAndChallenge, which browsers made for HTML's <keygen>.
type signedKey struct {
	Content   spkacContent
	Algorithm algorithm
	Signature asn1.BitString
}

type spkacContent struct {
	Raw       asn1.RawContent
	Key       asn1.RawValue
	Challenge string `asn1:"ia5"`
}

var errSPKAC = errors.New("SPKAC")

// parseSPKAC reads the base64 text; white space may stand in it.
func parseSPKAC(text []byte) (*signedKey, error) {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n", r) {
			return -1
		}
		return r
	}, string(text))
	der, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(plain, "SPKAC="))
	if err != nil {
		return nil, err
	}
	var s signedKey
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// spkacDigests are the digests of the signature algorithms that keys are signed with.
var spkacDigests = map[string]string{
	"1.2.840.113549.1.1.4": "md5", "1.2.840.113549.1.1.5": "sha1", "1.2.840.113549.1.1.14": "sha224", "1.2.840.113549.1.1.11": "sha256",
	"1.2.840.113549.1.1.12": "sha384", "1.2.840.113549.1.1.13": "sha512", "1.2.840.10045.4.1": "sha1", "1.2.840.10045.4.3.1": "sha224",
	"1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512", "1.3.101.112": "", "1.3.101.113": "",
}

func (s *signedKey) verify() (bool, error) {
	k, err := parseSPKI(s.Content.Key.FullBytes)
	if err != nil {
		return false, err
	}
	name, known := spkacDigests[s.Algorithm.OID.String()]
	if !known {
		return false, errSPKAC
	}
	op := signing{key: k, data: s.Content.Raw, salt: defaultSalt, signature: s.Signature.RightAlign()}
	if name != "" {
		op.hash = digestNamed(name)
	}
	return op.verify()
}

func spkacVerify(c *binding.Call) {
	s, err := parseSPKAC(dataOf(c, 0))
	if err != nil {
		c.Return(binding.False)
		return
	}
	ok, err := s.verify()
	c.Return(binding.Bool(ok && err == nil))
}

// spkacPublicKey(spkac): PEM; undefined when it can't be read
func spkacPublicKey(c *binding.Call) {
	s, err := parseSPKAC(dataOf(c, 0))
	if err != nil {
		return
	}
	if _, err := x509.ParsePKIXPublicKey(s.Content.Key.FullBytes); err != nil {
		if _, err = parseSPKI(s.Content.Key.FullBytes); err != nil {
			return
		}
	}
	c.Return(binding.Buffer(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: s.Content.Key.FullBytes})))
}

// spkacChallenge(spkac): undefined when it can't be read
func spkacChallenge(c *binding.Call) {
	if s, err := parseSPKAC(dataOf(c, 0)); err == nil {
		c.Return(binding.Buffer([]byte(s.Content.Challenge)))
	}
}
