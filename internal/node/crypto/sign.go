package crypto

import (
	"crypto/dsa" //nolint:staticcheck // keys of this kind exist
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"math/big"

	"github.com/cloudflare/circl/sign/ed448"

	"roost/internal/binding"
)

var signNatives = binding.Natives{
	"sign":   signData,
	"verify": verifyData,
}

// signing is one operation.
type signing struct {
	key       *Key
	hash      *digest // nil: the key's own
	data      []byte
	digested  bool // data is the digest already
	padding   int  // 0: the key's default
	salt      int
	p1363     bool
	context   string // of Ed25519 and Ed448
	signature []byte
}

const defaultSalt = -1000

// sign(key, digest number | -1, data, digested, padding, salt, p1363, request, undefined, context)
func signData(c *binding.Call) {
	s := signingOf(c)
	if s == nil {
		return
	}
	c.Run(7, func() binding.Result {
		out, err := s.sign()
		if err != nil {
			return binding.Fail(err)
		}
		return binding.Buffer(out)
	})
}

// verify(key, digest number | -1, data, digested, padding, salt, p1363, request, signature, context)
func verifyData(c *binding.Call) {
	s := signingOf(c)
	if s == nil {
		return
	}
	s.signature = clone(c.Bytes(8))
	c.Run(7, func() binding.Result {
		ok, err := s.verify()
		if err != nil {
			return binding.Fail(err)
		}
		return binding.Bool(ok)
	})
}

func signingOf(c *binding.Call) *signing {
	k := keyArgument(c, 0)
	if k == nil {
		return nil
	}
	s := &signing{key: k, data: dataOf(c, 2), digested: c.Bool(3), salt: defaultSalt, p1363: c.Bool(6)}
	if n := c.Int(1); n >= 0 {
		s.hash = digestNumber(n & 63)
	}
	if c.IsNumber(7) {
		s.data = clone(s.data)
	}
	s.context = string(c.Bytes(9))
	if c.IsNumber(4) {
		s.padding = c.Int(4)
	}
	if c.IsNumber(5) {
		s.salt = c.Int(5)
	}
	return s
}

// prepare checks the key and computes the digest.
func (s *signing) prepare() (sum []byte, err error) {
	switch s.key.typ {
	case "ed25519", "ed448":
		return s.ownDigest()
	case "rsa", "rsa-pss", "ec", "dsa":
	default:
		if s.key.pq != nil && s.key.pq.alg.signer != nil {
			return s.ownDigest()
		}
		return nil, opensslError("03000096", "digital envelope routines", "operation not supported for this keytype")
	}
	if s.context != "" {
		return nil, binding.Error("ERR_CRYPTO_OPERATION_FAILED", "Context parameter is unsupported")
	}
	if s.hash == nil {
		s.hash = digestNamed("sha256")
		if s.key.pss != nil {
			s.hash = digestNamed(s.key.pss.hash)
		}
	}
	if s.padding == 0 {
		s.padding = padPKCS1
		if s.key.typ == "rsa-pss" {
			s.padding = padPSS
		}
	}
	if p := s.key.pss; p != nil {
		if s.salt >= 0 && s.salt < p.salt {
			return nil, opensslError("1C8000AC", "Provider routines", "pss saltlen too small")
		}
		if digestNamed(p.hash) != s.hash {
			return nil, opensslError("1C8000AE", "Provider routines", "digest not allowed")
		}
		if s.salt == defaultSalt {
			s.salt = p.salt
			if s.signature != nil {
				s.salt = saltMax // any
			}
		}
	}
	if s.key.typ == "rsa-pss" && s.padding != padPSS {
		return nil, opensslError("1C8000A5", "Provider routines", "illegal or unsupported padding mode")
	}
	if s.salt == defaultSalt {
		s.salt = saltMax
	}
	if s.digested {
		return s.data, nil
	}
	h := s.hash.new()
	h.Write(s.data)
	return h.Sum(nil), nil
}

// ownDigest is prepare of the signatures that take the message itself.
func (s *signing) ownDigest() ([]byte, error) {
	if s.digested {
		return nil, binding.Error("ERR_CRYPTO_UNSUPPORTED_OPERATION", "Unsupported crypto operation")
	}
	if s.hash != nil {
		return nil, opensslError("1C80007A", "Provider routines", "invalid digest")
	}
	if len(s.context) > 255 {
		return nil, opensslError("1C80007D", "Provider routines", "invalid context")
	}
	return s.data, nil
}

func (s *signing) mask() *digest {
	if s.key.pss != nil {
		if d := digestNamed(s.key.pss.mgf); d != nil {
			return d
		}
	}
	return s.hash
}

func (s *signing) sign() ([]byte, error) {
	sum, err := s.prepare()
	if err != nil {
		return nil, err
	}
	k := s.key
	if k.pq != nil {
		return k.pq.sign(sum, s.context)
	}
	switch k.typ {
	case "ed25519":
		if s.context == "" {
			return ed25519.Sign(k.edD, sum), nil
		}
		return k.edD.Sign(nil, sum, &ed25519.Options{Context: s.context})
	case "ed448":
		return ed448.Sign(ed448.NewKeyFromSeed(k.rawD), sum, s.context), nil
	case "ec":
		out, err := k.signDigest(sum)
		if err != nil || !s.p1363 {
			return out, err
		}
		return toP1363(out, (k.curve.bits+7)/8), nil
	case "dsa":
		private := &dsa.PrivateKey{PublicKey: *k.dsa, X: k.dsaX}
		n := (k.dsa.Q.BitLen() + 7) / 8
		if len(sum) > n {
			sum = sum[:n]
		}
		r, t, err := dsa.Sign(rand.Reader, private, sum)
		if err != nil {
			return nil, err
		}
		out, err := asn1.Marshal(struct{ R, S *big.Int }{r, t})
		if err != nil || !s.p1363 {
			return out, err
		}
		return toP1363(out, n), nil
	}
	switch s.padding {
	case padPSS:
		return signPSS(k, s.hash, s.mask(), sum, s.salt)
	case padPKCS1:
		return signPKCS1(k, s.hash, sum)
	}
	return nil, opensslError("1C8000A5", "Provider routines", "illegal or unsupported padding mode")
}

func (s *signing) verify() (bool, error) {
	sum, err := s.prepare()
	if err != nil {
		return false, err
	}
	k, signature := s.key, s.signature
	if k.pq != nil {
		return k.pq.verify(sum, signature, s.context)
	}
	switch k.typ {
	case "ed25519":
		return len(signature) == ed25519.SignatureSize && ed25519.VerifyWithOptions(k.ed, sum, signature, &ed25519.Options{Context: s.context}) == nil, nil
	case "ed448":
		return len(signature) == ed448.SignatureSize && ed448.Verify(k.raw, sum, signature, s.context), nil
	case "ec":
		if s.p1363 {
			if signature = fromP1363(signature, (k.curve.bits+7)/8); signature == nil {
				return false, nil
			}
		}
		return k.verifyDigest(sum, signature), nil
	case "dsa":
		n := (k.dsa.Q.BitLen() + 7) / 8
		if s.p1363 {
			if signature = fromP1363(signature, n); signature == nil {
				return false, nil
			}
		}
		var rs struct{ R, S *big.Int }
		if rest, err := asn1.Unmarshal(signature, &rs); err != nil || len(rest) > 0 {
			return false, nil
		}
		if len(sum) > n {
			sum = sum[:n]
		}
		return dsa.Verify(k.dsa, sum, rs.R, rs.S), nil
	}
	switch s.padding {
	case padPSS:
		return verifyPSS(k, s.hash, s.mask(), sum, signature, s.salt), nil
	case padPKCS1:
		if s.hash.fn == 0 {
			return false, nil
		}
		return rsa.VerifyPKCS1v15(k.rsa, s.hash.fn, sum, signature) == nil, nil
	}
	return false, opensslError("1C8000A5", "Provider routines", "illegal or unsupported padding mode")
}

// toP1363 writes r and s one after the other, n bytes each.
func toP1363(der []byte, n int) []byte {
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		return nil
	}
	out := make([]byte, 2*n)
	rs.R.FillBytes(out[:n])
	rs.S.FillBytes(out[n:])
	return out
}

func fromP1363(raw []byte, n int) []byte {
	if len(raw) != 2*n {
		return nil
	}
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:n]), new(big.Int).SetBytes(raw[n:])})
	if err != nil {
		return nil
	}
	return der
}
