package fs

import (
	"crypto/rand"
	"unsafe"

	"golang.org/x/sys/unix"
)

func fdatasync(fd int) error { return unix.Fdatasync(fd) }

func futimens(fd int, ts *[2]unix.Timespec) error {
	// utimensat(2) without a path means the descriptor itself; the wrapper insists on a path.
	_, _, errno := unix.Syscall6(unix.SYS_UTIMENSAT, uintptr(fd), 0, uintptr(unsafe.Pointer(ts)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

func writevAt(fd int, bufs [][]byte, position int64) (n int, err error) {
	for {
		if position < 0 {
			n, err = unix.Writev(fd, bufs)
		} else {
			n, err = unix.Pwritev(fd, bufs, position)
		}
		if err != unix.EINTR {
			return n, err
		}
	}
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func randomName() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b[:])
}

// pathBytes holds a path and its NUL on the stack, so that the frequent calls allocate nothing for it.
type pathBytes [256]byte

func (b *pathBytes) set(p string) *byte {
	if len(p) >= len(b) {
		long := make([]byte, len(p)+1)
		copy(long, p)
		return &long[0]
	}
	copy(b[:], p)
	b[len(p)] = 0
	return &b[0]
}

func accessible(p string, mode uint32) error {
	var b pathBytes
	at := b.set(p)
	for {
		_, _, errno := unix.Syscall6(unix.SYS_FACCESSAT, atCwd, uintptr(unsafe.Pointer(at)), uintptr(mode), 0, 0, 0)
		if errno == 0 {
			return nil
		}
		if errno != unix.EINTR {
			return errno
		}
	}
}

const atCwd = ^uintptr(99) // AT_FDCWD, -100

func openRetry(p string, flags int, mode uint32) (int, error) {
	var b pathBytes
	at := b.set(p)
	for {
		fd, _, errno := unix.Syscall6(unix.SYS_OPENAT, atCwd, uintptr(unsafe.Pointer(at)), uintptr(flags|unix.O_CLOEXEC|unix.O_LARGEFILE), uintptr(mode), 0, 0)
		if errno == 0 {
			return int(fd), nil
		}
		if errno != unix.EINTR {
			return -1, errno
		}
	}
}

// The status of a file as Node lays it out: dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, then seconds and nanoseconds
// of atime, mtime, ctime and birthtime.
const statFields = 18

func statusOf(fd int, p string, flags int, out *[statFields]int64) error {
	var st unix.Statx_t
	var b pathBytes
	at := b.set(p)
	for {
		_, _, errno := unix.Syscall6(unix.SYS_STATX, uintptr(fd), uintptr(unsafe.Pointer(at)), uintptr(flags),
			unix.STATX_BASIC_STATS|unix.STATX_BTIME, uintptr(unsafe.Pointer(&st)), 0)
		if errno == 0 {
			break
		}
		if errno != unix.EINTR {
			return errno
		}
	}
	*out = [statFields]int64{int64(unix.Mkdev(st.Dev_major, st.Dev_minor)), int64(st.Mode), int64(st.Nlink), int64(st.Uid), int64(st.Gid),
		int64(unix.Mkdev(st.Rdev_major, st.Rdev_minor)), int64(st.Blksize), int64(st.Ino), int64(st.Size), int64(st.Blocks),
		st.Atime.Sec, int64(st.Atime.Nsec), st.Mtime.Sec, int64(st.Mtime.Nsec), st.Ctime.Sec, int64(st.Ctime.Nsec), st.Btime.Sec, int64(st.Btime.Nsec)}
	return nil
}

func statusOfPath(p string, follow bool, out *[statFields]int64) error {
	flags := 0
	if !follow {
		flags = unix.AT_SYMLINK_NOFOLLOW
	}
	return statusOf(unix.AT_FDCWD, p, flags, out)
}

func statusOfFile(fd int, out *[statFields]int64) error {
	if fd < 0 {
		return unix.EBADF // AT_FDCWD would mean the current directory
	}
	return statusOf(fd, "", unix.AT_EMPTY_PATH, out)
}

func statusOfSystem(p string) ([]int64, error) {
	var st unix.Statfs_t
	if err := retry(func() error { return unix.Statfs(p, &st) }); err != nil {
		return nil, err
	}
	return []int64{int64(st.Type), int64(st.Bsize), int64(st.Blocks), int64(st.Bfree), int64(st.Bavail), int64(st.Files), int64(st.Ffree), frsize(&st)}, nil
}

// clone makes dst share src's blocks (ioctl_ficlonerange(2)).
func clone(dst, src int) error { return unix.IoctlFileClone(dst, src) }

// copyRange copies in the kernel; errNoCopyRange says that this pair of files can't.
func copyRange(dst, src int, n int) (int, error) {
	m, err := unix.CopyFileRange(src, nil, dst, nil, n, 0)
	switch err {
	case unix.ENOSYS, unix.EXDEV, unix.EINVAL, unix.EOPNOTSUPP, unix.EPERM, unix.ETXTBSY:
		return 0, errNoCopyRange
	}
	return m, err
}

type entry struct {
	name string
	kind uint8 // DT_*, whose numbers are libuv's UV_DIRENT_*, see kindOf
}

// dirReader reads the entries of an open directory.
type dirReader struct {
	fd  int
	buf []byte
	end bool
}

// next appends the entries of one getdents(2) call to list.
func (d *dirReader) next(list []entry) ([]entry, error) {
	if d.buf == nil {
		d.buf = make([]byte, 32<<10)
	}
	var n int
	err := retry(func() (err error) {
		n, err = unix.Getdents(d.fd, d.buf)
		return err
	})
	if err != nil {
		return list, err
	}
	d.end = n == 0
	b := d.buf[:n]
	for len(b) >= 19 {
		// struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
		size := int(b[16]) | int(b[17])<<8
		if size < 19 || size > len(b) {
			break
		}
		name := b[19:size]
		for k, x := range name {
			if x == 0 {
				name = name[:k]
				break
			}
		}
		if s := string(name); s != "." && s != ".." {
			list = append(list, entry{s, kindOf(b[18])})
		}
		b = b[size:]
	}
	return list, nil
}

// kindOf maps DT_* to UV_DIRENT_*.
func kindOf(dt uint8) uint8 {
	switch dt {
	case unix.DT_REG:
		return kindFile
	case unix.DT_DIR:
		return kindDirectory
	case unix.DT_LNK:
		return kindLink
	case unix.DT_FIFO:
		return kindFIFO
	case unix.DT_SOCK:
		return kindSocket
	case unix.DT_CHR:
		return kindCharacter
	case unix.DT_BLK:
		return kindBlock
	}
	return kindUnknown
}
func frsize(st *unix.Statfs_t) int64 { return int64(st.Frsize) }
