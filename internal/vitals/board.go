package vitals

import (
	"errors"
	"math"
	"os"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Board is the shared memory of one application: a page for each of its programs. The supervisor makes it, gives pages out and reads
// them; the programs inherit it. The memory stays mapped as long as anybody has it.
type Board struct {
	memory []byte // immutable
	fd     int    // immutable
	bell   int    // immutable; -1 where there is none. See Writer.Yield

	mu sync.Mutex // held while pages are given out
}

// ErrFull says that a board has no page left.
var ErrFull = errors.New("vitals: no page left")

// ErrStrange says that a descriptor is no board of this layout.
var ErrStrange = errors.New("vitals: not a board")

// New makes a board.
func New() (*Board, error) {
	fd, err := newMemory()
	if err != nil {
		return nil, err
	}
	b, err := mapBoard(fd)
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	if bell, err := newBell(); err == nil {
		b.bell = bell
	}
	atomic.StoreUint64(&b.head().magic, magic)
	return b, nil
}

// open takes over a board that somebody else has made. The descriptors are the board's when it succeeds; bell may be -1.
func open(fd, bell int) (*Board, error) {
	if !isSound(fd) {
		return nil, ErrStrange
	}
	b, err := mapBoard(fd)
	if err != nil {
		return nil, err
	}
	if atomic.LoadUint64(&b.head().magic) != magic {
		_ = unix.Munmap(b.memory)
		return nil, ErrStrange
	}
	if bell >= 0 && isBell(bell) {
		b.bell = bell
	}
	return b, nil
}

func mapBoard(fd int) (*Board, error) {
	m, err := unix.Mmap(fd, 0, boardLen, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	return &Board{memory: m, fd: fd, bell: -1}, nil
}

// Close unmaps the board. Nobody may use it, or a Writer of it, afterwards.
func (b *Board) Close() {
	_ = unix.Munmap(b.memory)
	_ = unix.Close(b.fd)
	if b.bell >= 0 {
		_ = unix.Close(b.bell)
	}
}

func (b *Board) head() *head { return (*head)(unsafe.Pointer(&b.memory[0])) }

func (b *Board) seat(n int) *seat { return (*seat)(unsafe.Pointer(&b.memory[seatsAt+n*seatLen])) }

func (b *Board) page(n int) *page { return (*page)(unsafe.Pointer(&b.memory[pagesAt+n*pageLen])) }

// used is the number of pages that were ever given out, whatever the memory says.
func (b *Board) used() int { return int(min(atomic.LoadUint64(&b.head().used), Pages)) }

// Take gives a page out, cleared, for a program with this number among those of its application. Any goroutine.
func (b *Board) Take(number int) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n := range Pages {
		s := b.seat(n)
		if n < b.used() && atomic.LoadUint64(&s.taken) != 0 {
			continue
		}
		*b.page(n) = page{}
		*s = seat{}
		atomic.StoreUint64(&s.taken, uint64(max(number, 0))+1)
		if n >= b.used() {
			atomic.StoreUint64(&b.head().used, uint64(n)+1)
		}
		return n, nil
	}
	return -1, ErrFull
}

// Renumber gives a page that nobody has started with to a program of another number.
func (b *Board) Renumber(n, number int) {
	atomic.StoreUint64(&b.seat(n).taken, uint64(max(number, 0))+1)
}

// Free takes a page back when its program has ended. Any goroutine.
func (b *Board) Free(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n >= 0 && n < Pages {
		atomic.StoreInt64(&b.seat(n).listening, 0)
		atomic.StoreUint64(&b.seat(n).taken, 0)
	}
}

// Keep frees the pages that are neither of pages nor of a program that runs, for a supervisor that has found the board of the one before it.
func (b *Board) Keep(pages map[int]bool) {
	for n := range b.used() {
		if pid := atomic.LoadInt64(&b.seat(n).pid); !pages[n] && pid != 0 && !isAlive(pid) {
			b.Free(n)
		}
	}
}

// isAlive tells whether there is a process of this number.
func isAlive(pid int64) bool {
	return pid > 0 && pid <= math.MaxInt32 && unix.Kill(int(pid), 0) != unix.ESRCH
}

// Descriptors are what a program inherits: the memory, and the bell or -1.
func (b *Board) Descriptors() (memory, bell int) { return b.fd, b.bell }

// Same tells whether two boards are the same memory.
func (b *Board) Same(other *Board) bool {
	var x, y unix.Stat_t
	return unix.Fstat(b.fd, &x) == nil && unix.Fstat(other.fd, &y) == nil && x.Dev == y.Dev && x.Ino == y.Ino
}

// name is the memory's inode.
func (b *Board) name() uint64 {
	var st unix.Stat_t
	_ = unix.Fstat(b.fd, &st)
	return st.Ino
}
