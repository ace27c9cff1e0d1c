package crypto

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"math/big"
	"sync"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	secpsign "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

// curve is an elliptic curve by OpenSSL's name.
// Differs from Node: the five curves below; OpenSSL has eighty more, which applications don't use.
type curve struct {
	name  string
	alias string // NIST's name, also of JWK
	oid   asn1.ObjectIdentifier
	size  int            // bytes of a coordinate
	bits  int            // of the group's order
	std   elliptic.Curve // nil: secp256k1
}

var curves = []*curve{
	{"prime256v1", "P-256", asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}, 32, 256, elliptic.P256()},
	{"secp224r1", "P-224", asn1.ObjectIdentifier{1, 3, 132, 0, 33}, 28, 224, elliptic.P224()},
	{"secp256k1", "secp256k1", asn1.ObjectIdentifier{1, 3, 132, 0, 10}, 32, 256, nil},
	{"secp384r1", "P-384", asn1.ObjectIdentifier{1, 3, 132, 0, 34}, 48, 384, elliptic.P384()},
	{"secp521r1", "P-521", asn1.ObjectIdentifier{1, 3, 132, 0, 35}, 66, 521, elliptic.P521()},
}

func curveNamed(name string) *curve {
	for _, c := range curves {
		if c.name == name || c.alias == name || name == "secp256r1" && c.name == "prime256v1" {
			return c
		}
	}
	return nil
}

func curveOf(oid asn1.ObjectIdentifier) *curve {
	for _, c := range curves {
		if c.oid.Equal(oid) {
			return c
		}
	}
	return nil
}

var errPoint = errors.New("point is not on the curve")

// order is the order of the group.
func (c *curve) order() *big.Int {
	if c.std == nil {
		return secp256k1.S256().N
	}
	return c.std.Params().N
}

// validScalar tells whether d is a private key: 0 < d < order.
func (c *curve) validScalar(d []byte) bool {
	n := new(big.Int).SetBytes(d)
	return n.Sign() > 0 && n.Cmp(c.order()) < 0
}

// fit makes d as long as the order.
func (c *curve) fit(d []byte) []byte {
	return new(big.Int).SetBytes(d).FillBytes(make([]byte, (c.bits+7)/8))
}

// parsePoint reads an uncompressed, compressed or hybrid point and gives the uncompressed form.
func (c *curve) parsePoint(p []byte) ([]byte, error) {
	if len(p) == 0 {
		return nil, errPoint
	}
	if p[0] == 6 || p[0] == 7 { // hybrid: uncompressed that tells y's parity too
		if len(p) != 1+2*c.size || p[len(p)-1]&1 != p[0]&1 {
			return nil, errPoint
		}
		p = append([]byte{4}, p[1:]...)
	}
	if c.std == nil {
		k, err := secp256k1.ParsePubKey(p)
		if err != nil {
			return nil, errPoint
		}
		return k.SerializeUncompressed(), nil
	}
	switch {
	case p[0] == 4 && len(p) == 1+2*c.size:
		k, err := ecdsa.ParseUncompressedPublicKey(c.std, p)
		if err != nil {
			return nil, errPoint
		}
		return k.Bytes()
	case len(p) == 1+c.size && (p[0] == 2 || p[0] == 3):
		x, y := elliptic.UnmarshalCompressed(c.std, p)
		if x == nil {
			return nil, errPoint
		}
		out := make([]byte, 1+2*c.size)
		out[0] = 4
		x.FillBytes(out[1 : 1+c.size])
		y.FillBytes(out[1+c.size:])
		return out, nil
	}
	return nil, errPoint
}

// Forms of points, OpenSSL's numbers.
const (
	pointCompressed   = 2
	pointUncompressed = 4
	pointHybrid       = 6
)

// formatPoint writes an uncompressed point in another form.
func (c *curve) formatPoint(p []byte, form int) []byte {
	odd := p[len(p)-1] & 1
	switch form {
	case pointCompressed:
		return append([]byte{2 | odd}, p[1:1+c.size]...)
	case pointHybrid:
		return append([]byte{6 | odd}, p[1:]...)
	}
	return p
}

// public computes the uncompressed point of a private key.
func (c *curve) public(d []byte) ([]byte, error) {
	if c.std == nil {
		return secp256k1.PrivKeyFromBytes(d).PubKey().SerializeUncompressed(), nil
	}
	k, err := ecdsa.ParseRawPrivateKey(c.std, c.fit(d))
	if err != nil {
		return nil, err
	}
	return k.PublicKey.Bytes()
}

func (c *curve) generate() (d, point []byte, err error) {
	if c.std == nil {
		k, err := secp256k1.GeneratePrivateKey()
		if err != nil {
			return nil, nil, err
		}
		return k.Serialize(), k.PubKey().SerializeUncompressed(), nil
	}
	k, err := ecdsa.GenerateKey(c.std, rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if d, err = k.Bytes(); err != nil {
		return nil, nil, err
	}
	point, err = k.PublicKey.Bytes()
	return d, point, err
}

// agree computes the x coordinate of d times the point.
func (c *curve) agree(d, point []byte) ([]byte, error) {
	if c.std == nil {
		pub, err := secp256k1.ParsePubKey(point)
		if err != nil {
			return nil, errPoint
		}
		return secp256k1.GenerateSharedSecret(secp256k1.PrivKeyFromBytes(d), pub), nil
	}
	var group ecdh.Curve
	switch c.size {
	case 32:
		group = ecdh.P256()
	case 48:
		group = ecdh.P384()
	case 66:
		group = ecdh.P521()
	default: // P-224: crypto/ecdh doesn't have it
		p, err := c.parsePoint(point)
		if err != nil {
			return nil, err
		}
		x, _ := c.std.ScalarMult(new(big.Int).SetBytes(p[1:1+c.size]), new(big.Int).SetBytes(p[1+c.size:]), d)
		return x.FillBytes(make([]byte, c.size)), nil
	}
	private, err := group.NewPrivateKey(c.fit(d))
	if err != nil {
		return nil, err
	}
	public, err := group.NewPublicKey(point)
	if err != nil {
		return nil, errPoint
	}
	return private.ECDH(public)
}

// newECKey is a private key, or a public one without d.
func newECKey(c *curve, d, point []byte) *Key {
	k := &Key{kind: "public", typ: "ec", curve: c, d: d, point: point, ready: &readyEC{}}
	if d != nil {
		k.kind = "private"
	}
	return k
}

// signDigest gives an ASN.1 signature of a digest.
func (k *Key) signDigest(digest []byte) ([]byte, error) {
	c := k.curve
	if c.std == nil {
		return secpsign.Sign(secp256k1.PrivKeyFromBytes(k.d), leftmost(digest, 32)).Serialize(), nil
	}
	private, err := k.ready.private.get(func() (*ecdsa.PrivateKey, error) { return ecdsa.ParseRawPrivateKey(c.std, c.fit(k.d)) })
	if err != nil {
		return nil, err
	}
	return ecdsa.SignASN1(rand.Reader, private, digest)
}

// readyEC holds an elliptic key in the form of crypto/ecdsa, made at the first signature: to make it costs as much as to sign.
type readyEC struct {
	private once[*ecdsa.PrivateKey]
	public  once[*ecdsa.PublicKey]
}

// once is a value that is made once, by any goroutine.
type once[T any] struct {
	do    sync.Once
	value T
	err   error
}

func (o *once[T]) get(make func() (T, error)) (T, error) {
	o.do.Do(func() { o.value, o.err = make() })
	return o.value, o.err
}

// leftmost is a digest cut or filled to the order's length.
func leftmost(digest []byte, n int) []byte {
	if len(digest) >= n {
		return digest[:n]
	}
	return append(make([]byte, n-len(digest)), digest...)
}

func (k *Key) verifyDigest(digest, signature []byte) bool {
	c := k.curve
	if c.std == nil {
		pub, err := secp256k1.ParsePubKey(k.point)
		if err != nil {
			return false
		}
		var rs struct{ R, S *big.Int }
		if rest, err := asn1.Unmarshal(signature, &rs); err != nil || len(rest) > 0 || rs.R.Sign() <= 0 || rs.S.Sign() <= 0 {
			return false
		}
		if rs.R.Cmp(c.order()) >= 0 || rs.S.Cmp(c.order()) >= 0 {
			return false
		}
		var r, s secp256k1.ModNScalar
		r.SetByteSlice(rs.R.Bytes())
		s.SetByteSlice(rs.S.Bytes())
		return secpsign.NewSignature(&r, &s).Verify(leftmost(digest, 32), pub)
	}
	public, err := k.ready.public.get(func() (*ecdsa.PublicKey, error) { return ecdsa.ParseUncompressedPublicKey(c.std, k.point) })
	return err == nil && ecdsa.VerifyASN1(public, digest, signature)
}
