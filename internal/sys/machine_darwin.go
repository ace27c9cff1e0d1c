package sys

import (
	"time"

	"golang.org/x/sys/unix"
)

// RSS fails with ENOTSUP: macOS has it only in Mach's interface.
func RSS() (uint64, error) { return 0, unix.ENOTSUP }

// TotalMemory is the machine's memory in bytes.
func TotalMemory() (uint64, error) { return unix.SysctlUint64("hw.memsize") }

// FreeMemory fails with ENOTSUP: macOS has it only in Mach's interface.
func FreeMemory() (uint64, error) { return 0, unix.ENOTSUP }

// ConstrainedMemory is 0: macOS has no control groups.
func ConstrainedMemory() uint64 { return 0 }

// AvailableMemory fails with ENOTSUP, as FreeMemory.
func AvailableMemory() (uint64, error) { return 0, unix.ENOTSUP }

// Uptime is how long the machine runs, sleep included.
func Uptime() (time.Duration, error) {
	boot, err := unix.SysctlTimeval("kern.boottime")
	if err != nil {
		return 0, err
	}
	return time.Since(time.Unix(boot.Unix())), nil
}

// LoadAverage fails with ENOTSUP: the C library alone decodes it.
func LoadAverage() ([3]float64, error) { return [3]float64{}, unix.ENOTSUP }

// CPUs fails with ENOTSUP: macOS has it only in Mach's interface.
func CPUs() ([]CPU, error) { return nil, unix.ENOTSUP }
