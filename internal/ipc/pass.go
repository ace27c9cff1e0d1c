// Package ipc carries bytes together with open descriptors between processes of one machine, over connected Unix stream sockets.
//
// A descriptor travels with the first byte of the write that it belongs to (unix(7), SCM_RIGHTS): the receiver gets it no later than that
// byte, and descriptors arrive in the order in which they were sent. Once Send has taken bytes, the kernel holds the descriptor, and the
// sender may close its own.
//
// Any goroutine may call it, as long as the socket has one reader and one writer at a time. Sockets are in non-blocking mode: the functions
// return EAGAIN and never wait. The package keeps no state and imports nothing of this module.
package ipc

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// None, in place of a descriptor, passes nothing.
const None = -1

// MaxDescriptors is how many descriptors one Receive takes at most.
const MaxDescriptors = 64

// Send writes p, which must not be empty, and passes a descriptor along unless that is None. n is how many bytes were taken; with n > 0 the
// descriptor was taken too, so the rest is to be sent without it.
func Send(sock int, p []byte, descriptor int) (n int, errno syscall.Errno) {
	var rights []byte
	if descriptor != None {
		rights = unix.UnixRights(descriptor)
	}
	for {
		n, err := unix.SendmsgN(sock, p, rights, nil, sendFlags)
		if err == nil {
			return n, 0
		}
		if err != unix.EINTR {
			return 0, errnoOf(err)
		}
	}
}

// Receive reads into p. It appends the descriptors that came along to descriptors: they are not inherited by children, and the caller's to
// close. n is 0 at the end of the stream.
func Receive(sock int, p []byte, descriptors []int) (n int, got []int, errno syscall.Errno) {
	var control [controlSize]byte
	for {
		n, size, flags, err := receive(sock, p, control[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, descriptors, errnoOf(err)
		}
		_ = flags // MSG_CTRUNC: the kernel has closed what found no room; whoever misses a descriptor sees that by its message
		return n, append(descriptors, parse(control[:size])...), 0
	}
}

// controlSize has room for MaxDescriptors, with the header and its alignment.
const controlSize = 4*MaxDescriptors + 32

// parse takes the descriptors out of control messages.
func parse(control []byte) []int {
	if len(control) == 0 {
		return nil
	}
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil
	}
	var fds []int
	for k := range messages {
		if got, err := unix.ParseUnixRights(&messages[k]); err == nil {
			fds = append(fds, got...)
		}
	}
	return fds
}

func errnoOf(err error) syscall.Errno {
	if e, ok := err.(syscall.Errno); ok {
		return e
	}
	return unix.EINVAL
}
