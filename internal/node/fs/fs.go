// Package fs is the Go half of node:fs: each native is a synchronous call, a callback and a promise in one (see binding.Call.Run).
// Work runs on the isolate's thread or on a goroutine of the loop's pool; it touches no state of the isolate. Paths are strings or bytes.
// Descriptors are plain numbers: nothing here enters Go's netpoller, and nothing is closed by a finalizer but directories (Dir).
package fs

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
)

// Module is the fs builtin. The last argument of most natives is a request number; without it they work at once.
var Module = binding.Module{Name: "fs", Natives: binding.Natives{
	"open":      open,
	"close":     closeFile,
	"handOver":  handOver,
	"takeOver":  takeOver,
	"read":      read,
	"write":     write,
	"writeText": writeText,
	"writev":    writev,
	"readFile":  readFile,
	"writeFile": writeFile,
	"copyFile":  copyFile,
	"stat":      stat,
	"fstat":     fstat,
	"statfs":    statfs,
	"exists":    exists,
	"access":    access,
	"mkdir":     mkdir,
	"mkdtemp":   mkdtemp,
	"rmdir":     func(c *binding.Call) { onePath(c, "rmdir", unix.Rmdir) },
	"unlink":    func(c *binding.Call) { onePath(c, "unlink", unix.Unlink) },
	"rename":    func(c *binding.Call) { twoPaths(c, "rename", unix.Rename) },
	"link":      func(c *binding.Call) { twoPaths(c, "link", unix.Link) },
	"symlink":   func(c *binding.Call) { twoPaths(c, "symlink", unix.Symlink) },
	"rm":        rm,
	"readdir":   readdir,
	"opendir":   opendir,
	"dirRead":   dirRead,
	"dirClose":  dirClose,
	"readlink":  readlink,
	"realpath":  realpath,
	"chmod":     chmod,
	"fchmod":    fchmod,
	"chown":     chown,
	"fchown":    fchown,
	"utimes":    utimes,
	"futimes":   futimes,
	"ftruncate": ftruncate,
	"fsync":     func(c *binding.Call) { oneFile(c, "fsync", unix.Fsync) },
	"fdatasync": func(c *binding.Call) { oneFile(c, "fdatasync", fdatasync) },
	"watch":     watch,
	"watchRef":  watchRef,
	"unwatch":   unwatch,
}}

// path reads a path argument: a string or the bytes of a Buffer.
func path(c *binding.Call, k int) string {
	if c.IsBytes(k) {
		return string(c.Bytes(k))
	}
	return c.String(k)
}

// retry repeats a call that a signal interrupted.
func retry(f func() error) error {
	for {
		if err := f(); err != unix.EINTR {
			return err
		}
	}
}

func done(err error, syscallName string, paths ...string) binding.Result {
	if err != nil {
		return binding.Fail(binding.Syscall(syscallName, err, paths...))
	}
	return binding.Undefined
}

func onePath(c *binding.Call, name string, f func(string) error) {
	p := path(c, 0)
	c.Run(1, func() binding.Result { return done(retry(func() error { return f(p) }), name, p) })
}

func twoPaths(c *binding.Call, name string, f func(a, b string) error) {
	a, b := path(c, 0), path(c, 1)
	c.Run(2, func() binding.Result { return done(retry(func() error { return f(a, b) }), name, a, b) })
}

func oneFile(c *binding.Call, name string, f func(int) error) {
	fd := c.FD(0)
	c.Run(1, func() binding.Result { return done(retry(func() error { return f(fd) }), name) })
}

// closeOnce closes a descriptor. After EINTR it is closed too: trying again could hit someone else's.
func closeOnce(fd int) error {
	if err := unix.Close(fd); err != unix.EINTR {
		return err
	}
	return nil
}

// open(path, flags, mode, request) → fd
func open(c *binding.Call) {
	p, flags, mode := path(c, 0), c.Int(1), c.Uint32(2)
	files := c.Env().Files
	c.Run(3, func() binding.Result {
		fd, err := openRetry(p, flags, mode)
		if err != nil {
			return done(err, "open", p)
		}
		files.Opened(fd)
		return binding.Int(fd)
	})
}

// close(fd, request)
func closeFile(c *binding.Call) {
	fd := c.FD(0)
	if fd != c.Int(0) {
		// A standard stream of a program that shares its process: what it opens next must not be taken for it.
		c.Run(1, func() binding.Result { return done(nil, "close") })
		return
	}
	c.Env().Files.Forget(fd)
	c.Run(1, func() binding.Result { return done(closeOnce(fd), "close") })
}

// handOver(fd): the descriptor goes to another thread with a message
func handOver(c *binding.Call) { c.Env().Files.Forget(c.Int(0)) }

// takeOver(fd): it came with one
func takeOver(c *binding.Call) { c.Env().Files.Opened(c.Int(0)) }

// window gives the part of b that offset and length name, within b.
func window(b []byte, offset, length int64) []byte {
	if offset < 0 || offset > int64(len(b)) || length < 0 {
		return nil
	}
	b = b[offset:]
	if length < int64(len(b)) {
		b = b[:length]
	}
	return b
}

// read(fd, view, offset, length, position, request) → bytes read; position -1 is the file's own
func read(c *binding.Call) {
	fd, offset, length, position := c.FD(0), c.Int64(2), c.Int64(3), c.Int64(4)
	if !c.IsNumber(5) {
		n, err := readAt(fd, window(c.Bytes(1), offset, length), position)
		if err != nil {
			c.Throw(binding.Syscall("read", err))
			return
		}
		c.Return(binding.Int(n))
		return
	}
	// What is in the page cache is copied sooner than a goroutine could be woken for it.
	n, whole := readCached(fd, window(c.Bytes(1), offset, length), position)
	if whole {
		if r := c.Request(5); r != nil {
			r.SettleNow(binding.Int(n))
		}
		return
	}
	pin := c.Pin(1)
	if n > 0 && position >= 0 {
		position += int64(n)
	}
	c.Run(5, func() binding.Result {
		rest, err := readAt(fd, window(pin.Bytes(), offset, length)[n:], position)
		if err != nil && n == 0 {
			return done(err, "read")
		}
		return binding.Int(n + max(rest, 0))
	})
}

func readAt(fd int, b []byte, position int64) (n int, err error) {
	for {
		if position < 0 {
			n, err = unix.Read(fd, b)
		} else {
			n, err = unix.Pread(fd, b, position)
		}
		if err != unix.EINTR {
			return n, err
		}
	}
}

func writeAt(fd int, b []byte, position int64) (n int, err error) {
	for {
		if position < 0 {
			n, err = unix.Write(fd, b)
		} else {
			n, err = unix.Pwrite(fd, b, position)
		}
		if err != unix.EINTR {
			return n, err
		}
	}
}

// write(fd, view, offset, length, position, request) → bytes written
func write(c *binding.Call) {
	fd, offset, length, position := c.FD(0), c.Int64(2), c.Int64(3), c.Int64(4)
	if !c.IsNumber(5) {
		n, err := writeAt(fd, window(c.Bytes(1), offset, length), position)
		if err != nil {
			c.Throw(binding.Syscall("write", err))
			return
		}
		c.Return(binding.Int(n))
		return
	}
	pin := c.Pin(1)
	c.Run(5, func() binding.Result {
		n, err := writeAt(fd, window(pin.Bytes(), offset, length), position)
		if err != nil {
			return done(err, "write")
		}
		return binding.Int(n)
	})
}

// writeText(fd, string, position, request) → bytes written, as UTF-8
func writeText(c *binding.Call) {
	fd, text, position := c.FD(0), []byte(c.String(1)), c.Int64(2)
	c.Run(3, func() binding.Result {
		n, err := writeAt(fd, text, position)
		if err != nil {
			return done(err, "write")
		}
		return binding.Int(n)
	})
}

// maxVector is how many views one crossing of writev takes.
const maxVector = 12

// writev(fd, position, request, ...views) → bytes written; at most 12 views
func writev(c *binding.Call) {
	fd, position := c.FD(0), c.Int64(1)
	bufs := make([][]byte, 0, maxVector)
	if !c.IsNumber(2) {
		for k := 3; k < c.Len(); k++ {
			bufs = append(bufs, c.Bytes(k))
		}
	} else {
		for k := 3; k < c.Len(); k++ {
			bufs = append(bufs, c.Pin(k).Bytes())
		}
	}
	c.Run(2, func() binding.Result {
		n, err := writevAt(fd, bufs, position)
		if err != nil {
			return done(err, "write")
		}
		return binding.Int(n)
	})
}

// access(path, mode, request)
func access(c *binding.Call) {
	p, mode := path(c, 0), c.Uint32(1)
	c.Run(2, func() binding.Result { return done(accessible(p, mode), "access", p) })
}

// exists(path, request) → boolean
func exists(c *binding.Call) {
	p := path(c, 0)
	if !c.IsNumber(1) {
		c.Return(binding.Bool(accessible(p, unix.F_OK) == nil))
		return
	}
	c.Run(1, func() binding.Result { return binding.Bool(accessible(p, unix.F_OK) == nil) })
}

// mkdir(path, mode, recursive, request) → undefined, or with recursive the first directory made
func mkdir(c *binding.Call) {
	p, mode, recursive := path(c, 0), c.Uint32(1), c.Bool(2)
	c.Run(3, func() binding.Result {
		if !recursive {
			return done(retry(func() error { return unix.Mkdir(p, mode) }), "mkdir", p)
		}
		first, err := mkdirAll(p, mode)
		if err != nil {
			return done(err, "mkdir", p)
		}
		if first == "" {
			return binding.Undefined
		}
		return binding.String(first)
	})
}

// mkdirAll makes p and the directories above it, and names the first that was missing; "" when p existed.
func mkdirAll(p string, mode uint32) (first string, err error) {
	err = retry(func() error { return unix.Mkdir(p, mode) })
	switch {
	case err == nil:
		return p, nil
	case err == unix.ENOENT:
		parent := parentOf(p)
		if parent == "" || parent == p {
			return "", err
		}
		first, perr := mkdirAll(parent, mode)
		if perr != nil {
			if perr == unix.EEXIST {
				perr = unix.ENOTDIR
			}
			return "", perr
		}
		err = retry(func() error { return unix.Mkdir(p, mode) })
		if err == unix.EEXIST && isDirectory(p) {
			err = nil
		}
		if err == nil && first == "" {
			first = p
		}
		return first, err
	case err == unix.EACCES, err == unix.ENOSPC, err == unix.EPERM, err == unix.ENOTDIR:
		return "", err
	}
	if isDirectory(p) {
		return "", nil
	}
	return "", err
}

func parentOf(p string) string {
	p = strings.TrimRight(p, "/")
	k := strings.LastIndexByte(p, '/')
	switch {
	case k < 0:
		return ""
	case k == 0:
		return "/"
	}
	return strings.TrimRight(p[:k], "/")
}

func isDirectory(p string) bool {
	var st unix.Stat_t
	return unix.Stat(p, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFDIR
}

// mkdtemp(prefix, request) → path
func mkdtemp(c *binding.Call) {
	prefix := path(c, 0)
	asBuffer := c.Bool(1)
	c.Run(2, func() binding.Result {
		for try := 0; ; try++ {
			p := prefix + randomName()
			err := retry(func() error { return unix.Mkdir(p, 0o700) })
			if err == unix.EEXIST && try < 100 {
				continue
			}
			if err != nil {
				return done(err, "mkdtemp", prefix+"XXXXXX")
			}
			return text(p, asBuffer)
		}
	})
}

// text is a name as a string or a Buffer.
func text(s string, asBuffer bool) binding.Result {
	if asBuffer {
		return binding.Buffer([]byte(s))
	}
	return binding.String(s)
}

// readlink(path, asBuffer, request) → target
func readlink(c *binding.Call) {
	p, asBuffer := path(c, 0), c.Bool(1)
	c.Run(2, func() binding.Result {
		target, err := linkTarget(p)
		if err != nil {
			return done(err, "readlink", p)
		}
		return text(target, asBuffer)
	})
}

func linkTarget(p string) (string, error) {
	for size := 256; ; size *= 2 {
		b := make([]byte, size)
		n, err := unix.Readlink(p, b)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return "", err
		}
		if n < size {
			return string(b[:n]), nil
		}
	}
}

// realpath(path, native, asBuffer, request). Without native the errors are those of Node's own walk: lstat, stat or readlink of the part
// that failed; with it, realpath of the whole.
func realpath(c *binding.Call) {
	p, native, asBuffer := path(c, 0), c.Bool(1), c.Bool(2)
	c.Run(3, func() binding.Result {
		out, name, part, err := resolve(p)
		switch {
		case err != nil && native:
			return done(err, "realpath", p)
		case err != nil:
			return done(err, name, part)
		}
		return text(out, asBuffer)
	})
}

// maxLinks is where a chain of links counts as a loop (path_resolution(7)).
const maxLinks = 40

// resolve follows every link of p. When it fails it names the call and the path that failed.
func resolve(p string) (out, call, part string, err error) {
	if !strings.HasPrefix(p, "/") {
		cwd, err := syscall.Getwd()
		if err != nil {
			return "", "uv_cwd", p, err
		}
		p = cwd + "/" + p
	}
	rest, links := p, 0
	for rest != "" {
		var name string
		if k := strings.IndexByte(rest, '/'); k >= 0 {
			name, rest = rest[:k], rest[k+1:]
		} else {
			name, rest = rest, ""
		}
		switch name {
		case "", ".":
			continue
		case "..":
			out = out[:max(strings.LastIndexByte(out, '/'), 0)]
			continue
		}
		full := out + "/" + name
		var st unix.Stat_t
		if err := retry(func() error { return unix.Lstat(full, &st) }); err != nil {
			return "", "lstat", full, err
		}
		if st.Mode&unix.S_IFMT != unix.S_IFLNK {
			if rest != "" && st.Mode&unix.S_IFMT != unix.S_IFDIR {
				return "", "lstat", full + "/" + strings.SplitN(rest, "/", 2)[0], unix.ENOTDIR
			}
			out = full
			continue
		}
		if links++; links > maxLinks {
			return "", "stat", full, unix.ELOOP
		}
		if err := retry(func() error { return unix.Stat(full, &st) }); err != nil {
			return "", "stat", full, err
		}
		if kind := st.Mode & unix.S_IFMT; kind == unix.S_IFIFO || kind == unix.S_IFSOCK {
			out = full // a link of /proc/self/fd to a pipe names nothing
			continue
		}
		target, err := linkTarget(full)
		if err != nil {
			return "", "readlink", full, err
		}
		if strings.HasPrefix(target, "/") {
			out = ""
		}
		if rest != "" {
			rest = target + "/" + rest
		} else {
			rest = target
		}
	}
	if out == "" {
		out = "/"
	}
	return out, "", "", nil
}

// chmod(path, mode, request)
func chmod(c *binding.Call) {
	p, mode := path(c, 0), c.Uint32(1)
	c.Run(2, func() binding.Result { return done(retry(func() error { return unix.Chmod(p, mode) }), "chmod", p) })
}

// fchmod(fd, mode, request)
func fchmod(c *binding.Call) {
	fd, mode := c.FD(0), c.Uint32(1)
	c.Run(2, func() binding.Result { return done(retry(func() error { return unix.Fchmod(fd, mode) }), "fchmod") })
}

// chown(path, uid, gid, ofLink, request)
func chown(c *binding.Call) {
	p, uid, gid, ofLink := path(c, 0), int(int32(c.Uint32(1))), int(int32(c.Uint32(2))), c.Bool(3)
	c.Run(4, func() binding.Result {
		if ofLink {
			return done(retry(func() error { return unix.Lchown(p, uid, gid) }), "lchown", p)
		}
		return done(retry(func() error { return unix.Chown(p, uid, gid) }), "chown", p)
	})
}

// fchown(fd, uid, gid, request)
func fchown(c *binding.Call) {
	fd, uid, gid := c.FD(0), int(int32(c.Uint32(1))), int(int32(c.Uint32(2)))
	c.Run(3, func() binding.Result { return done(retry(func() error { return unix.Fchown(fd, uid, gid) }), "fchown") })
}

// timespec is a time in seconds as the kernel wants it.
func timespec(seconds float64) unix.Timespec {
	whole := int64(seconds)
	nsec := int64((seconds - float64(whole)) * 1e6)
	if nsec < 0 {
		whole--
		nsec += 1e6
	}
	return unix.NsecToTimespec(whole*1e9 + nsec*1e3)
}

// utimes(path, atime, mtime, ofLink, request); times in seconds
func utimes(c *binding.Call) {
	p, ts, ofLink := path(c, 0), []unix.Timespec{timespec(c.Float(1)), timespec(c.Float(2))}, c.Bool(3)
	c.Run(4, func() binding.Result {
		name, flags := "utime", 0
		if ofLink {
			name, flags = "lutime", unix.AT_SYMLINK_NOFOLLOW
		}
		return done(retry(func() error { return unix.UtimesNanoAt(unix.AT_FDCWD, p, ts, flags) }), name, p)
	})
}

// futimes(fd, atime, mtime, request); times in seconds
func futimes(c *binding.Call) {
	fd, ts := c.FD(0), [2]unix.Timespec{timespec(c.Float(1)), timespec(c.Float(2))}
	c.Run(3, func() binding.Result { return done(retry(func() error { return futimens(fd, &ts) }), "futime") })
}

// ftruncate(fd, length, request)
func ftruncate(c *binding.Call) {
	fd, length := c.FD(0), c.Int64(1)
	c.Run(2, func() binding.Result {
		return done(retry(func() error { return unix.Ftruncate(fd, length) }), "ftruncate")
	})
}
