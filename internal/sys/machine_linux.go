package sys

import (
	"bytes"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// RSS is the resident memory of the process in bytes.
func RSS() (uint64, error) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(b)
	if len(fields) < 2 {
		return 0, unix.EIO
	}
	pages, err := strconv.ParseUint(string(fields[1]), 10, 64)
	return pages * uint64(os.Getpagesize()), err
}

// TotalMemory is the machine's memory in bytes.
func TotalMemory() (uint64, error) { return meminfo("MemTotal:") }

// FreeMemory is what new programs could use, in bytes, caches included.
func FreeMemory() (uint64, error) { return meminfo("MemAvailable:") }

func meminfo(key string) (uint64, error) {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(b) {
		fields := bytes.Fields(line)
		if len(fields) >= 2 && string(fields[0]) == key {
			kilobytes, err := strconv.ParseUint(string(fields[1]), 10, 64)
			return kilobytes * 1024, err
		}
	}
	return 0, unix.ENOENT
}

// ConstrainedMemory is the limit that control groups put on the process, in
// bytes; 0 if there is none or it can't be read.
func ConstrainedMemory() uint64 {
	limit, _ := cgroupMemory()
	return limit
}

// AvailableMemory is how many bytes the process can still get, its control
// group's limit included.
func AvailableMemory() (uint64, error) {
	free, err := FreeMemory()
	if err != nil {
		return 0, err
	}
	limit, used := cgroupMemory()
	if limit == 0 {
		return free, nil
	}
	return min(free, limit-min(used, limit)), nil
}

// cgroupMemory reads the tightest limit on the way from the process's group to
// the root, and what the group with that limit uses.
// https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
func cgroupMemory() (limit, used uint64) {
	b, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(b)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		root, limitFile, usedFile := "", "", ""
		switch {
		case parts[0] == "0" && parts[1] == "":
			root, limitFile, usedFile = "/sys/fs/cgroup", "memory.max", "memory.current"
		case strings.Contains(","+parts[1]+",", ",memory,"):
			root, limitFile, usedFile = "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"
		default:
			continue
		}
		for group := path.Clean("/" + parts[2]); ; group = path.Dir(group) {
			dir := root + group
			// Version 1 says "no limit" with a number near 2^63.
			if n, ok := readNumber(path.Join(dir, limitFile)); ok && n < 1<<62 && (limit == 0 || n < limit) {
				limit = n
				used, _ = readNumber(path.Join(dir, usedFile))
			}
			if group == "/" {
				break
			}
		}
	}
	return limit, used
}

// readNumber reads a file that holds one number; "max" isn't one.
func readNumber(name string) (uint64, bool) {
	b, err := os.ReadFile(name)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseUint(string(bytes.TrimSpace(b)), 10, 64)
	return n, err == nil
}

// Uptime is how long the machine runs, sleep included.
func Uptime() (time.Duration, error) {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
		return 0, err
	}
	return time.Duration(ts.Nano()), nil
}

// LoadAverage is the load of the last 1, 5 and 15 minutes.
func LoadAverage() ([3]float64, error) {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return [3]float64{}, err
	}
	var out [3]float64
	for i, n := range info.Loads {
		out[i] = float64(n) / (1 << 16) // SI_LOAD_SHIFT
	}
	return out, nil
}

// clockTick is the unit of /proc/stat: USER_HZ is 100 on all of Linux's ABIs.
const clockTick = 10 * time.Millisecond

// CPUs lists the processors that are online.
func CPUs() ([]CPU, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return nil, err
	}
	models, speeds := cpuModels()
	var out []CPU
	for line := range strings.Lines(string(stat)) {
		fields := strings.Fields(line)
		if len(fields) < 7 || !strings.HasPrefix(fields[0], "cpu") || fields[0] == "cpu" {
			continue
		}
		index := strings.TrimPrefix(fields[0], "cpu")
		var ticks [6]time.Duration
		for i := range ticks {
			n, _ := strconv.ParseInt(fields[i+1], 10, 64)
			ticks[i] = time.Duration(n) * clockTick
		}
		cpu := CPU{Model: "unknown", User: ticks[0], Nice: ticks[1], System: ticks[2], Idle: ticks[3], IRQ: ticks[5]}
		if m := models[index]; m != "" {
			cpu.Model = m
		}
		cpu.MHz = speeds[index]
		if khz, ok := readNumber("/sys/devices/system/cpu/cpu" + index + "/cpufreq/scaling_cur_freq"); ok {
			cpu.MHz = int(khz / 1000)
		}
		out = append(out, cpu)
	}
	return out, nil
}

// cpuModels reads names and speeds (MHz) by processor number.
func cpuModels() (models map[string]string, speeds map[string]int) {
	models, speeds = map[string]string{}, map[string]int{}
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return
	}
	current := ""
	for line := range strings.Lines(string(b)) {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(key) {
		case "processor":
			current = value
		case "model name":
			models[current] = value
		case "cpu MHz":
			mhz, _ := strconv.ParseFloat(value, 64)
			speeds[current] = int(mhz)
		}
	}
	return
}
