// Package cli is the command line: one file a subcommand. It parses, calls one layer down and prints.
package cli

import (
	"os"
	"runtime"

	roost "roost/internal/runtime"
)

func init() {
	// The main goroutine stays on the main thread: its stack is the largest, and JavaScript runs on it.
	runtime.LockOSThread()
}

// Main runs the command line args (os.Args) and gives the exit code.
func Main(args []string) int {
	c := roost.Config{Argv0: args[0], Options: map[string]string{}}
	c.ExecPath, _ = os.Executable()
	rest := args[1:]
	for len(rest) > 0 && len(rest[0]) > 1 && rest[0][0] == '-' {
		switch rest[0] {
		case "-e", "-p":
			c.Print = rest[0] == "-p"
			c.HasEval = true
			c.Eval = rest[1]
			rest = rest[1:]
		}
		rest = rest[1:]
	}
	if !c.HasEval && len(rest) > 0 {
		c.Script, rest = rest[0], rest[1:]
	}
	c.Argv = rest
	return roost.Run(c)
}
