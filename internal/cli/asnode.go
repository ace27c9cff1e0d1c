package cli

import (
	"os"
	"os/exec"
	"path/filepath"
)

// calledAsNode gives the absolute path of the link by the name node through which the program, whose file is executable, was called; "" when it
// was called by another name. Such a program keeps the name in process.execPath: children that it starts behave as node too, and packages
// (yargs, for the name in its usage) look for it there.
func calledAsNode(argv0, executable string) string {
	if filepath.Base(argv0) != "node" || executable == "" {
		return ""
	}
	path, err := exec.LookPath(argv0)
	if err != nil {
		return ""
	}
	if path, err = filepath.Abs(path); err != nil {
		return ""
	}
	// The name is only what the caller says: it must lead here.
	link, err := os.Stat(path)
	if err != nil {
		return ""
	}
	if own, err := os.Stat(executable); err != nil || !os.SameFile(link, own) {
		return ""
	}
	return path
}
