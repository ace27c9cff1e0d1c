package supervisor

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// usage is what the kernel says of a process.
type usage struct {
	start        uint64        // ticks since the system's start: with the pid, it names a process
	cpu          time.Duration // used so far
	user, system time.Duration // its parts
	memory       int64         // resident bytes
}

// The kernel counts in hundredths of a second for user space, on every architecture that Go knows.
const tick = 10 * time.Millisecond

// readUsage reads /proc/PID/stat. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
func readUsage(pid int) (usage, error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return usage{}, err
	}
	return parseStat(text)
}

// meter reads the usage of one process again and again: its file stays open, so a look is one system call. One goroutine at a time.
type meter struct{ fd int } // 0: not open

func (m *meter) read(pid int) (usage, error) {
	if m.fd == 0 {
		fd, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return usage{}, err
		}
		m.fd = fd
	}
	var text [1024]byte
	n, err := unix.Pread(m.fd, text[:], 0)
	if err != nil { // ESRCH: it has ended
		return usage{}, err
	}
	return parseStat(text[:n])
}

func (m *meter) close() {
	if m.fd != 0 {
		_ = unix.Close(m.fd)
		m.fd = 0
	}
}

// readTask reads /proc/PID/task/TASK/stat: the times are the thread's.
func readTask(pid, task int) (usage, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/stat", pid, task))
	if err != nil {
		return usage{}, err
	}
	return parseStat(text)
}

func parseStat(text []byte) (usage, error) {
	// The name of the program is in parentheses and may hold anything.
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return usage{}, errors.New("no stat")
	}
	f := strings.Fields(string(text[end+1:])) // f[0] is the third field
	if len(f) < 22 || f[0] == "Z" || f[0] == "X" {
		return usage{}, errors.New("no running process")
	}
	number := func(k int) uint64 { n, _ := strconv.ParseUint(f[k-3], 10, 64); return n }
	user, system := time.Duration(number(14))*tick, time.Duration(number(15))*tick
	return usage{start: number(22), cpu: user + system, user: user, system: system, memory: int64(number(24)) * int64(os.Getpagesize())}, nil
}

// openFiles is how many descriptors a process has; 0 when that may not be known.
func openFiles(pid int) int64 {
	f, err := os.Open("/proc/" + strconv.Itoa(pid) + "/fd")
	if err != nil {
		return 0
	}
	defer f.Close()
	names, _ := f.Readdirnames(-1)
	return int64(len(names))
}

// bootID names this start of the system.
func bootID() string {
	text, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(text))
}

// descendants are the processes below pid.
func descendants(pid int) []int {
	var out []int
	for queue := []int{pid}; len(queue) > 0 && len(out) < 10_000; queue = queue[1:] {
		dir := "/proc/" + strconv.Itoa(queue[0]) + "/task"
		threads, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, t := range threads {
			text, _ := os.ReadFile(dir + "/" + t.Name() + "/children")
			for _, word := range strings.Fields(string(text)) {
				if n, err := strconv.Atoi(word); err == nil {
					out = append(out, n)
					queue = append(queue, n)
				}
			}
		}
	}
	return out
}

// hasGroup tells whether a process of a group runs; one that has ended and waits to be reaped by somebody doesn't.
func hasGroup(group int) bool {
	if unix.Kill(-group, 0) != nil {
		return false
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return true
	}
	for _, e := range entries {
		if e.Name()[0] < '0' || e.Name()[0] > '9' {
			continue
		}
		text, _ := os.ReadFile("/proc/" + e.Name() + "/stat")
		end := bytes.LastIndexByte(text, ')')
		if end < 0 {
			continue
		}
		f := strings.Fields(string(text[end+1:]))
		if len(f) > 2 && f[0] != "Z" && f[0] != "X" && f[2] == strconv.Itoa(group) {
			return true
		}
	}
	return false
}
