package runtime

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"sort"

	"roost/internal/engine"
	"roost/internal/node/all"
)

// codeCache is V8's compiled code of the builtins, kept under the user's cache directory and read at the next start. Its file is named
// after the bundle and V8's version tag, written whole and renamed; a damaged one is dropped and made again.
type codeCache struct {
	path    string
	entries map[string][]byte
}

const cacheMagic = "roost builtins 1\n"

func openCodeCache() *codeCache {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	h := sha256.New()
	h.Write([]byte(all.Fingerprint()))
	var tag [4]byte
	binary.LittleEndian.PutUint32(tag[:], engine.CacheVersion())
	h.Write(tag[:])
	c := &codeCache{path: filepath.Join(dir, "roost", "builtins-"+hex.EncodeToString(h.Sum(nil)[:12])), entries: map[string][]byte{}}
	data, err := os.ReadFile(c.path)
	if err != nil {
		return c
	}
	c.read(data)
	return c
}

// read parses magic, sha256 of the rest, then (name length, name, data length, data) records; anything wrong leaves the cache empty.
func (c *codeCache) read(data []byte) {
	rest, ok := bytes.CutPrefix(data, []byte(cacheMagic))
	if !ok || len(rest) < 8 {
		return
	}
	sum := binary.LittleEndian.Uint64(rest)
	rest = rest[8:]
	if checksum(rest) != sum {
		return
	}
	next := func() []byte {
		if len(rest) < 4 {
			rest = nil
			return nil
		}
		n := binary.LittleEndian.Uint32(rest)
		rest = rest[4:]
		if uint64(n) > uint64(len(rest)) {
			rest = nil
			return nil
		}
		out := rest[:n:n]
		rest = rest[n:]
		return out
	}
	for len(rest) > 0 {
		name := next()
		text := next()
		if name == nil || text == nil {
			clear(c.entries)
			return
		}
		c.entries[string(name)] = text
	}
}

func (c *codeCache) get(specifier string) []byte {
	if c == nil {
		return nil
	}
	return c.entries[specifier]
}

// saveCache writes the cache when this run compiled a builtin that had none.
func (b *builtins) saveCache() {
	c := b.cache
	if c == nil || b.fresh == 0 {
		return
	}
	b.cache = nil
	scope := b.r.isolate.Scope()
	defer scope.Close()
	for _, s := range b.order {
		if data := b.modules[s].Cache(); data != nil {
			c.entries[s] = data
		}
	}
	names := make([]string, 0, len(c.entries))
	for s := range c.entries {
		names = append(names, s)
	}
	sort.Strings(names)
	var body []byte
	for _, s := range names {
		body = binary.LittleEndian.AppendUint32(body, uint32(len(s)))
		body = append(body, s...)
		body = binary.LittleEndian.AppendUint32(body, uint32(len(c.entries[s])))
		body = append(body, c.entries[s]...)
	}
	head := binary.LittleEndian.AppendUint64([]byte(cacheMagic), checksum(body))
	// Without a cache the next start is slower, nothing else: errors are not worth a word.
	dir := filepath.Dir(c.path)
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(dir, ".builtins-*")
	if err != nil {
		return
	}
	_, err1 := f.Write(head)
	_, err2 := f.Write(body)
	if err3 := f.Close(); err1 != nil || err2 != nil || err3 != nil || os.Rename(f.Name(), c.path) != nil {
		os.Remove(f.Name())
	}
}

// checksum is FNV-1a over 8-byte words: it finds damage, not malice; V8 checks what it takes as well.
func checksum(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for len(b) >= 8 {
		h = (h ^ binary.LittleEndian.Uint64(b)) * 1099511628211
		h ^= h >> 29
		b = b[8:]
	}
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}
