package loop

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

var keepOnce sync.Once

// KeepDefaultActions hands SIGUSR1 to what OnDebugSignal says, for as long as no Signal listens to it.
//
// Differs from Node: on macOS SIGUSR2, SIGALRM and their like don't end the process while nobody listens to them; Go's runtime takes them.
func KeepDefaultActions() {
	keepOnce.Do(func() {
		incoming := make(chan os.Signal, signalBuffer)
		dispatch.ours[syscall.SIGUSR1] = true
		signal.Notify(incoming, syscall.SIGUSR1)
		kept.Store(true)
		go func() {
			for range incoming {
				if !give(syscall.SIGUSR1) {
					debugging.signalled()
				}
			}
		}()
	})
}

// Raise sends s to the process itself.
func Raise(s syscall.Signal) error { return syscall.Kill(os.Getpid(), s) }
