package fs

import (
	"fmt"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
)

// Limits of whole files.
const (
	maxText   = 0x1fffffe8 // characters of V8's longest string
	maxFile   = 1<<31 - 1  // bytes of one readFile, as in Node
	smallFile = 512 << 10  // up to this a file's bytes come back in the same crossing
	chunk     = 64 << 10   // of files whose size is not known
	maxWrite  = 0x7ffff000 // bytes that one write(2) takes
)

// scratch are buffers for whole small files; their contents are copied when a result crosses.
var scratch = sync.Pool{New: func() any { b := make([]byte, chunk); return &b }}

// target is what readFile and writeFile work on: a path to open, or a descriptor of the caller's.
type target struct {
	path string
	fd   int
	own  bool // opened by us
}

func targetOf(c *binding.Call, k int) target {
	if c.IsNumber(k) {
		return target{fd: c.FD(k)}
	}
	return target{path: path(c, k), own: true}
}

func (t *target) open(flags int, mode uint32) error {
	if !t.own {
		return nil
	}
	fd, err := openRetry(t.path, flags, mode)
	if err != nil {
		return binding.Syscall("open", err, t.path)
	}
	t.fd = fd
	return nil
}

func (t *target) close() error {
	if !t.own {
		return nil
	}
	if err := closeOnce(t.fd); err != nil {
		return binding.Syscall("close", err)
	}
	return nil
}

// readFile(path or fd, flags, asText, request) → string, Buffer, or for a large file [fd, size]: the caller makes a Buffer, reads and closes
func readFile(c *binding.Call) {
	t, flags, asText := targetOf(c, 0), c.Int(1), c.Bool(2)
	if c.IsNumber(3) {
		c.Run(3, func() binding.Result {
			r, err := readWhole(t, flags, asText, nil)
			if err != nil {
				return binding.Fail(err)
			}
			return r
		})
		return
	}
	b := scratch.Get().(*[]byte)
	defer scratch.Put(b) // Return has copied the result by then
	r, err := readWhole(t, flags, asText, *b)
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(r)
}

func readWhole(t target, flags int, asText bool, space []byte) (r binding.Result, err error) {
	if err := t.open(flags, 0o666); err != nil {
		return r, err
	}
	var st [statFields]int64
	if err := statusOfFile(t.fd, &st); err != nil {
		_ = t.close()
		return r, binding.Syscall("fstat", err)
	}
	size := int64(0)
	if st[1]&unix.S_IFMT == unix.S_IFREG {
		size = st[8]
	}
	if size > maxFile {
		_ = t.close()
		return r, tooLarge(size)
	}
	if !asText && size > smallFile {
		return binding.List(binding.Int(t.fd), binding.Int(size)), nil
	}
	b, err := readUpTo(t.fd, size, space)
	if err != nil {
		_ = t.close()
		return r, err
	}
	if err := t.close(); err != nil {
		return r, err
	}
	if !asText {
		return binding.Buffer(b), nil
	}
	if len(b) > maxText {
		return r, binding.Error("ERR_STRING_TOO_LONG", "Cannot create a string longer than 0x%x characters", maxText)
	}
	return binding.String(unsafe.String(unsafe.SliceData(b), len(b))), nil
}

func tooLarge(size int64) error {
	return binding.RangeError("ERR_FS_FILE_TOO_LARGE", "File size (%d) is greater than 2 GiB", size)
}

// readUpTo reads size bytes, or to the end when size is 0: what isn't a regular file doesn't say how long it is.
func readUpTo(fd int, size int64, space []byte) ([]byte, error) {
	var b []byte
	if size > 0 {
		if int64(len(space)) >= size {
			b = space[:size]
		} else {
			b = make([]byte, size)
		}
		have := 0
		for have < len(b) {
			n, err := readAt(fd, b[have:], -1)
			if err != nil {
				return nil, binding.Syscall("read", err)
			}
			if n == 0 {
				break
			}
			have += n
		}
		return b[:have], nil
	}
	if b = space; b == nil {
		b = make([]byte, chunk)
	}
	have := 0
	for {
		if have == len(b) {
			b = append(b, make([]byte, len(b))...)
		}
		n, err := readAt(fd, b[have:], -1)
		if err != nil {
			return nil, binding.Syscall("read", err)
		}
		if n == 0 {
			return b[:have], nil
		}
		if have += n; have > maxFile {
			return nil, tooLarge(int64(have))
		}
	}
}

// writeFile(path or fd, text or view, flags, mode, flush, request)
func writeFile(c *binding.Call) {
	t, flags, mode, flush := targetOf(c, 0), c.Int(2), c.Uint32(3), c.Bool(4)
	var data []byte
	switch {
	case c.IsString(1):
		data = []byte(c.String(1))
	case c.IsNumber(5):
		data = c.Pin(1).Bytes()
	default:
		data = c.Bytes(1)
	}
	c.Run(5, func() binding.Result {
		if err := t.open(flags, mode); err != nil {
			return binding.Fail(err)
		}
		err := writeAll(t.fd, data)
		if err == nil && flush {
			if e := retry(func() error { return unix.Fsync(t.fd) }); e != nil {
				err = binding.Syscall("fsync", e)
			}
		}
		if e := t.close(); err == nil {
			err = e
		}
		if err != nil {
			return binding.Fail(err)
		}
		return binding.Undefined
	})
}

func writeAll(fd int, b []byte) error {
	for len(b) > 0 {
		n, err := writeAt(fd, b[:min(len(b), maxWrite)], -1)
		if err != nil {
			return binding.Syscall("write", err)
		}
		b = b[n:]
	}
	return nil
}

// Modes of copyFile, fs.constants.COPYFILE_*.
const (
	copyExclusive  = 1
	copyClone      = 2
	copyCloneForce = 4
)

var errNoCopyRange = fmt.Errorf("copy in the kernel: %w", unix.ENOTSUP)

// copyFile(src, dest, mode, request)
func copyFile(c *binding.Call) {
	src, dst, mode := path(c, 0), path(c, 1), c.Int(2)
	c.Run(3, func() binding.Result { return done(copyPath(src, dst, mode), "copyfile", src, dst) })
}

func copyPath(src, dst string, mode int) (err error) {
	in, err := openRetry(src, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer func() { _ = closeOnce(in) }()
	var from, to [statFields]int64
	if err := statusOfFile(in, &from); err != nil {
		return err
	}
	flags := unix.O_WRONLY | unix.O_CREAT
	if mode&copyExclusive != 0 {
		flags |= unix.O_EXCL
	}
	out, err := openRetry(dst, flags, uint32(from[1]&0o7777))
	if err != nil {
		return err
	}
	same := false
	defer func() {
		if e := closeOnce(out); err == nil {
			err = e
		}
		if err != nil && !same {
			_ = unix.Unlink(dst)
		}
	}()
	if err := statusOfFile(out, &to); err != nil {
		return err
	}
	if from[0] == to[0] && from[7] == to[7] {
		same = true
		return nil
	}
	if err := unix.Ftruncate(out, 0); err != nil && err != unix.EINVAL {
		return err
	}
	if err := unix.Fchmod(out, uint32(from[1]&0o7777)); err != nil && err != unix.EPERM {
		return err
	}
	if mode&(copyClone|copyCloneForce) != 0 {
		err := clone(out, in)
		if err == nil || mode&copyCloneForce != 0 {
			return err
		}
	}
	return copyData(out, in, from[8])
}

func copyData(out, in int, size int64) error {
	for size > 0 {
		n, err := copyRange(out, in, int(min(size, 1<<30)))
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			break // the loop below copies the rest, or finds the error
		}
		size -= int64(n)
	}
	b := make([]byte, 256<<10)
	for {
		n, err := readAt(in, b, -1)
		if err != nil || n == 0 {
			return err
		}
		for p := b[:n]; len(p) > 0; {
			m, err := writeAt(out, p, -1)
			if err != nil {
				return err
			}
			p = p[m:]
		}
	}
}

// stat(path, ofLink, into, bigint, throwIfNoEntry, request): at once the numbers go into the view `into`, whose elements are doubles or
// BigInts, and the result is whether the file exists; with a request they come as an array.
func stat(c *binding.Call) {
	p, follow, big := path(c, 0), !c.Bool(1), c.Bool(3)
	name := "stat"
	if !follow {
		name = "lstat"
	}
	if !c.IsNumber(5) {
		var st [statFields]int64
		if err := statusOfPath(p, follow, &st); err != nil {
			if !c.Bool(4) && (err == unix.ENOENT || err == unix.ENOTDIR) {
				c.Return(binding.False)
				return
			}
			c.Throw(binding.Syscall(name, err, p))
			return
		}
		store(c.Bytes(2), st[:], big)
		c.Return(binding.True)
		return
	}
	optional := !c.IsUndefined(4) && !c.Bool(4)
	c.Run(5, func() binding.Result {
		var st [statFields]int64
		if err := statusOfPath(p, follow, &st); err != nil {
			if optional && (err == unix.ENOENT || err == unix.ENOTDIR) {
				return binding.Undefined
			}
			return done(err, name, p)
		}
		return numbers(st[:], big)
	})
}

// fstat(fd, into, bigint, request), see stat
func fstat(c *binding.Call) {
	fd, big := c.FD(0), c.Bool(2)
	if !c.IsNumber(3) {
		var st [statFields]int64
		if err := statusOfFile(fd, &st); err != nil {
			c.Throw(binding.Syscall("fstat", err))
			return
		}
		store(c.Bytes(1), st[:], big)
		return
	}
	c.Run(3, func() binding.Result {
		var st [statFields]int64
		if err := statusOfFile(fd, &st); err != nil {
			return done(err, "fstat")
		}
		return numbers(st[:], big)
	})
}

// statfs(path, bigint, request) → type, bsize, blocks, bfree, bavail, files, ffree, frsize
func statfs(c *binding.Call) {
	p, big := path(c, 0), c.Bool(1)
	c.Run(2, func() binding.Result {
		st, err := statusOfSystem(p)
		if err != nil {
			return done(err, "statfs", p)
		}
		return numbers(st, big)
	})
}

func numbers(n []int64, big bool) binding.Result {
	if big {
		return binding.BigInts(n)
	}
	f := make([]float64, len(n))
	for k, x := range n {
		f[k] = float64(x)
	}
	return binding.Float64s(f)
}

// store puts numbers into the memory of a Float64Array or BigInt64Array, as far as it reaches.
func store(b []byte, n []int64, big bool) {
	if len(b) < 8*len(n) || uintptr(unsafe.Pointer(unsafe.SliceData(b)))%8 != 0 {
		return
	}
	if big {
		copy(unsafe.Slice((*int64)(unsafe.Pointer(&b[0])), len(n)), n)
		return
	}
	f := unsafe.Slice((*float64)(unsafe.Pointer(&b[0])), len(n))
	for k, x := range n {
		f[k] = float64(x)
	}
}
