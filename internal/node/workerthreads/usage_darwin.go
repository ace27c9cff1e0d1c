package workerthreads

import "syscall"

// threadUsage is not to be had without Mach calls.
func threadUsage() (user, system float64, err error) { return 0, 0, syscall.ENOSYS }
