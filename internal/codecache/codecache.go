// Package codecache keeps V8's compiled code on disk between starts, many entries in one file.
//
// A Pack is read once, mapped into memory, and written whole to a temporary file that is renamed over the old one, so concurrent starts
// see the old or the new file, never half of one. Every entry has a checksum: a damaged one is as if it were not there. No error is
// ever reported: without a cache a start is slower, nothing else.
// A Pack in the user's cache directory is read once in a process, whatever the number of isolates. Any goroutine may use a Pack. The package
// knows no V8.
package codecache

import (
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"os"
	"path/filepath"
	"sort"
	"sync"
)

const magic = "roost code 2\n"

// Pack is the entries of one file. A nil *Pack is an empty one that never saves.
type Pack struct {
	path string // immutable

	mu      sync.Mutex
	entries map[string]entry // guarded by mu
	fresh   int              // guarded by mu; entries put since the file was read
}

// packs are the packs of the user's cache directory that this process has read, by path.
var packs = struct {
	mu  sync.Mutex
	all map[string]*Pack // guarded by mu
}{all: map[string]*Pack{}}

type entry struct {
	tag  uint64 // of the source that the data belongs to
	data []byte
	sum  uint64 // of data as read; 0: put in this process
}

// Open reads the pack named by parts (hashed into the file's name) from roost/<kind> in the user's cache directory, or dir when not empty.
func Open(dir, kind string, parts ...string) *Pack {
	shared := dir == ""
	if shared {
		base, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(base, "roost")
	}
	h := fnv.New128a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	p := &Pack{path: filepath.Join(dir, kind, hex.EncodeToString(h.Sum(nil))), entries: map[string]entry{}}
	if shared {
		packs.mu.Lock()
		defer packs.mu.Unlock()
		if known := packs.all[p.path]; known != nil {
			return known
		}
		packs.all[p.path] = p
	}
	if data := mapFile(p.path); data != nil {
		p.read(data)
	}
	return p
}

// read parses records: name length, name, tag, checksum, data length, data. What does not parse ends it.
func (p *Pack) read(data []byte) {
	if len(data) < len(magic) || string(data[:len(magic)]) != magic {
		return
	}
	data = data[len(magic):]
	for len(data) >= 24 {
		n, tag := binary.LittleEndian.Uint32(data), binary.LittleEndian.Uint64(data[4:])
		sum, size := binary.LittleEndian.Uint64(data[12:]), binary.LittleEndian.Uint32(data[20:])
		data = data[24:]
		if uint64(n)+uint64(size) > uint64(len(data)) {
			return
		}
		name := string(data[:n])
		p.entries[name] = entry{tag: tag, data: data[n : n+size : n+size], sum: sum}
		data = data[n+size:]
	}
}

// Get gives the data of name if it was put with the same tag and is undamaged; nil otherwise. It is read-only memory that lives as
// long as the process.
func (p *Pack) Get(name string, tag uint64) []byte {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.entries[name]
	if !ok || e.tag != tag {
		return nil
	}
	if e.sum != 0 {
		if Checksum(e.data) != e.sum {
			delete(p.entries, name)
			return nil
		}
		e.sum = 0
		p.entries[name] = e
	}
	return e.data
}

// Put stores data under name. tag names the version of its source.
func (p *Pack) Put(name string, tag uint64, data []byte) {
	if p == nil || len(data) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.entries[name] = entry{tag: tag, data: data}
	p.fresh++
}

// Fresh is the number of entries put since the pack was read or saved.
func (p *Pack) Fresh() int {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fresh
}

// Save writes the pack if anything was put.
func (p *Pack) Save() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fresh == 0 {
		return
	}
	p.fresh = 0
	names := make([]string, 0, len(p.entries))
	size := len(magic)
	for name, e := range p.entries {
		names = append(names, name)
		size += 24 + len(name) + len(e.data)
	}
	sort.Strings(names)
	out := make([]byte, 0, size)
	out = append(out, magic...)
	for _, name := range names {
		e := p.entries[name]
		sum := e.sum
		if sum == 0 {
			sum = Checksum(e.data)
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(len(name)))
		out = binary.LittleEndian.AppendUint64(out, e.tag)
		out = binary.LittleEndian.AppendUint64(out, sum)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(e.data)))
		out = append(out, name...)
		out = append(out, e.data...)
	}
	dir := filepath.Dir(p.path)
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(dir, ".pack-*")
	if err != nil {
		return
	}
	_, err = f.Write(out)
	if closed := f.Close(); err != nil || closed != nil || os.Rename(f.Name(), p.path) != nil {
		os.Remove(f.Name())
	}
}

// Checksum finds damage, not malice; never 0.
func Checksum(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for len(b) >= 8 {
		h = (h ^ binary.LittleEndian.Uint64(b)) * 0x9E3779B97F4A7C15
		h ^= h >> 32
		b = b[8:]
	}
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	h ^= h >> 29
	if h == 0 {
		return 1
	}
	return h
}
