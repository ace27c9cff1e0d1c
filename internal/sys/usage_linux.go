package sys

import "golang.org/x/sys/unix"

// maxRSSUnit is how many of ru_maxrss make a kilobyte.
const maxRSSUnit = 1

// ThreadUsage is the usage of the calling thread. The goroutine must be locked
// to it.
func ThreadUsage() (Usage, error) { return usage(unix.RUSAGE_THREAD) }
