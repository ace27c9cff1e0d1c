package handle

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"roost/internal/loop"
)

// watchMask is what libuv asks inotify(7) for.
const watchMask = unix.IN_ATTRIB | unix.IN_CREATE | unix.IN_MODIFY | unix.IN_DELETE | unix.IN_DELETE_SELF | unix.IN_MOVE_SELF |
	unix.IN_MOVED_FROM | unix.IN_MOVED_TO

// Watcher is the inotify instance of one loop. Loop thread only.
type Watcher struct {
	loop    *loop.Loop
	poll    *loop.Poll
	fd      int
	targets map[int32][]watched // by inotify's watch descriptor: several Watches may share one
	refs    int
	open    int
	closed  bool
}

// watched is one directory or file of a Watch.
type watched struct {
	w   *Watch
	dir string // relative to the Watch's root, "" for the root itself
}

// Watch watches a file, a directory or a tree.
type Watch struct {
	set       *Watcher
	root      string
	recursive bool
	directory bool
	referred  bool
	closed    bool
	f         func(kind Change, name string)
	wds       map[string]int32 // by watched.dir
}

// NewWatcher opens an inotify instance.
func NewWatcher(l *loop.Loop) (*Watcher, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, err
	}
	s := &Watcher{loop: l, fd: fd, targets: map[int32][]watched{}}
	if s.poll, err = l.NewPoll(fd, s.ready); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	s.poll.SetKind("FSEventWrap")
	s.poll.Unref()
	return s, nil
}

// Close ends all watches.
func (s *Watcher) Close() {
	if !s.closed {
		s.closed = true
		s.poll.Close(nil)
		_ = unix.Close(s.fd)
	}
}

// Add watches path and calls f with every change: the name is relative to path, or path's own last part when path is a file.
func (s *Watcher) Add(path string, recursive bool, f func(kind Change, name string)) (*Watch, error) {
	if s.closed {
		return nil, unix.EBADF
	}
	w := &Watch{set: s, root: path, recursive: recursive, f: f, wds: map[string]int32{}}
	if info, err := os.Stat(path); err == nil {
		w.directory = info.IsDir()
	}
	if err := w.add(""); err != nil {
		return nil, err
	}
	if recursive && w.directory {
		w.addBelow("", nil)
	}
	s.open++
	if s.open == 1 {
		_ = s.poll.Set(loop.Readable)
	}
	w.Ref()
	return w, nil
}

func (w *Watch) add(dir string) error {
	wd, err := unix.InotifyAddWatch(w.set.fd, filepath.Join(w.root, dir), watchMask)
	if err != nil {
		return err
	}
	if _, known := w.wds[dir]; !known {
		w.wds[dir] = int32(wd)
		w.set.targets[int32(wd)] = append(w.set.targets[int32(wd)], watched{w, dir})
	}
	return nil
}

// addBelow watches the directories under dir; found, unless nil, gets what is in them, which may have come before the watch.
func (w *Watch) addBelow(dir string, found func(name string)) {
	entries, err := os.ReadDir(filepath.Join(w.root, dir))
	if err != nil {
		return // gone already
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if found != nil {
			found(name)
		}
		if e.IsDir() && w.add(name) == nil {
			w.addBelow(name, found)
		}
	}
}

// Ref makes the watch keep the loop alive; the default.
func (w *Watch) Ref() { w.refer(true) }

// Unref undoes Ref.
func (w *Watch) Unref() { w.refer(false) }

func (w *Watch) refer(on bool) {
	if w.referred == on || w.closed || w.set.closed {
		return
	}
	w.referred = on
	if on {
		w.set.refs++
	} else {
		w.set.refs--
	}
	if w.set.refs > 0 {
		w.set.poll.Ref()
	} else {
		w.set.poll.Unref()
	}
}

// Close ends the watch: f isn't called any more.
func (w *Watch) Close() {
	if w.closed || w.set.closed {
		return
	}
	w.Unref()
	w.closed = true
	for dir := range w.wds {
		w.drop(dir)
	}
	if w.set.open--; w.set.open == 0 {
		_ = w.set.poll.Set(0)
	}
}

// drop forgets one directory.
func (w *Watch) drop(dir string) {
	wd, ok := w.wds[dir]
	if !ok {
		return
	}
	delete(w.wds, dir)
	list := w.set.targets[wd]
	for k, t := range list {
		if t.w == w && t.dir == dir {
			list = append(list[:k:k], list[k+1:]...)
			break
		}
	}
	if len(list) > 0 {
		w.set.targets[wd] = list
		return
	}
	delete(w.set.targets, wd)
	_, _ = unix.InotifyRmWatch(w.set.fd, uint32(wd)) // EINVAL: the file is gone
}

func (s *Watcher) ready(loop.Events) {
	var b [16 << 10]byte
	for !s.closed {
		n, err := unix.Read(s.fd, b[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return
		}
		for p := b[:n]; len(p) >= unix.SizeofInotifyEvent && !s.closed; {
			// struct inotify_event: wd, mask, cookie, len, name.
			wd, mask := int32(binary.NativeEndian.Uint32(p)), binary.NativeEndian.Uint32(p[4:])
			size := int(binary.NativeEndian.Uint32(p[12:]))
			name, _, _ := bytes.Cut(p[unix.SizeofInotifyEvent:][:size], []byte{0})
			p = p[unix.SizeofInotifyEvent+size:]
			s.dispatch(wd, mask, string(name))
		}
	}
}

func (s *Watcher) dispatch(wd int32, mask uint32, name string) {
	list := append([]watched(nil), s.targets[wd]...)
	if mask&unix.IN_IGNORED != 0 {
		for _, t := range list {
			delete(t.w.wds, t.dir)
		}
		delete(s.targets, wd)
		return
	}
	for _, t := range list {
		if !t.w.closed {
			t.w.report(t.dir, mask, name)
		}
	}
}

func (w *Watch) report(dir string, mask uint32, name string) {
	full := filepath.Join(dir, name)
	if name == "" {
		if w.recursive && dir != "" {
			return // its parent reports it
		}
		full = filepath.Base(w.root)
	}
	changed := mask&(unix.IN_ATTRIB|unix.IN_MODIFY) != 0
	renamed := mask&^(unix.IN_ATTRIB|unix.IN_MODIFY|unix.IN_ISDIR) != 0
	if changed && !(w.recursive && mask&unix.IN_ISDIR != 0) {
		w.f(Changed, full)
	}
	if !renamed || w.closed {
		return
	}
	w.f(Renamed, full)
	if !w.recursive || mask&unix.IN_ISDIR == 0 || name == "" || w.closed {
		return
	}
	if mask&(unix.IN_CREATE|unix.IN_MOVED_TO) != 0 {
		if w.add(full) == nil {
			w.addBelow(full, func(name string) {
				if !w.closed {
					w.f(Renamed, name)
				}
			})
		}
		return
	}
	if mask&unix.IN_MOVED_FROM != 0 {
		for dir := range w.wds {
			if dir == full || strings.HasPrefix(dir, full+"/") {
				w.drop(dir)
			}
		}
	}
}
