package crypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // old encrypted keys
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"hash"
	"strings"

	"golang.org/x/crypto/scrypt"

	"roost/internal/binding"
)

// Encrypted private keys: PBES2 of RFC 8018.
var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidScrypt = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
)

type encryptedPKCS8 struct {
	Algorithm algorithm
	Data      []byte
}

type pbes2 struct{ KDF, Cipher algorithm }

type pbkdf2Params struct {
	Salt       []byte
	Iterations int
	Length     int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

type scryptParams struct {
	Salt    []byte
	N, R, P int
	Length  int `asn1:"optional"`
}

func isEncryptedPKCS8(der []byte) bool {
	var e encryptedPKCS8
	_, err := asn1.Unmarshal(der, &e)
	return err == nil
}

// pbeCiphers are the ciphers of PBES2 (RFC 8018, appendix B.2).
var pbeCiphers = []struct {
	name string
	oid  asn1.ObjectIdentifier
	key  int
	new  func([]byte) (cipher.Block, error)
}{
	{"aes-128-cbc", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}, 16, aes.NewCipher},
	{"aes-192-cbc", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 22}, 24, aes.NewCipher},
	{"aes-256-cbc", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, 32, aes.NewCipher},
	{"des-ede3-cbc", asn1.ObjectIdentifier{1, 2, 840, 113549, 3, 7}, 24, des.NewTripleDESCipher},
}

var pbePRFs = []struct {
	last int // of 1.2.840.113549.2.x
	new  func() hash.Hash
}{{7, sha1.New}, {8, sha256.New224}, {9, sha256.New}, {10, sha512.New384}, {11, sha512.New}}

const maxIterations = 10_000_000 // of a key file: more is an attack

func decryptPKCS8(der, passphrase []byte) ([]byte, error) {
	var e encryptedPKCS8
	var p pbes2
	if _, err := asn1.Unmarshal(der, &e); err != nil || !e.Algorithm.OID.Equal(oidPBES2) {
		return nil, errDecoder()
	}
	if _, err := asn1.Unmarshal(e.Algorithm.Parameters.FullBytes, &p); err != nil {
		return nil, errDecoder()
	}
	for _, c := range pbeCiphers {
		if !c.oid.Equal(p.Cipher.OID) {
			continue
		}
		var iv []byte
		if _, err := asn1.Unmarshal(p.Cipher.Parameters.FullBytes, &iv); err != nil {
			return nil, errDecoder()
		}
		key, err := pbeKey(p.KDF, passphrase, c.key)
		if err != nil {
			return nil, errDecoder()
		}
		block, err := c.new(key)
		if err != nil || len(iv) != block.BlockSize() || len(e.Data)%block.BlockSize() != 0 || len(e.Data) == 0 {
			return nil, errBadDecrypt()
		}
		out := make([]byte, len(e.Data))
		cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, e.Data)
		fill := int(out[len(out)-1])
		if fill == 0 || fill > block.BlockSize() || !bytes.Equal(out[len(out)-fill:], bytes.Repeat([]byte{byte(fill)}, fill)) {
			return nil, errBadDecrypt()
		}
		return out[:len(out)-fill], nil
	}
	return nil, errDecoder()
}

func pbeKey(kdf algorithm, passphrase []byte, length int) ([]byte, error) {
	if kdf.OID.Equal(oidScrypt) {
		var p scryptParams
		if _, err := asn1.Unmarshal(kdf.Parameters.FullBytes, &p); err != nil {
			return nil, err
		}
		if p.N > 1<<20 || p.R > 64 || p.P > 64 || p.N < 2 || p.R < 1 || p.P < 1 {
			return nil, errors.New("scrypt parameters")
		}
		return scrypt.Key(passphrase, p.Salt, p.N, p.R, p.P, length)
	}
	if !kdf.OID.Equal(oidPBKDF2) {
		return nil, errors.New("unknown key derivation")
	}
	var p pbkdf2Params
	if _, err := asn1.Unmarshal(kdf.Parameters.FullBytes, &p); err != nil {
		return nil, err
	}
	if p.Iterations < 1 || p.Iterations > maxIterations {
		return nil, errors.New("iterations")
	}
	prf := sha1.New
	if oid := p.PRF.Algorithm; oid != nil {
		found := false
		for _, f := range pbePRFs {
			if oid.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 2, f.last}) {
				prf, found = f.new, true
			}
		}
		if !found {
			return nil, errors.New("unknown PRF")
		}
	}
	return pbkdf2.Key(prf, string(passphrase), p.Salt, p.Iterations, length)
}

var errUnknownCipher = binding.Error("ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher")

func encryptPKCS8(der []byte, name string, passphrase []byte) ([]byte, error) {
	name = pbeName(name)
	for _, c := range pbeCiphers {
		if c.name != name {
			continue
		}
		salt := make([]byte, 16)
		rand.Read(salt)
		const iterations = 2048
		key, err := pbkdf2.Key(sha256.New, string(passphrase), salt, iterations, c.key)
		if err != nil {
			return nil, err
		}
		block, err := c.new(key)
		if err != nil {
			return nil, err
		}
		iv := make([]byte, block.BlockSize())
		rand.Read(iv)
		fill := len(iv) - len(der)%len(iv)
		data := append(append([]byte{}, der...), bytes.Repeat([]byte{byte(fill)}, fill)...)
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(data, data)
		kdf, err := asn1.Marshal(pbkdf2Params{Salt: salt, Iterations: iterations, PRF: pkix.AlgorithmIdentifier{
			Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}, Parameters: asn1.NullRawValue}})
		if err != nil {
			return nil, err
		}
		ivDER, err := asn1.Marshal(iv)
		if err != nil {
			return nil, err
		}
		params, err := asn1.Marshal(pbes2{algorithm{oidPBKDF2, asn1.RawValue{FullBytes: kdf}}, algorithm{c.oid, asn1.RawValue{FullBytes: ivDER}}})
		if err != nil {
			return nil, err
		}
		return asn1.Marshal(encryptedPKCS8{algorithm{oidPBES2, asn1.RawValue{FullBytes: params}}, data})
	}
	return nil, errUnknownCipher
}

func pbeName(name string) string {
	if k := cipherNamed(name); k != nil {
		return k.name
	}
	return strings.ToLower(name)
}
