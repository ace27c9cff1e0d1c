package sys

import (
	"cmp"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// io_uring(7), io_uring_setup(2), io_uring_enter(2); the layouts are those of linux/io_uring.h.

// ringParams is struct io_uring_params.
type ringParams struct {
	sqEntries, cqEntries, flags, sqThreadCPU, sqThreadIdle, features, wqFD uint32
	_                                                                      [3]uint32
	sq                                                                     struct {
		head, tail, mask, entries, flags, dropped, array, _ uint32
		_                                                   uint64
	}
	cq struct {
		head, tail, mask, entries, overflow, cqes, flags, _ uint32
		_                                                   uint64
	}
}

// submission is struct io_uring_sqe.
type submission struct {
	opcode, flags uint8
	_             uint16
	fd            int32
	_             uint64
	addr          uint64
	length        uint32
	msgFlags      uint32
	userData      uint64
	_             [3]uint64
}

// completion is struct io_uring_cqe.
type completion struct {
	userData uint64
	result   int32
	_        uint32
}

const (
	opSend        = 26      // IORING_OP_SEND
	oneMapping    = 1 << 0  // IORING_FEAT_SINGLE_MMAP
	nativeWorkers = 1 << 9  // IORING_FEAT_NATIVE_WORKERS: Linux 5.12. Older ones have had too many faults
	getEvents     = 1 << 0  // IORING_ENTER_GETEVENTS
	offSubmitted  = 1 << 28 // IORING_OFF_SQES
)

// ring is an io_uring. Its sends are made in the middle of the call that submits them: a send that may not block (MSG_DONTWAIT) is never put off
// to a worker of the kernel. So the kernel uses the caller's memory, and the caller's rights, only while the caller waits.
type ring struct {
	fd       int
	mapped   []byte // both queues
	requests []byte // submissions

	tail, head, ready    *uint32 // of the submissions; head and tail of the completions
	mask, completionMask uint32
	submissions          []submission
	completions          []completion
}

func (r *ring) open(n int) error {
	var p ringParams
	fd, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, uintptr(n), uintptr(unsafe.Pointer(&p)), 0) // children don't inherit it
	if errno != 0 {
		return errno
	}
	r.fd = int(fd)
	if p.features&oneMapping == 0 || p.features&nativeWorkers == 0 {
		r.close()
		return syscall.ENOSYS
	}
	size := max(int(p.sq.array+4*p.sqEntries), int(p.cq.cqes)+int(p.cqEntries)*int(unsafe.Sizeof(completion{})))
	var err error
	if r.mapped, err = r.mapping(0, size); err == nil {
		r.requests, err = r.mapping(offSubmitted, int(p.sqEntries)*int(unsafe.Sizeof(submission{})))
	}
	if err != nil {
		r.close()
		return err
	}
	word := func(offset uint32) *uint32 { return (*uint32)(unsafe.Pointer(&r.mapped[offset])) }
	r.tail, r.mask = word(p.sq.tail), *word(p.sq.mask)
	r.head, r.ready, r.completionMask = word(p.cq.head), word(p.cq.tail), *word(p.cq.mask)
	r.submissions = unsafe.Slice((*submission)(unsafe.Pointer(&r.requests[0])), p.sqEntries)
	r.completions = unsafe.Slice((*completion)(unsafe.Pointer(&r.mapped[p.cq.cqes])), p.cqEntries)
	array := unsafe.Slice(word(p.sq.array), p.sqEntries) // each place of the queue has the submission of its number, for good
	for i := range array {
		array[i] = uint32(i)
	}
	return nil
}

func (r *ring) mapping(offset int64, size int) ([]byte, error) {
	return unix.Mmap(r.fd, offset, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
}

func (r *ring) close() {
	for _, m := range [][]byte{r.requests, r.mapped} {
		if m != nil {
			_ = unix.Munmap(m)
		}
	}
	_ = Close(r.fd)
	*r = ring{fd: -1}
}

// send makes the sends. On return the kernel has none of them any more, but for an error.
func (r *ring) send(sends []send) error {
	tail := *r.tail // nobody else writes it
	for i := range sends {
		s := &sends[i]
		r.submissions[tail&r.mask] = submission{opcode: opSend, fd: int32(s.fd), addr: uint64(uintptr(unsafe.Pointer(unsafe.SliceData(s.data)))),
			length: uint32(len(s.data)), msgFlags: unix.MSG_NOSIGNAL | unix.MSG_DONTWAIT, userData: uint64(i)}
		tail++
	}
	atomic.StoreUint32(r.tail, tail)
	defer runtime.KeepAlive(sends) // their data don't move: they are Go's heap's, or the caller's
	for submit, done := len(sends), 0; done < len(sends); {
		wait, flags := 0, uintptr(0)
		if submit == 0 {
			wait, flags = 1, getEvents
		}
		n, _, errno := unix.RawSyscall6(unix.SYS_IO_URING_ENTER, uintptr(r.fd), uintptr(submit), uintptr(wait), flags, 0, 0)
		if errno == 0 {
			submit -= int(n)
		}
		took := r.take(sends)
		done += took
		if progress := errno == 0 && n > 0 || took > 0; !progress && errno != syscall.EINTR {
			return cmp.Or(errno, syscall.EIO)
		}
	}
	return nil
}

// take takes what has been completed.
func (r *ring) take(sends []send) (n int) {
	head, end := *r.head, atomic.LoadUint32(r.ready) // the kernel doesn't write the head
	for ; head != end; head++ {
		c := &r.completions[head&r.completionMask]
		if s := &sends[c.userData]; c.result >= 0 {
			s.n = int(c.result)
		} else {
			s.errno = syscall.Errno(-c.result)
		}
		n++
	}
	atomic.StoreUint32(r.head, head)
	return n
}
