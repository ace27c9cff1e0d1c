package sys

import "syscall"

// Numbers for errors that some systems lack: libuv's own.
const (
	enonet    = syscall.Errno(4056)
	eremoteio = syscall.Errno(4030)
	eunatch   = syscall.Errno(4023)
	eftype    = syscall.EFTYPE
)
