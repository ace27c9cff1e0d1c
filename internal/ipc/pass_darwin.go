package ipc

import (
	"syscall"

	"golang.org/x/sys/unix"
)

const sendFlags = 0

// receive marks the descriptors before a child can inherit them: macOS can't do it in one call.
func receive(sock int, p, control []byte) (n, size, flags int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	n, size, flags, _, err = unix.Recvmsg(sock, p, control, 0)
	if err == nil {
		for _, fd := range parse(control[:size]) {
			unix.CloseOnExec(fd)
		}
	}
	return n, size, flags, err
}
