package vitals

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// seals keep a program from making the memory smaller under its readers, which would kill them.
const seals = unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_SEAL

// newMemory is a file without a name or a disk under it: a page that is written back to a disk would stop the program's loop.
func newMemory() (int, error) {
	fd, err := unix.MemfdCreate(memoryName, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return -1, os.NewSyscallError("memfd_create", err)
	}
	if err = unix.Ftruncate(fd, boardLen); err == nil {
		_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals)
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

const memoryName = "roost-vitals"

// isSound tells whether a descriptor is memory of the right size that stays so.
func isSound(fd int) bool {
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil || st.Size != boardLen {
		return false
	}
	has, err := unix.FcntlInt(uintptr(fd), unix.F_GET_SEALS, 0)
	return err == nil && has&seals == seals
}

// newBell is a pipe of which one descriptor is both ends.
func newBell() (int, error) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return -1, err
	}
	defer unix.Close(ends[0])
	defer unix.Close(ends[1])
	return unix.Open(descriptorOf(os.Getpid(), ends[0]), openFlags, 0)
}

const openFlags = unix.O_RDWR | unix.O_CLOEXEC | unix.O_NONBLOCK

func descriptorOf(pid, fd int) string { return fmt.Sprintf("/proc/%d/fd/%d", pid, fd) }

func isBell(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFIFO
}

// Find opens the board of a program that runs, whose descriptors of it are memory and bell.
//
// The descriptors are opened anew through /proc, which is allowed to whom may look at the program: pidfd_getfd(2) wants the right to trace
// it, which many systems (Yama's ptrace_scope) give to a program's ancestors alone, and the supervisor that adopts a program is none.
func Find(pid, memory, bell int) (*Board, error) {
	// The program may have put something else there, whose opening would do something.
	if link, err := os.Readlink(descriptorOf(pid, memory)); err != nil || link != "/memfd:"+memoryName+" (deleted)" {
		return nil, ErrStrange
	}
	fd, err := unix.Open(descriptorOf(pid, memory), openFlags, 0)
	if err != nil {
		return nil, err
	}
	ring := -1
	if link, err := os.Readlink(descriptorOf(pid, bell)); err == nil && strings.HasPrefix(link, "pipe:") {
		if ring, err = unix.Open(descriptorOf(pid, bell), openFlags, 0); err != nil {
			ring = -1
		}
	}
	b, err := open(fd, ring)
	if err != nil {
		_ = unix.Close(fd)
		if ring >= 0 {
			_ = unix.Close(ring)
		}
	}
	return b, err
}
