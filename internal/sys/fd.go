package sys

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The calls below are raw: Go's scheduler isn't told, which is right for
// descriptors in non-blocking mode and only for those. They return an Errno, 0
// for success, since an error interface would be one more check and the caller
// switches on EAGAIN anyway.

// maxIovecs is how many buffers one Writev takes: IOV_MAX.
const maxIovecs = 1024

// Read reads into p from a non-blocking descriptor. n is 0 at end of file.
func Read(fd int, p []byte) (n int, errno syscall.Errno) {
	for {
		r, _, e := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
		if e == 0 {
			return int(r), 0
		}
		if e != syscall.EINTR {
			return 0, e
		}
	}
}

// Write writes p to a non-blocking descriptor and returns how much it took.
func Write(fd int, p []byte) (n int, errno syscall.Errno) {
	for {
		r, _, e := unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
		if e == 0 {
			return int(r), 0
		}
		if e != syscall.EINTR {
			return 0, e
		}
	}
}

// Recv reads from a non-blocking socket into p and returns how much; ENOTSOCK for another descriptor. It spares the kernel what read(2)
// does for files.
func Recv(fd int, p []byte) (n int, errno syscall.Errno) {
	for {
		r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), 0, 0, 0)
		if e == 0 {
			return int(r), 0
		}
		if e != syscall.EINTR {
			return 0, e
		}
	}
}

// Peek is Recv of bytes that stay in the socket.
func Peek(fd int, p []byte) (n int, errno syscall.Errno) {
	for {
		r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), unix.MSG_PEEK, 0, 0)
		if e == 0 {
			return int(r), 0
		}
		if e != syscall.EINTR {
			return 0, e
		}
	}
}

// Send writes p to a non-blocking socket and returns how much it took; ENOTSOCK for another descriptor.
func Send(fd int, p []byte) (n int, errno syscall.Errno) {
	for {
		r, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), sendFlags, 0, 0)
		if e == 0 {
			return int(r), 0
		}
		if e != syscall.EINTR {
			return 0, e
		}
	}
}

// Writev writes several buffers in one call to a non-blocking descriptor and
// returns how many bytes it took. Of more than 1024 buffers it takes the first
// 1024.
func Writev(fd int, bufs [][]byte) (n int, errno syscall.Errno) {
	var few [16]unix.Iovec
	iovs := few[:0]
	for _, b := range bufs[:min(len(bufs), maxIovecs)] {
		if len(b) == 0 {
			continue
		}
		iov := unix.Iovec{Base: unsafe.SliceData(b)}
		iov.SetLen(len(b))
		iovs = append(iovs, iov)
	}
	if len(iovs) == 0 {
		return 0, 0
	}
	for {
		r, _, e := unix.RawSyscall(unix.SYS_WRITEV, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(iovs))), uintptr(len(iovs)))
		if e == 0 {
			return int(r), 0
		}
		if e != syscall.EINTR {
			return 0, e
		}
	}
}

// Close closes a descriptor. EINTR is success: the descriptor is gone on Linux
// (close(2)) and must not be closed again.
func Close(fd int) error {
	if err := unix.Close(fd); err != nil && err != unix.EINTR {
		return err
	}
	return nil
}

// SetNonblock switches O_NONBLOCK.
func SetNonblock(fd int, on bool) error { return unix.SetNonblock(fd, on) }
