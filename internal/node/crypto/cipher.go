package crypto

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // programs still ask for triple DES
	"crypto/subtle"
	"slices"

	"golang.org/x/crypto/chacha20"

	"roost/internal/binding"
)

var cipherNatives = binding.Natives{
	"getCiphers":           getCiphers,
	"cipherInfo":           cipherInfo,
	"cipherNew":            cipherNew,
	"cipherOnce":           cipherOnce,
	"cipherUpdate":         cipherUpdate,
	"cipherFinal":          cipherFinal,
	"cipherSetAutoPadding": cipherSetAutoPadding,
	"cipherSetAAD":         cipherSetAAD,
	"cipherSetAuthTag":     cipherSetAuthTag,
	"cipherGetAuthTag":     cipherGetAuthTag,
}

// mode is a mode of operation. update appends its output to dst and keeps neither dst nor in.
type mode interface {
	update(dst, in []byte) ([]byte, error)
	final() ([]byte, error)
}

// extend makes dst n bytes longer; the second result is what was added. The bytes are not cleared.
func extend(dst []byte, n int) (all, added []byte) {
	at := len(dst)
	all = slices.Grow(dst, n)[:at+n]
	return all, all[at:]
}

// aeadMode authenticates too.
type aeadMode interface {
	mode
	setAAD(aad []byte, plaintextLength int) error
	tag() []byte // of what was processed; valid after final's work
}

var (
	errWrongFinal   = func() error { return opensslStack("1C80006B", "wrong final block length") }
	errBadDecrypt   = func() error { return opensslStack("1C800064", "bad decrypt") }
	errUnsupported  = plainError("Trying to add data in unsupported state")
	errUnauthentic  = plainError("Unsupported state or unable to authenticate data")
	errInvalidState = binding.Error("ERR_CRYPTO_INVALID_STATE", "Invalid state")
)

func opensslStack(number, reason string) error {
	message := "error:" + number + ":Provider routines::" + reason
	e := &binding.NodeError{Class: binding.ClassError, Message: message}
	e.With("opensslErrorStack", binding.List(binding.String(message)))
	inner := opensslError(number, "Provider routines", reason)
	e.Props = append(e.Props, inner.Props...)
	return e
}

// cipherState is a Cipheriv or Decipheriv.
type cipherState struct {
	kind     *cipherKind
	encrypt  bool
	mode     mode
	tagLen   int    // wanted, 0: not said
	tag      []byte // given for decryption, made by encryption
	finished bool
	failed   bool // CCM: the tag did not fit
	updated  bool
}

// cipherNew(name, encrypt, key, iv | undefined, authTagLength | undefined)
func cipherNew(c *binding.Call) {
	tagLen := tagUnsaid
	if c.IsNumber(4) {
		tagLen = c.Int(4)
	}
	s, err := openCipher(c.String(0), c.Bool(1), clone(keyBytes(c, 2)), clone(dataOf(c, 3)), !c.IsUndefined(3), tagLen)
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.Ref(s))
}

const tagUnsaid = -1 // length of the tag

// openCipher checks the arguments in Node's order. It takes key and iv.
func openCipher(name string, encrypt bool, key, iv []byte, hasIV bool, tagLen int) (*cipherState, error) {
	k := cipherNamed(name)
	if k == nil {
		return nil, binding.Error("ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher")
	}
	if !hasIV && k.iv != 0 || hasIV && len(iv) != 0 && !k.ivFits(len(iv)) || hasIV && len(iv) == 0 && k.iv != 0 {
		return nil, binding.TypeError("ERR_CRYPTO_INVALID_IV", "Invalid initialization vector")
	}
	s := &cipherState{kind: k, encrypt: encrypt}
	if k.aead() {
		if tagLen != tagUnsaid {
			s.tagLen = tagLen
			if !tagLengthFits(k, tagLen) {
				return nil, binding.TypeError("ERR_CRYPTO_INVALID_AUTH_TAG", "Invalid authentication tag length: %d", tagLen)
			}
		} else if k.mode == "ccm" || k.mode == "ocb" {
			return nil, binding.TypeError("ERR_CRYPTO_INVALID_AUTH_TAG", "authTagLength required for %s", name)
		}
	}
	if len(key) != k.key {
		return nil, binding.RangeError("ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length")
	}
	var err error
	s.mode, err = newMode(k, s, key, iv)
	return s, err
}

func tagLengthFits(k *cipherKind, n int) bool {
	switch k.mode {
	case "gcm":
		return n == 4 || n == 8 || n >= 12 && n <= 16
	case "ccm":
		return n >= 4 && n <= 16 && n%2 == 0
	}
	return n >= 1 && n <= 16
}

func blockCipher(k *cipherKind, key []byte) (cipher.Block, error) {
	if k.family() == "des" {
		if len(key) == 16 {
			key = append(append([]byte{}, key...), key[:8]...)
		}
		return des.NewTripleDESCipher(key)
	}
	return aes.NewCipher(key)
}

func newMode(k *cipherKind, s *cipherState, key, iv []byte) (mode, error) {
	if k.name == "chacha20-poly1305" {
		return newChaChaPoly(key, iv, s.encrypt)
	}
	if k.family() == "chacha" { // iv: 4 bytes little-endian counter, 12 bytes nonce
		stream, err := chacha20.NewUnauthenticatedCipher(key, iv[4:])
		if err != nil {
			return nil, err
		}
		stream.SetCounter(le32(iv))
		return &streamMode{stream}, nil
	}
	block, err := blockCipher(k, key)
	if err != nil {
		return nil, err
	}
	switch k.mode {
	case "cbc":
		if s.encrypt {
			return &blockMode{crypt: cipher.NewCBCEncrypter(block, iv).CryptBlocks, size: block.BlockSize(), encrypt: true, pad: true}, nil
		}
		return &blockMode{crypt: cipher.NewCBCDecrypter(block, iv).CryptBlocks, size: block.BlockSize(), pad: true}, nil
	case "ecb":
		one := block.Decrypt
		if s.encrypt {
			one = block.Encrypt
		}
		size := block.BlockSize()
		return &blockMode{crypt: func(dst, src []byte) {
			for i := 0; i < len(src); i += size {
				one(dst[i:i+size], src[i:i+size])
			}
		}, size: size, encrypt: s.encrypt, pad: true}, nil
	case "ctr":
		return &streamMode{cipher.NewCTR(block, iv)}, nil
	case "ofb":
		return &streamMode{cipher.NewOFB(block, iv)}, nil //nolint:staticcheck // asked for by name
	case "cfb":
		switch k.alias[len(k.alias)-1] {
		case '1':
			return &streamMode{&narrowCFB{block: block, register: clone(iv), encrypt: s.encrypt, bits: 1}}, nil
		case '8':
			return &streamMode{&narrowCFB{block: block, register: clone(iv), encrypt: s.encrypt, bits: 8}}, nil
		}
		if s.encrypt {
			return &streamMode{cipher.NewCFBEncrypter(block, iv)}, nil //nolint:staticcheck // asked for by name
		}
		return &streamMode{cipher.NewCFBDecrypter(block, iv)}, nil //nolint:staticcheck // asked for by name
	case "gcm":
		return newGCM(block, iv, s.encrypt)
	case "ccm":
		return &ccmMode{block: block, iv: iv, encrypt: s.encrypt, state: s}, nil
	case "ocb":
		return newOCB(block, iv, s.encrypt, s.tagLen), nil
	case "wrap":
		if k.family() == "des" {
			return &desWrap{block: block, encrypt: s.encrypt}, nil
		}
		return &keyWrap{block: block, iv: iv, encrypt: s.encrypt, padded: k.iv == 4}, nil
	}
	return nil, binding.Error("ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher")
}

func cipherOf(c *binding.Call) *cipherState {
	s, _ := c.Ref(0).(*cipherState)
	if s == nil {
		c.Throw(errInvalidState)
	}
	return s
}

// cipherUpdate(cipher, data, room | undefined): a Buffer, or true when the output filled the room that JavaScript made for it, exactly.
//
// The room has the size of the data, which is the size of the output of everything but a block mode that keeps a rest: long messages are
// written where JavaScript reads them, without a copy.
func cipherUpdate(c *binding.Call) {
	s := cipherOf(c)
	if s == nil {
		return
	}
	if s.finished {
		c.Throw(errUnsupported)
		return
	}
	s.updated = true
	data, room := dataOf(c, 1), c.Bytes(2)
	if len(room) > 0 {
		out, err := s.mode.update(room[:0:len(room)], data)
		switch {
		case err != nil:
			c.Throw(err)
		case len(out) == len(room) && &out[0] == &room[0]:
			c.Return(binding.True)
		default:
			c.Return(binding.Buffer(out))
		}
		return
	}
	work := takeScratch(len(data) + aes.BlockSize)
	out, err := s.mode.update((*work)[:0], data)
	if err != nil {
		c.Throw(err)
	} else {
		c.Return(binding.Buffer(out)) // copied now
	}
	releaseScratch(work)
}

func cipherFinal(c *binding.Call) {
	s := cipherOf(c)
	if s == nil {
		return
	}
	if s.finished {
		c.Throw(errInvalidState)
		return
	}
	out, err := s.finish()
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.Buffer(out))
}

// finish gives the last output; it makes or checks the tag.
func (s *cipherState) finish() ([]byte, error) {
	s.finished = true
	a, authentic := s.mode.(aeadMode)
	if authentic && !s.encrypt && s.tag == nil {
		return nil, errUnauthentic
	}
	out, err := s.mode.final()
	if err != nil || !authentic {
		return out, err
	}
	tag := a.tag()
	if s.encrypt {
		if s.tagLen > 0 && s.tagLen < len(tag) {
			tag = tag[:s.tagLen]
		}
		s.tag = clone(tag)
	} else if s.failed || len(s.tag) > len(tag) || subtle.ConstantTimeCompare(tag[:len(s.tag)], s.tag) != 1 {
		return nil, errUnauthentic
	}
	return out, nil
}

// cipherOnce(name, encrypt, key, iv, additional data | undefined, tag length | undefined, data, request): a whole message, with the tag at its
// end, as Web Crypto has it. The data doesn't change meanwhile: it is a copy that JavaScript gave away.
func cipherOnce(c *binding.Call) {
	tagLen := tagUnsaid
	if c.IsNumber(5) {
		tagLen = c.Int(5)
	}
	s, err := openCipher(c.String(0), c.Bool(1), clone(keyBytes(c, 2)), clone(c.Bytes(3)), true, tagLen)
	if err != nil {
		c.Throw(err)
		return
	}
	aad, data := clone(c.Bytes(4)), c.Pin(6)
	c.Run(7, func() binding.Result {
		out, err := s.message(data.Bytes(), aad)
		if err != nil {
			return binding.Fail(err)
		}
		return binding.Buffer(out)
	})
}

// message processes a whole one.
func (s *cipherState) message(data, aad []byte) ([]byte, error) {
	if a, ok := s.mode.(aeadMode); ok {
		if len(aad) > 0 {
			if err := a.setAAD(aad, len(data)); err != nil {
				return nil, err
			}
		}
		if !s.encrypt {
			at := len(data) - s.tagLen
			if at < 0 {
				return nil, errUnauthentic
			}
			data, s.tag = data[:at], clone(data[at:])
		}
	}
	out, err := s.mode.update(make([]byte, 0, len(data)+2*aes.BlockSize), data)
	if err != nil {
		return nil, err
	}
	rest, err := s.finish()
	if err != nil {
		return nil, err
	}
	out = append(out, rest...)
	if s.encrypt {
		out = append(out, s.tag...)
	}
	return out, nil
}

// cipherSetAutoPadding(cipher, on): false when it is too late
func cipherSetAutoPadding(c *binding.Call) {
	s := cipherOf(c)
	if s == nil {
		return
	}
	if b, ok := s.mode.(*blockMode); ok && !s.finished {
		b.pad = c.Bool(1)
	}
	c.Return(binding.Bool(!s.finished))
}

// cipherSetAAD(cipher, data, plaintextLength): false when it is too late or the cipher doesn't authenticate
func cipherSetAAD(c *binding.Call) {
	s := cipherOf(c)
	if s == nil {
		return
	}
	a, ok := s.mode.(aeadMode)
	if !ok || s.finished || s.updated {
		c.Return(binding.False)
		return
	}
	length := -1
	if c.IsNumber(2) {
		length = c.Int(2)
	}
	if err := a.setAAD(clone(c.Bytes(1)), length); err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.True)
}

// cipherSetAuthTag(cipher, tag): 0 done, 1 invalid state, 2 invalid length
func cipherSetAuthTag(c *binding.Call) {
	s := cipherOf(c)
	if s == nil {
		return
	}
	tag := c.Bytes(1)
	switch {
	case !s.kind.aead() || s.encrypt || s.finished || s.tag != nil:
		c.Return(binding.Int(1))
	case s.tagLen > 0 && len(tag) != s.tagLen || !tagLengthFits(s.kind, len(tag)):
		c.Return(binding.Int(2))
	default:
		s.tag = clone(tag)
		c.Return(binding.Int(0))
	}
}

// cipherGetAuthTag(cipher): undefined when there is none
func cipherGetAuthTag(c *binding.Call) {
	if s := cipherOf(c); s != nil && s.encrypt && s.finished && s.tag != nil {
		c.Return(binding.Buffer(s.tag))
	}
}

// blockMode cuts the input into blocks and pads the last (PKCS#7).
type blockMode struct {
	crypt   func(dst, src []byte)
	size    int
	encrypt bool
	pad     bool
	rest    []byte
}

func (m *blockMode) update(dst, in []byte) ([]byte, error) {
	total := len(m.rest) + len(in)
	n := total / m.size * m.size
	if n == total && n > 0 && m.pad && !m.encrypt {
		n -= m.size // it may be the last, with the padding
	}
	if n == 0 {
		m.rest = append(m.rest, in...)
		return dst, nil
	}
	dst, out := extend(dst, n)
	if len(m.rest) == 0 {
		m.crypt(out, in[:n])
		m.rest = append(m.rest, in[n:]...)
		return dst, nil
	}
	used := copy(out, m.rest)
	taken := copy(out[used:], in)
	left := append([]byte{}, m.rest[min(used, len(m.rest)):]...)
	m.rest = append(left, in[taken:]...)
	m.crypt(out, out)
	return dst, nil
}

func (m *blockMode) final() ([]byte, error) {
	if !m.pad {
		if len(m.rest) != 0 {
			return nil, errWrongFinal()
		}
		return nil, nil
	}
	if m.encrypt {
		fill := m.size - len(m.rest)
		block := append([]byte{}, m.rest...)
		for range fill {
			block = append(block, byte(fill))
		}
		m.crypt(block, block)
		return block, nil
	}
	if len(m.rest) != m.size {
		return nil, errWrongFinal()
	}
	block := make([]byte, m.size)
	m.crypt(block, m.rest)
	fill := int(block[m.size-1])
	if fill == 0 || fill > m.size {
		return nil, errBadDecrypt()
	}
	for _, b := range block[m.size-fill:] {
		if int(b) != fill {
			return nil, errBadDecrypt()
		}
	}
	return block[:m.size-fill], nil
}

// streamMode is a key stream.
type streamMode struct{ cipher.Stream }

func (m *streamMode) update(dst, in []byte) ([]byte, error) {
	dst, out := extend(dst, len(in))
	m.XORKeyStream(out, in)
	return dst, nil
}

func (m *streamMode) final() ([]byte, error) { return nil, nil }

// narrowCFB is cipher feedback of 8 bits or 1 bit (NIST SP 800-38A, section 6.3).
type narrowCFB struct {
	block    cipher.Block
	register []byte
	encrypt  bool
	bits     int
}

func (s *narrowCFB) XORKeyStream(dst, src []byte) {
	key := make([]byte, len(s.register))
	for i, in := range src {
		if s.bits == 8 {
			s.block.Encrypt(key, s.register)
			out := in ^ key[0]
			feedback := out
			if !s.encrypt {
				feedback = in
			}
			copy(s.register, s.register[1:])
			s.register[len(s.register)-1] = feedback
			dst[i] = out
			continue
		}
		var out byte
		for bit := 7; bit >= 0; bit-- {
			s.block.Encrypt(key, s.register)
			x := in >> bit & 1
			y := x ^ key[0]>>7
			out |= y << bit
			feedback := y
			if !s.encrypt {
				feedback = x
			}
			for k := 0; k+1 < len(s.register); k++ {
				s.register[k] = s.register[k]<<1 | s.register[k+1]>>7
			}
			last := len(s.register) - 1
			s.register[last] = s.register[last]<<1 | feedback
		}
		dst[i] = out
	}
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}
