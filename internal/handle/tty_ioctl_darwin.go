package handle

import "golang.org/x/sys/unix"

// The request that sets waits for output to drain, as tcsetattr with TCSADRAIN does.
const (
	ioctlGetTermios = unix.TIOCGETA
	ioctlSetTermios = unix.TIOCSETAW
)
