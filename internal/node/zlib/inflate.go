package zlib

import (
	"encoding/binary"
	"math/bits"
)

// inflater decodes raw DEFLATE (RFC 1951) incrementally: it stops wherever the input ends or the output is full, and goes on from there.
// Every step is tried on the bits at hand and done only when they suffice, so that nothing but the fields below is kept between calls.
//
// Why not compress/flate: it reads from an io.Reader whose end is final, may read past the stream's end, and its errors don't tell zlib's messages.
type inflater struct {
	state inflateState
	last  bool // the block is the last
	hold  uint64
	nbits uint

	stored int // bytes left of a stored block

	nlen, ndist, ncode, have int
	lens                     [286 + 30 + 2]uint8
	repeatOf                 uint8

	lit, dist   table
	litT, distT table // own tables; lit and dist may be the fixed ones

	buf      []byte // history and output that nobody took yet
	r, w     int
	past     int // bytes of history before w, at most maxDistance
	maxDist  int
	consumed int // of the last run
}

type inflateState uint8

const (
	inBlockHeader inflateState = iota
	inStoredHeader
	inStored
	inTableSizes
	inCodeLengths
	inLengths
	inCodes
	inDone
	inFailed
)

const (
	windowSize = 1 << 15
	bufSize    = 2*windowSize + 512
	maxMatch   = 258
)

// Of a table's entry: bits 0-7 the code's length, 8-15 the operation, 16-31 the value.
const (
	opLiteral  = 0
	opEnd      = 64
	opSubtable = 128 // low bits: the subtable's bits
	opInvalid  = 192
	opBase     = 32 // low 4 bits: number of extra bits
)

type table struct {
	entries []uint32
	bits    uint
}

var (
	lengthBase  = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	codeOrder   = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

	fixedLit, fixedDist = fixedTables()
)

func fixedTables() (lit, dist table) {
	var lens [288]uint8
	for i := range lens {
		switch {
		case i < 144:
			lens[i] = 8
		case i < 256:
			lens[i] = 9
		case i < 280:
			lens[i] = 7
		default:
			lens[i] = 8
		}
	}
	lit.build(lens[:], litSymbol, 9)
	for i := range 32 {
		lens[i] = 5
	}
	dist.build(lens[:32], distSymbol, 5)
	return lit, dist
}

func litSymbol(s int) uint32 {
	switch {
	case s < 256:
		return uint32(s)<<16 | opLiteral<<8
	case s == 256:
		return opEnd << 8
	case s-257 < len(lengthBase):
		return uint32(lengthBase[s-257])<<16 | (opBase|uint32(lengthExtra[s-257]))<<8
	}
	return opInvalid << 8
}

func distSymbol(s int) uint32 {
	switch {
	case s < 4:
		return uint32(s+1)<<16 | opBase<<8
	case s < 30:
		extra := uint32(s/2 - 1)
		base := uint32(2+s&1)<<extra + 1
		return base<<16 | (opBase|extra)<<8
	}
	return opInvalid << 8
}

func plainSymbol(s int) uint32 { return uint32(s) << 16 }

// build makes the decoding table of a canonical code. complete tells whether the code uses all of its space; over-subscribed codes give ok false.
func (t *table) build(lens []uint8, symbol func(int) uint32, primary uint) (complete, ok bool) {
	var count [16]int
	longest := 0
	for _, n := range lens {
		count[n]++
		longest = max(longest, int(n))
	}
	used := len(lens) - count[0]
	count[0] = 0
	primary = min(primary, uint(max(longest, 1)))
	left := 1
	var next [17]int
	code := 0
	for n := 1; n <= 15; n++ {
		left = left<<1 - count[n]
		if left < 0 {
			return false, false
		}
		code = (code + count[n-1]) << 1
		next[n] = code
	}
	size := 1 << primary
	t.bits = primary
	if cap(t.entries) < size {
		t.entries = make([]uint32, size, size+1024)
	}
	t.entries = t.entries[:size]
	for i := range t.entries {
		t.entries[i] = opInvalid<<8 | 1
	}
	for s, n8 := range lens {
		n := uint(n8)
		if n == 0 {
			continue
		}
		c := bits.Reverse32(uint32(next[n])) >> (32 - n)
		next[n]++
		if n <= primary {
			e := symbol(s) | uint32(n)
			for i := int(c); i < size; i += 1 << n {
				t.entries[i] = e
			}
			continue
		}
		head := c & (1<<primary - 1)
		sub := t.entries[head]
		if sub>>8&0xFF&opInvalid != opSubtable {
			width := uint(longest) - primary
			start := len(t.entries)
			for range 1 << width {
				t.entries = append(t.entries, opInvalid<<8|1)
			}
			sub = uint32(start)<<16 | (opSubtable|uint32(width))<<8 | uint32(primary)
			t.entries[head] = sub
		}
		width := sub >> 8 & 0x0F
		start := int(sub >> 16)
		e := symbol(s) | uint32(n-primary)
		for i := int(c >> primary); i < 1<<width; i += 1 << (n - primary) {
			t.entries[start+i] = e
		}
	}
	return left == 0 || used == 0, true
}

// reset starts a new stream; dictionary is history that the stream may refer to.
func (f *inflater) reset(maxDist int, dictionary []byte) {
	if f.buf == nil {
		f.buf = make([]byte, bufSize)
	}
	f.state, f.last, f.hold, f.nbits, f.stored = inBlockHeader, false, 0, 0, 0
	f.r, f.w, f.past = 0, 0, 0
	f.maxDist = maxDist
	if n := len(dictionary); n > 0 {
		dictionary = dictionary[max(0, n-maxDist):]
		f.w = copy(f.buf, dictionary)
		f.r, f.past = f.w, f.w
	}
}

// need fills hold from in up to n bits.
func (f *inflater) need(in []byte, p *int, n uint) bool {
	for f.nbits < n {
		if *p == len(in) {
			return false
		}
		f.hold |= uint64(in[*p]) << f.nbits
		*p++
		f.nbits += 8
	}
	return true
}

func (f *inflater) drop(n uint) { f.hold >>= n; f.nbits -= n }

func (f *inflater) take(n uint) int {
	v := int(f.hold & (1<<n - 1))
	f.drop(n)
	return v
}

func (f *inflater) fail(message string) string {
	f.state = inFailed
	return message
}

// giveBack returns whole bytes of hold that came from this call's input.
func (f *inflater) giveBack(p *int) {
	n := min(f.nbits/8, uint(*p))
	*p -= int(n)
	f.nbits -= 8 * n
	f.hold &= 1<<f.nbits - 1
}

// run decodes. It returns the bytes read and written, whether the stream has ended, and zlib's message when the data is wrong.
// It stops without end or message when the input is used up or dst is full.
func (f *inflater) run(in, dst []byte) (nin, nout int, done bool, message string) {
	p := 0
	for {
		n := copy(dst[nout:], f.buf[f.r:f.w])
		nout += n
		f.r += n
		if f.r < f.w {
			f.giveBack(&p)
			return p, nout, false, ""
		}
		if f.state == inDone {
			f.giveBack(&p)
			return p, nout, true, ""
		}
		if nout == len(dst) && nout > 0 {
			f.giveBack(&p)
			return p, nout, false, ""
		}
		if f.w > windowSize+maxMatch { // slide: all is taken
			copy(f.buf, f.buf[f.w-windowSize:f.w])
			f.w, f.r = windowSize, windowSize
		}
		before := f.w
		message = f.fill(in, &p)
		if f.w == before && f.state != inDone || message != "" {
			nout += copy(dst[nout:], f.buf[f.r:f.w])
			f.r = f.w
			return p, nout, false, message
		}
	}
}

// fill decodes into buf until it is full, the input is used up or the stream ends.
func (f *inflater) fill(in []byte, p *int) string {
	for {
		switch f.state {
		case inBlockHeader:
			if !f.need(in, p, 3) {
				return ""
			}
			f.last = f.take(1) == 1
			switch f.take(2) {
			case 0:
				f.state = inStoredHeader
				f.drop(f.nbits & 7)
			case 1:
				f.lit, f.dist = fixedLit, fixedDist
				f.state = inCodes
			case 2:
				f.state = inTableSizes
			default:
				return f.fail("invalid block type")
			}
		case inStoredHeader:
			if !f.need(in, p, 32) {
				return ""
			}
			n, check := f.take(16), f.take(16)
			if n != check^0xFFFF {
				return f.fail("invalid stored block lengths")
			}
			f.stored, f.state = n, inStored
		case inStored:
			for f.stored > 0 && f.nbits >= 8 && f.w < len(f.buf) {
				f.buf[f.w] = byte(f.take(8))
				f.w++
				f.stored--
				f.past++
			}
			if f.nbits < 8 {
				n := copy(f.buf[f.w:], in[*p:min(len(in), *p+f.stored)])
				f.w += n
				*p += n
				f.stored -= n
				f.past += n
			}
			if f.stored > 0 {
				return ""
			}
			f.endBlock()
		case inTableSizes:
			if !f.need(in, p, 14) {
				return ""
			}
			f.nlen, f.ndist, f.ncode = f.take(5)+257, f.take(5)+1, f.take(4)+4
			if f.nlen > 286 || f.ndist > 30 {
				return f.fail("too many length or distance symbols")
			}
			f.have = 0
			f.state = inCodeLengths
			clear(f.lens[:19])
		case inCodeLengths:
			for f.have < f.ncode {
				if !f.need(in, p, 3) {
					return ""
				}
				f.lens[codeOrder[f.have]] = uint8(f.take(3))
				f.have++
			}
			if complete, ok := f.litT.build(f.lens[:19], plainSymbol, 7); !ok || !complete {
				return f.fail("invalid code lengths set")
			}
			f.have, f.state = 0, inLengths
		case inLengths:
			if message, more := f.readLengths(in, p); message != "" || more {
				return message
			}
			f.state = inCodes
		case inCodes:
			if message, more := f.codes(in, p); message != "" || more {
				return message
			}
			f.endBlock()
		default: // inDone, inFailed
			return ""
		}
		if f.w+maxMatch > len(f.buf) {
			return ""
		}
	}
}

func (f *inflater) endBlock() {
	f.state = inBlockHeader
	if f.last {
		f.drop(f.nbits & 7)
		f.state = inDone
	}
}

// readLengths reads the code lengths of a dynamic block; more: the input is used up.
func (f *inflater) readLengths(in []byte, p *int) (message string, more bool) {
	for f.have < f.nlen+f.ndist {
		var e uint32
		for {
			e = f.litT.entries[f.hold&(1<<f.litT.bits-1)]
			if uint(e&0xFF) <= f.nbits {
				break
			}
			if !f.need(in, p, f.nbits+1) {
				return "", true
			}
		}
		if e>>8&0xFF == opInvalid {
			return f.fail("invalid code lengths set"), false
		}
		symbol, n := int(e>>16), uint(e&0xFF)
		if symbol < 16 {
			f.drop(n)
			f.lens[f.have] = uint8(symbol)
			f.have++
			continue
		}
		extra, base := [3]uint{2, 3, 7}[symbol-16], [3]int{3, 3, 11}[symbol-16]
		if !f.need(in, p, n+extra) {
			return "", true
		}
		f.drop(n)
		count := base + f.take(extra)
		var value uint8
		if symbol == 16 {
			if f.have == 0 {
				return f.fail("invalid bit length repeat"), false
			}
			value = f.lens[f.have-1]
		}
		if f.have+count > f.nlen+f.ndist {
			return f.fail("invalid bit length repeat"), false
		}
		for ; count > 0; count-- {
			f.lens[f.have] = value
			f.have++
		}
	}
	if f.lens[256] == 0 {
		return f.fail("invalid code -- missing end-of-block"), false
	}
	complete, ok := f.litT.build(f.lens[:f.nlen], litSymbol, 10)
	if !ok || !complete && !single(f.lens[:f.nlen]) {
		return f.fail("invalid literal/lengths set"), false
	}
	complete, ok = f.distT.build(f.lens[f.nlen:f.nlen+f.ndist], distSymbol, 8)
	if !ok || !complete && !single(f.lens[f.nlen:f.nlen+f.ndist]) {
		return f.fail("invalid distances set"), false
	}
	f.lit, f.dist = f.litT, f.distT
	return "", false
}

// single tells that the only code is one bit long: the one incomplete code that is allowed.
func single(lens []uint8) bool {
	for _, n := range lens {
		if n > 1 {
			return false
		}
	}
	return true
}

// codes decodes literals and matches to the end of the block. more: the input is used up or buf is full.
func (f *inflater) codes(in []byte, p *int) (message string, more bool) {
	hold, nbits, i, w := f.hold, f.nbits, *p, f.w
	start := w
	lit, dist := f.lit.entries, f.dist.entries
	litMask, distMask := uint64(1)<<f.lit.bits-1, uint64(1)<<f.dist.bits-1
	buf := f.buf
	save := func() {
		f.hold, f.nbits, *p = hold, nbits, i
		f.past += w - start
		f.w = w
	}
	for w+maxMatch <= len(buf) {
		// The longest symbol with distance and extra bits takes 48 bits.
		if nbits < 48 {
			if len(in)-i >= 8 {
				hold |= binary.LittleEndian.Uint64(in[i:]) << nbits
				n := (63 - nbits) >> 3
				i += int(n)
				nbits += n * 8
				hold &= 1<<nbits - 1
			} else {
				for nbits <= 56 && i < len(in) {
					hold |= uint64(in[i]) << nbits
					i++
					nbits += 8
				}
			}
		}
		h, used := hold, uint(0)
		e := lit[h&litMask]
		if e>>8&opInvalid == opSubtable {
			used = uint(e & 0xFF)
			h >>= used
			e = lit[uint64(e>>16)+h&(1<<(e>>8&15)-1)]
		}
		n := uint(e & 0xFF)
		used += n
		if used > nbits {
			save()
			return "", true
		}
		h >>= n
		op := e >> 8 & 0xFF
		if op == opLiteral {
			buf[w] = byte(e >> 16)
			w++
			hold, nbits = h, nbits-used
			continue
		}
		if op == opEnd {
			hold, nbits = h, nbits-used
			save()
			return "", false
		}
		if op == opInvalid {
			save()
			return f.fail("invalid literal/length code"), false
		}
		extra := uint(op & 15)
		length := int(e>>16) + int(h&(1<<extra-1))
		h >>= extra
		used += extra
		e = dist[h&distMask]
		if e>>8&opInvalid == opSubtable {
			n = uint(e & 0xFF)
			used += n
			h >>= n
			e = dist[uint64(e>>16)+h&(1<<(e>>8&15)-1)]
		}
		n = uint(e & 0xFF)
		used += n
		h >>= n
		op = e >> 8 & 0xFF
		if op == opInvalid {
			if used > nbits {
				save()
				return "", true
			}
			save()
			return f.fail("invalid distance code"), false
		}
		extra = uint(op & 15)
		back := int(e>>16) + int(h&(1<<extra-1))
		h >>= extra
		used += extra
		if used > nbits {
			save()
			return "", true
		}
		if back > f.past+w-start || back > f.maxDist {
			save()
			return f.fail("invalid distance too far back"), false
		}
		hold, nbits = h, nbits-used
		if back >= length {
			copy(buf[w:w+length], buf[w-back:])
			w += length
		} else {
			for end := w + length; w < end; { // the copied part doubles each time
				w += copy(buf[w:end], buf[w-back:w])
			}
		}
	}
	save()
	return "", true
}
