package logs

import (
	"os"

	"golang.org/x/sys/unix"
)

// punch frees the disk space of a part of f whose offsets stay (fallocate(2)). File systems that can't do it keep the space until the
// program is started again.
func punch(f *os.File, from, length int64) {
	_ = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, from, length)
}
