package crypto

import (
	"crypto/dsa" //nolint:staticcheck // keys of this kind exist
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"math/big"

	"roost/internal/binding"
)

var generateNatives = binding.Natives{
	"generateKeyPair": generateKeyPair,
}

// generateKeyPair(type, request, ...): [public, private] keys.
// rsa: bits, exponent; rsa-pss: bits, exponent, hash, mgf1 hash, salt length (undefined: no restrictions); dsa: bits, divisor bits; ec: curve;
// dh: prime, generator, or group name; ed25519, x25519, ed448, x448: nothing.
func generateKeyPair(c *binding.Call) {
	var make func() (*Key, error)
	switch typ := c.String(0); typ {
	case "rsa", "rsa-pss":
		bits, e := c.Int(2), c.Int(3)
		var pss *pssParams
		if typ == "rsa-pss" && (!c.IsUndefined(4) || !c.IsUndefined(5) || !c.IsUndefined(6)) {
			pss = &pssParams{hash: "sha1", mgf: "sha1", salt: 20}
			if d := digestNamed(c.String(4)); d != nil {
				pss.hash, pss.mgf, pss.salt = d.name, d.name, d.size
			}
			if d := digestNamed(c.String(5)); d != nil {
				pss.mgf = d.name
			}
			if c.IsNumber(6) {
				pss.salt = c.Int(6)
			}
		}
		make = func() (*Key, error) {
			private, err := generateRSA(bits, e)
			if err != nil {
				return nil, err
			}
			k := rsaKey(private)
			k.typ, k.pss = typ, pss
			return k, nil
		}
	case "dsa":
		bits, divisor := c.Int(2), c.Int(3)
		make = func() (*Key, error) { return generateDSA(bits, divisor) }
	case "ec":
		curve := curveNamed(c.String(2))
		if curve == nil {
			c.Throw(binding.TypeError("ERR_CRYPTO_INVALID_CURVE", "Invalid EC curve name"))
			return
		}
		make = func() (*Key, error) {
			d, point, err := curve.generate()
			return newECKey(curve, d, point), err
		}
	case "ed25519":
		make = func() (*Key, error) {
			_, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				return nil, err
			}
			return edKey(private.Seed())
		}
	case "x25519":
		make = func() (*Key, error) {
			private, err := ecdh.X25519().GenerateKey(rand.Reader)
			if err != nil {
				return nil, err
			}
			return xKey(private.Bytes())
		}
	case "ed448", "x448":
		make = func() (*Key, error) {
			d := fresh(56)
			if typ == "ed448" {
				d = fresh(57)
			}
			return rawKey(typ, nil, d)
		}
	case "dh":
		var p *big.Int
		g := big.NewInt(2)
		bits := 0
		switch {
		case c.IsString(2):
			p = modpPrime(c.String(2))
		case c.IsBytes(2):
			p = new(big.Int).SetBytes(c.Bytes(2))
		default:
			bits = c.Int(2)
		}
		if c.IsNumber(3) {
			g = big.NewInt(c.Int64(3))
		}
		if p == nil && bits < 2 || p != nil && p.Sign() <= 0 {
			c.Throw(opensslError("0280007E", "Diffie-Hellman routines", "modulus too small"))
			return
		}
		make = func() (*Key, error) {
			if p == nil {
				p = findPrime(bits, true, nil, nil)
			}
			x, err := dhPrivate(p)
			if err != nil {
				return nil, err
			}
			return &Key{kind: "private", typ: "dh", dh: &dhKey{p: p, g: g, x: x, y: new(big.Int).Exp(g, x, p)}}, nil
		}
	default:
		a := pqNamed(typ)
		if a == nil {
			c.Throw(errors.New("unknown key type"))
			return
		}
		make = a.generate
	}
	c.RunSlow(1, func() binding.Result {
		k, err := make()
		if err != nil {
			return binding.Fail(err)
		}
		return binding.List(binding.Ref(k.public()), binding.Ref(k))
	})
}

func fresh(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func generateRSA(bits, e int) (*rsa.PrivateKey, error) {
	if bits < 512 {
		return nil, plainError("error:1C8000AB:Provider routines::key size too small")
	}
	if e == 65537 {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			return nil, rsaError("02000078", "key size too small")
		}
		return k, nil
	}
	if e < 3 || e%2 == 0 {
		return nil, plainError("error:020000B2:rsa routines::pub exponent out of range")
	}
	one, exponent := big.NewInt(1), big.NewInt(int64(e))
	prime := func(bits int) (*big.Int, error) {
		for {
			p, err := rand.Prime(rand.Reader, bits)
			if err != nil {
				return nil, err
			}
			if new(big.Int).GCD(nil, nil, new(big.Int).Sub(p, one), exponent).Cmp(one) == 0 {
				return p, nil
			}
		}
	}
	for {
		p, err := prime((bits + 1) / 2)
		if err != nil {
			return nil, err
		}
		q, err := prime(bits / 2)
		if err != nil {
			return nil, err
		}
		n := new(big.Int).Mul(p, q)
		if n.BitLen() != bits || p.Cmp(q) == 0 {
			continue
		}
		phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(exponent, phi)
		if d == nil {
			continue
		}
		k := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: e}, D: d, Primes: []*big.Int{p, q}}
		k.Precompute()
		return k, nil
	}
}

func generateDSA(bits, divisor int) (*Key, error) {
	if divisor <= 0 {
		divisor = 224
		if bits <= 1024 {
			divisor = 160
		}
	}
	if bits < 512 || bits > 8192 || divisor < 160 || divisor > 512 || divisor >= bits {
		return nil, opensslError("05000065", "DSA routines", "bad ffc parameters")
	}
	// FIPS 186-4's sizes are Go's; others are found the same way: q, then p = 1 modulo q, then g of order q.
	q, err := rand.Prime(rand.Reader, divisor)
	if err != nil {
		return nil, err
	}
	one := big.NewInt(1)
	twoQ := new(big.Int).Lsh(q, 1)
	low := new(big.Int).Lsh(one, uint(bits-1))
	var p *big.Int
	for {
		x, err := rand.Int(rand.Reader, low)
		if err != nil {
			return nil, err
		}
		x.Or(x, low)
		x.Sub(x, new(big.Int).Mod(x, twoQ)).Add(x, one)
		if x.BitLen() == bits && !smallFactor(x, false) && x.ProbablyPrime(20) {
			p = x
			break
		}
	}
	exponent := new(big.Int).Quo(new(big.Int).Sub(p, one), q)
	g := new(big.Int)
	for h := int64(2); ; h++ {
		if g.Exp(big.NewInt(h), exponent, p); g.Cmp(one) > 0 {
			break
		}
	}
	private := &dsa.PrivateKey{PublicKey: dsa.PublicKey{Parameters: dsa.Parameters{P: p, Q: q, G: g}}}
	if err := dsa.GenerateKey(private, rand.Reader); err != nil {
		return nil, err
	}
	return &Key{kind: "private", typ: "dsa", dsa: &private.PublicKey, dsaX: private.X}, nil
}
