package supervisor

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// reapLimit is how long the end of another process's child is looked into.
const reapLimit = 100 * time.Millisecond

// awaitEnd waits until a process has ended; it need not be our child. No thread waits with it: the descriptor is the poller's. of asks how
// it ended: of a child of another process the kernel tells it until that reaps it, and since Linux 6.15 afterwards too.
func awaitEnd(pid int, of bool) (status unix.WaitStatus, known bool) {
	fd, err := unix.PidfdOpen(pid, unix.PIDFD_NONBLOCK)
	if err != nil {
		return 0, false
	}
	f := os.NewFile(uintptr(fd), "pidfd")
	defer f.Close()
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, false
	}
	if raw.Read(func(fd uintptr) bool { return isPolled(fd, unix.POLLIN) }) != nil || !of {
		return 0, false
	}
	_ = raw.Control(func(fd uintptr) {
		for end := time.Now().Add(reapLimit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if status, known = zombieStatus(pid); known {
				return
			}
			if status, known = exitStatus(fd); known {
				return
			}
		}
	})
	return status, known
}

func isPolled(fd uintptr, events int16) bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, 0)
	return n > 0 || err != nil && err != unix.EINTR
}

// zombieStatus reads how a process has ended that nobody has reaped.
func zombieStatus(pid int) (unix.WaitStatus, bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, false
	}
	f := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // f[0] is the third field
	if len(f) < 50 || f[0] != "Z" {
		return 0, false
	}
	n, err := strconv.Atoi(f[52-3])
	return unix.WaitStatus(n), err == nil
}

// pidfdInfo is struct pidfd_info of linux/pidfd.h.
type pidfdInfo struct {
	mask, cgroup    uint64
	pid, tgid, ppid uint32
	credentials     [8]uint32
	status          int32
}

const (
	pidfdGetInfo  = 0xc040ff0b // _IOWR(0xff, 11, 64 bytes)
	pidfdInfoExit = 1 << 3
)

// exitStatus asks a descriptor of a process that was reaped how it ended.
func exitStatus(fd uintptr) (unix.WaitStatus, bool) {
	info := pidfdInfo{mask: pidfdInfoExit}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, pidfdGetInfo, uintptr(unsafe.Pointer(&info)))
	return unix.WaitStatus(info.status), errno == 0 && info.mask&pidfdInfoExit != 0
}
