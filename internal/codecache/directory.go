package codecache

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// Directory is compiled code in a folder that the user asked for (module.enableCompileCache, NODE_COMPILE_CACHE), a file an entry, so that it
// can be shipped and shared. An entry fits by its source's length and checksum, not by the file's time. Files are written beside their
// place and renamed, so any number of processes may use a folder at once; what is damaged or another version's is as if it were not there.
// One thread at a time.
type Directory struct {
	path     string
	portable bool // names are relative to path
	log      func(format string, args ...any)
	entries  []*Entry
	known    map[string]*Entry // by kind and name
}

// Kind is what an entry's source was compiled as.
type Kind string

// The kinds, as they are shown.
const (
	CommonJS Kind = "CommonJS"
	ESModule Kind = "ESM"
)

// OpenDirectory makes the folder version below base. log, which may be nil, takes a line for everything that happens. Portable entries
// are found again when the folder moves together with the sources.
func OpenDirectory(base, version string, portable bool, log func(format string, args ...any)) (*Directory, error) {
	if log == nil {
		log = func(string, ...any) {}
	}
	if portable {
		log("using relative path")
	}
	path, err := filepath.Abs(filepath.Join(base, version))
	if err != nil {
		return nil, err
	}
	log("resolved path %s + %s -> %s", base, version, path)
	if err := os.MkdirAll(path, 0o777); err != nil {
		why := reason(err)
		log("creating cache directory %s...%s", path, why)
		return nil, fmt.Errorf("Cannot create cache directory: %s", why)
	}
	log("creating cache directory %s...success", path)
	return &Directory{path: path, portable: portable, log: log, known: map[string]*Entry{}}, nil
}

// Path is the folder, absolute.
func (d *Directory) Path() string { return d.path }

// Logf writes a line to the log.
func (d *Directory) Logf(format string, args ...any) { d.log(format, args...) }

// reason is the system's text for an error.
func reason(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return err.Error()
}

// Entry is the code of one source. It begins with what the folder has; Compiled and Store say how it goes on.
type Entry struct {
	d          *Directory
	kind       Kind
	name, file string
	size       int    // of the source
	sum        uint64 // of the source
	data       []byte // that fits the source; nil: none
	state      state
}

type state uint8

const (
	asked state = iota // not compiled yet, or with an error
	kept               // V8 took the stored code
	fresh              // compiled here
	saved              // compiled here and written
)

// Lookup gives the entry of a source that is about to be compiled. path is the source's place on the disk, name what the log shows.
func (d *Directory) Lookup(kind Kind, name, path, source string) *Entry {
	sum := Checksum([]byte(source))
	key := string(kind) + "\x00" + name
	if e := d.known[key]; e != nil && e.size == len(source) && e.sum == sum {
		return e
	}
	e := &Entry{d: d, kind: kind, name: name, file: d.fileOf(kind, path), size: len(source), sum: sum}
	d.known[key] = e
	d.entries = append(d.entries, e)
	e.read()
	return e
}

// fileOf is the place of an entry. Two names may meet in one place; the checksum of the source tells them apart.
func (d *Directory) fileOf(kind Kind, path string) string {
	if d.portable {
		if relative, err := filepath.Rel(d.path, path); err == nil {
			d.log("using relative path %s from %s", relative, d.path)
			path = relative
		}
	}
	return filepath.Join(d.path, fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(string(kind)+"\x00"+path))))
}

// A file is a header, all numbers little-endian, and the code:
//
//	magic uint32, length of the source uint32, length of the code uint32, flags (0) uint32, checksum of the source uint64, of the code uint64
const (
	entryMagic  = 0x314f4352 // "RCO1"
	entryHeader = 32
)

// read takes the stored code if it fits.
func (e *Entry) read() {
	log := func(format string, args ...any) {
		e.d.log("reading cache from %s for %s %s...%s", e.file, e.kind, e.name, fmt.Sprintf(format, args...))
	}
	f, err := os.Open(e.file)
	if err != nil {
		log(" %s", reason(err))
		return
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		log(" %s", reason(err))
		return
	}
	data, shown, why := unpackEntry(data, e.size, e.sum)
	if why != "" {
		log("%s%s", shown, why)
		return
	}
	e.data = data
	log("%s... success, size=%d", shown, len(data))
}

// unpackEntry gives the code of a file if it belongs to a source of this length and checksum; else why not. shown is its header for the log.
func unpackEntry(data []byte, size int, sum uint64) (code []byte, shown, why string) {
	if len(data) < entryHeader {
		return nil, "", fmt.Sprintf("reading header failed, bytes read %d", len(data))
	}
	magic, sourceSize := binary.LittleEndian.Uint32(data), binary.LittleEndian.Uint32(data[4:])
	codeSize := binary.LittleEndian.Uint32(data[8:])
	sourceSum, codeSum := binary.LittleEndian.Uint64(data[16:]), binary.LittleEndian.Uint64(data[24:])
	shown = fmt.Sprintf("[%d %d %d %d %d]", magic, sourceSize, codeSize, sourceSum, codeSum)
	code = data[entryHeader:]
	switch {
	case magic != entryMagic:
		return nil, shown, fmt.Sprintf("magic number mismatch: expected %d, actual %d", uint32(entryMagic), magic)
	case int(sourceSize) != size:
		return nil, shown, fmt.Sprintf("code size mismatch: expected %d, actual %d", size, sourceSize)
	case sourceSum != sum:
		return nil, shown, fmt.Sprintf("code hash mismatch: expected %d, actual %d", sum, sourceSum)
	case int(codeSize) != len(code):
		return nil, shown, fmt.Sprintf("cache size mismatch: expected %d, actual %d", codeSize, len(code))
	}
	if actual := Checksum(code); actual != codeSum {
		return nil, shown, fmt.Sprintf("cache hash mismatch: expected %d, actual %d", codeSum, actual)
	}
	return code, shown, ""
}

// Data is the stored code; nil when there is none.
func (e *Entry) Data() []byte { return e.data }

// Compiled says that the source was compiled, and whether V8 refused the stored code. It tells whether code is to be stored.
func (e *Entry) Compiled(rejected bool) bool {
	if e.state != asked {
		return false // the same source once more, as by a worker's loader or after require.cache was emptied
	}
	switch {
	case e.data == nil:
		e.state = fresh
		e.d.log("V8 code cache for %s %s was not initialized, initializing the in-memory entry", e.kind, e.name)
	case rejected:
		e.state = fresh
		e.d.log("V8 code cache for %s %s was rejected, refreshing the in-memory entry", e.kind, e.name)
	default:
		e.state = kept
		e.d.log("V8 code cache for %s %s was accepted, keeping the in-memory entry", e.kind, e.name)
	}
	e.data = nil
	return e.state == fresh
}

// Store writes the entry's code.
func (e *Entry) Store(data []byte) {
	if len(data) == 0 {
		return
	}
	d := e.d
	f, err := os.CreateTemp(d.path, filepath.Base(e.file)+".*")
	if err != nil {
		d.log("Creating temporary file for cache of %s (%s)...%s", e.name, e.kind, reason(err))
		return
	}
	d.log("Creating temporary file for cache of %s (%s)... -> %s", e.name, e.kind, f.Name())
	out := make([]byte, entryHeader, entryHeader+len(data))
	binary.LittleEndian.PutUint32(out, entryMagic)
	binary.LittleEndian.PutUint32(out[4:], uint32(e.size))
	binary.LittleEndian.PutUint32(out[8:], uint32(len(data)))
	binary.LittleEndian.PutUint64(out[16:], e.sum)
	binary.LittleEndian.PutUint64(out[24:], Checksum(data))
	out = append(out, data...)
	_, err = f.Write(out)
	if closed := f.Close(); err == nil {
		err = closed
	}
	_, shown, _ := unpackEntry(out, e.size, e.sum)
	d.log("writing cache for %s %s to temporary file %s %s...%s", e.kind, e.name, f.Name(), shown, outcome(err))
	if err == nil {
		err = os.Rename(f.Name(), e.file)
		d.log("Renaming %s to %s...%s", f.Name(), e.file, outcome(err))
	}
	if err != nil {
		os.Remove(f.Name())
		return
	}
	e.state = saved
}

func outcome(err error) string {
	if err != nil {
		return reason(err)
	}
	return "success"
}

// Skipped writes to the log which entries there was nothing to store for.
func (d *Directory) Skipped() {
	for _, e := range d.entries {
		switch e.state {
		case asked:
			d.log("skip persisting %s %s because the cache was not initialized", e.kind, e.name)
		case kept:
			d.log("skip persisting %s %s because cache was the same", e.kind, e.name)
		}
	}
}
