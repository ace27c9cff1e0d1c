package vitals

import (
	"os"

	"golang.org/x/sys/unix"
)

// newMemory is a file that has lost its name at once.
func newMemory() (int, error) {
	f, err := os.CreateTemp("", "roost-vitals-")
	if err != nil {
		return -1, err
	}
	defer f.Close()
	_ = os.Remove(f.Name())
	if err := f.Truncate(boardLen); err != nil {
		return -1, err
	}
	return unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
}

func isSound(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG && st.Size == boardLen
}

// newBell makes none: who leaves a connection to others looks again soon, which is enough.
func newBell() (int, error) { return -1, unix.ENOSYS }

func isBell(int) bool { return false }

// Find can't be done: descriptors of another program are not to be had. The programs that a supervisor adopts have no page then.
func Find(int, int, int) (*Board, error) { return nil, ErrStrange }
