package crypto

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"golang.org/x/crypto/blake2b"
)

// argon2 is RFC 9106 with all of its inputs; golang.org/x/crypto/argon2 lacks Argon2d, the secret and the associated data.
type argon2 struct {
	kind                                 uint32 // 0: d, 1: i, 2: id
	message, nonce, secret, associated   []byte
	lanes, length, memory, passes        uint32
	laneLength, segmentLength, allBlocks uint32
	blocks                               []argonBlock
}

const (
	argonVersion = 0x13
	argonSlices  = 4
)

type argonBlock [128]uint64

// argonHash is H' of section 3.3: BLAKE2b with any output length.
func argonHash(out, in []byte) {
	var size [4]byte
	binary.LittleEndian.PutUint32(size[:], uint32(len(out)))
	if len(out) <= 64 {
		h, err := blake2b.New(len(out), nil)
		if err != nil {
			return
		}
		h.Write(size[:])
		h.Write(in)
		h.Sum(out[:0])
		return
	}
	v := blake2b.Sum512(append(size[:], in...))
	for {
		copy(out, v[:32])
		out = out[32:]
		if len(out) <= 64 {
			break
		}
		v = blake2b.Sum512(v[:])
	}
	h, err := blake2b.New(len(out), nil)
	if err != nil {
		return
	}
	h.Write(v[:])
	h.Sum(out[:0])
}

func (a *argon2) derive() []byte {
	h, err := blake2b.New512(nil)
	if err != nil {
		return nil
	}
	number := func(n uint32) { h.Write(binary.LittleEndian.AppendUint32(nil, n)) }
	for _, n := range []uint32{a.lanes, a.length, a.memory, a.passes, argonVersion, a.kind} {
		number(n)
	}
	for _, b := range [][]byte{a.message, a.nonce, a.secret, a.associated} {
		number(uint32(len(b)))
		h.Write(b)
	}
	seed := make([]byte, 72)
	h.Sum(seed[:0])

	a.segmentLength = max(a.memory/(argonSlices*a.lanes), 2)
	a.laneLength = a.segmentLength * argonSlices
	a.allBlocks = a.laneLength * a.lanes
	a.blocks = make([]argonBlock, a.allBlocks)
	var raw [1024]byte
	for lane := range a.lanes {
		for i := range uint32(2) {
			binary.LittleEndian.PutUint32(seed[64:], i)
			binary.LittleEndian.PutUint32(seed[68:], lane)
			argonHash(raw[:], seed)
			b := &a.blocks[lane*a.laneLength+i]
			for k := range b {
				b[k] = binary.LittleEndian.Uint64(raw[k*8:])
			}
		}
	}
	for pass := range a.passes {
		for slice := range uint32(argonSlices) {
			var done sync.WaitGroup
			for lane := range a.lanes {
				done.Add(1)
				work := func() { defer done.Done(); a.segment(pass, slice, lane) }
				if lane+1 < a.lanes {
					go work()
				} else {
					work()
				}
			}
			done.Wait()
		}
	}
	last := a.blocks[a.laneLength-1]
	for lane := uint32(1); lane < a.lanes; lane++ {
		b := &a.blocks[lane*a.laneLength+a.laneLength-1]
		for k := range last {
			last[k] ^= b[k]
		}
	}
	for k, x := range last {
		binary.LittleEndian.PutUint64(raw[k*8:], x)
	}
	out := make([]byte, a.length)
	argonHash(out, raw[:])
	return out
}

// segment fills one lane's part of a slice (section 3.4).
func (a *argon2) segment(pass, slice, lane uint32) {
	byInput := a.kind == 1 || a.kind == 2 && pass == 0 && slice < argonSlices/2
	var input, address, zero argonBlock
	if byInput {
		input = argonBlock{uint64(pass), uint64(lane), uint64(slice), uint64(a.allBlocks), uint64(a.passes), uint64(a.kind)}
	}
	next := func() {
		input[6]++
		address = argonBlock{}
		compressArgon(&address, &zero, &input, false)
		compressed := address
		address = argonBlock{}
		compressArgon(&address, &zero, &compressed, false)
	}
	start := uint32(0)
	if pass == 0 && slice == 0 {
		start = 2
		if byInput {
			next()
		}
	}
	for i := start; i < a.segmentLength; i++ {
		at := slice*a.segmentLength + i
		before := at - 1
		if at == 0 {
			before = a.laneLength - 1
		}
		base := lane * a.laneLength
		var random uint64
		if byInput {
			if i%128 == 0 {
				next()
			}
			random = address[i%128]
		} else {
			random = a.blocks[base+before][0]
		}
		refLane := uint32(random>>32) % a.lanes
		if pass == 0 && slice == 0 {
			refLane = lane
		}
		// The blocks that may be referred to: finished segments, and in the own lane what this segment has so far.
		var area uint32
		if pass == 0 {
			area = slice * a.segmentLength
			if slice == 0 || refLane == lane {
				area += i
			}
		} else {
			area = a.laneLength - a.segmentLength
			if refLane == lane {
				area += i
			}
		}
		if refLane == lane || i == 0 {
			area--
		}
		x := random & 0xFFFFFFFF
		x = x * x >> 32
		relative := area - 1 - uint32(uint64(area)*x>>32)
		first := uint32(0)
		if pass != 0 && slice != argonSlices-1 {
			first = (slice + 1) * a.segmentLength
		}
		ref := refLane*a.laneLength + (first+relative)%a.laneLength
		compressArgon(&a.blocks[base+at], &a.blocks[base+before], &a.blocks[ref], pass > 0)
	}
}

// compressArgon is G of section 3.5: out = G(x, y), or out XOR G(x, y).
func compressArgon(out, x, y *argonBlock, xor bool) {
	var r, z argonBlock
	for i := range r {
		r[i] = x[i] ^ y[i]
	}
	z = r
	for i := 0; i < 128; i += 16 {
		permute(&z, i, i+1, i+2, i+3, i+4, i+5, i+6, i+7, i+8, i+9, i+10, i+11, i+12, i+13, i+14, i+15)
	}
	for i := 0; i < 16; i += 2 {
		permute(&z, i, i+1, i+16, i+17, i+32, i+33, i+48, i+49, i+64, i+65, i+80, i+81, i+96, i+97, i+112, i+113)
	}
	for i := range r {
		v := z[i] ^ r[i]
		if xor {
			v ^= out[i]
		}
		out[i] = v
	}
}

func permute(b *argonBlock, i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15 int) {
	mix(b, i0, i4, i8, i12)
	mix(b, i1, i5, i9, i13)
	mix(b, i2, i6, i10, i14)
	mix(b, i3, i7, i11, i15)
	mix(b, i0, i5, i10, i15)
	mix(b, i1, i6, i11, i12)
	mix(b, i2, i7, i8, i13)
	mix(b, i3, i4, i9, i14)
}

func mix(v *argonBlock, ia, ib, ic, id int) {
	a, b, c, d := v[ia], v[ib], v[ic], v[id]
	step := func(x, y uint64) uint64 { return x + y + 2*uint64(uint32(x))*uint64(uint32(y)) }
	a = step(a, b)
	d = bits.RotateLeft64(d^a, -32)
	c = step(c, d)
	b = bits.RotateLeft64(b^c, -24)
	a = step(a, b)
	d = bits.RotateLeft64(d^a, -16)
	c = step(c, d)
	b = bits.RotateLeft64(b^c, -63)
	v[ia], v[ib], v[ic], v[id] = a, b, c, d
}
