package supervisor

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// setYielding has all threads of a process run under SCHED_BATCH instead of SCHED_OTHER, or the other way round; those of other policies, which
// somebody has chosen, stay. The flag tells internal/spawn that what the process starts is not to inherit it. Errors are passed over: it is a matter of speed.
// https://man7.org/linux/man-pages/man7/sched.7.html
func setYielding(pid int, on bool) {
	dir, err := os.Open("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	for _, name := range names {
		thread, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		a, err := unix.SchedGetAttr(thread, 0)
		switch {
		case err != nil:
			continue
		case on && a.Policy == unix.SCHED_NORMAL:
			a.Policy = unix.SCHED_BATCH
		case !on && a.Policy == unix.SCHED_BATCH && a.Flags&unix.SCHED_FLAG_RESET_ON_FORK != 0:
			a.Policy = unix.SCHED_NORMAL
		default:
			continue
		}
		a.Flags |= unix.SCHED_FLAG_RESET_ON_FORK
		_ = unix.SchedSetAttr(thread, a, 0)
	}
}

// readProcessors reads how long all processors have been idle, and have been there, since the system's start.
// https://man7.org/linux/man-pages/man5/proc_stat.5.html
func readProcessors() (idle, all time.Duration, err error) {
	f, err := os.Open("/proc/stat")
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	var text [512]byte
	n, err := f.Read(text[:])
	if err != nil {
		return 0, 0, err
	}
	line, _, _ := bytes.Cut(text[:n], []byte("\n"))
	fields := strings.Fields(string(line))
	if len(fields) < 6 || fields[0] != "cpu" {
		return 0, 0, errors.New("no line of all processors in /proc/stat")
	}
	for k, field := range fields[1:min(len(fields), 9)] { // guests are in user and nice already
		v, err := strconv.ParseUint(field, 10, 63)
		if err != nil {
			return 0, 0, err
		}
		all += time.Duration(v) * tick
		if k == 3 || k == 4 { // idle, iowait
			idle += time.Duration(v) * tick
		}
	}
	return idle, all, nil
}
