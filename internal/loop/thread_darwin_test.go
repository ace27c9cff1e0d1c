package loop

import "golang.org/x/sys/unix"

func threadNumber() int { return 0 }

func interrupt(int) { _ = unix.Kill(unix.Getpid(), unix.SIGURG) }
