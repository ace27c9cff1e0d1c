package typescript

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/microsoft/typescript-go/roost"
)

// A pack is one file that holds a compiled program and everything it depends on. One read and one stat an input tell
// whether it may be used; the compiler is not even constructed then.
//
//	magic, version, then the fields in order; strings are a length and bytes; at the end the SHA-256 of all before it
type pack struct {
	config  string
	roots   []string
	widened bool
	paths   []roost.PathMapping
	written int64 // when, in nanoseconds since 1970
	inputs  []input
	absent  []string
	files   []packedFile
}

type packedFile struct {
	path, js, mappings string
	kind               ModuleKind
}

// input is a file that the output depends on.
type input struct {
	path  string
	size  int64
	mtime int64
	inode uint64
	sum   [sha256.Size]byte // of the text, without a byte order mark
}

const (
	packMagic  = "roost typescript 2\n"
	maxPack    = 1 << 30
	racyWindow = int64(2 * time.Second)
)

// packName is the name of a program's pack. Everything else that the output depends on is inside.
func packName(config, entry, variant string) string {
	sum := sha256.Sum256([]byte(config + "\x00" + entry + "\x00" + variant))
	return hex.EncodeToString(sum[:16]) + ".pack"
}

// stat gives what tells cheaply that a file is the same.
func stat(path string) (size, mtime int64, inode uint64, ok bool) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return 0, 0, 0, false
	}
	if s, isStat := info.Sys().(*syscall.Stat_t); isStat {
		inode = uint64(s.Ino)
	}
	return info.Size(), info.ModTime().UnixNano(), inode, true
}

func isNotDirectory(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

func (p *pack) addInputs(sums map[string][32]byte) {
	p.written = time.Now().UnixNano()
	for _, path := range slices.Sorted(maps.Keys(sums)) {
		in := input{path: path, sum: sums[path]}
		in.size, in.mtime, in.inode, _ = stat(path)
		p.inputs = append(p.inputs, in)
	}
}

// fresh tells whether all that the pack depends on is as it was. A file whose time differs, or is so young that it may have been
// written again in the same tick, is compared by content.
func (p *pack) fresh() bool {
	for _, in := range p.inputs {
		size, mtime, inode, ok := stat(in.path)
		if !ok {
			return false
		}
		if size == in.size && mtime == in.mtime && inode == in.inode && mtime < p.written-racyWindow {
			continue
		}
		text, err := os.ReadFile(in.path)
		if err != nil || sha256.Sum256(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))) != in.sum {
			return false
		}
	}
	for _, path := range p.absent {
		if !isMissing(path) {
			return false
		}
	}
	return true
}

// readPack reads a pack, nil when there is none or it is damaged or another version's.
func readPack(name string) *pack {
	if name == "" {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil || len(data) < sha256.Size || len(data) > maxPack {
		return nil
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if actual := sha256.Sum256(body); !bytes.Equal(actual[:], sum) {
		return nil
	}
	return decodePack(string(body))
}

// write puts the pack in place at once: readers see the old one or the new one.
func (p *pack) write(name string) error {
	if name == "" {
		return errors.New("no cache directory")
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".pack-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // fails after the rename, as it should
	body := p.encode()
	sum := sha256.Sum256(body)
	_, err = file.Write(append(body, sum[:]...))
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

func packVersion() string { return packMagic + roost.Version() }

func (p *pack) encode() []byte {
	var b []byte
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	list := func(s []string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		for _, v := range s {
			text(v)
		}
	}
	text(packVersion())
	text(p.config)
	list(p.roots)
	if p.widened {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	b = binary.AppendUvarint(b, uint64(len(p.paths)))
	for _, m := range p.paths {
		text(m.Pattern)
		list(m.Targets)
	}
	b = binary.AppendVarint(b, p.written)
	b = binary.AppendUvarint(b, uint64(len(p.inputs)))
	for _, in := range p.inputs {
		text(in.path)
		b = binary.AppendVarint(b, in.size)
		b = binary.AppendVarint(b, in.mtime)
		b = binary.AppendUvarint(b, in.inode)
		b = append(b, in.sum[:]...)
	}
	list(p.absent)
	b = binary.AppendUvarint(b, uint64(len(p.files)))
	for _, f := range p.files {
		text(f.path)
		b = append(b, byte(f.kind))
		text(f.js)
		text(f.mappings)
	}
	return b
}

// decoder reads what encode wrote. After a mistake everything it gives is zero and bad is set.
type decoder struct {
	rest string
	bad  bool
}

func (d *decoder) take(n uint64) string {
	if d.bad || n > uint64(len(d.rest)) {
		d.bad, d.rest = true, ""
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) unsigned() (v uint64) {
	for shift := 0; shift < 64; shift += 7 {
		s := d.take(1)
		if s == "" {
			return 0
		}
		v |= uint64(s[0]&0x7f) << shift
		if s[0] < 0x80 {
			return v
		}
	}
	d.bad = true
	return 0
}

func (d *decoder) signed() int64 {
	v := d.unsigned()
	return int64(v>>1) ^ -int64(v&1)
}

// count reads the length of a list; each element takes a byte at least.
func (d *decoder) count() int {
	n := d.unsigned()
	if n > uint64(len(d.rest)) {
		d.bad = true
		return 0
	}
	return int(n)
}

func (d *decoder) text() string { return d.take(d.unsigned()) }

func (d *decoder) flag() byte {
	if s := d.take(1); s != "" {
		return s[0]
	}
	return 0
}

func (d *decoder) list() []string {
	n := d.count()
	s := make([]string, 0, min(n, 1024))
	for range n {
		s = append(s, d.text())
	}
	return s
}

func decodePack(body string) *pack {
	d := &decoder{rest: body}
	if d.text() != packVersion() {
		return nil
	}
	p := &pack{config: strings.Clone(d.text()), roots: d.list(), widened: d.flag() == 1}
	for range d.count() {
		p.paths = append(p.paths, roost.PathMapping{Pattern: d.text(), Targets: d.list()})
	}
	p.written = d.signed()
	for range d.count() {
		in := input{path: d.text(), size: d.signed(), mtime: d.signed(), inode: d.unsigned()}
		copy(in.sum[:], d.take(sha256.Size))
		p.inputs = append(p.inputs, in)
	}
	p.absent = d.list()
	for range d.count() {
		f := packedFile{path: d.text(), kind: ModuleKind(d.flag())}
		f.js, f.mappings = d.text(), d.text()
		p.files = append(p.files, f)
	}
	if d.bad || d.rest != "" {
		return nil
	}
	return p
}
