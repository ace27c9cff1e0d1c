package ipc

import "golang.org/x/sys/unix"

const sendFlags = unix.MSG_NOSIGNAL

func receive(sock int, p, control []byte) (n, size, flags int, err error) {
	n, size, flags, _, err = unix.Recvmsg(sock, p, control, unix.MSG_CMSG_CLOEXEC)
	return n, size, flags, err
}
