package crypto

import (
	"github.com/cloudflare/circl/dh/x448"

	"roost/internal/binding"
)

var ecdhNatives = binding.Natives{
	"getCurves":    getCurves,
	"ecdhGenerate": ecdhGenerate,
	"ecdhPublic":   ecdhPublic,
	"ecdhCompute":  ecdhCompute,
	"ecdhConvert":  ecdhConvert,
	"keyAgree":     keyAgree,
}

func getCurves(c *binding.Call) {
	names := make([]string, len(curves))
	for i, k := range curves {
		names[i] = k.name
	}
	c.Return(binding.Strings(names))
}

// ecdhGenerate(curve): [private, public uncompressed], undefined for an unknown curve
func ecdhGenerate(c *binding.Call) {
	k := curveNamed(c.String(0))
	if k == nil {
		return
	}
	d, point, err := k.generate()
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.List(binding.Buffer(d), binding.Buffer(point)))
}

// ecdhPublic(curve, private): [private as long as the order, public uncompressed], undefined when it is no private key
func ecdhPublic(c *binding.Call) {
	k := curveNamed(c.String(0))
	if k == nil || !k.validScalar(c.Bytes(1)) {
		return
	}
	d := k.fit(clone(c.Bytes(1)))
	point, err := k.public(d)
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.List(binding.Buffer(d), binding.Buffer(point)))
}

// ecdhCompute(curve, private, public): undefined when the public key is wrong
func ecdhCompute(c *binding.Call) {
	k := curveNamed(c.String(0))
	if k == nil {
		return
	}
	point, err := k.parsePoint(clone(c.Bytes(2)))
	if err != nil {
		return
	}
	secret, err := k.agree(clone(c.Bytes(1)), point)
	if err != nil {
		return
	}
	c.Return(binding.Buffer(secret))
}

// ecdhConvert(curve, public, form): undefined when the public key is wrong, null for an unknown curve
func ecdhConvert(c *binding.Call) {
	k := curveNamed(c.String(0))
	if k == nil {
		c.Return(binding.Null)
		return
	}
	if point, err := k.parsePoint(clone(c.Bytes(1))); err == nil {
		c.Return(binding.Buffer(k.formatPoint(point, c.Int(2))))
	}
}

// keyAgree(private, public, request): the shared secret of two keys
func keyAgree(c *binding.Call) {
	private, public := keyArgument(c, 0), keyArgument(c, 1)
	if private == nil || public == nil {
		return
	}
	c.Run(2, func() binding.Result {
		secret, err := agree(private, public)
		if err != nil {
			return binding.Fail(err)
		}
		return binding.Buffer(secret)
	})
}

func agree(private, public *Key) ([]byte, error) {
	failed := opensslError("03000096", "digital envelope routines", "operation not supported for this keytype")
	mismatch := opensslError("1C8000CB", "Provider routines", "mismatching domain parameters")
	switch {
	case private.typ != public.typ:
		return nil, failed
	case private.typ == "ec" && private.curve == public.curve:
		return private.curve.agree(private.d, public.point)
	case private.typ == "x25519":
		out, err := private.xD.ECDH(public.x)
		if err != nil {
			return nil, opensslError("1C8000BD", "Provider routines", "failed during derivation")
		}
		return out, nil
	case private.typ == "x448":
		var shared, secret, public_ x448.Key
		copy(secret[:], private.rawD)
		copy(public_[:], public.raw)
		if !x448.Shared(&shared, &secret, &public_) {
			return nil, opensslError("1C8000BD", "Provider routines", "failed during derivation")
		}
		return shared[:], nil
	case private.typ == "dh":
		if private.dh.p.Cmp(public.dh.p) != 0 || private.dh.g.Cmp(public.dh.g) != 0 {
			return nil, mismatch
		}
		return dhSecret(private.dh.p, private.dh.x, public.dh.y)
	case private.typ == "ec":
		return nil, mismatch
	}
	return nil, failed
}
