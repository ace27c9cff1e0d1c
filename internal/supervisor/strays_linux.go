package supervisor

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"roost/internal/vitals"
)

// findStrays looks for programs that a daemon had started and not yet written down, or was replacing, when it was killed: their standard
// output is a spool that nobody has. Newest last.
func findStrays(folder string, kept map[string]bool) (out []record) {
	paths, _ := filepath.Glob(filepath.Join(folder, "*.out"))
	unknown := map[string]bool{}
	for _, path := range paths {
		if !kept[path] {
			unknown[path] = true
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		path := spoolOf(pid)
		if !unknown[path] || groupOf(pid) != pid {
			continue // what a program has started has its output too
		}
		u, err := readUsage(pid)
		if err != nil {
			continue
		}
		delete(unknown, path)
		base := strings.TrimSuffix(path, ".out")
		r := record{Pid: pid, Start: u.start, Out: path, Err: base + ".err", Started: startedAt(u).UnixMilli()}
		if _, err := os.Lstat(base + ".return"); err == nil {
			r.Return = filepath.Base(base) + ".return"
		}
		if memory, bell, numbers := vitals.Invited(variable(pid, vitals.Variable)); len(numbers) > 0 {
			r.Page = &pages{Memory: memory, Bell: bell, Numbers: numbers}
		}
		out = append(out, r)
	}
	return out
}

// variable is one of the environment that a program was started with.
func variable(pid int, name string) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	for _, e := range strings.Split(string(text), "\x00") {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}

// spoolOf is the file that a program prints to.
func spoolOf(pid int) string {
	for _, fd := range []string{"1", "2"} {
		path, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", pid, fd))
		if base, ok := strings.CutSuffix(path, ".err"); ok {
			path = base + ".out"
		}
		if err == nil && strings.HasSuffix(path, ".out") {
			return path
		}
	}
	return ""
}

// groupOf is the process group.
func groupOf(pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(f) < 3 {
		return 0
	}
	n, _ := strconv.Atoi(f[2])
	return n
}

// startedAt is when a program began.
func startedAt(u usage) time.Time {
	text, _ := os.ReadFile("/proc/uptime")
	var up float64
	if _, err := fmt.Sscan(string(text), &up); err != nil {
		return time.Now()
	}
	return time.Now().Add(-time.Duration(up*float64(time.Second)) + time.Duration(u.start)*tick)
}
