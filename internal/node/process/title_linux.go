package process

import (
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// argv is the memory of the process's arguments as the kernel laid it out, one after the other with their NULs: what `ps` shows. os.Args
// is copied away from it when the package is initialised. Only setTitle writes to it, on the main isolate's thread.
var argv = takeArguments()

func takeArguments() []byte {
	if len(os.Args) == 0 || os.Args[0] == "" {
		return nil
	}
	begin := unsafe.StringData(os.Args[0])
	end := uintptr(unsafe.Pointer(begin))
	for k, arg := range os.Args {
		if arg != "" && uintptr(unsafe.Pointer(unsafe.StringData(arg))) != end {
			return nil // not the kernel's block
		}
		end += uintptr(len(arg)) + 1
		os.Args[k] = strings.Clone(arg)
	}
	return unsafe.Slice(begin, end-uintptr(unsafe.Pointer(begin)))
}

// setTitle changes what `ps` and `top` show. A title that is longer than the arguments were is cut.
func setTitle(title string) {
	b := append([]byte(title), 0)
	if len(b) > 16 {
		b = append(b[:15], 0)
	}
	unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&b[0])), 0, 0, 0)
	if len(argv) > 0 {
		clear(argv)
		copy(argv[:len(argv)-1], title)
	}
}
