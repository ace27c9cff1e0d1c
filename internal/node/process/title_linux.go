package process

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// setTitle changes the name of the main thread, which ps -o comm shows (15 bytes).
func setTitle(title string) {
	b := append([]byte(title), 0)
	if len(b) > 16 {
		b = append(b[:15], 0)
	}
	unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&b[0])), 0, 0, 0)
}
