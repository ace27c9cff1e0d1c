package sys

import "syscall"

// ring is what macOS doesn't have.
type ring struct{}

func (ring) open(int) error    { return syscall.ENOSYS }
func (ring) send([]send) error { return syscall.ENOSYS }
func (ring) close()            {}
