package sys

import "syscall"

// Numbers for errors that some systems lack.
const (
	enonet    = syscall.ENONET
	eremoteio = syscall.EREMOTEIO
	eunatch   = syscall.EUNATCH
	eftype    = syscall.Errno(4028) // Linux has none: libuv's number
)
