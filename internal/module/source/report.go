package source

import (
	"os"
	"strconv"
	"sync"
	"syscall"
)

// ReportVariable names the environment variable with the descriptor to which the paths of loaded files are written, a line each: --watch.
const ReportVariable = "ROOST_WATCH_REPORT"

// report is the descriptor of ReportVariable; -1: nobody wants to know. It is the process's own affair: programs that it starts don't see it.
var report = sync.OnceValue(func() int {
	fd, err := strconv.Atoi(os.Getenv(ReportVariable))
	if err != nil || fd < 3 {
		return -1
	}
	os.Unsetenv(ReportVariable)
	syscall.CloseOnExec(fd)
	return fd
})

// reportLoaded tells the watcher of a file. One write is one line, so that threads don't mix.
func reportLoaded(path string) {
	if fd := report(); fd >= 0 {
		_, _ = syscall.Write(fd, []byte(path+"\n"))
	}
}

// TakeReport reads the variable before JavaScript can see it.
func TakeReport() { report() }
