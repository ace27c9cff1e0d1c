package supervisor

import (
	"time"

	"golang.org/x/sys/unix"
)

// awaitEnd looks now and then whether the process is there.
func awaitEnd(pid int) error {
	for unix.Kill(pid, 0) == nil {
		time.Sleep(50 * time.Millisecond)
	}
	return nil
}
