package loop

import (
	"os"
	"syscall"
)

// KeepDefaultActions does nothing here.
//
// Differs from Node: on macOS SIGUSR2, SIGALRM and their like don't end the process while nobody listens to them; Go's runtime takes them.
func KeepDefaultActions() {}

// Raise sends s to the process itself.
func Raise(s syscall.Signal) error { return syscall.Kill(os.Getpid(), s) }
