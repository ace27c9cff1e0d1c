package crypto

import (
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"hash"

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

// pbeCiphers are the ciphers of PBES2 (RFC 8018, appendix B.2), by the names of this package's ciphers.
var pbeCiphers = func() map[string]asn1.ObjectIdentifier {
	list := map[string]asn1.ObjectIdentifier{"des-ede3-cbc": {1, 2, 840, 113549, 3, 7}}
	for size, first := range map[string]int{"128": 1, "192": 21, "256": 41} {
		for k, mode := range []string{"ecb", "cbc", "ofb", "cfb"} {
			list["aes-"+size+"-"+mode] = nistOID(1, first+k)
		}
	}
	return list
}()

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
	for name, oid := range pbeCiphers {
		if !oid.Equal(p.Cipher.OID) {
			continue
		}
		var iv []byte
		if _, err := asn1.Unmarshal(p.Cipher.Parameters.FullBytes, &iv); err != nil {
			return nil, errDecoder()
		}
		key, err := pbeKey(p.KDF, passphrase, cipherNamed(name).key)
		if err != nil {
			return nil, errDecoder()
		}
		out, err := pbeCrypt(name, false, key, iv, e.Data)
		if err != nil {
			return nil, errBadDecrypt()
		}
		return out, nil
	}
	return nil, errDecoder()
}

// pbeCrypt is a whole message through one of the ciphers.
func pbeCrypt(name string, encrypt bool, key, iv, data []byte) ([]byte, error) {
	s, err := openCipher(name, encrypt, key, iv, true, tagUnsaid)
	if err != nil {
		return nil, err
	}
	return s.message(data, nil)
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
	k := cipherNamed(name)
	if k == nil || pbeCiphers[k.name] == nil {
		return nil, errUnknownCipher
	}
	salt := fresh(16)
	const iterations = 2048
	key, err := pbkdf2.Key(sha256.New, string(passphrase), salt, iterations, k.key)
	if err != nil {
		return nil, err
	}
	iv := fresh(k.iv)
	data, err := pbeCrypt(k.name, true, key, iv, der)
	if err != nil {
		return nil, err
	}
	kdf, err := asn1.Marshal(pbkdf2Params{Salt: salt, Iterations: iterations, PRF: pkix.AlgorithmIdentifier{
		Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}, Parameters: asn1.NullRawValue}})
	if err != nil {
		return nil, err
	}
	ivDER, err := asn1.Marshal(iv)
	if err != nil {
		return nil, err
	}
	params, err := asn1.Marshal(pbes2{algorithm{oidPBKDF2, asn1.RawValue{FullBytes: kdf}},
		algorithm{pbeCiphers[k.name], asn1.RawValue{FullBytes: ivDER}}})
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(encryptedPKCS8{algorithm{oidPBES2, asn1.RawValue{FullBytes: params}}, data})
}
