package crypto

import (
	"crypto"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"strings"

	"github.com/cloudflare/circl/kem"
	"github.com/cloudflare/circl/kem/mlkem/mlkem1024"
	"github.com/cloudflare/circl/kem/mlkem/mlkem512"
	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
	"github.com/cloudflare/circl/sign/slhdsa"
)

// pqAlgorithm is one parameter set of ML-DSA (FIPS 204), SLH-DSA (FIPS 205) or ML-KEM (FIPS 203).
type pqAlgorithm struct {
	name   string // asymmetricKeyType
	oid    asn1.ObjectIdentifier
	signer sign.Scheme // nil: ML-KEM
	kem    kem.Scheme  // nil: a signature
	seed   int         // bytes of what a private key can be made from again; 0: SLH-DSA, whose private key is short already
	sign   func(k sign.PrivateKey, message, context []byte) ([]byte, error)
}

// webName is the algorithm's name in JWK and Web Crypto.
func (a *pqAlgorithm) webName() string { return strings.ToUpper(a.name) }

// Arc of the algorithms: joint-iso-itu-t(2) country(16) us(840) organization(1) gov(101) csor(3) nistAlgorithm(4).
func nistOID(class, number int) asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, class, number}
}

var pqAlgorithms = func() []*pqAlgorithm {
	const signatures, kems = 3, 4
	list := []*pqAlgorithm{
		{name: "ml-dsa-44", oid: nistOID(signatures, 17), signer: mldsa44.Scheme(), seed: mldsa44.SeedSize, sign: mldsaSigner(mldsa44.SignTo, mldsa44.SignatureSize)},
		{name: "ml-dsa-65", oid: nistOID(signatures, 18), signer: mldsa65.Scheme(), seed: mldsa65.SeedSize, sign: mldsaSigner(mldsa65.SignTo, mldsa65.SignatureSize)},
		{name: "ml-dsa-87", oid: nistOID(signatures, 19), signer: mldsa87.Scheme(), seed: mldsa87.SeedSize, sign: mldsaSigner(mldsa87.SignTo, mldsa87.SignatureSize)},
		{name: "ml-kem-512", oid: nistOID(kems, 1), kem: mlkem512.Scheme(), seed: mlkem512.KeySeedSize},
		{name: "ml-kem-768", oid: nistOID(kems, 2), kem: mlkem768.Scheme(), seed: mlkem768.KeySeedSize},
		{name: "ml-kem-1024", oid: nistOID(kems, 3), kem: mlkem1024.Scheme(), seed: mlkem1024.KeySeedSize},
	}
	for k, id := range []slhdsa.ID{
		slhdsa.SHA2_128s, slhdsa.SHA2_128f, slhdsa.SHA2_192s, slhdsa.SHA2_192f, slhdsa.SHA2_256s, slhdsa.SHA2_256f,
		slhdsa.SHAKE_128s, slhdsa.SHAKE_128f, slhdsa.SHAKE_192s, slhdsa.SHAKE_192f, slhdsa.SHAKE_256s, slhdsa.SHAKE_256f,
	} {
		name := strings.ToLower(id.String()) // such as SLH-DSA-SHA2-128s
		list = append(list, &pqAlgorithm{name: name, oid: nistOID(signatures, 20+k), signer: id.Scheme(), sign: slhSign})
	}
	return list
}()

// mldsaSigner makes the hedged variant of ML-DSA, which FIPS 204 has as its default.
func mldsaSigner[K any](signTo func(k *K, message, context []byte, randomized bool, signature []byte) error, size int) func(sign.PrivateKey, []byte, []byte) ([]byte, error) {
	return func(k sign.PrivateKey, message, context []byte) ([]byte, error) {
		private, ok := any(k).(*K)
		if !ok {
			return nil, errPQKey
		}
		out := make([]byte, size)
		return out, signTo(private, message, context, true, out)
	}
}

func slhSign(k sign.PrivateKey, message, context []byte) ([]byte, error) {
	switch private := k.(type) {
	case slhdsa.PrivateKey:
		return slhdsa.SignRandomized(&private, rand.Reader, slhdsa.NewMessage(message), context)
	case *slhdsa.PrivateKey:
		return slhdsa.SignRandomized(private, rand.Reader, slhdsa.NewMessage(message), context)
	}
	return nil, errPQKey
}

var errPQKey = errors.New("post-quantum key")

func pqNamed(name string) *pqAlgorithm {
	name = strings.ToLower(name)
	for _, a := range pqAlgorithms {
		if a.name == name {
			return a
		}
	}
	return nil
}

func pqOf(oid asn1.ObjectIdentifier) *pqAlgorithm {
	for _, a := range pqAlgorithms {
		if a.oid.Equal(oid) {
			return a
		}
	}
	return nil
}

// pqKey is a key of one of them.
type pqKey struct {
	alg     *pqAlgorithm
	public  []byte
	private []byte // nil in a public key: FIPS 204's sk, FIPS 203's dk, FIPS 205's SK
	seed    []byte // nil: not known
	parsed  *pqParsed
}

// pqParsed holds what the schemes work with, made at first use: unpacking costs about as much as an operation.
type pqParsed struct {
	public, private once[any]
}

func (a *pqAlgorithm) key(public, private, seed []byte) *Key {
	k := &Key{kind: "public", typ: a.name, pq: &pqKey{alg: a, public: public, private: private, seed: seed, parsed: &pqParsed{}}}
	if private != nil {
		k.kind = "private"
	}
	return k
}

func (a *pqAlgorithm) parsePublic(b []byte) (any, error) {
	if a.kem != nil {
		return a.kem.UnmarshalBinaryPublicKey(b)
	}
	return a.signer.UnmarshalBinaryPublicKey(b)
}

func (a *pqAlgorithm) parsePrivate(b []byte) (any, error) {
	if a.kem != nil {
		return a.kem.UnmarshalBinaryPrivateKey(b)
	}
	return a.signer.UnmarshalBinaryPrivateKey(b)
}

func (k *pqKey) publicKey() (any, error) {
	return k.parsed.public.get(func() (any, error) { return k.alg.parsePublic(k.public) })
}

func (k *pqKey) privateKey() (any, error) {
	return k.parsed.private.get(func() (any, error) { return k.alg.parsePrivate(k.private) })
}

// fromPublic reads a raw public key.
func (a *pqAlgorithm) fromPublic(b []byte) (*Key, error) {
	k := a.key(clone(b), nil, nil)
	_, err := k.pq.publicKey()
	return k, err
}

type binaryKey interface{ MarshalBinary() ([]byte, error) }

func marshalPair(public, private binaryKey) (pub, priv []byte, err error) {
	pub, err = public.MarshalBinary()
	if err == nil {
		priv, err = private.MarshalBinary()
	}
	return pub, priv, err
}

// fromSeed expands a seed.
func (a *pqAlgorithm) fromSeed(seed []byte) (*Key, error) {
	if a.seed == 0 || len(seed) != a.seed {
		return nil, errPQKey
	}
	var public, private binaryKey
	if a.kem != nil {
		public, private = a.kem.DeriveKeyPair(seed)
	} else {
		public, private = a.signer.DeriveKey(seed)
	}
	pub, priv, err := marshalPair(public, private)
	if err != nil {
		return nil, err
	}
	return a.key(pub, priv, clone(seed)), nil
}

// fromPrivate reads an expanded private key, which holds its public key or what it is computed from.
func (a *pqAlgorithm) fromPrivate(b []byte) (*Key, error) {
	parsed, err := a.parsePrivate(b)
	if err != nil {
		return nil, err
	}
	var public binaryKey
	switch p := parsed.(type) {
	case kem.PrivateKey:
		public = p.Public()
	case interface{ Public() crypto.PublicKey }:
		public, _ = p.Public().(binaryKey)
	}
	if public == nil {
		return nil, errPQKey
	}
	pub, err := public.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return a.key(pub, clone(b), nil), nil
}

func (a *pqAlgorithm) generate() (*Key, error) {
	if a.seed > 0 {
		return a.fromSeed(fresh(a.seed))
	}
	public, private, err := a.signer.GenerateKey()
	if err != nil {
		return nil, err
	}
	pub, priv, err := marshalPair(public, private)
	if err != nil {
		return nil, err
	}
	return a.key(pub, priv, nil), nil
}

// parsePKCS8 reads the contents of PrivateKeyInfo.privateKey: RFC 9881 (ML-DSA) and RFC 9935 (ML-KEM) have a choice of the seed, the expanded
// key and both; RFC 9909 (SLH-DSA) has the key as it is.
func (a *pqAlgorithm) parsePKCS8(der []byte) (*Key, error) {
	if a.seed == 0 {
		return a.fromPrivate(der)
	}
	var choice asn1.RawValue
	if rest, err := asn1.Unmarshal(der, &choice); err != nil || len(rest) > 0 {
		return nil, errPQKey
	}
	switch {
	case choice.Class == asn1.ClassContextSpecific && choice.Tag == 0 && !choice.IsCompound:
		return a.fromSeed(choice.Bytes)
	case choice.Class == asn1.ClassUniversal && choice.Tag == asn1.TagOctetString && !choice.IsCompound:
		return a.fromPrivate(choice.Bytes)
	}
	var both struct{ Seed, Expanded []byte }
	if rest, err := asn1.Unmarshal(der, &both); err != nil || len(rest) > 0 {
		return nil, errPQKey
	}
	k, err := a.fromSeed(both.Seed)
	if err != nil {
		return nil, err
	}
	if string(k.pq.private) != string(both.Expanded) {
		return nil, errors.New("the seed is of another key")
	}
	return k, nil
}

// marshalPKCS8 writes the contents of PrivateKeyInfo.privateKey: both forms where the seed is known, as OpenSSL does.
func (k *pqKey) marshalPKCS8() ([]byte, error) {
	switch {
	case k.alg.seed == 0:
		return k.private, nil
	case k.seed == nil:
		return asn1.Marshal(k.private)
	}
	return asn1.Marshal(struct{ Seed, Expanded []byte }{k.seed, k.private})
}

// marshalSeed writes PrivateKeyInfo with the seed alone, as Web Crypto exports it; nil without a seed.
func (k *pqKey) marshalSeed() ([]byte, error) {
	if k.seed == nil {
		return nil, nil
	}
	inner, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, Bytes: k.seed})
	if err != nil {
		return nil, err
	}
	return marshalPrivateKeyInfo(algorithm{OID: k.alg.oid}, inner)
}

func (k *pqKey) equal(o *pqKey) bool {
	return string(k.public) == string(o.public) && (k.private == nil) == (o.private == nil)
}

func (k *pqKey) sign(message []byte, context string) ([]byte, error) {
	private, err := k.privateKey()
	if err != nil {
		return nil, err
	}
	signer, ok := private.(sign.PrivateKey)
	if !ok {
		return nil, errPQKey
	}
	return k.alg.sign(signer, message, []byte(context))
}

func (k *pqKey) verify(message, signature []byte, context string) (bool, error) {
	parsed, err := k.publicKey()
	if err != nil {
		return false, err
	}
	public, ok := parsed.(sign.PublicKey)
	if !ok {
		return false, errPQKey
	}
	if len(signature) != k.alg.signer.SignatureSize() {
		return false, nil
	}
	return k.alg.signer.Verify(public, message, signature, &sign.SignatureOpts{Context: context}), nil
}
