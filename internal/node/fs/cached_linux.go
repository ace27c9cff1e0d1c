package fs

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxCached is how much a read may copy on the loop thread.
const maxCached = 64 << 10

// readCached reads what is in the kernel's page cache, without waiting for a disk: preadv2(2) with RWF_NOWAIT. whole says that there is no
// more to wait for: b is full, the file ends there, or it isn't a file and has no more now. Otherwise the rest, from n on, is read the
// usual way. A file system that can't do it has n = 0.
func readCached(fd int, b []byte, position int64) (n int, whole bool) {
	if len(b) == 0 || len(b) > maxCached {
		return 0, false
	}
	for n < len(b) {
		at := position
		if at >= 0 {
			at += int64(n)
		}
		iov := unix.Iovec{Base: unsafe.SliceData(b[n:]), Len: uint64(len(b) - n)}
		r, _, errno := unix.RawSyscall6(unix.SYS_PREADV2, uintptr(fd), uintptr(unsafe.Pointer(&iov)), 1, uintptr(at), 0, unix.RWF_NOWAIT)
		switch {
		case errno == unix.EINTR:
		case errno != 0:
			return n, n > 0 && !isFile(fd)
		case r == 0:
			return n, true
		default:
			n += int(r)
		}
	}
	return n, true
}

func isFile(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG
}
