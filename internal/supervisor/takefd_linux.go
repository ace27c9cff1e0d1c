package supervisor

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// takeListener finds the listening socket of a query among the descriptors of a worker and gives a duplicate, or -1. The kernel allows it
// to whom may trace the worker (pidfd_getfd(2)): not everywhere.
func takeListener(pid int, q query) int {
	if q.Port == nil || *q.Port <= 0 || q.isDatagram() {
		return -1
	}
	pidfd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return -1
	}
	defer unix.Close(pidfd)
	entries, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/fd")
	if err != nil {
		return -1
	}
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		fd, err := unix.PidfdGetfd(pidfd, n, 0)
		if err != nil {
			continue
		}
		if isListener(fd, *q.Port) {
			return fd
		}
		_ = unix.Close(fd)
	}
	return -1
}
