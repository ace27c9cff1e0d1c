package crypto

import (
	"crypto"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"reflect"
	"strings"

	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/blake2s"
	"golang.org/x/crypto/ripemd160" //nolint:staticcheck // programs still ask for it

	"roost/internal/binding"
)

var digestNatives = binding.Natives{
	"hashes":     hashes,
	"hashId":     hashID,
	"hashOnce":   hashOnce,
	"hashLater":  hashLater,
	"hashStart":  hashStart,
	"hashUpdate": hashUpdate,
	"hashDigest": hashDigest,
	"hashCopy":   hashCopy,
	"hmacStart":  hmacStart,
	"hmacOnce":   hmacOnce,
	"hmacLater":  hmacLater,
}

// digest is one hash algorithm.
type digest struct {
	name string
	size int
	xof  bool
	fn   crypto.Hash // 0: unknown to Go's signatures
	new  func() hash.Hash
}

// md5sha1 is both digests one after the other, as TLS 1.0 signed them.
type md5sha1 struct{ a, b hash.Hash }

func (d *md5sha1) Write(p []byte) (int, error) { d.a.Write(p); return d.b.Write(p) }
func (d *md5sha1) Sum(b []byte) []byte         { return d.b.Sum(d.a.Sum(b)) }
func (d *md5sha1) Reset()                      { d.a.Reset(); d.b.Reset() }
func (d *md5sha1) Size() int                   { return md5.Size + sha1.Size }
func (d *md5sha1) BlockSize() int              { return 64 }

// shake is an extendable-output function as a hash.Hash of one size.
type shake struct {
	s    *sha3.SHAKE
	size int
	new  func() *sha3.SHAKE
}

func (d *shake) Write(p []byte) (int, error) { return d.s.Write(p) }
func (d *shake) Sum(b []byte) []byte {
	copied := d.clone()
	out := make([]byte, d.size)
	copied.s.Read(out)
	return append(b, out...)
}
func (d *shake) Reset()         { d.s.Reset() }
func (d *shake) Size() int      { return d.size }
func (d *shake) BlockSize() int { return d.s.BlockSize() }
func (d *shake) clone() *shake {
	state, err := d.s.MarshalBinary()
	s := d.new()
	if err == nil {
		s.UnmarshalBinary(state)
	}
	return &shake{s, d.size, d.new}
}

func newBlake2b() hash.Hash { h, _ := blake2b.New512(nil); return h }
func newBlake2s() hash.Hash { h, _ := blake2s.New256(nil); return h }

// digests in the order of their numbers, which JavaScript keeps.
var digests = []digest{
	{"md5", 16, false, crypto.MD5, md5.New},
	{"sha1", 20, false, crypto.SHA1, sha1.New},
	{"sha224", 28, false, crypto.SHA224, sha256.New224},
	{"sha256", 32, false, crypto.SHA256, sha256.New},
	{"sha384", 48, false, crypto.SHA384, sha512.New384},
	{"sha512", 64, false, crypto.SHA512, sha512.New},
	{"sha512-224", 28, false, crypto.SHA512_224, sha512.New512_224},
	{"sha512-256", 32, false, crypto.SHA512_256, sha512.New512_256},
	{"sha3-224", 28, false, crypto.SHA3_224, func() hash.Hash { return sha3.New224() }},
	{"sha3-256", 32, false, crypto.SHA3_256, func() hash.Hash { return sha3.New256() }},
	{"sha3-384", 48, false, crypto.SHA3_384, func() hash.Hash { return sha3.New384() }},
	{"sha3-512", 64, false, crypto.SHA3_512, func() hash.Hash { return sha3.New512() }},
	{"shake128", 16, true, 0, func() hash.Hash { return &shake{sha3.NewSHAKE128(), 16, sha3.NewSHAKE128} }},
	{"shake256", 32, true, 0, func() hash.Hash { return &shake{sha3.NewSHAKE256(), 32, sha3.NewSHAKE256} }},
	{"blake2b512", 64, false, crypto.BLAKE2b_512, newBlake2b},
	{"blake2s256", 32, false, crypto.BLAKE2s_256, newBlake2s},
	{"ripemd160", 20, false, crypto.RIPEMD160, ripemd160.New},
	{"md5-sha1", 36, false, crypto.MD5SHA1, func() hash.Hash { return &md5sha1{md5.New(), sha1.New()} }},
}

// aliases are OpenSSL's other names, in lower case.
var aliases = map[string]string{
	"rsa-md5": "md5", "md5withrsaencryption": "md5", "ssl3-md5": "md5",
	"rsa-ripemd160": "ripemd160", "ripemd": "ripemd160", "rmd160": "ripemd160", "ripemd160withrsa": "ripemd160", "ripemd-160": "ripemd160",
	"rsa-sha1": "sha1", "rsa-sha1-2": "sha1", "sha1withrsaencryption": "sha1", "ssl3-sha1": "sha1", "sha-1": "sha1", "dsa-sha1": "sha1",
	"rsa-sha224": "sha224", "sha224withrsaencryption": "sha224", "sha-224": "sha224", "sha2-224": "sha224",
	"rsa-sha256": "sha256", "sha256withrsaencryption": "sha256", "sha-256": "sha256", "sha2-256": "sha256",
	"rsa-sha384": "sha384", "sha384withrsaencryption": "sha384", "sha-384": "sha384", "sha2-384": "sha384",
	"rsa-sha512": "sha512", "sha512withrsaencryption": "sha512", "sha-512": "sha512", "sha2-512": "sha512",
	"rsa-sha512/224": "sha512-224", "sha512-224withrsaencryption": "sha512-224", "sha-512/224": "sha512-224", "sha512/224": "sha512-224",
	"rsa-sha512/256": "sha512-256", "sha512-256withrsaencryption": "sha512-256", "sha-512/256": "sha512-256", "sha512/256": "sha512-256",
	"rsa-sha3-224": "sha3-224", "id-rsassa-pkcs1-v1_5-with-sha3-224": "sha3-224",
	"rsa-sha3-256": "sha3-256", "id-rsassa-pkcs1-v1_5-with-sha3-256": "sha3-256",
	"rsa-sha3-384": "sha3-384", "id-rsassa-pkcs1-v1_5-with-sha3-384": "sha3-384",
	"rsa-sha3-512": "sha3-512", "id-rsassa-pkcs1-v1_5-with-sha3-512": "sha3-512",
	"shake-128": "shake128", "shake-256": "shake256", "blake2b-512": "blake2b512", "blake2s-256": "blake2s256",
}

// hashNames is what getHashes lists. Differs from Node: without SM3.
var hashNames = []string{
	"RSA-MD5", "RSA-RIPEMD160", "RSA-SHA1", "RSA-SHA1-2", "RSA-SHA224", "RSA-SHA256", "RSA-SHA3-224", "RSA-SHA3-256", "RSA-SHA3-384",
	"RSA-SHA3-512", "RSA-SHA384", "RSA-SHA512", "RSA-SHA512/224", "RSA-SHA512/256", "blake2b512", "blake2s256",
	"id-rsassa-pkcs1-v1_5-with-sha3-224", "id-rsassa-pkcs1-v1_5-with-sha3-256", "id-rsassa-pkcs1-v1_5-with-sha3-384",
	"id-rsassa-pkcs1-v1_5-with-sha3-512", "md5", "md5-sha1", "md5WithRSAEncryption", "ripemd", "ripemd160", "ripemd160WithRSA", "rmd160", "sha1",
	"sha1WithRSAEncryption", "sha224", "sha224WithRSAEncryption", "sha256", "sha256WithRSAEncryption", "sha3-224", "sha3-256", "sha3-384",
	"sha3-512", "sha384", "sha384WithRSAEncryption", "sha512", "sha512-224", "sha512-224WithRSAEncryption", "sha512-256",
	"sha512-256WithRSAEncryption", "sha512WithRSAEncryption", "shake128", "shake256", "ssl3-md5", "ssl3-sha1",
}

// digestNamed finds a digest by any of its names; nil when there is none.
func digestNamed(name string) *digest {
	name = strings.ToLower(name)
	if a, ok := aliases[name]; ok {
		name = a
	}
	for i := range digests {
		if digests[i].name == name {
			return &digests[i]
		}
	}
	return nil
}

func digestNumber(n int) *digest {
	if n < 0 || n >= len(digests) {
		return nil
	}
	return &digests[n]
}

func hashes(c *binding.Call) { c.Return(binding.Strings(hashNames)) }

// hashId(name) is the number of a digest, -1 for none, with 64 added when its output can have any length.
func hashID(c *binding.Call) {
	d := digestNamed(c.String(0))
	for i := range digests {
		if &digests[i] == d {
			if d.xof {
				i += 64
			}
			c.Return(binding.Int(i))
			return
		}
	}
	c.Return(binding.Int(-1))
}

// Encodings of results, numbers that JavaScript passes.
const (
	asBuffer = iota
	asHex
	asBase64
	asBase64URL
	asLatin1
)

func encoded(b []byte, encoding int) binding.Result {
	switch encoding {
	case asHex:
		var few [128]byte
		return binding.Latin1(hex.AppendEncode(few[:0], b))
	case asBase64:
		return binding.String(base64.StdEncoding.EncodeToString(b))
	case asBase64URL:
		return binding.String(base64.RawURLEncoding.EncodeToString(b))
	case asLatin1:
		return binding.Latin1(b)
	}
	return binding.Buffer(b)
}

var errNotXOF = opensslError("030000B2", "digital envelope routines", "not XOF or invalid length")

// open starts the digest; size is -1 for the usual one.
func (d *digest) open(size int) (hash.Hash, error) {
	h := d.new()
	if size >= 0 && size != d.size {
		s, ok := h.(*shake)
		if !ok {
			return nil, errNotXOF
		}
		s.size = size
	}
	return h, nil
}

func sizeArgument(c *binding.Call, k int) int {
	if c.IsNumber(k) {
		return c.Int(k)
	}
	return -1
}

// hashOnce(id, data, encoding, outputLength)
func hashOnce(c *binding.Call) {
	d := digestNumber(c.Int(0) & 63)
	if d == nil {
		c.Throw(plainError("Digest method not supported"))
		return
	}
	data := dataOf(c, 1)
	size := sizeArgument(c, 3)
	if size < 0 || size == d.size {
		// Without an allocation where it counts: a program may do this for each request.
		switch d.fn {
		case crypto.SHA1:
			sum := sha1.Sum(data)
			c.Return(encoded(sum[:], c.Int(2)))
			return
		case crypto.SHA256:
			sum := sha256.Sum256(data)
			c.Return(encoded(sum[:], c.Int(2)))
			return
		case crypto.MD5:
			sum := md5.Sum(data)
			c.Return(encoded(sum[:], c.Int(2)))
			return
		}
	}
	h, err := d.open(size)
	if err != nil {
		c.Throw(err)
		return
	}
	h.Write(data)
	c.Return(encoded(h.Sum(nil), c.Int(2)))
}

// hashLater(id, data, request): for long data, which doesn't change meanwhile
func hashLater(c *binding.Call) {
	d := digestNumber(c.Int(0) & 63)
	if d == nil {
		c.Throw(plainError("Digest method not supported"))
		return
	}
	data := c.Pin(1)
	c.Run(2, func() binding.Result {
		h := d.new()
		h.Write(data.Bytes())
		return binding.Buffer(h.Sum(nil))
	})
}

type hasher struct{ hash.Hash }

// hashStart(id, outputLength, data)
func hashStart(c *binding.Call) {
	d := digestNumber(c.Int(0) & 63)
	if d == nil {
		c.Throw(plainError("Digest method not supported"))
		return
	}
	h, err := d.open(sizeArgument(c, 1))
	if err != nil {
		c.Throw(err)
		return
	}
	h.Write(dataOf(c, 2))
	c.Return(binding.Ref(&hasher{h}))
}

func hasherOf(c *binding.Call) *hasher {
	h, _ := c.Ref(0).(*hasher)
	if h == nil {
		c.Throw(plainError("no hash"))
	}
	return h
}

func hashUpdate(c *binding.Call) {
	if h := hasherOf(c); h != nil {
		h.Write(dataOf(c, 1))
	}
}

// hashDigest(hash, encoding)
func hashDigest(c *binding.Call) {
	if h := hasherOf(c); h != nil {
		c.Return(encoded(h.Sum(nil), c.Int(1)))
	}
}

// hashCopy(hash, outputLength)
func hashCopy(c *binding.Call) {
	h := hasherOf(c)
	if h == nil {
		return
	}
	copied, err := cloneHash(h.Hash)
	if err != nil {
		c.Throw(err)
		return
	}
	if n := sizeArgument(c, 1); n >= 0 && n != copied.Size() {
		s, ok := copied.(*shake)
		if !ok {
			c.Throw(errNotXOF)
			return
		}
		s.size = n
	}
	c.Return(binding.Ref(&hasher{copied}))
}

// cloneHash copies the state of a digest under way.
func cloneHash(h hash.Hash) (hash.Hash, error) {
	switch d := h.(type) {
	case *shake:
		return d.clone(), nil
	case *md5sha1:
		a, err := cloneHash(d.a)
		if err != nil {
			return nil, err
		}
		b, err := cloneHash(d.b)
		return &md5sha1{a, b}, err
	case hash.Cloner:
		copied, err := d.Clone()
		if err == nil {
			return copied, nil
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return nil, err
		}
	}
	// RIPEMD-160 and BLAKE2 are structs without pointers.
	v := reflect.ValueOf(h)
	if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		copied := reflect.New(v.Elem().Type())
		copied.Elem().Set(v.Elem())
		if out, ok := copied.Interface().(hash.Hash); ok {
			return out, nil
		}
	}
	if m, ok := h.(encoding.BinaryMarshaler); ok {
		_, err := m.MarshalBinary()
		return nil, errors.Join(errors.New("hash can't be copied"), err)
	}
	return nil, errors.New("hash can't be copied")
}

// hmacStart(id, key)
func hmacStart(c *binding.Call) {
	h := newHMAC(c)
	if h != nil {
		c.Return(binding.Ref(&hasher{h}))
	}
}

func newHMAC(c *binding.Call) hash.Hash {
	d := digestNumber(c.Int(0) & 63)
	if d == nil || d.xof {
		c.Throw(plainError("error:00000000:lib(0)::reason(0)"))
		return nil
	}
	return hmac.New(d.new, keyBytes(c, 1))
}

// hmacOnce(id, key, data, encoding)
func hmacOnce(c *binding.Call) {
	h := newHMAC(c)
	if h == nil {
		return
	}
	if c.IsString(2) {
		io.WriteString(h, c.String(2))
	} else {
		h.Write(c.Bytes(2))
	}
	c.Return(encoded(h.Sum(nil), c.Int(3)))
}

// hmacLater(id, key, data, request): for long data, which doesn't change meanwhile
func hmacLater(c *binding.Call) {
	h, data := newHMAC(c), c.Pin(2)
	if h == nil {
		return
	}
	c.Run(3, func() binding.Result {
		h.Write(data.Bytes())
		return binding.Buffer(h.Sum(nil))
	})
}

// keyBytes reads secret bytes: text, a view, or a secret key.
func keyBytes(c *binding.Call, k int) []byte {
	if key, ok := c.Ref(k).(*Key); ok {
		return key.secret
	}
	return dataOf(c, k)
}
