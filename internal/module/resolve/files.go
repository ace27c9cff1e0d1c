package resolve

import (
	"path"
	"strings"
	"syscall"
	"time"
)

// fileKind is what stat says of a path; a symbolic link counts as what it leads to.
type fileKind uint8

const (
	absent fileKind = iota
	regular
	directory
)

type fileEntry struct {
	kind fileKind
	link bool // the last component is a symbolic link
}

// files remembers the file system for statLifetime.
type files struct {
	present map[string]fileEntry
	missing map[string]struct{}
	real    map[string]string   // real path by directory
	scopes  map[string]*Package // nearest package by directory, nil when there is none
	// required holds what require makes of a file; it rests on scopes.
	required map[string]Result
	born     time.Time
}

func (f *files) reset(now time.Time) {
	f.present = make(map[string]fileEntry)
	f.real = make(map[string]string)
	f.born = now
	f.forgetAbsence()
}

// remembersAbsence reports whether an answer could rest on a file that didn't exist then but does now.
func (f *files) remembersAbsence() bool { return len(f.missing) > 0 || len(f.scopes) > 0 }

// forgetAbsence drops what isn't there, and the scopes, which rest on it.
func (f *files) forgetAbsence() {
	f.missing = make(map[string]struct{})
	f.scopes = make(map[string]*Package)
	f.required = make(map[string]Result)
}

// entry looks a clean path up. Whatever is neither directory nor missing counts as regular: pipes
// and devices can be loaded too.
func (f *files) entry(p string) fileEntry {
	if e, ok := f.present[p]; ok {
		return e
	}
	var e fileEntry
	if _, ok := f.missing[p]; ok {
		return e
	}
	var st syscall.Stat_t
	if retry(func() error { return syscall.Lstat(p, &st) }) == nil {
		if st.Mode&syscall.S_IFMT == syscall.S_IFLNK {
			e.link = true
			if retry(func() error { return syscall.Stat(p, &st) }) != nil {
				st.Mode = 0 // dangling, or a cycle
			}
		}
		switch st.Mode & syscall.S_IFMT {
		case 0:
		case syscall.S_IFDIR:
			e.kind = directory
		default:
			e.kind = regular
		}
	}
	if e.kind == absent {
		f.missing[p] = struct{}{}
	} else {
		f.present[p] = e
	}
	return e
}

func retry(call func() error) error {
	for {
		if err := call(); err != syscall.EINTR {
			return err
		}
	}
}

func (f *files) kind(p string) fileKind { return f.entry(p).kind }

// maxLinks is Linux's own limit for one path (path_resolution(7)).
const maxLinks = 40

// realPath follows every symbolic link in an absolute clean path. A path that can't be followed is
// returned as it is.
func (f *files) realPath(p string) string {
	if r, ok := f.follow(p, maxLinks); ok {
		return r
	}
	return p
}

func (f *files) follow(p string, links int) (string, bool) {
	if p == "/" || p == "." || p == "" {
		return p, true
	}
	if r, ok := f.real[p]; ok {
		return r, true
	}
	e := f.entry(p)
	if e.kind == absent {
		return "", false
	}
	parent, name := path.Split(p)
	dir := "/"
	if parent != "/" {
		var ok bool
		if dir, ok = f.follow(parent[:len(parent)-1], links); !ok {
			return "", false
		}
	}
	full := p
	if dir+"/" != parent && (dir != "/" || parent != "/") {
		full = strings.TrimSuffix(dir, "/") + "/" + name
	}
	if e.link {
		if links == 0 {
			return "", false
		}
		target, ok := readlink(full)
		if !ok {
			return "", false
		}
		if full, ok = f.follow(absolute(dir, target), links-1); !ok {
			return "", false
		}
	}
	if e.kind == directory {
		f.real[p] = full
	}
	return full, true
}

func readlink(p string) (string, bool) {
	for size := 256; ; size *= 4 {
		b := make([]byte, size)
		var n int
		err := retry(func() (err error) { n, err = syscall.Readlink(p, b); return })
		if err != nil {
			return "", false
		}
		if n < size {
			return string(b[:n]), true
		}
	}
}
