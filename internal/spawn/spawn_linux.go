package spawn

import (
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

func wantPidFD(attr *syscall.SysProcAttr, fd *int) { attr.PidFD = fd }

func waitNoReap(pid int) error {
	return unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
}

// usualPolicy gives the thread the usual scheduling policy until the function is called that it returns. The supervisor has the threads of busy
// workers run under SCHED_BATCH, and marks it by a flag that Linux obeys for other policies only: what they start is to be free of it.
// https://man7.org/linux/man-pages/man2/sched_setattr.2.html
func usualPolicy() (back func()) {
	runtime.LockOSThread()
	a, err := unix.SchedGetAttr(0, 0)
	if err != nil || a.Policy != unix.SCHED_BATCH || a.Flags&unix.SCHED_FLAG_RESET_ON_FORK == 0 {
		return runtime.UnlockOSThread
	}
	usual := *a
	usual.Policy = unix.SCHED_NORMAL
	_ = unix.SchedSetAttr(0, &usual, 0)
	return func() {
		_ = unix.SchedSetAttr(0, a, 0)
		runtime.UnlockOSThread()
	}
}
