package engine

import "hash/maphash"

// texts keeps short strings that natives have read: the same few (encodings, header names, paths) cross again and again, and finding one
// here is cheaper than allocating it. Only ASCII is kept, whose Latin-1 and UTF-8 bytes are equal. Isolate's thread only.
type texts [512]string

const maxText = 64 // bytes; at 512 places it holds 32 KiB at most

var textSeed = maphash.MakeSeed()

// of gives b, Latin-1 text of at least one byte, as a Go string.
func (t *texts) of(b []byte) string {
	if len(b) > maxText {
		return latin1(b)
	}
	place := &t[maphash.Bytes(textSeed, b)%uint64(len(t))]
	if *place == string(b) {
		return *place
	}
	s := latin1(b)
	if len(s) == len(b) { // ASCII
		*place = s
	}
	return s
}
