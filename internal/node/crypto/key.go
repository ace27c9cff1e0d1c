package crypto

import (
	"crypto/dsa" //nolint:staticcheck // keys of this kind exist
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/subtle"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"

	"roost/internal/binding"
)

// Key is what a KeyObject and a CryptoKey hold. Immutable.
type Key struct {
	kind   string // secret, public or private
	secret []byte
	typ    string // asymmetricKeyType: rsa, rsa-pss, dsa, dh, ec, ed25519, x25519, ed448, x448, or a pqAlgorithm's name

	rsa  *rsa.PublicKey
	rsaD *rsa.PrivateKey // nil in a public key
	pss  *pssParams      // of rsa-pss, when the key restricts them

	curve *curve
	point []byte // uncompressed
	d     []byte // private scalar
	ready *readyEC

	ed  ed25519.PublicKey
	edD ed25519.PrivateKey

	x  *ecdh.PublicKey
	xD *ecdh.PrivateKey

	raw  []byte // public key of ed448 and x448
	rawD []byte // private key of them

	dsa  *dsa.PublicKey
	dsaX *big.Int

	dh *dhKey

	pq *pqKey
}

// SharedByIsolates marks it for messages between threads.
func (k *Key) SharedByIsolates() {}

type dhKey struct{ p, g, y, x *big.Int }

// pssParams are the parameters that an RSA-PSS key allows.
type pssParams struct {
	hash, mgf string
	salt      int
}

var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidPSS     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidMGF1    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
	oidEC      = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidX448    = asn1.ObjectIdentifier{1, 3, 101, 111}
	oidEd448   = asn1.ObjectIdentifier{1, 3, 101, 113}
	oidX25519  = asn1.ObjectIdentifier{1, 3, 101, 110}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
	oidDSA     = asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}
	oidDH      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 3, 1}

	hashOIDs = map[string]asn1.ObjectIdentifier{
		"sha1": {1, 3, 14, 3, 2, 26}, "sha224": {2, 16, 840, 1, 101, 3, 4, 2, 4}, "sha256": {2, 16, 840, 1, 101, 3, 4, 2, 1},
		"sha384": {2, 16, 840, 1, 101, 3, 4, 2, 2}, "sha512": {2, 16, 840, 1, 101, 3, 4, 2, 3},
		"sha512-224": {2, 16, 840, 1, 101, 3, 4, 2, 5}, "sha512-256": {2, 16, 840, 1, 101, 3, 4, 2, 6}, "md5": {1, 2, 840, 113549, 2, 5},
	}
)

func errDecoder() error { return opensslError("1E08010C", "DECODER routines", "unsupported") }

var (
	errPassphrase = binding.TypeError("ERR_MISSING_PASSPHRASE", "Passphrase required for encrypted key") // of DER
	errCancelled  = func() error {                                                                       // of PEM
		e := opensslError("07880109", "common libcrypto routines", "interrupted or cancelled")
		return e.With("code", binding.String("ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED"))
	}()
)

const maxPassphrase = 1024 // bytes, as OpenSSL's callback takes

// public is the public half; nil for a secret key.
func (k *Key) public() *Key {
	if k.kind == "public" {
		return k
	}
	if k.kind != "private" {
		return nil
	}
	p := *k
	p.kind, p.rsaD, p.d, p.edD, p.xD, p.dsaX, p.rawD = "public", nil, nil, nil, nil, nil, nil
	if k.ready != nil {
		p.ready = &readyEC{}
	}
	if k.dh != nil {
		p.dh = &dhKey{p: k.dh.p, g: k.dh.g, y: k.dh.y}
	}
	if k.pq != nil {
		return k.pq.alg.key(k.pq.public, nil, nil)
	}
	return &p
}

type algorithm struct {
	OID        asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

type spki struct {
	Algorithm algorithm
	Key       asn1.BitString
}

type pkcs8 struct {
	Version    int
	Algorithm  algorithm
	PrivateKey []byte
	Rest       asn1.RawValue `asn1:"optional,tag:0"`
	Public     asn1.RawValue `asn1:"optional,tag:1"`
}

type sec1 struct {
	Version    int
	PrivateKey []byte
	Curve      asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
	Public     asn1.BitString        `asn1:"optional,explicit,tag:1"`
}

type dsaParams struct{ P, Q, G *big.Int }
type dhParams struct {
	P, G   *big.Int
	Length int `asn1:"optional"`
}

type pssASN struct {
	Hash algorithm `asn1:"explicit,optional,tag:0"`
	MGF  algorithm `asn1:"explicit,optional,tag:1"`
	Salt int       `asn1:"explicit,optional,tag:2,default:20"`
}

func hashOf(oid asn1.ObjectIdentifier) string {
	for name, o := range hashOIDs {
		if o.Equal(oid) {
			return name
		}
	}
	return ""
}

func parsePSS(raw []byte) (*pssParams, error) {
	if len(raw) == 0 || raw[0] == 5 {
		return nil, nil
	}
	var a pssASN
	if _, err := asn1.Unmarshal(raw, &a); err != nil {
		return nil, err
	}
	p := &pssParams{hash: "sha1", mgf: "sha1", salt: a.Salt}
	if a.Hash.OID != nil {
		p.hash = hashOf(a.Hash.OID)
	}
	if a.MGF.OID != nil {
		var inner algorithm
		if _, err := asn1.Unmarshal(a.MGF.Parameters.FullBytes, &inner); err != nil {
			return nil, err
		}
		p.mgf = hashOf(inner.OID)
	}
	return p, nil
}

func (p *pssParams) encode() ([]byte, error) {
	if p == nil {
		return nil, nil
	}
	null := asn1.RawValue{FullBytes: []byte{5, 0}}
	mgf, err := asn1.Marshal(algorithm{hashOIDs[p.mgf], null})
	if err != nil {
		return nil, err
	}
	a := pssASN{Salt: p.salt}
	if p.hash != "sha1" {
		a.Hash = algorithm{hashOIDs[p.hash], null}
	}
	if p.mgf != "sha1" {
		a.MGF = algorithm{oidMGF1, asn1.RawValue{FullBytes: mgf}}
	}
	// Fields left at their defaults are not written: build the sequence by hand.
	var body []byte
	add := func(tag int, v any) error {
		inner, err := asn1.Marshal(v)
		if err != nil {
			return err
		}
		b, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: true, Bytes: inner})
		body = append(body, b...)
		return err
	}
	if a.Hash.OID != nil {
		err = errors.Join(err, add(0, a.Hash))
	}
	if a.MGF.OID != nil {
		err = errors.Join(err, add(1, a.MGF))
	}
	if a.Salt != 20 {
		err = errors.Join(err, add(2, a.Salt))
	}
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: body})
}

func parseSPKI(der []byte) (*Key, error) {
	var s spki
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return nil, err
	}
	k := &Key{kind: "public"}
	raw := s.Key.RightAlign()
	params := s.Algorithm.Parameters.FullBytes
	var err error
	switch oid := s.Algorithm.OID; {
	case oid.Equal(oidRSA), oid.Equal(oidPSS):
		k.typ = "rsa"
		if k.rsa, err = parsePKCS1Public(raw); err != nil {
			return nil, err
		}
		if oid.Equal(oidPSS) {
			k.typ = "rsa-pss"
			k.pss, err = parsePSS(params)
		}
	case oid.Equal(oidEC):
		k.typ, k.ready = "ec", &readyEC{}
		var name asn1.ObjectIdentifier
		if _, err = asn1.Unmarshal(params, &name); err != nil {
			return nil, err
		}
		if k.curve = curveOf(name); k.curve == nil {
			return nil, errors.New("unknown curve")
		}
		k.point, err = k.curve.parsePoint(raw)
	case oid.Equal(oidEd25519):
		k.typ, k.ed = "ed25519", ed25519.PublicKey(raw)
		if len(raw) != ed25519.PublicKeySize {
			err = errors.New("key size")
		}
	case oid.Equal(oidX25519):
		k.typ = "x25519"
		k.x, err = ecdh.X25519().NewPublicKey(raw)
	case oid.Equal(oidEd448):
		return rawKey("ed448", raw, nil)
	case oid.Equal(oidX448):
		return rawKey("x448", raw, nil)
	case oid.Equal(oidDSA):
		k.typ = "dsa"
		var p dsaParams
		var y *big.Int
		if _, err = asn1.Unmarshal(params, &p); err != nil {
			return nil, err
		}
		if _, err = asn1.Unmarshal(raw, &y); err != nil {
			return nil, err
		}
		k.dsa = &dsa.PublicKey{Parameters: dsa.Parameters{P: p.P, Q: p.Q, G: p.G}, Y: y}
	case oid.Equal(oidDH):
		k.typ = "dh"
		var p dhParams
		var y *big.Int
		if _, err = asn1.Unmarshal(params, &p); err != nil {
			return nil, err
		}
		if _, err = asn1.Unmarshal(raw, &y); err != nil {
			return nil, err
		}
		k.dh = &dhKey{p: p.P, g: p.G, y: y}
	default:
		if a := pqOf(oid); a != nil {
			return a.fromPublic(raw)
		}
		err = errors.New("unknown algorithm")
	}
	if err != nil {
		return nil, err
	}
	return k, nil
}

// parsePKCS1Public reads an RSAPublicKey; crypto/x509 refuses exponents over 31 bits, which rsa.PublicKey can't hold either.
func parsePKCS1Public(der []byte) (*rsa.PublicKey, error) {
	var p struct{ N, E *big.Int }
	if rest, err := asn1.Unmarshal(der, &p); err != nil || len(rest) > 0 {
		return nil, errors.New("RSA public key")
	}
	return newRSA(p.N, p.E)
}

func newRSA(n, e *big.Int) (*rsa.PublicKey, error) {
	if n.Sign() <= 0 || e.Sign() <= 0 || e.BitLen() > 31 {
		return nil, errors.New("RSA public key")
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
}

func rsaKey(p *rsa.PrivateKey) *Key {
	return &Key{kind: "private", typ: "rsa", rsa: &p.PublicKey, rsaD: p}
}

func ecKey(c *curve, d, public []byte) (*Key, error) {
	if !c.validScalar(d) {
		return nil, errors.New("private key out of range")
	}
	d = c.fit(d)
	var point []byte
	var err error
	if len(public) > 0 {
		point, err = c.parsePoint(public)
	} else {
		point, err = c.public(d)
	}
	return newECKey(c, d, point), err
}

func parseSEC1(der []byte, c *curve) (*Key, error) {
	var s sec1
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return nil, err
	}
	if c == nil {
		if c = curveOf(s.Curve); c == nil {
			return nil, errors.New("unknown curve")
		}
	}
	return ecKey(c, s.PrivateKey, s.Public.RightAlign())
}

func edKey(seed []byte) (*Key, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, errors.New("key size")
	}
	d := ed25519.NewKeyFromSeed(seed)
	return &Key{kind: "private", typ: "ed25519", edD: d, ed: d.Public().(ed25519.PublicKey)}, nil
}

func xKey(d []byte) (*Key, error) {
	private, err := ecdh.X25519().NewPrivateKey(d)
	if err != nil {
		return nil, err
	}
	return &Key{kind: "private", typ: "x25519", xD: private, x: private.PublicKey()}, nil
}

func parsePKCS8(der []byte) (*Key, error) {
	var p pkcs8
	if _, err := asn1.Unmarshal(der, &p); err != nil {
		return nil, err
	}
	params := p.Algorithm.Parameters.FullBytes
	switch oid := p.Algorithm.OID; {
	case oid.Equal(oidRSA), oid.Equal(oidPSS):
		private, err := x509.ParsePKCS1PrivateKey(p.PrivateKey)
		if err != nil {
			return nil, err
		}
		k := rsaKey(private)
		if oid.Equal(oidPSS) {
			k.typ = "rsa-pss"
			if k.pss, err = parsePSS(params); err != nil {
				return nil, err
			}
		}
		return k, nil
	case oid.Equal(oidEC):
		var name asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(params, &name); err != nil {
			return nil, err
		}
		c := curveOf(name)
		if c == nil {
			return nil, errors.New("unknown curve")
		}
		return parseSEC1(p.PrivateKey, c)
	case oid.Equal(oidEd25519), oid.Equal(oidX25519), oid.Equal(oidEd448), oid.Equal(oidX448):
		var seed []byte
		if _, err := asn1.Unmarshal(p.PrivateKey, &seed); err != nil {
			return nil, err
		}
		if oid.Equal(oidEd448) {
			return rawKey("ed448", nil, seed)
		}
		if oid.Equal(oidX448) {
			return rawKey("x448", nil, seed)
		}
		if oid.Equal(oidEd25519) {
			return edKey(seed)
		}
		return xKey(seed)
	case oid.Equal(oidDSA):
		var q dsaParams
		var x *big.Int
		if _, err := asn1.Unmarshal(params, &q); err != nil {
			return nil, err
		}
		if _, err := asn1.Unmarshal(p.PrivateKey, &x); err != nil {
			return nil, err
		}
		if q.P.Sign() <= 0 || q.G.Sign() <= 0 || x.Sign() <= 0 {
			return nil, errors.New("DSA key")
		}
		y := new(big.Int).Exp(q.G, x, q.P)
		return &Key{kind: "private", typ: "dsa", dsaX: x, dsa: &dsa.PublicKey{Parameters: dsa.Parameters{P: q.P, Q: q.Q, G: q.G}, Y: y}}, nil
	case oid.Equal(oidDH):
		var q dhParams
		var x *big.Int
		if _, err := asn1.Unmarshal(params, &q); err != nil {
			return nil, err
		}
		if _, err := asn1.Unmarshal(p.PrivateKey, &x); err != nil {
			return nil, err
		}
		if q.P.Sign() <= 0 || x.Sign() <= 0 {
			return nil, errors.New("DH key")
		}
		return &Key{kind: "private", typ: "dh", dh: &dhKey{p: q.P, g: q.G, x: x, y: new(big.Int).Exp(q.G, x, q.P)}}, nil
	}
	if a := pqOf(p.Algorithm.OID); a != nil {
		return a.parsePKCS8(p.PrivateKey)
	}
	return nil, errors.New("unknown algorithm")
}

func parseDSA(der []byte) (*Key, error) {
	var q struct {
		Version       int
		P, Q, G, Y, X *big.Int
	}
	if _, err := asn1.Unmarshal(der, &q); err != nil {
		return nil, err
	}
	return &Key{kind: "private", typ: "dsa", dsaX: q.X, dsa: &dsa.PublicKey{Parameters: dsa.Parameters{P: q.P, Q: q.Q, G: q.G}, Y: q.Y}}, nil
}

// Formats and types of encodings, numbers that JavaScript passes.
const (
	formatDER = 0
	formatPEM = 1

	typeNone  = -1
	typePKCS1 = 0
	typePKCS8 = 1
	typeSPKI  = 2
	typeSEC1  = 3
)

// parsePrivate reads a private key.
func parsePrivate(data []byte, format, typ int, passphrase []byte, hasPassphrase bool) (*Key, error) {
	if format == formatPEM {
		for rest := data; ; {
			var b *pem.Block
			if b, rest = pem.Decode(rest); b == nil {
				return nil, errDecoder()
			}
			k, err := privatePEM(b, passphrase, hasPassphrase)
			if k != nil || err != nil {
				return k, err
			}
		}
	}
	var k *Key
	var err error
	switch typ {
	case typePKCS1:
		var private *rsa.PrivateKey
		if private, err = x509.ParsePKCS1PrivateKey(data); err == nil {
			k = rsaKey(private)
		}
	case typeSEC1:
		k, err = parseSEC1(data, nil)
	case typePKCS8:
		if isEncryptedPKCS8(data) {
			if !hasPassphrase {
				return nil, errPassphrase
			}
			if len(passphrase) > maxPassphrase {
				return nil, opensslError("04800068", "PEM routines", "bad password read")
			}
			if data, err = decryptPKCS8(data, passphrase); err != nil {
				return nil, err
			}
		}
		k, err = parsePKCS8(data)
	default:
		err = errors.New("no type")
	}
	if err != nil {
		var any asn1.RawValue
		if _, e := asn1.Unmarshal(data, &any); e != nil {
			return nil, opensslError("0680008E", "asn1 encoding routines", "not enough data")
		}
		return nil, errDecoder()
	}
	return k, nil
}

// privatePEM gives nil, nil for a block that is no private key.
func privatePEM(b *pem.Block, passphrase []byte, hasPassphrase bool) (*Key, error) {
	der := b.Bytes
	var err error
	if x509.IsEncryptedPEMBlock(b) { //nolint:staticcheck // such keys exist
		if !hasPassphrase || len(passphrase) > maxPassphrase {
			return nil, errCancelled
		}
		if der, err = x509.DecryptPEMBlock(b, passphrase); err != nil { //nolint:staticcheck // such keys exist
			return nil, errBadDecrypt()
		}
	}
	var k *Key
	switch b.Type {
	case "PRIVATE KEY":
		k, err = parsePKCS8(der)
	case "ENCRYPTED PRIVATE KEY":
		if !hasPassphrase || len(passphrase) > maxPassphrase {
			return nil, errCancelled
		}
		if der, err = decryptPKCS8(der, passphrase); err != nil {
			return nil, err
		}
		k, err = parsePKCS8(der)
	case "RSA PRIVATE KEY":
		var private *rsa.PrivateKey
		if private, err = x509.ParsePKCS1PrivateKey(der); err == nil {
			k = rsaKey(private)
		}
	case "EC PRIVATE KEY":
		k, err = parseSEC1(der, nil)
	case "DSA PRIVATE KEY":
		k, err = parseDSA(der)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, errDecoder()
	}
	return k, nil
}

// parsePublic reads a public key, or takes it from a certificate or a private key.
func parsePublic(data []byte, format, typ int, passphrase []byte, hasPassphrase bool) (*Key, error) {
	if format == formatPEM {
		for rest := data; ; {
			var b *pem.Block
			if b, rest = pem.Decode(rest); b == nil {
				return nil, errDecoder()
			}
			var k *Key
			var err error
			switch b.Type {
			case "PUBLIC KEY":
				k, err = parseSPKI(b.Bytes)
			case "RSA PUBLIC KEY":
				var p *rsa.PublicKey
				if p, err = parsePKCS1Public(b.Bytes); err == nil {
					k = &Key{kind: "public", typ: "rsa", rsa: p}
				}
			case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
				k, err = certificateKey(b.Bytes)
			default:
				if k, err = privatePEM(b, passphrase, hasPassphrase); err != nil {
					return nil, err
				}
				if k == nil {
					continue
				}
				return k.public(), nil
			}
			if err != nil {
				return nil, errDecoder()
			}
			return k, nil
		}
	}
	switch typ {
	case typePKCS1:
		if p, err := parsePKCS1Public(data); err == nil {
			return &Key{kind: "public", typ: "rsa", rsa: p}, nil
		}
	case typeSPKI:
		if k, err := parseSPKI(data); err == nil {
			return k, nil
		}
		return nil, plainError("Failed to read asymmetric key")
	}
	k, err := parsePrivate(data, format, typ, passphrase, hasPassphrase)
	if err != nil {
		return nil, err
	}
	return k.public(), nil
}

func certificateKey(der []byte) (*Key, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return parseSPKI(cert.RawSubjectPublicKeyInfo)
}

func (k *Key) marshalSPKI() ([]byte, error) {
	null := asn1.RawValue{FullBytes: []byte{5, 0}}
	var a algorithm
	var raw []byte
	var err error
	switch k.typ {
	case "rsa", "rsa-pss":
		a = algorithm{oidRSA, null}
		raw = x509.MarshalPKCS1PublicKey(k.rsa)
		if k.typ == "rsa-pss" {
			a, err = k.pssAlgorithm()
		}
	case "ec":
		a, err = k.ecAlgorithm()
		raw = k.point
	case "ed25519":
		a.OID, raw = oidEd25519, k.ed
	case "x25519":
		a.OID, raw = oidX25519, k.x.Bytes()
	case "ed448":
		a.OID, raw = oidEd448, k.raw
	case "x448":
		a.OID, raw = oidX448, k.raw
	case "dsa":
		if a, err = k.dsaAlgorithm(); err == nil {
			raw, err = asn1.Marshal(k.dsa.Y)
		}
	case "dh":
		if a, err = k.dhAlgorithm(); err == nil {
			raw, err = asn1.Marshal(k.dh.y)
		}
	default:
		a.OID, raw = k.pq.alg.oid, k.pq.public
	}
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(spki{a, asn1.BitString{Bytes: raw, BitLength: len(raw) * 8}})
}

func (k *Key) pssAlgorithm() (algorithm, error) {
	params, err := k.pss.encode()
	return algorithm{oidPSS, asn1.RawValue{FullBytes: params}}, err
}

func (k *Key) ecAlgorithm() (algorithm, error) {
	params, err := asn1.Marshal(k.curve.oid)
	return algorithm{oidEC, asn1.RawValue{FullBytes: params}}, err
}

func (k *Key) dsaAlgorithm() (algorithm, error) {
	params, err := asn1.Marshal(dsaParams{k.dsa.P, k.dsa.Q, k.dsa.G})
	return algorithm{oidDSA, asn1.RawValue{FullBytes: params}}, err
}

func (k *Key) dhAlgorithm() (algorithm, error) {
	params, err := asn1.Marshal(dhParams{P: k.dh.p, G: k.dh.g})
	return algorithm{oidDH, asn1.RawValue{FullBytes: params}}, err
}

func (k *Key) marshalSEC1(named bool) ([]byte, error) {
	s := sec1{Version: 1, PrivateKey: k.d, Public: asn1.BitString{Bytes: k.point, BitLength: len(k.point) * 8}}
	if named {
		s.Curve = k.curve.oid
	}
	return asn1.Marshal(s)
}

func (k *Key) marshalPKCS8() ([]byte, error) {
	var p pkcs8
	var err error
	switch k.typ {
	case "rsa", "rsa-pss":
		p.Algorithm = algorithm{oidRSA, asn1.RawValue{FullBytes: []byte{5, 0}}}
		p.PrivateKey = x509.MarshalPKCS1PrivateKey(k.rsaD)
		if k.typ == "rsa-pss" {
			p.Algorithm, err = k.pssAlgorithm()
		}
	case "ec":
		if p.Algorithm, err = k.ecAlgorithm(); err == nil {
			p.PrivateKey, err = k.marshalSEC1(false)
		}
	case "ed25519":
		p.Algorithm.OID = oidEd25519
		p.PrivateKey, err = asn1.Marshal(k.edD.Seed())
	case "x25519":
		p.Algorithm.OID = oidX25519
		p.PrivateKey, err = asn1.Marshal(k.xD.Bytes())
	case "ed448":
		p.Algorithm.OID = oidEd448
		p.PrivateKey, err = asn1.Marshal(k.rawD)
	case "x448":
		p.Algorithm.OID = oidX448
		p.PrivateKey, err = asn1.Marshal(k.rawD)
	case "dsa":
		if p.Algorithm, err = k.dsaAlgorithm(); err == nil {
			p.PrivateKey, err = asn1.Marshal(k.dsaX)
		}
	case "dh":
		if p.Algorithm, err = k.dhAlgorithm(); err == nil {
			p.PrivateKey, err = asn1.Marshal(k.dh.x)
		}
	default:
		p.Algorithm.OID = k.pq.alg.oid
		p.PrivateKey, err = k.pq.marshalPKCS8()
	}
	if err != nil {
		return nil, err
	}
	return marshalPrivateKeyInfo(p.Algorithm, p.PrivateKey)
}

// marshalPrivateKeyInfo is RFC 5208's structure without attributes.
func marshalPrivateKeyInfo(a algorithm, private []byte) ([]byte, error) {
	return asn1.Marshal(struct {
		Version    int
		Algorithm  algorithm
		PrivateKey []byte
	}{0, a, private})
}

// equal compares keys, secrets in constant time.
func (k *Key) equal(o *Key) bool {
	if k.kind != o.kind || k.typ != o.typ {
		return false
	}
	if k.kind == "secret" {
		return subtle.ConstantTimeCompare(k.secret, o.secret) == 1
	}
	if k.pq != nil {
		return k.pq.equal(o.pq)
	}
	marshal := (*Key).marshalSPKI
	if k.kind == "private" {
		marshal = (*Key).marshalPKCS8
	}
	a, err := marshal(k)
	if err != nil {
		return false
	}
	b, err := marshal(o)
	return err == nil && subtle.ConstantTimeCompare(a, b) == 1
}
