package crypto

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"

	"github.com/cloudflare/circl/dh/x448"
	"github.com/cloudflare/circl/sign/ed448"

	"roost/internal/binding"
)

var keyNatives = binding.Natives{
	"keySecret":    keySecret,
	"keyParse":     keyParse,
	"keyInfo":      keyInfo,
	"keyDetails":   keyDetails,
	"keyExport":    keyExport,
	"keySecretOf":  keySecretOf,
	"keyToJWK":     keyToJWK,
	"keyFromJWK":   keyFromJWK,
	"keyFromRaw":   keyFromRaw,
	"keyToRaw":     keyToRaw,
	"keyEquals":    keyEquals,
	"keyPublic":    keyPublic,
	"keyFromECDSA": keyFromScalar,
	"keyFromAKP":   keyFromAKP,
	"keyFromSeed":  keyFromSeed,
	"keySeed":      keySeed,
	"keySeedPKCS8": keySeedPKCS8,
}

func keyArgument(c *binding.Call, k int) *Key {
	key, _ := c.Ref(k).(*Key)
	if key == nil {
		c.Throw(binding.Error("ERR_CRYPTO_INVALID_KEYTYPE", "Invalid key type"))
	}
	return key
}

func keySecret(c *binding.Call) {
	c.Return(binding.Ref(&Key{kind: "secret", secret: clone(dataOf(c, 0))}))
}

// keyParse(data, format, type, passphrase | undefined, private)
func keyParse(c *binding.Call) {
	data, passphrase, has := clone(dataOf(c, 0)), dataOf(c, 3), !c.IsUndefined(3) // keys are parts of what they are read from
	typ := typeNone
	if c.IsNumber(2) {
		typ = c.Int(2)
	}
	parse := parsePublic
	if c.Bool(4) {
		parse = parsePrivate
	}
	k, err := parse(data, c.Int(1), typ, passphrase, has)
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.Ref(k))
}

// keyInfo(key) is [kind, type, size of the secret in bytes]
func keyInfo(c *binding.Call) {
	if k := keyArgument(c, 0); k != nil {
		c.Return(binding.List(binding.String(k.kind), binding.String(k.typ), binding.Int(len(k.secret))))
	}
}

// keyDetails(key) is asymmetricKeyDetails
func keyDetails(c *binding.Call) {
	k := keyArgument(c, 0)
	if k == nil {
		return
	}
	var pairs []binding.Result
	add := func(name string, v binding.Result) { pairs = append(pairs, binding.String(name), v) }
	switch k.typ {
	case "rsa", "rsa-pss":
		add("modulusLength", binding.Int(k.rsa.N.BitLen()))
		add("publicExponent", binding.BigInt(int64(k.rsa.E)))
		if k.pss != nil {
			add("hashAlgorithm", binding.String(k.pss.hash))
			add("mgf1HashAlgorithm", binding.String(k.pss.mgf))
			add("saltLength", binding.Int(k.pss.salt))
		}
	case "dsa":
		add("modulusLength", binding.Int(k.dsa.P.BitLen()))
		add("divisorLength", binding.Int(k.dsa.Q.BitLen()))
	case "ec":
		add("namedCurve", binding.String(k.curve.name))
	}
	c.Return(binding.Object(pairs...))
}

func keySecretOf(c *binding.Call) {
	if k := keyArgument(c, 0); k != nil {
		c.Return(binding.Buffer(k.secret))
	}
}

func keyEquals(c *binding.Call) {
	a, b := keyArgument(c, 0), keyArgument(c, 1)
	c.Return(binding.Bool(a != nil && b != nil && a.equal(b)))
}

func keyPublic(c *binding.Call) {
	if k := keyArgument(c, 0); k != nil {
		if p := k.public(); p != nil {
			c.Return(binding.Ref(p))
		}
	}
}

func incompatible(encoding, why string) error {
	return binding.Error("ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS", "The selected key encoding %s %s.", encoding, why)
}

// keyExport(key, format, type, cipher | undefined, passphrase | undefined): text for PEM, a Buffer for DER
func keyExport(c *binding.Call) {
	k := keyArgument(c, 0)
	if k == nil {
		return
	}
	r, err := exportKey(k, c.Int(1), c.Int(2), c.String(3), dataOf(c, 4))
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(r)
}

func exportKey(k *Key, format, typ int, name string, passphrase []byte) (r binding.Result, err error) {
	var der []byte
	var label string
	switch {
	case k.kind == "public" && typ == typePKCS1:
		if k.typ != "rsa" {
			return r, incompatible("pkcs1", "can only be used for RSA keys")
		}
		der, label = x509.MarshalPKCS1PublicKey(k.rsa), "RSA PUBLIC KEY"
	case k.kind == "public":
		der, err = k.marshalSPKI()
		label = "PUBLIC KEY"
	case typ == typePKCS1:
		if k.typ != "rsa" {
			return r, incompatible("pkcs1", "can only be used for RSA keys")
		}
		der, label = x509.MarshalPKCS1PrivateKey(k.rsaD), "RSA PRIVATE KEY"
	case typ == typeSEC1:
		if k.typ != "ec" {
			return r, incompatible("sec1", "can only be used for EC keys")
		}
		der, err = k.marshalSEC1(true)
		label = "EC PRIVATE KEY"
	default:
		der, err = k.marshalPKCS8()
		label = "PRIVATE KEY"
	}
	if err != nil {
		return r, err
	}
	block := &pem.Block{Type: label, Bytes: der}
	if name != "" && k.kind == "private" {
		if typ == typePKCS8 {
			if der, err = encryptPKCS8(der, name, passphrase); err != nil {
				return r, err
			}
			block = &pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: der}
		} else {
			if format != formatPEM {
				which := "pkcs1"
				if typ == typeSEC1 {
					which = "sec1"
				}
				return r, incompatible(which, "does not support encryption")
			}
			if block, err = legacyPEM(label, der, name, passphrase); err != nil {
				return r, err
			}
		}
	}
	if format == formatDER {
		return binding.Buffer(der), nil
	}
	return binding.Latin1(pem.EncodeToMemory(block)), nil
}

var b64url = base64.RawURLEncoding

// number is a big number in base64url without leading zeros.
func number(n *big.Int) binding.Result { return binding.String(b64url.EncodeToString(n.Bytes())) }

func octets(b []byte) binding.Result { return binding.String(b64url.EncodeToString(b)) }

// keyToJWK(key): RFC 7517
func keyToJWK(c *binding.Call) {
	k := keyArgument(c, 0)
	if k == nil {
		return
	}
	var pairs []binding.Result
	add := func(name string, v binding.Result) { pairs = append(pairs, binding.String(name), v) }
	switch {
	case k.kind == "secret":
		add("kty", binding.String("oct"))
		add("k", octets(k.secret))
	case k.typ == "rsa":
		add("kty", binding.String("RSA"))
		add("n", number(k.rsa.N))
		add("e", number(big.NewInt(int64(k.rsa.E))))
		if d := k.rsaD; d != nil && len(d.Primes) == 2 {
			d.Precompute()
			add("d", number(d.D))
			add("p", number(d.Primes[0]))
			add("q", number(d.Primes[1]))
			add("dp", number(d.Precomputed.Dp))
			add("dq", number(d.Precomputed.Dq))
			add("qi", number(d.Precomputed.Qinv))
		}
	case k.typ == "ec":
		if k.curve.name == "secp224r1" {
			c.Throw(binding.Error("ERR_CRYPTO_JWK_UNSUPPORTED_CURVE", "Unsupported JWK EC curve: %s.", k.curve.name))
			return
		}
		add("kty", binding.String("EC"))
		add("crv", binding.String(k.curve.alias))
		add("x", octets(k.point[1:1+k.curve.size]))
		add("y", octets(k.point[1+k.curve.size:]))
		if k.d != nil {
			add("d", octets(k.d))
		}
	case k.typ == "ed25519", k.typ == "x25519", k.typ == "ed448", k.typ == "x448":
		add("crv", binding.String(strings.ToUpper(k.typ[:1])+k.typ[1:]))
		if k.kind == "private" {
			add("d", octets(k.rawPrivate()))
		}
		add("x", octets(k.rawPublic()))
		add("kty", binding.String("OKP"))
	case k.pq != nil && k.pq.alg.signer != nil && k.pq.alg.seed > 0:
		// RFC 9964. Differs from Node: as in 24.12, ML-KEM and SLH-DSA have no JWK yet.
		add("kty", binding.String("AKP"))
		add("alg", binding.String(k.pq.alg.webName()))
		add("pub", octets(k.pq.public))
		if k.kind == "private" {
			if k.pq.seed == nil {
				c.Throw(binding.Error("ERR_CRYPTO_OPERATION_FAILED", "key does not have an available seed"))
				return
			}
			add("priv", octets(k.pq.seed))
		}
	default:
		c.Throw(binding.Error("ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE", "Unsupported JWK Key Type."))
		return
	}
	c.Return(binding.Object(pairs...))
}

func (k *Key) rawPublic() []byte {
	switch k.typ {
	case "ed25519":
		return k.ed
	case "x25519":
		return k.x.Bytes()
	case "ec":
		return k.point
	}
	if k.pq != nil {
		return k.pq.public
	}
	return k.raw
}

func (k *Key) rawPrivate() []byte {
	switch {
	case k.edD != nil:
		return k.edD.Seed()
	case k.xD != nil:
		return k.xD.Bytes()
	case k.rawD != nil:
		return k.rawD
	}
	return k.d
}

func errJWK(kind string) error {
	return binding.TypeError("ERR_CRYPTO_INVALID_JWK", "Invalid JWK %s key", kind)
}

// jwkOctets reads a member that holds bytes; plain base64 passes too.
func jwkOctets(s string) ([]byte, error) {
	return b64url.DecodeString(strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(s, "=")))
}

// keyFromJWK(kty, crv, n, e, d, p, q, dp, dq, qi, x, y, private)
func keyFromJWK(c *binding.Call) {
	k, err := jwkKey(c)
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.Ref(k))
}

func jwkKey(c *binding.Call) (*Key, error) {
	var bad bool
	field := func(i int) []byte {
		if !c.IsString(i) {
			bad = true
			return nil
		}
		b, err := jwkOctets(c.String(i))
		if err != nil {
			bad = true
		}
		return b
	}
	big_ := func(i int) *big.Int { return new(big.Int).SetBytes(field(i)) }
	private := c.Bool(12)
	switch c.String(0) {
	case "RSA":
		pub, err := newRSA(big_(2), big_(3))
		if err != nil || bad {
			return nil, errJWK("RSA")
		}
		if !private {
			return &Key{kind: "public", typ: "rsa", rsa: pub}, nil
		}
		key := &rsa.PrivateKey{PublicKey: *pub, D: big_(4), Primes: []*big.Int{big_(5), big_(6)}}
		field(7)
		field(8)
		field(9)
		if bad || key.D.Sign() <= 0 || key.Primes[0].Sign() <= 0 || key.Primes[1].Sign() <= 0 || key.Validate() != nil {
			return nil, errJWK("RSA")
		}
		key.Precompute()
		return rsaKey(key), nil
	case "EC":
		curve := curveNamed(c.String(1))
		if curve == nil {
			return nil, errJWK("EC")
		}
		x, y := field(10), field(11)
		if bad || len(x) != curve.size || len(y) != curve.size {
			return nil, errJWK("EC")
		}
		point, err := curve.parsePoint(append(append([]byte{4}, x...), y...))
		if err != nil {
			return nil, errJWK("EC")
		}
		k := newECKey(curve, nil, point)
		if !private {
			return k, nil
		}
		d := field(4)
		if bad || !curve.validScalar(d) {
			return nil, errJWK("EC")
		}
		k.kind, k.d = "private", curve.fit(d)
		return k, nil
	case "OKP":
		x := field(10)
		if bad {
			return nil, errJWK("OKP")
		}
		var d []byte
		if private {
			if d = field(4); bad {
				return nil, errJWK("OKP")
			}
		}
		k, err := rawKey(strings.ToLower(c.String(1)), x, d)
		if err != nil {
			return nil, errJWK("OKP")
		}
		return k, nil
	}
	return nil, errJWK("OKP")
}

// rawKey is an Edwards or Montgomery key from its raw bytes; private when d is not nil.
func rawKey(typ string, x, d []byte) (*Key, error) {
	switch typ {
	case "ed25519":
		if d != nil {
			return edKey(d)
		}
		if len(x) != ed25519.PublicKeySize {
			return nil, errors.New("key size")
		}
		return &Key{kind: "public", typ: typ, ed: clone(x)}, nil
	case "x25519":
		if d != nil {
			return xKey(d)
		}
		pub, err := ecdh.X25519().NewPublicKey(x)
		if err != nil {
			return nil, err
		}
		return &Key{kind: "public", typ: typ, x: pub}, nil
	case "ed448":
		if d != nil {
			if len(d) != ed448.SeedSize {
				return nil, errors.New("key size")
			}
			return &Key{kind: "private", typ: typ, rawD: clone(d), raw: ed448.NewKeyFromSeed(d)[ed448.SeedSize:]}, nil
		}
		if len(x) != ed448.PublicKeySize {
			return nil, errors.New("key size")
		}
		return &Key{kind: "public", typ: typ, raw: clone(x)}, nil
	case "x448":
		if d != nil {
			if len(d) != x448.Size {
				return nil, errors.New("key size")
			}
			var pub, secret x448.Key
			copy(secret[:], d)
			x448.KeyGen(&pub, &secret)
			return &Key{kind: "private", typ: typ, rawD: clone(d), raw: pub[:]}, nil
		}
		if len(x) != x448.Size {
			return nil, errors.New("key size")
		}
		return &Key{kind: "public", typ: typ, raw: clone(x)}, nil
	}
	return nil, errors.New("unknown type")
}

// keyFromRaw(typeOrCurve, bytes): a public key from raw bytes; undefined when they are wrong
func keyFromRaw(c *binding.Call) {
	name, raw := c.String(0), clone(c.Bytes(1))
	if curve := curveNamed(name); curve != nil {
		if point, err := curve.parsePoint(raw); err == nil {
			c.Return(binding.Ref(newECKey(curve, nil, point)))
		}
		return
	}
	if a := pqNamed(name); a != nil {
		if k, err := a.fromPublic(raw); err == nil {
			c.Return(binding.Ref(k))
		}
		return
	}
	if k, err := rawKey(strings.ToLower(name), raw, nil); err == nil {
		c.Return(binding.Ref(k))
	}
}

// keyFromAKP(alg, pub, priv | undefined): a key of a JWK of type AKP; alg names an algorithm that has one
func keyFromAKP(c *binding.Call) {
	a := pqNamed(c.String(0))
	wrong := errJWK("AKP")
	if a == nil {
		c.Throw(wrong)
		return
	}
	public, err := jwkOctets(c.String(1))
	var k *Key
	if err == nil {
		k, err = a.fromPublic(public)
	}
	if err == nil && c.IsString(2) {
		var seed []byte
		if seed, err = jwkOctets(c.String(2)); err == nil {
			k, err = a.fromSeed(seed)
		}
		if err == nil && string(k.pq.public) != string(public) {
			err = errPQKey
		}
	}
	if err != nil {
		c.Throw(wrong)
		return
	}
	c.Return(binding.Ref(k))
}

// keyFromSeed(type, seed): a private key; undefined when the seed has the wrong size
func keyFromSeed(c *binding.Call) {
	if a := pqNamed(c.String(0)); a != nil {
		if k, err := a.fromSeed(clone(c.Bytes(1))); err == nil {
			c.Return(binding.Ref(k))
		}
	}
}

// keySeed(key): undefined when it is not known
func keySeed(c *binding.Call) {
	if k := keyArgument(c, 0); k != nil && k.pq != nil && k.pq.seed != nil {
		c.Return(binding.Buffer(k.pq.seed))
	}
}

// keySeedPKCS8(key): PKCS #8 with the seed alone; undefined when it is not known
func keySeedPKCS8(c *binding.Call) {
	k := keyArgument(c, 0)
	if k == nil || k.pq == nil {
		return
	}
	der, err := k.pq.marshalSeed()
	if err != nil {
		c.Throw(err)
		return
	}
	if der != nil {
		c.Return(binding.Buffer(der))
	}
}

func keyToRaw(c *binding.Call) {
	if k := keyArgument(c, 0); k != nil {
		c.Return(binding.Buffer(k.rawPublic()))
	}
}

// keyFromECDSA(curve, scalar): a private key; undefined when it is wrong
func keyFromScalar(c *binding.Call) {
	if curve := curveNamed(c.String(0)); curve != nil {
		if k, err := ecKey(curve, clone(c.Bytes(1)), nil); err == nil {
			c.Return(binding.Ref(k))
		}
	}
}
