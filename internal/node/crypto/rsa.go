package crypto

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"math/big"

	"roost/internal/binding"
)

var rsaNatives = binding.Natives{
	"rsaPublicEncrypt":  func(c *binding.Call) { rsaCrypt(c, publicEncrypt) },
	"rsaPrivateDecrypt": func(c *binding.Call) { rsaCrypt(c, privateDecrypt) },
	"rsaPrivateEncrypt": func(c *binding.Call) { rsaCrypt(c, privateEncrypt) },
	"rsaPublicDecrypt":  func(c *binding.Call) { rsaCrypt(c, publicDecrypt) },
}

// Paddings, OpenSSL's numbers.
const (
	padPKCS1 = 1
	padNone  = 3
	padOAEP  = 4
	padPSS   = 6
)

func rsaError(number, reason string) error { return opensslError(number, "rsa routines", reason) }

func errTooLarge() error   { return rsaError("0200006E", "data too large for key size") }
func errRSAPadding() error { return rsaError("02000076", "unknown padding type") }

type rsaCall struct {
	key     *Key
	data    []byte
	padding int
	hash    *digest // of OAEP
	label   []byte
}

// rsaCrypt(key, data, padding, digest number, label | undefined, request)
func rsaCrypt(c *binding.Call, f func(rsaCall) ([]byte, error)) {
	k := keyArgument(c, 0)
	if k == nil {
		return
	}
	if k.rsa == nil || k.typ == "rsa-pss" {
		c.Throw(opensslError("03000096", "digital envelope routines", "operation not supported for this keytype"))
		return
	}
	r := rsaCall{k, clone(dataOf(c, 1)), c.Int(2), digestNumber(c.Int(3) & 63), clone(c.Bytes(4))}
	c.Run(5, func() binding.Result {
		out, err := f(r)
		if err != nil {
			return binding.Fail(err)
		}
		return binding.Buffer(out)
	})
}

// rawPublic is m to the e modulo n.
func rawPublic(k *rsa.PublicKey, m []byte) ([]byte, error) {
	x := new(big.Int).SetBytes(m)
	if x.Cmp(k.N) >= 0 {
		return nil, rsaError("02000084", "data too large for modulus")
	}
	return x.Exp(x, big.NewInt(int64(k.E)), k.N).FillBytes(make([]byte, k.Size())), nil
}

// rawPrivate is m to the d modulo n, blinded, since math/big's time depends on its operands.
func rawPrivate(k *rsa.PrivateKey, m []byte) ([]byte, error) {
	x := new(big.Int).SetBytes(m)
	if x.Cmp(k.N) >= 0 {
		return nil, rsaError("02000084", "data too large for modulus")
	}
	for {
		r, err := rand.Int(rand.Reader, k.N)
		if err != nil {
			return nil, err
		}
		inverse := new(big.Int).ModInverse(r, k.N)
		if inverse == nil {
			continue
		}
		r.Exp(r, big.NewInt(int64(k.E)), k.N)
		x.Mul(x, r).Mod(x, k.N)
		x.Exp(x, k.D, k.N)
		x.Mul(x, inverse).Mod(x, k.N)
		return x.FillBytes(make([]byte, k.Size())), nil
	}
}

func publicEncrypt(r rsaCall) ([]byte, error) {
	size := r.key.rsa.Size()
	switch r.padding {
	case padNone:
		if len(r.data) > size {
			return nil, errTooLarge()
		}
		if len(r.data) < size {
			return nil, rsaError("0200007A", "data too small for key size")
		}
		return rawPublic(r.key.rsa, r.data)
	case padPKCS1:
		if len(r.data) > size-11 {
			return nil, errTooLarge()
		}
		return rsa.EncryptPKCS1v15(rand.Reader, r.key.rsa, r.data) //nolint:staticcheck // asked for by name
	case padOAEP:
		out, err := rsa.EncryptOAEP(r.hash.new(), rand.Reader, r.key.rsa, r.data, r.label)
		if errors.Is(err, rsa.ErrMessageTooLong) {
			return nil, errTooLarge()
		}
		return out, err
	}
	return nil, errRSAPadding()
}

func privateDecrypt(r rsaCall) ([]byte, error) {
	size := r.key.rsa.Size()
	switch r.padding {
	case padNone:
		return rawPrivate(r.key.rsaD, r.data)
	case padPKCS1:
		if len(r.data) > size {
			return nil, rsaError("0200006C", "data greater than mod len")
		}
		out, err := rsa.DecryptPKCS1v15(nil, r.key.rsaD, r.data) //nolint:staticcheck // asked for by name
		if err != nil {
			return implicitReject(r.key.rsaD, r.data, size), nil
		}
		return out, nil
	case padOAEP:
		out, err := rsa.DecryptOAEP(r.hash.new(), nil, r.key.rsaD, r.data, r.label)
		if err != nil {
			return nil, rsaError("02000079", "oaep decoding error")
		}
		return out, nil
	}
	return nil, errRSAPadding()
}

// implicitReject makes a message from a ciphertext with wrong padding, always the same one, so that nobody learns from an error.
func implicitReject(k *rsa.PrivateKey, data []byte, size int) []byte {
	secret := sha256.Sum256(k.D.FillBytes(make([]byte, size)))
	mac := hmac.New(sha256.New, secret[:])
	mac.Write(data)
	seed := mac.Sum(nil)
	n := (int(seed[0])<<8 | int(seed[1])) % (size - 10)
	out := make([]byte, 0, n+32)
	for i := byte(0); len(out) < n; i++ {
		mac.Reset()
		mac.Write(seed)
		mac.Write([]byte{i})
		out = mac.Sum(out)
	}
	return out[:n]
}

func privateEncrypt(r rsaCall) ([]byte, error) {
	size := r.key.rsa.Size()
	switch r.padding {
	case padNone:
		if len(r.data) != size {
			return nil, errTooLarge()
		}
		return rawPrivate(r.key.rsaD, r.data)
	case padPKCS1:
		if len(r.data) > size-11 {
			return nil, errTooLarge()
		}
		block := append([]byte{0, 1}, bytes.Repeat([]byte{0xFF}, size-3-len(r.data))...)
		return rawPrivate(r.key.rsaD, append(append(block, 0), r.data...))
	}
	return nil, errRSAPadding()
}

func publicDecrypt(r rsaCall) ([]byte, error) {
	if len(r.data) > r.key.rsa.Size() {
		return nil, rsaError("0200006C", "data greater than mod len")
	}
	out, err := rawPublic(r.key.rsa, r.data)
	if err != nil || r.padding == padNone {
		return out, err
	}
	if r.padding != padPKCS1 {
		return nil, errRSAPadding()
	}
	if len(out) < 11 || out[0] != 0 || out[1] != 1 {
		return nil, rsaError("0200006A", "block type is not 01")
	}
	end := bytes.IndexByte(out[2:], 0)
	if end < 8 {
		return nil, rsaError("02000072", "padding check failed")
	}
	for _, b := range out[2 : 2+end] {
		if b != 0xFF {
			return nil, rsaError("02000072", "padding check failed")
		}
	}
	return out[3+end:], nil
}

func mgf1(out []byte, d *digest, seed []byte) {
	for i := uint32(0); len(out) > 0; i++ {
		h := d.new()
		h.Write(seed)
		h.Write([]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)})
		mask := h.Sum(nil)
		n := min(len(out), len(mask))
		subtle.XORBytes(out[:n], out[:n], mask[:n])
		out = out[n:]
	}
}

// Salt lengths of PSS, OpenSSL's numbers.
const (
	saltDigest = -1
	saltMax    = -2 // when signing; any when verifying
)

// signPSS is RFC 8017, section 8.1.1, with any salt length and hash of the mask (Go's takes neither a salt of 0 bytes nor another mask).
func signPSS(k *Key, hash, mgf *digest, sum []byte, salt int) ([]byte, error) {
	emBits := k.rsa.N.BitLen() - 1
	emLen := (emBits + 7) / 8
	switch salt {
	case saltDigest:
		salt = hash.size
	case saltMax:
		salt = emLen - hash.size - 2
	}
	if salt < 0 || emLen < hash.size+salt+2 {
		return nil, errTooLarge()
	}
	if mgf == hash && salt > 0 && hash.fn != 0 {
		return rsa.SignPSS(rand.Reader, k.rsaD, hash.fn, sum, &rsa.PSSOptions{SaltLength: salt})
	}
	saltBytes := make([]byte, salt)
	rand.Read(saltBytes)
	em := make([]byte, emLen)
	h := hash.new()
	h.Write(make([]byte, 8))
	h.Write(sum)
	h.Write(saltBytes)
	mark := h.Sum(nil)
	db := em[:emLen-hash.size-1]
	db[len(db)-salt-1] = 1
	copy(db[len(db)-salt:], saltBytes)
	mgf1(db, mgf, mark)
	db[0] &= 0xFF >> (8*emLen - emBits)
	copy(em[len(db):], mark)
	em[emLen-1] = 0xBC
	return rawPrivate(k.rsaD, em)
}

func verifyPSS(k *Key, hash, mgf *digest, sum, signature []byte, salt int) bool {
	if len(signature) != k.rsa.Size() {
		return false
	}
	em, err := rawPublic(k.rsa, signature)
	if err != nil {
		return false
	}
	emBits := k.rsa.N.BitLen() - 1
	emLen := (emBits + 7) / 8
	if len(em) > emLen {
		if em[0] != 0 {
			return false
		}
		em = em[1:]
	}
	if salt == saltDigest {
		salt = hash.size
	}
	if emLen < hash.size+max(salt, 0)+2 || em[emLen-1] != 0xBC {
		return false
	}
	db, mark := em[:emLen-hash.size-1], em[emLen-hash.size-1:emLen-1]
	first := byte(0xFF >> (8*emLen - emBits))
	if db[0]&^first != 0 {
		return false
	}
	mgf1(db, mgf, mark)
	db[0] &= first
	one := bytes.IndexFunc(db, func(r rune) bool { return r != 0 })
	if one < 0 || db[one] != 1 {
		return false
	}
	saltBytes := db[one+1:]
	if salt >= 0 && len(saltBytes) != salt {
		return false
	}
	h := hash.new()
	h.Write(make([]byte, 8))
	h.Write(sum)
	h.Write(saltBytes)
	return bytes.Equal(h.Sum(nil), mark)
}

// signPKCS1 is RFC 8017, section 8.2.1.
func signPKCS1(k *Key, hash *digest, sum []byte) ([]byte, error) {
	if hash.fn == 0 || hash.fn == crypto.BLAKE2b_512 || hash.fn == crypto.BLAKE2s_256 {
		return nil, rsaError("02000075", "unknown algorithm type")
	}
	out, err := rsa.SignPKCS1v15(nil, k.rsaD, hash.fn, sum)
	if errors.Is(err, rsa.ErrMessageTooLong) {
		return nil, rsaError("02000070", "digest too big for rsa key")
	}
	return out, err
}
