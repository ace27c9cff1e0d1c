package sys

import "golang.org/x/sys/unix"

// maxRSSUnit is how many of ru_maxrss make a kilobyte: macOS counts bytes.
const maxRSSUnit = 1024

// ThreadUsage fails with ENOTSUP: macOS has it only in Mach's interface.
func ThreadUsage() (Usage, error) { return Usage{}, unix.ENOTSUP }
