package crypto

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"math/big"

	"github.com/cloudflare/circl/hpke"
	"github.com/cloudflare/circl/kem"

	"roost/internal/binding"
)

var kemNatives = binding.Natives{
	"kemEncapsulate": kemEncapsulate,
	"kemDecapsulate": kemDecapsulate,
}

var errNoKEM = errors.New("the key is none for encapsulation")

// dhkem is the scheme of RFC 9180, section 4.1, for a key; nil when it has none.
func (k *Key) dhkem() kem.Scheme {
	switch {
	case k.typ == "x25519":
		return hpke.KEM_X25519_HKDF_SHA256.Scheme()
	case k.typ == "x448":
		return hpke.KEM_X448_HKDF_SHA512.Scheme()
	case k.typ != "ec":
		return nil
	}
	switch k.curve.alias {
	case "P-256":
		return hpke.KEM_P256_HKDF_SHA256.Scheme()
	case "P-384":
		return hpke.KEM_P384_HKDF_SHA384.Scheme()
	case "P-521":
		return hpke.KEM_P521_HKDF_SHA512.Scheme()
	}
	return nil
}

// kemScheme is the key's mechanism; nil when it has none or is RSA.
func (k *Key) kemScheme() kem.Scheme {
	if k.pq != nil {
		return k.pq.alg.kem
	}
	return k.dhkem()
}

func (k *Key) kemPublic(s kem.Scheme) (kem.PublicKey, error) {
	if k.pq == nil {
		return s.UnmarshalBinaryPublicKey(k.rawPublic())
	}
	parsed, err := k.pq.publicKey()
	if err != nil {
		return nil, err
	}
	public, ok := parsed.(kem.PublicKey)
	if !ok {
		return nil, errNoKEM
	}
	return public, nil
}

func (k *Key) kemPrivate(s kem.Scheme) (kem.PrivateKey, error) {
	if k.pq == nil {
		return s.UnmarshalBinaryPrivateKey(k.rawPrivate())
	}
	parsed, err := k.pq.privateKey()
	if err != nil {
		return nil, err
	}
	private, ok := parsed.(kem.PrivateKey)
	if !ok {
		return nil, errNoKEM
	}
	return private, nil
}

func (k *Key) encapsulate() (shared, ciphertext []byte, err error) {
	if k.typ == "rsa" {
		return encapsulateRSA(k.rsa)
	}
	s := k.kemScheme()
	if s == nil {
		return nil, nil, errNoKEM
	}
	public, err := k.kemPublic(s)
	if err != nil {
		return nil, nil, err
	}
	ciphertext, shared, err = s.Encapsulate(public)
	return shared, ciphertext, err
}

func (k *Key) decapsulate(ciphertext []byte) ([]byte, error) {
	if k.typ == "rsa" {
		if len(ciphertext) != k.rsa.Size() {
			return nil, errNoKEM
		}
		return rawPrivate(k.rsaD, ciphertext)
	}
	s := k.kemScheme()
	if s == nil || len(ciphertext) != s.CiphertextSize() {
		return nil, errNoKEM
	}
	private, err := k.kemPrivate(s)
	if err != nil {
		return nil, err
	}
	return s.Decapsulate(private, ciphertext)
}

// encapsulateRSA is RSASVE (NIST SP 800-56B, section 7.2.1.2): a random number between 1 and n - 1, encrypted without padding.
func encapsulateRSA(k *rsa.PublicKey) (shared, ciphertext []byte, err error) {
	limit := new(big.Int).Sub(k.N, big.NewInt(3))
	if limit.Sign() <= 0 {
		return nil, nil, errNoKEM
	}
	z, err := rand.Int(rand.Reader, limit)
	if err != nil {
		return nil, nil, err
	}
	shared = z.Add(z, big.NewInt(2)).FillBytes(make([]byte, k.Size()))
	ciphertext, err = rawPublic(k, shared)
	return shared, ciphertext, err
}

// kemFailure is how Node reports that an operation fails: at once, or through a callback.
func kemFailure(operation string, later bool) binding.Result {
	if later {
		return binding.Fail(plainError("Deriving bits failed"))
	}
	return binding.Fail(binding.Error("ERR_CRYPTO_OPERATION_FAILED", "Failed to perform %s", operation))
}

// kemEncapsulate(key, request): [shared key, ciphertext]
func kemEncapsulate(c *binding.Call) {
	k := keyArgument(c, 0)
	if k == nil {
		return
	}
	later := c.IsNumber(1)
	c.Run(1, func() binding.Result {
		shared, ciphertext, err := k.encapsulate()
		if err != nil {
			return kemFailure("encapsulation", later)
		}
		return binding.List(binding.Buffer(shared), binding.Buffer(ciphertext))
	})
}

// kemDecapsulate(key, ciphertext, request): the shared key
func kemDecapsulate(c *binding.Call) {
	k := keyArgument(c, 0)
	if k == nil {
		return
	}
	ciphertext, later := clone(c.Bytes(1)), c.IsNumber(2)
	c.Run(2, func() binding.Result {
		shared, err := k.decapsulate(ciphertext)
		if err != nil {
			return kemFailure("decapsulation", later)
		}
		return binding.Buffer(shared)
	})
}
