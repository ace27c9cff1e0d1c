package loop

import (
	"os"

	"golang.org/x/sys/unix"
)

func threadNumber() int { return unix.Gettid() }

// interrupt sends Go's preemption signal, whose handler does nothing here.
func interrupt(thread int) { _ = unix.Tgkill(os.Getpid(), thread, unix.SIGURG) }
