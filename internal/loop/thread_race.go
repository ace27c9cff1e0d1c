//go:build race && linux

package loop

import "golang.org/x/sys/unix"

type threadID int

func currentThread() threadID { return threadID(unix.Gettid()) }

// checkThread catches a call from a wrong thread while the loop runs.
func (l *Loop) checkThread() {
	if l.running && l.thread != currentThread() {
		panic("loop: called from a thread that isn't the loop's; use Post")
	}
}
