package crypto

import "sync"

// Memory for output that crosses at once. Fresh memory would be cleared by the allocator and collected soon after, which costs more than the
// ciphers themselves.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

const maxScratch = 2 << 20 // longer memory is not kept

// takeScratch gives memory with a capacity of n bytes at least, with anything in it.
func takeScratch(n int) *[]byte {
	b := scratch.Get().(*[]byte)
	if cap(*b) < n {
		*b = make([]byte, 0, n)
	}
	return b
}

// releaseScratch takes it back. It is not cleared, as Go's heap isn't when memory is freed; the next user sees only what it wrote itself.
func releaseScratch(b *[]byte) {
	if cap(*b) <= maxScratch {
		scratch.Put(b)
	}
}
