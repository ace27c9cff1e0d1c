package crypto

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"hash"

	"golang.org/x/crypto/scrypt"

	"roost/internal/binding"
)

var kdfNatives = binding.Natives{
	"pbkdf2": derivePBKDF2,
	"scrypt": deriveScrypt,
	"hkdf":   deriveHKDF,
	"argon2": deriveArgon2,
}

// pbkdf2(digest, password, salt, iterations, length, request)
func derivePBKDF2(c *binding.Call) {
	d := digestNumber(c.Int(0) & 63)
	password, salt := string(keyBytes(c, 1)), clone(dataOf(c, 2))
	iterations, length := c.Int(3), c.Int(4)
	c.Run(5, func() binding.Result {
		if d == nil || d.xof {
			return binding.Fail(binding.Error("ERR_CRYPTO_PBKDF2_ERROR", "PBKDF2 error"))
		}
		if length == 0 {
			return binding.Buffer(nil)
		}
		key, err := pbkdf2.Key(d.new, password, salt, iterations, length)
		if err != nil {
			return binding.Fail(binding.Error("ERR_CRYPTO_PBKDF2_ERROR", "PBKDF2 error"))
		}
		return binding.Buffer(key)
	})
}

// scrypt(password, salt, N, r, p, maxmem, length, request)
func deriveScrypt(c *binding.Call) {
	password, salt := clone(keyBytes(c, 0)), clone(dataOf(c, 1))
	n, r, p, maxmem, length := c.Int(2), c.Int(3), c.Int(4), c.Float(5), c.Int(6)
	// Parameters are refused at once, also in the form with a callback.
	if n < 2 || n&(n-1) != 0 || r < 1 || p < 1 {
		c.Throw(binding.RangeError("ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params"))
		return
	}
	if need := 128 * float64(r) * (float64(n) + float64(p) + 2); need >= maxmem || uint64(p) > (1<<30-1)/uint64(r) || r < 4 && n >= 1<<(16*r) {
		c.Throw(binding.RangeError("ERR_CRYPTO_INVALID_SCRYPT_PARAMS",
			"Invalid scrypt params: error:030000AC:digital envelope routines::memory limit exceeded"))
		return
	}
	c.Run(7, func() binding.Result {
		if length == 0 {
			return binding.Buffer(nil)
		}
		key, err := scrypt.Key(password, salt, n, r, p, length)
		if err != nil {
			return binding.Fail(binding.RangeError("ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params"))
		}
		return binding.Buffer(key)
	})
}

// hkdf(digest, key, salt, info, length, request)
func deriveHKDF(c *binding.Call) {
	d := digestNumber(c.Int(0) & 63)
	key, salt, info, length := clone(keyBytes(c, 1)), clone(dataOf(c, 2)), string(dataOf(c, 3)), c.Int(4)
	c.Run(5, func() binding.Result {
		if d == nil || d.xof {
			return binding.Fail(plainError("HKDF failed"))
		}
		if length > d.size*255 {
			return binding.Fail(binding.RangeError("ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length"))
		}
		if length == 0 {
			return binding.ArrayBuffer(nil)
		}
		out, err := hkdf.Key(func() hash.Hash { return d.new() }, key, salt, info, length)
		if err != nil {
			return binding.Fail(err)
		}
		return binding.ArrayBuffer(out)
	})
}

// argon2(type, message, nonce, lanes, length, memory, passes, secret, associated, request); type is 0 (d), 1 (i) or 2 (id)
func deriveArgon2(c *binding.Call) {
	a := argon2{kind: uint32(c.Int(0)), message: clone(keyBytes(c, 1)), nonce: clone(c.Bytes(2)), lanes: c.Uint32(3), length: c.Uint32(4),
		memory: c.Uint32(5), passes: c.Uint32(6), secret: clone(c.Bytes(7)), associated: clone(c.Bytes(8))}
	c.Run(9, func() binding.Result { return binding.Buffer(a.derive()) })
}
