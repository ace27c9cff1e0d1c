package source

import (
	"encoding/binary"

	tsgo "github.com/microsoft/typescript-go/roost"
)

// A kept shape is a byte for the kind, then two lists: the names that are exported, and what is exported again. Names may hold any character, so
// lists and strings begin with their length.
const (
	keptEither byte = iota
	keptESModule
)

func packShape(s tsgo.Shape) []byte {
	out := []byte{keptEither}
	if s.ESModule {
		out[0] = keptESModule
	}
	for _, list := range [][]string{s.Exports.Names, s.Exports.Reexports} {
		out = binary.AppendUvarint(out, uint64(len(list)))
		for _, text := range list {
			out = binary.AppendUvarint(out, uint64(len(text)))
			out = append(out, text...)
		}
	}
	return out
}

// unpackShape reads what packShape wrote; of anything else it gives what it can read.
func unpackShape(kept []byte) (s tsgo.Shape) {
	if len(kept) == 0 {
		return s
	}
	s.ESModule = kept[0] == keptESModule
	rest := kept[1:]
	length := func() int {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(rest)-size) {
			rest = nil
			return 0
		}
		rest = rest[size:]
		return int(n)
	}
	for _, list := range []*[]string{&s.Exports.Names, &s.Exports.Reexports} {
		for n := length(); n > 0 && len(rest) > 0; n-- {
			size := length()
			*list = append(*list, string(rest[:size]))
			rest = rest[size:]
		}
	}
	return s
}
