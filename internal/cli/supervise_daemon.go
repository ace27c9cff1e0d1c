package cli

import (
	"fmt"
	"os"

	"roost/internal/supervisor"
	"roost/internal/supervisor/control"
)

// runDaemon is the daemon's process: descriptor 3 tells who started it how that went.
func runDaemon() int {
	home, err := control.FindHome()
	if err != nil {
		return exitFailure
	}
	program, err := os.Executable()
	if err != nil {
		return exitFailure
	}
	tell := os.NewFile(3, "ready")
	return supervisor.RunBlocking(supervisor.Config{Home: home, Program: program, Node: NodeVersion, Log: os.Stderr, Ready: func(err error) {
		if tell == nil {
			return
		}
		if err == nil || err == supervisor.ErrRunning {
			fmt.Fprintln(tell, "ok")
		} else {
			fmt.Fprintln(tell, err)
		}
		_ = tell.Close()
	}})
}
