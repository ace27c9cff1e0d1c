package fs

import (
	"errors"
	"sort"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
)

// Kinds of directory entries, fs.constants.UV_DIRENT_*.
const (
	kindUnknown = iota
	kindFile
	kindDirectory
	kindLink
	kindFIFO
	kindSocket
	kindCharacter
	kindBlock
)

func kindOfMode(mode int64) uint8 {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return kindFile
	case unix.S_IFDIR:
		return kindDirectory
	case unix.S_IFLNK:
		return kindLink
	case unix.S_IFIFO:
		return kindFIFO
	case unix.S_IFSOCK:
		return kindSocket
	case unix.S_IFCHR:
		return kindCharacter
	case unix.S_IFBLK:
		return kindBlock
	}
	return kindUnknown
}

func openDirectory(p string) (int, error) { return openRetry(p, unix.O_RDONLY|unix.O_DIRECTORY, 0) }

// entries lists a directory in the order of the names' bytes.
func entries(p string) ([]entry, error) {
	fd, err := openDirectory(p)
	if err != nil {
		return nil, err
	}
	defer func() { _ = closeOnce(fd) }()
	d := dirReader{fd: fd}
	var list []entry
	for {
		before := len(list)
		if list, err = d.next(list); err != nil {
			return nil, err
		}
		if len(list) == before && d.end {
			break
		}
	}
	for k := range list {
		fillKind(p, &list[k])
	}
	sort.Slice(list, func(a, b int) bool { return list[a].name < list[b].name })
	return list, nil
}

// fillKind asks for the kind that the file system left out.
func fillKind(dir string, e *entry) {
	if e.kind == kindUnknown {
		var st [statFields]int64
		if statusOfPath(join(dir, e.name), false, &st) == nil {
			e.kind = kindOfMode(st[1])
		}
	}
}

func join(dir, name string) string {
	if dir == "" || dir[len(dir)-1] == '/' {
		return dir + name
	}
	return dir + "/" + name
}

// readdir(path, withKinds, asBuffer, recursive, request) → list. With recursive each name is preceded by its directory relative to path
// ("" at the top), breadth first; directories behind links are entered, as Node does it.
func readdir(c *binding.Call) {
	p, kinds, asBuffer, recursive := path(c, 0), c.Bool(1), c.Bool(2), c.Bool(3)
	c.Run(4, func() binding.Result {
		if !recursive {
			list, err := entries(p)
			if err != nil {
				return done(err, "scandir", p)
			}
			return entryList(nil, "", list, kinds, asBuffer, false)
		}
		var out []binding.Result
		queue := []string{""}
		for len(queue) > 0 {
			dir := queue[0]
			queue = queue[1:]
			full := p
			if dir != "" {
				full = join(p, dir)
			}
			list, err := entries(full)
			if err != nil {
				return done(err, "scandir", full)
			}
			for _, e := range list {
				name := e.name
				if dir != "" {
					name = dir + "/" + name
				}
				if e.kind == kindDirectory || e.kind == kindLink && isDirectory(join(p, name)) {
					queue = append(queue, name)
				}
			}
			out = appendEntries(out, dir, list, kinds, asBuffer, true)
		}
		return binding.List(out...)
	})
}

func entryList(out []binding.Result, dir string, list []entry, kinds, asBuffer, dirs bool) binding.Result {
	return binding.List(appendEntries(out, dir, list, kinds, asBuffer, dirs)...)
}

func appendEntries(out []binding.Result, dir string, list []entry, kinds, asBuffer, dirs bool) []binding.Result {
	if out == nil {
		out = make([]binding.Result, 0, len(list)*2)
	}
	for _, e := range list {
		if dirs {
			out = append(out, binding.String(dir))
		}
		out = append(out, text(e.name, asBuffer))
		if kinds {
			out = append(out, binding.Int(e.kind))
		}
	}
	return out
}

// Dir is an open directory of fs.opendir. It reads on one goroutine at a time: lib/dir.ts queues operations.
type Dir struct {
	mu      sync.Mutex
	path    string
	reader  dirReader // guarded by mu
	pending []entry   // guarded by mu
	open    bool      // guarded by mu
}

// Close closes the directory, also when its JavaScript object was collected without a close.
func (d *Dir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open {
		return nil
	}
	d.open = false
	return closeOnce(d.reader.fd)
}

// opendir(path, request) → Dir
func opendir(c *binding.Call) {
	p := path(c, 0)
	named := c.IsNumber(1) // Node's synchronous form leaves the path out of the error
	c.Run(1, func() binding.Result {
		fd, err := openDirectory(p)
		if err != nil && !named {
			return done(err, "opendir")
		}
		if err != nil {
			return done(err, "opendir", p)
		}
		return binding.Ref(&Dir{path: p, reader: dirReader{fd: fd}, open: true})
	})
}

// dirRead(dir, n, asBuffer, request) → up to n times name, kind; null at the end
func dirRead(c *binding.Call) {
	d, _ := c.Ref(0).(*Dir)
	n, asBuffer := c.Int(1), c.Bool(2)
	c.Run(3, func() binding.Result {
		if d == nil {
			return done(unix.EBADF, "scandir")
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if !d.open {
			return done(unix.EBADF, "scandir")
		}
		for len(d.pending) == 0 {
			list, err := d.reader.next(nil)
			if err != nil {
				return done(err, "scandir", d.path)
			}
			if len(list) == 0 && d.reader.end {
				return binding.Null
			}
			d.pending = list
		}
		n = max(1, min(n, len(d.pending)))
		list := d.pending[:n]
		d.pending = d.pending[n:]
		for k := range list {
			fillKind(d.path, &list[k])
		}
		return entryList(nil, "", list, true, asBuffer, false)
	})
}

// dirClose(dir, request)
func dirClose(c *binding.Call) {
	d, _ := c.Ref(0).(*Dir)
	c.Run(1, func() binding.Result {
		if d == nil {
			return binding.Undefined
		}
		return done(d.Close(), "closedir")
	})
}

// rm(path, recursive, force, maxRetries, retryDelay in ms, request). The caller has refused directories without recursive.
func rm(c *binding.Call) {
	r := remover{recursive: c.Bool(1), retries: c.Int(3), delay: time.Duration(c.Int64(4)) * time.Millisecond}
	p, force := path(c, 0), c.Bool(2)
	c.Run(5, func() binding.Result {
		err := r.remove(p, true)
		if err == nil {
			return binding.Undefined
		}
		if force && errors.Is(err.err, unix.ENOENT) {
			return binding.Undefined
		}
		return done(err.err, err.call, err.path)
	})
}

type remover struct {
	recursive bool
	retries   int
	delay     time.Duration
}

type removeError struct {
	call, path string
	err        error
}

func (r *remover) remove(p string, top bool) *removeError {
	for try := 0; ; try++ {
		err := r.removeOnce(p, top)
		if err == nil || try >= r.retries {
			return err
		}
		switch err.err {
		case unix.EBUSY, unix.EMFILE, unix.ENFILE, unix.ENOTEMPTY, unix.EPERM:
			time.Sleep(time.Duration(try+1) * r.delay)
		default:
			return err
		}
	}
}

func (r *remover) removeOnce(p string, top bool) *removeError {
	var st [statFields]int64
	if err := statusOfPath(p, false, &st); err != nil {
		if err == unix.ENOENT && !top {
			return nil // somebody else was faster
		}
		return &removeError{"lstat", p, err}
	}
	if kindOfMode(st[1]) != kindDirectory {
		if err := retry(func() error { return unix.Unlink(p) }); err != nil && (err != unix.ENOENT || top) {
			return &removeError{"unlink", p, err}
		}
		return nil
	}
	err := retry(func() error { return unix.Rmdir(p) })
	if err == nil || err == unix.ENOENT && !top {
		return nil
	}
	if !r.recursive || err != unix.ENOTEMPTY && err != unix.EEXIST {
		return &removeError{"rmdir", p, err}
	}
	list, err := entries(p)
	if err != nil {
		if err == unix.ENOENT && !top {
			return nil
		}
		if err == unix.EACCES {
			return &removeError{"rmdir", p, unix.ENOTEMPTY}
		}
		return &removeError{"scandir", p, err}
	}
	for _, e := range list {
		if err := r.remove(join(p, e.name), false); err != nil {
			return err
		}
	}
	if err := retry(func() error { return unix.Rmdir(p) }); err != nil && err != unix.ENOENT {
		return &removeError{"rmdir", p, err}
	}
	return nil
}
