package crypto

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"hash"
	"math/big"
	"strings"
	"unicode/utf16"

	"roost/internal/binding"
)

// PFX files as RFC 7292 has them, with encryption by password. DER alone is read, not BER.

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}
	oidKeyBag        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}
	oidShroudedBag   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}
	oidCertBag       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 3}
	oidPBE3DES       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3}

	errPFXUnsupported = binding.Error("ERR_CRYPTO_UNSUPPORTED_OPERATION", "Unsupported PKCS12 PFX data")
	errPFXMac         = plainError("mac verify failure")
	errPFXData        = plainError("not enough data")
	errPFXKey         = plainError("Unable to load private key from PFX data")
	errPFXCert        = plainError("Unable to load PFX certificate")
)

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"tag:0,explicit,optional"`
}

type pfx struct {
	Version int
	Safe    contentInfo
	Mac     macData `asn1:"optional"`
}

type macData struct {
	Mac struct {
		Algorithm algorithm
		Digest    []byte
	}
	Salt       []byte
	Iterations int `asn1:"optional,default:1"`
}

type encryptedData struct {
	Version int
	Content struct {
		Type      asn1.ObjectIdentifier
		Algorithm algorithm
		Data      []byte `asn1:"tag:0,optional"`
	}
}

type safeBag struct {
	ID         asn1.ObjectIdentifier
	Value      asn1.RawValue `asn1:"tag:0,explicit"`
	Attributes asn1.RawValue `asn1:"set,optional"`
}

// bmpPassword is a password as PKCS #12 hashes it: UTF-16 with a zero at the end.
func bmpPassword(password []byte) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(string(password))) {
		out = append(out, byte(u>>8), byte(u))
	}
	return append(out, 0, 0)
}

// pkcs12Key derives bytes from a password (RFC 7292, appendix B.2). purpose: 1 a key, 2 an IV, 3 a MAC's key.
func pkcs12Key(newHash func() hash.Hash, password, salt []byte, iterations int, purpose byte, size int) []byte {
	h := newHash()
	u, v := h.Size(), h.BlockSize()
	fill := func(b []byte) []byte {
		if len(b) == 0 {
			return nil
		}
		n := (len(b) + v - 1) / v * v
		return bytes.Repeat(b, n/len(b)+1)[:n]
	}
	input := append(fill(salt), fill(password)...)
	var out []byte
	for len(out) < size {
		h.Reset()
		h.Write(bytes.Repeat([]byte{purpose}, v))
		h.Write(input)
		a := h.Sum(nil)
		for i := 1; i < iterations; i++ {
			h.Reset()
			h.Write(a)
			a = h.Sum(nil)
		}
		out = append(out, a...)
		b := new(big.Int).SetBytes(bytes.Repeat(a, v/u+1)[:v])
		b.Add(b, big.NewInt(1))
		modulus := new(big.Int).Lsh(big.NewInt(1), uint(8*v))
		for at := 0; at < len(input); at += v {
			n := new(big.Int).SetBytes(input[at : at+v])
			n.Add(n, b).Mod(n, modulus)
			n.FillBytes(input[at : at+v])
		}
	}
	return out[:size]
}

// decryptPBE undoes an encryption by password: PBES2, or PKCS #12's own with triple DES. RC2 and RC4 are refused as by OpenSSL 3.
func decryptPBE(a algorithm, data, password []byte) ([]byte, error) {
	if a.OID.Equal(oidPBES2) {
		der, err := asn1.Marshal(encryptedPKCS8{a, data})
		if err != nil {
			return nil, err
		}
		plain, err := decryptPKCS8(der, password)
		if err != nil && strings.Contains(err.Error(), "unsupported") {
			err = errPFXUnsupported
		}
		return plain, err
	}
	if !a.OID.Equal(oidPBE3DES) {
		return nil, errPFXUnsupported
	}
	var p struct {
		Salt       []byte
		Iterations int
	}
	if _, err := asn1.Unmarshal(a.Parameters.FullBytes, &p); err != nil || p.Iterations < 1 || p.Iterations > maxIterations {
		return nil, errPFXData
	}
	bmp := bmpPassword(password)
	block, err := des.NewTripleDESCipher(pkcs12Key(sha1.New, bmp, p.Salt, p.Iterations, 1, 24))
	if err != nil {
		return nil, err
	}
	if len(data) == 0 || len(data)%8 != 0 {
		return nil, errBadDecrypt()
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, pkcs12Key(sha1.New, bmp, p.Salt, p.Iterations, 2, 8)).CryptBlocks(out, data)
	n := int(out[len(out)-1])
	if n == 0 || n > 8 || !bytes.Equal(out[len(out)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, errBadDecrypt()
	}
	return out[:len(out)-n], nil
}

// parsePFX gives the first private key, its certificate and the others.
func parsePFX(data, password []byte) (key []byte, cert *x509.Certificate, others []*x509.Certificate, err error) {
	var file pfx
	if _, err := asn1.Unmarshal(data, &file); err != nil || file.Version != 3 {
		return nil, nil, nil, errPFXData
	}
	var safe []byte
	if !file.Safe.Type.Equal(oidData) {
		return nil, nil, nil, errPFXUnsupported
	}
	if _, err := asn1.Unmarshal(file.Safe.Content.Bytes, &safe); err != nil {
		return nil, nil, nil, errPFXData
	}
	if file.Mac.Mac.Digest != nil {
		d := digestNamed(hashOf(file.Mac.Mac.Algorithm.OID))
		if d == nil || d.new == nil || file.Mac.Iterations < 1 || file.Mac.Iterations > maxIterations {
			return nil, nil, nil, errPFXUnsupported
		}
		matches := func(bmp []byte) bool {
			m := hmac.New(d.new, pkcs12Key(d.new, bmp, file.Mac.Salt, file.Mac.Iterations, 3, d.new().Size()))
			m.Write(safe)
			return hmac.Equal(m.Sum(nil), file.Mac.Mac.Digest)
		}
		// Without a password some programs hash nothing, others the zero at its end.
		if !matches(bmpPassword(password)) && (len(password) > 0 || !matches(nil)) {
			return nil, nil, nil, errPFXMac
		}
	}
	var contents []contentInfo
	if _, err := asn1.Unmarshal(safe, &contents); err != nil {
		return nil, nil, nil, errPFXData
	}
	for _, info := range contents {
		var plain []byte
		switch {
		case info.Type.Equal(oidData):
			if _, err := asn1.Unmarshal(info.Content.Bytes, &plain); err != nil {
				return nil, nil, nil, errPFXData
			}
		case info.Type.Equal(oidEncryptedData):
			var e encryptedData
			if _, err := asn1.Unmarshal(info.Content.Bytes, &e); err != nil {
				return nil, nil, nil, errPFXData
			}
			if plain, err = decryptPBE(e.Content.Algorithm, e.Content.Data, password); err != nil {
				return nil, nil, nil, err
			}
		default:
			continue
		}
		var bags []safeBag
		if _, err := asn1.Unmarshal(plain, &bags); err != nil {
			return nil, nil, nil, errPFXData
		}
		for _, bag := range bags {
			switch {
			case bag.ID.Equal(oidKeyBag) && key == nil:
				key = bag.Value.Bytes
			case bag.ID.Equal(oidShroudedBag) && key == nil:
				var e encryptedPKCS8
				if _, err := asn1.Unmarshal(bag.Value.Bytes, &e); err != nil {
					return nil, nil, nil, errPFXData
				}
				if key, err = decryptPBE(e.Algorithm, e.Data, password); err != nil {
					return nil, nil, nil, err
				}
			case bag.ID.Equal(oidCertBag):
				var c struct {
					ID    asn1.ObjectIdentifier
					Value []byte `asn1:"tag:0,explicit"`
				}
				if _, err := asn1.Unmarshal(bag.Value.Bytes, &c); err != nil {
					return nil, nil, nil, errPFXData
				}
				if parsed, err := x509.ParseCertificate(c.Value); err == nil {
					others = append(others, parsed)
				}
			}
		}
	}
	if key == nil {
		return nil, nil, nil, errPFXKey
	}
	k, err := parsePKCS8(key)
	if err != nil {
		return nil, nil, nil, errPFXKey
	}
	public := k.public()
	for i, c := range others {
		if own, err := parseSPKI(c.RawSubjectPublicKeyInfo); err == nil && public != nil && own.equal(public) {
			cert = c
			others = append(others[:i:i], others[i+1:]...)
			break
		}
	}
	if cert == nil {
		return nil, nil, nil, errPFXCert
	}
	return key, cert, others, nil
}

// pkcs12Parse(PFX, passphrase) → PEM texts: the key, its certificate, the others
func pkcs12Parse(c *binding.Call) {
	key, cert, others, err := parsePFX(clone(dataOf(c, 0)), clone(dataOf(c, 1)))
	if err != nil {
		var known *binding.NodeError
		if !errors.As(err, &known) {
			err = errPFXData
		}
		c.Throw(err)
		return
	}
	text := func(label string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
	}
	out := []string{text("PRIVATE KEY", key), text("CERTIFICATE", cert.Raw)}
	for _, o := range others {
		out = append(out, text("CERTIFICATE", o.Raw))
	}
	c.Return(binding.Strings(out))
}
