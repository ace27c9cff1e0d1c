package crypto

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"math"
	"math/bits"

	"roost/internal/binding"
)

// gcmMode is GCM (NIST SP 800-38D), incrementally, on Go's one-shot GCM.
//
// Why: Go's AEAD interface takes a message at once, OpenSSL's users stream. A message of one chunk goes through Seal and costs nothing more.
// For more chunks the key stream is plain CTR, and GHASH comes from the AEAD itself: sealing nothing with additional data X gives
// (GHASH(X) XOR len)·H XOR E(J0), from which the running GHASH is taken out with one multiplication by the inverse of H. It runs at the
// speed of the assembly and in constant time.
type gcmMode struct {
	block   cipher.Block
	aead    cipher.AEAD // for the message's nonce size
	iv      []byte
	encrypt bool

	aad   []byte
	total uint64  // bytes of the message
	work  *[]byte // scratch memory that first and sum lie in
	first []byte  // the ciphertext of the only chunk so far, when sum is its tag
	sum   []byte

	hash   *ghash
	stream cipher.Stream
	left   uint64 // bytes until the 32-bit counter wraps
	j0     [16]byte
}

const gcmWhole = 1 << 20 // longer first chunks are streamed

func newGCM(block cipher.Block, iv []byte, encrypt bool) (mode, error) {
	aead, err := cipher.NewGCMWithNonceSize(block, len(iv))
	if err != nil {
		return nil, err
	}
	return &gcmMode{block: block, aead: aead, iv: iv, encrypt: encrypt}, nil
}

func (m *gcmMode) setAAD(aad []byte, _ int) error {
	m.aad = append(m.aad, aad...)
	return nil
}

func (m *gcmMode) update(dst, in []byte) ([]byte, error) {
	if len(in) == 0 {
		return dst, nil
	}
	if m.total+uint64(len(in)) > 1<<36-32 {
		return nil, errUnsupported
	}
	if m.total == 0 && len(in) <= gcmWhole {
		m.total = uint64(len(in))
		return m.whole(dst, in), nil
	}
	m.begin()
	m.total += uint64(len(in))
	dst, out := extend(dst, len(in))
	if m.encrypt {
		m.xor(out, in)
		m.hash.write(out)
	} else {
		m.hash.write(in)
		m.xor(out, in)
	}
	return dst, nil
}

// whole processes a first chunk, probably the only one, with one Seal. Its output, ciphertext and tag, stays in memory of our own until it
// is clear that nothing follows: the caller's can change under us.
func (m *gcmMode) whole(dst, in []byte) []byte {
	dst, out := extend(dst, len(in))
	plain := in
	if !m.encrypt {
		m.start()
		m.xor(out, in)
		plain = out
	}
	m.work = takeScratch(len(in) + m.aead.Overhead())
	sealed := m.aead.Seal((*m.work)[:0], m.iv, plain, m.aad)
	m.first, m.sum = sealed[:len(in)], sealed[len(in):]
	if m.encrypt {
		copy(out, m.first)
	}
	return dst
}

// begin leaves the one-chunk way.
func (m *gcmMode) begin() {
	if m.hash != nil {
		return
	}
	m.start()
	m.hash = newGHASH(m.block)
	m.hash.write(m.aad)
	m.hash.pad()
	if m.first != nil {
		m.hash.write(m.first)
		if m.encrypt {
			m.xor(m.first, m.first) // moves the key stream on
		}
		m.release()
	}
}

// release forgets the only chunk.
func (m *gcmMode) release() {
	m.first, m.sum = nil, nil
	if m.work != nil {
		releaseScratch(m.work)
		m.work = nil
	}
}

// start finds J0 (section 7.1, step 2) and starts the key stream.
func (m *gcmMode) start() {
	if m.stream != nil {
		return
	}
	if len(m.iv) == 12 {
		copy(m.j0[:], m.iv)
		m.j0[15] = 1
	} else {
		g := newGHASH(m.block)
		g.write(m.iv)
		g.pad()
		var lens [16]byte
		binary.BigEndian.PutUint64(lens[8:], uint64(len(m.iv))*8)
		g.absorb(lens)
		m.j0 = g.block()
	}
	m.counter(binary.BigEndian.Uint32(m.j0[12:]) + 1)
}

func (m *gcmMode) counter(n uint32) {
	at := m.j0
	binary.BigEndian.PutUint32(at[12:], n)
	m.stream = cipher.NewCTR(m.block, at[:])
	m.left = (math.MaxUint32 - uint64(n) + 1) * 16
}

// xor applies the key stream. Go's CTR counts with 128 bits, GCM with 32: at the wrap a new stream starts.
func (m *gcmMode) xor(dst, src []byte) {
	for len(src) > 0 {
		if m.left == 0 {
			m.counter(0)
		}
		n := int(min(uint64(len(src)), m.left))
		m.stream.XORKeyStream(dst[:n], src[:n])
		dst, src = dst[n:], src[n:]
		m.left -= uint64(n)
	}
}

func (m *gcmMode) final() ([]byte, error) {
	if m.hash != nil {
		return nil, nil
	}
	if m.sum == nil {
		m.sum = m.aead.Seal(nil, m.iv, nil, m.aad)
		return nil, nil
	}
	sum := clone(m.sum)
	m.release()
	m.sum = sum
	return nil, nil
}

func (m *gcmMode) tag() []byte {
	if m.hash == nil {
		return m.sum
	}
	m.hash.pad()
	var lens [16]byte
	binary.BigEndian.PutUint64(lens[:], uint64(len(m.aad))*8)
	binary.BigEndian.PutUint64(lens[8:], m.total*8)
	m.hash.absorb(lens)
	tag := m.hash.block()
	var mask [16]byte
	m.block.Encrypt(mask[:], m.j0[:])
	subtle.XORBytes(tag[:], tag[:], mask[:])
	return tag[:]
}

// element is an element of GCM's field, the most significant bit of hi first.
type element struct{ hi, lo uint64 }

func (x element) xor(y element) element { return element{x.hi ^ y.hi, x.lo ^ y.lo} }

// times multiplies in constant time (NIST SP 800-38D, section 6.3).
func (x element) times(y element) element {
	var z element
	v := y
	for i := range 128 {
		word := x.hi
		if i >= 64 {
			word = x.lo
		}
		mask := -(word >> (63 - i&63) & 1)
		z.hi ^= v.hi & mask
		z.lo ^= v.lo & mask
		carry := -(v.lo & 1)
		v.lo = v.lo>>1 | v.hi<<63
		v.hi = v.hi>>1 ^ 0xE1<<56&carry
	}
	return z
}

// inverse is x to the power of 2^128 - 2.
func (x element) inverse() element {
	y := x
	for range 126 {
		y = y.times(y).times(x)
	}
	return y.times(y)
}

func elementOf(b []byte) element {
	return element{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// ghash is a running GHASH.
type ghash struct {
	aead    cipher.AEAD
	mask    element // E(J0) of the zero nonce
	h       element
	inv     element
	state   element
	rest    []byte
	scratch []byte
}

func newGHASH(block cipher.Block) *ghash {
	g := &ghash{}
	var b [16]byte
	block.Encrypt(b[:], b[:])
	g.h = elementOf(b[:])
	b = [16]byte{15: 1}
	block.Encrypt(b[:], b[:])
	g.mask = elementOf(b[:])
	g.aead, _ = cipher.NewGCM(block)
	return g
}

func (g *ghash) absorb(b [16]byte) { g.state = g.state.xor(elementOf(b[:])).times(g.h) }

func (g *ghash) block() (b [16]byte) {
	binary.BigEndian.PutUint64(b[:], g.state.hi)
	binary.BigEndian.PutUint64(b[8:], g.state.lo)
	return b
}

// pad absorbs the last incomplete block, filled with zeros.
func (g *ghash) pad() {
	if len(g.rest) > 0 {
		var b [16]byte
		copy(b[:], g.rest)
		g.absorb(b)
		g.rest = g.rest[:0]
	}
}

func (g *ghash) write(p []byte) {
	if len(g.rest) > 0 {
		n := min(16-len(g.rest), len(p))
		g.rest = append(g.rest, p[:n]...)
		p = p[n:]
		if len(g.rest) < 16 {
			return
		}
		g.pad()
	}
	whole := len(p) &^ 15
	for at := 0; at < whole; {
		n := min(whole-at, 1<<16)
		g.blocks(p[at : at+n])
		at += n
	}
	g.rest = append(g.rest, p[whole:]...)
}

// blocks absorbs whole blocks.
func (g *ghash) blocks(p []byte) {
	if len(p) <= 64 || g.aead == nil {
		for ; len(p) > 0; p = p[16:] {
			g.state = g.state.xor(elementOf(p)).times(g.h)
		}
		return
	}
	if g.inv == (element{}) {
		g.inv = g.h.inverse()
	}
	g.scratch = append(g.scratch[:0], p...)
	head := g.state.xor(elementOf(p))
	binary.BigEndian.PutUint64(g.scratch, head.hi)
	binary.BigEndian.PutUint64(g.scratch[8:], head.lo)
	var nonce [12]byte
	var tag [16]byte
	g.aead.Seal(tag[:0], nonce[:], nil, g.scratch)
	g.state = elementOf(tag[:]).xor(g.mask).times(g.inv).xor(element{uint64(len(p)) * 8, 0})
}

// ccmMode is CCM (NIST SP 800-38C). The message comes in one update.
type ccmMode struct {
	block   cipher.Block
	iv      []byte
	encrypt bool
	state   *cipherState
	aad     []byte
	length  int // declared, for the additional data
	known   bool
	done    bool
	sum     []byte
}

func (m *ccmMode) limit() int {
	n := 15 - len(m.iv)
	if n >= 4 {
		return math.MaxInt32
	}
	return 1<<(8*n) - 1
}

func (m *ccmMode) setAAD(aad []byte, length int) error {
	if length < 0 {
		return binding.TypeError("ERR_MISSING_ARGS", "options.plaintextLength required for CCM mode with AAD")
	}
	if length > m.limit() {
		return binding.RangeError("ERR_CRYPTO_INVALID_MESSAGELEN", "Invalid message length")
	}
	m.aad, m.length, m.known = aad, length, true
	return nil
}

func (m *ccmMode) tagLength() int {
	if m.state.tagLen > 0 {
		return m.state.tagLen
	}
	return 16
}

func (m *ccmMode) counter(n uint64) []byte {
	b := make([]byte, 16)
	binary.BigEndian.PutUint64(b[8:], n)
	b[0] = byte(14 - len(m.iv))
	copy(b[1:], m.iv)
	return b
}

func (m *ccmMode) authenticate(message []byte) []byte {
	b := make([]byte, 16)
	binary.BigEndian.PutUint64(b[8:], uint64(len(message)))
	b[0] = byte(14-len(m.iv)) | byte((m.tagLength()-2)/2)<<3
	if len(m.aad) > 0 {
		b[0] |= 0x40
	}
	copy(b[1:], m.iv)
	x := make([]byte, 16)
	mac := func(p []byte) {
		for len(p) > 0 {
			n := min(16, len(p))
			subtle.XORBytes(x, x, p[:n])
			m.block.Encrypt(x, x)
			p = p[n:]
		}
	}
	mac(b)
	if n := len(m.aad); n > 0 {
		var head []byte
		if n < 0xFF00 {
			head = binary.BigEndian.AppendUint16(nil, uint16(n))
		} else {
			head = binary.BigEndian.AppendUint32([]byte{0xFF, 0xFE}, uint32(n))
		}
		mac(append(head, m.aad...))
	}
	mac(message)
	s0 := make([]byte, 16)
	m.block.Encrypt(s0, m.counter(0))
	subtle.XORBytes(x, x, s0)
	return x[:m.tagLength()]
}

func (m *ccmMode) update(dst, in []byte) ([]byte, error) {
	if len(in) > m.limit() {
		return nil, binding.RangeError("ERR_CRYPTO_INVALID_MESSAGELEN", "Invalid message length")
	}
	if m.done || m.known && m.length != len(in) || !m.encrypt && m.state.tag == nil {
		return nil, errUnsupported
	}
	m.done = true
	all, out := extend(dst, len(in))
	stream := cipher.NewCTR(m.block, m.counter(1))
	stream.XORKeyStream(out, in)
	if m.encrypt {
		m.sum = m.authenticate(in)
		return all, nil
	}
	m.sum = m.authenticate(out)
	if subtle.ConstantTimeCompare(m.sum, m.state.tag) != 1 {
		m.state.failed = true
		clear(out)
		return dst, nil
	}
	return all, nil
}

func (m *ccmMode) final() ([]byte, error) {
	if !m.done {
		if !m.encrypt {
			if _, err := m.update(nil, nil); err != nil {
				return nil, errUnauthentic
			}
			return nil, nil
		}
		return nil, opensslStack("1C800077", "tag not set")
	}
	return nil, nil
}

func (m *ccmMode) tag() []byte { return m.sum }

// ocbMode is RFC 7253.
type ocbMode struct {
	block    cipher.Block
	encrypt  bool
	tagLen   int
	l        []element // L_0, L_1, ...
	lStar    element
	lDollar  element
	offset   element
	checksum element
	count    uint64
	rest     []byte
	aad      []byte
	sum      []byte
}

func double(x element) element {
	carry := -(x.hi >> 63)
	return element{x.hi<<1 | x.lo>>63, x.lo<<1 ^ 0x87&carry}
}

func (m *ocbMode) e(x element, decrypt bool) element {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], x.hi)
	binary.BigEndian.PutUint64(b[8:], x.lo)
	if decrypt {
		m.block.Decrypt(b[:], b[:])
	} else {
		m.block.Encrypt(b[:], b[:])
	}
	return elementOf(b[:])
}

func newOCB(block cipher.Block, iv []byte, encrypt bool, tagLen int) *ocbMode {
	m := &ocbMode{block: block, encrypt: encrypt, tagLen: tagLen}
	m.lStar = m.e(element{}, false)
	m.lDollar = double(m.lStar)
	m.l = []element{double(m.lDollar)}
	var nonce [16]byte
	nonce[0] = byte(tagLen * 8 % 128 << 1)
	copy(nonce[16-len(iv):], iv)
	nonce[15-len(iv)] |= 1
	bottom := uint(nonce[15] & 63)
	nonce[15] &^= 63
	top := m.e(elementOf(nonce[:]), false)
	third := top.hi ^ (top.hi<<8 | top.lo>>56)
	if bottom == 0 {
		m.offset = element{top.hi, top.lo}
	} else {
		m.offset = element{top.hi<<bottom | top.lo>>(64-bottom), top.lo<<bottom | third>>(64-bottom)}
	}
	return m
}

func (m *ocbMode) at(n uint64) element {
	k := bits.TrailingZeros64(n)
	for len(m.l) <= k {
		m.l = append(m.l, double(m.l[len(m.l)-1]))
	}
	return m.l[k]
}

func (m *ocbMode) setAAD(aad []byte, _ int) error {
	m.aad = append(m.aad, aad...)
	return nil
}

func (m *ocbMode) update(dst, in []byte) ([]byte, error) {
	m.rest = append(m.rest, in...)
	n := len(m.rest) &^ 15
	dst, out := extend(dst, n)
	for i := 0; i < n; i += 16 {
		m.count++
		m.offset = m.offset.xor(m.at(m.count))
		x := elementOf(m.rest[i:])
		y := m.e(x.xor(m.offset), !m.encrypt).xor(m.offset)
		if m.encrypt {
			m.checksum = m.checksum.xor(x)
		} else {
			m.checksum = m.checksum.xor(y)
		}
		binary.BigEndian.PutUint64(out[i:], y.hi)
		binary.BigEndian.PutUint64(out[i+8:], y.lo)
	}
	m.rest = append([]byte{}, m.rest[n:]...)
	return dst, nil
}

// padded is the block of p, a one bit, and zeros.
func padded(p []byte) element {
	var b [16]byte
	copy(b[:], p)
	b[len(p)] = 0x80
	return elementOf(b[:])
}

func (m *ocbMode) final() ([]byte, error) {
	var out []byte
	if len(m.rest) > 0 {
		m.offset = m.offset.xor(m.lStar)
		pad := m.e(m.offset, false)
		var key [16]byte
		binary.BigEndian.PutUint64(key[:], pad.hi)
		binary.BigEndian.PutUint64(key[8:], pad.lo)
		out = make([]byte, len(m.rest))
		subtle.XORBytes(out, m.rest, key[:])
		plain := m.rest
		if !m.encrypt {
			plain = out
		}
		m.checksum = m.checksum.xor(padded(plain))
	}
	tag := m.e(m.checksum.xor(m.offset).xor(m.lDollar), false)
	var sum, offset element
	count := uint64(0)
	p := m.aad
	for ; len(p) >= 16; p = p[16:] {
		count++
		offset = offset.xor(m.at(count))
		sum = sum.xor(m.e(elementOf(p).xor(offset), false))
	}
	if len(p) > 0 {
		offset = offset.xor(m.lStar)
		sum = sum.xor(m.e(padded(p).xor(offset), false))
	}
	tag = tag.xor(sum)
	m.sum = make([]byte, 16)
	binary.BigEndian.PutUint64(m.sum, tag.hi)
	binary.BigEndian.PutUint64(m.sum[8:], tag.lo)
	m.sum = m.sum[:m.tagLen]
	return out, nil
}

func (m *ocbMode) tag() []byte { return m.sum }
