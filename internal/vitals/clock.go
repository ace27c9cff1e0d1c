package vitals

import (
	"time"

	"golang.org/x/sys/unix"
)

// Go reads the same clock without a system call, but tells only differences.
var began, beganAt = time.Now(), func() int64 {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts)
	return ts.Nano()
}()

// Now is the system's monotonic clock, which all programs share, in nanoseconds.
func Now() int64 { return beganAt + int64(time.Since(began)) }
