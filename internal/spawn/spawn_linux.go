package spawn

import (
	"syscall"

	"golang.org/x/sys/unix"
)

func wantPidFD(attr *syscall.SysProcAttr, fd *int) { attr.PidFD = fd }

func waitNoReap(pid int) error {
	return unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
}
