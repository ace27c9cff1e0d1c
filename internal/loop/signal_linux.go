package loop

import (
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// swallowed are the signals that end a process by default and that Go's runtime takes without effect, or with a dump of its own
// (SIGQUIT). SIGUSR1 is not among them: it is the debugger's (OnDebugSignal). SIGPROF is for
// profilers; without SIGXFSZ a write beyond the limit fails with EFBIG, as in Node.
var swallowed = []syscall.Signal{syscall.SIGQUIT, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGVTALRM, syscall.SIGIO, syscall.SIGPWR,
	syscall.SIGSTKFLT, syscall.SIGXCPU}

// inherited are the signals that Go's runtime leaves ignored when the process began so: under nohup, or in the background of a shell's script.
// As in Node, that counts neither for the program nor for its children.
var inherited = []syscall.Signal{syscall.SIGHUP, syscall.SIGINT}

var (
	keepOnce sync.Once
	restored []syscall.Signal // have their default action by us; written once, before kept
)

// KeepDefaultActions gives the signals that Go's runtime swallows, or leaves ignored, their default action back, for as long as no Signal listens
// to them. Only the first call counts.
func KeepDefaultActions() {
	keepOnce.Do(func() {
		incoming := make(chan os.Signal, signalBuffer)
		restored = slices.Clone(swallowed)
		for _, s := range inherited {
			if signal.Ignored(s) {
				restored = append(restored, s)
			}
		}
		for _, s := range restored {
			dispatch.ours[s] = true
			signal.Notify(incoming, s)
		}
		dispatch.ours[syscall.SIGUSR1] = true
		signal.Notify(incoming, syscall.SIGUSR1)
		kept.Store(true)
		go func() {
			for s := range incoming {
				switch s := s.(syscall.Signal); {
				case give(s):
				case s == syscall.SIGUSR1:
					debugging.signalled()
				default:
					act(s)
				}
			}
		}()
	})
}

// Raise sends s to the process itself. Where the default action ends the process, that has happened when Raise would return.
func Raise(s syscall.Signal) error {
	if kept.Load() && slices.Contains(restored, s) && listeners[s].Load() == 0 {
		act(s)
		select {}
	}
	return syscall.Kill(os.Getpid(), s)
}

// act makes the kernel's default action of s happen to the process.
func act(s syscall.Signal) {
	var standard [4]uint64 // struct sigaction of the kernel: SIG_DFL, no flags, no restorer, empty mask
	unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(&standard)), 0, 8, 0, 0)
	_ = unix.Kill(os.Getpid(), unix.Signal(s))
}
