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
		signal.Notify(incoming, syscall.SIGUSR1)
		go func() {
			for range incoming {
				if listeners[syscall.SIGUSR1].Load() == 0 {
					debugging.signalled()
				}
			}
		}()
	})
}

// Raise sends s to the process itself.
func Raise(s syscall.Signal) error { return syscall.Kill(os.Getpid(), s) }
