package logs

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Rotation says when a file is put aside and how many old ones stay. The zero value never rotates.
type Rotation struct {
	MaxSize  int64 // bytes; 0: no limit
	Daily    bool  // at the first line of a new day
	Keep     int   // old files; 0: all
	Compress bool
}

// DefaultRotation is on unless the configuration says otherwise.
var DefaultRotation = Rotation{MaxSize: 10 << 20, Daily: true, Keep: 30, Compress: true}

// File is a log file that several streams may write to. Any goroutine may call it.
type File struct {
	path     string // immutable
	now      func() time.Time
	archives *archiver

	mu       sync.Mutex
	rotation Rotation // guarded by mu
	f        *os.File // guarded by mu; nil when it couldn't be opened
	size     int64    // guarded by mu
	last     time.Time
	users    int
}

// Files hands out one File a path. The zero value is ready; any goroutine may call it.
type Files struct {
	Now func() time.Time // nil: time.Now

	mu       sync.Mutex
	open     map[string]*File
	archives archiver
}

// Open gives the file of a path; each Open needs a Release. The file and its folder are made at the first write at the latest.
func (s *Files) Open(path string, r Rotation) *File {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.open[path]
	if f == nil {
		f = &File{path: path, now: s.Now, archives: &s.archives}
		if f.now == nil {
			f.now = time.Now
		}
		if s.open == nil {
			s.open = map[string]*File{}
		}
		s.open[path] = f
	}
	f.mu.Lock()
	f.users++
	f.rotation = r
	_ = f.ensure() // so that it is there to be followed
	f.mu.Unlock()
	return f
}

// Release gives back what Open gave; the last one closes the file.
func (s *Files) Release(f *File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users--; f.users > 0 {
		return
	}
	f.close()
	delete(s.open, f.path)
}

// Reopen opens every file anew: after somebody else has moved them.
func (s *Files) Reopen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.open {
		f.mu.Lock()
		f.close()
		_ = f.ensure()
		f.mu.Unlock()
	}
}

// WaitArchives waits until files that were put aside are compressed.
func (s *Files) WaitArchives() { s.archives.wait() }

// Path is where it lies.
func (f *File) Path() string { return f.path }

// Write appends whole lines: they are never split between two files. It may wait for the disk. On an error the file has none of the lines,
// or the beginning of a line that the next Write removes.
func (f *File) Write(lines []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.ensure(); err != nil {
		return err
	}
	now := f.now()
	if f.isDue(int64(len(lines)), now) {
		if err := f.rotate(now); err != nil {
			return err
		}
	}
	f.last = now
	n, err := f.f.Write(lines)
	if err != nil && n > 0 {
		// A full disk took a part: the caller comes again with all of it.
		if f.f.Truncate(f.size) == nil {
			return err
		}
	}
	f.size += int64(n)
	return err
}

// Flush empties the file.
func (f *File) Flush() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.ensure(); err != nil {
		return err
	}
	f.size = 0
	return f.f.Truncate(0)
}

// ensure opens the file; mu is held.
func (f *File) ensure() error {
	if f.f != nil {
		return nil
	}
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(f.path), 0o755); err == nil {
			file, err = os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
		}
	}
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return err
	}
	f.f, f.size, f.last = file, info.Size(), info.ModTime()
	if info.Mode().IsRegular() {
		return f.mend()
	}
	return nil
}

// mend cuts off the beginning of a line that a writer was killed in; its spool still has the line.
func (f *File) mend() error {
	var tail [4096]byte
	for end := f.size; end > 0; {
		from := max(0, end-int64(len(tail)))
		n, err := f.f.ReadAt(tail[:end-from], from)
		if err != nil {
			return err
		}
		for k := n - 1; k >= 0; k-- {
			if tail[k] != '\n' {
				continue
			}
			whole := from + int64(k) + 1
			if whole == f.size {
				return nil
			}
			f.size = whole
			return f.f.Truncate(whole)
		}
		if f.size-from >= maxLine {
			return nil // no text of ours: leave it
		}
		end = from
	}
	f.size = 0
	return f.f.Truncate(0)
}

// close is called with mu held.
func (f *File) close() {
	if f.f != nil {
		_ = f.f.Close()
		f.f = nil
	}
}

func (f *File) isDue(more int64, now time.Time) bool {
	r := f.rotation
	switch {
	case f.size == 0:
		return false
	case r.MaxSize > 0 && f.size+more > r.MaxSize:
		return true
	default:
		return r.Daily && !sameDay(f.last, now)
	}
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// rotate puts the file aside and begins a new one; mu is held.
func (f *File) rotate(now time.Time) error {
	info, err := f.f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil // /dev/null, a terminal
	}
	if err := os.Rename(f.path, archiveName(f.path, now)); err != nil {
		return err
	}
	f.close()
	f.archives.start(f.path, f.rotation)
	return f.ensure()
}
