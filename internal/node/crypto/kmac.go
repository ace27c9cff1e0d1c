package crypto

import (
	"crypto/sha3"
	"math/bits"

	"roost/internal/binding"
)

var macNatives = binding.Natives{
	"kmac": kmac,
}

// newCSHAKE is cSHAKE128 or 256.
func newCSHAKE(strength int, name, customization []byte) *sha3.SHAKE {
	if strength == 128 {
		return sha3.NewCSHAKE128(name, customization)
	}
	return sha3.NewCSHAKE256(name, customization)
}

// appendLength is left_encode and right_encode of section 2.3.1: the big-endian number and, at one end, the number of its bytes.
func appendLength(b []byte, n uint64, left bool) []byte {
	size := max(1, (bits.Len64(n)+7)/8)
	if left {
		b = append(b, byte(size))
	}
	for k := size - 1; k >= 0; k-- {
		b = append(b, byte(n>>(8*k)))
	}
	if !left {
		b = append(b, byte(size))
	}
	return b
}

// kmacSum is KMAC128 or KMAC256 of NIST SP 800-185 (section 4.3.1) on Go's cSHAKE.
func kmacSum(strength int, key, data, customization []byte, size int) []byte {
	s := newCSHAKE(strength, []byte("KMAC"), customization)
	rate := s.BlockSize()
	head := appendLength(nil, uint64(rate), true)
	head = appendLength(head, uint64(len(key))*8, true)
	head = append(head, key...)
	if over := len(head) % rate; over > 0 { // bytepad
		head = append(head, make([]byte, rate-over)...)
	}
	s.Write(head)
	s.Write(data)
	s.Write(appendLength(nil, uint64(size)*8, false))
	out := make([]byte, size)
	s.Read(out)
	return out
}

// kmac(strength, key, data, customization | undefined, bytes, request)
func kmac(c *binding.Call) {
	strength, key, customization, size := c.Int(0), clone(keyBytes(c, 1)), clone(c.Bytes(3)), max(0, c.Int(4))
	data := c.Pin(2)
	c.Run(5, func() binding.Result {
		return binding.Buffer(kmacSum(strength, key, data.Bytes(), customization, size))
	})
}
