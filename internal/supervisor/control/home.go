// Package control is how others speak to the daemon: the state folder, the messages on its socket, the client and the server.
//
// The socket is a Unix socket, 0600, in a folder that is 0700: who may open it may do everything that the daemon's user may. Messages are JSON
// in frames of internal/ipc. A connection carries calls one after another: a Call, then any number of notes, then a result or an error.
//
// Any goroutine may call it; a Client is used by one at a time. It imports supervisor/ecosystem, supervisor/logs and ipc, never the daemon.
package control

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Home is the state folder.
type Home string

// FindHome gives the state folder of this user: $ROOST_HOME, or ~/.roost.
func FindHome() (Home, error) {
	if dir := os.Getenv("ROOST_HOME"); dir != "" {
		dir, err := filepath.Abs(dir)
		return Home(dir), err
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("no home folder: set ROOST_HOME")
	}
	return Home(filepath.Join(dir, ".roost")), nil
}

func (h Home) path(name string) string { return filepath.Join(string(h), name) }

// Socket is where the daemon listens.
func (h Home) Socket() string { return h.path("control.sock") }

// Lock is locked as long as a daemon runs.
func (h Home) Lock() string { return h.path("daemon.lock") }

// DaemonPid is a file with the daemon's process id.
func (h Home) DaemonPid() string { return h.path("daemon.pid") }

// DaemonLog is what the daemon itself says.
func (h Home) DaemonLog() string { return h.path("daemon.log") }

// Dump is what `save` writes.
func (h Home) Dump() string { return h.path("dump.json") }

// Settings is what `set` writes.
func (h Home) Settings() string { return h.path("settings.json") }

// State is the folder with one file a process.
func (h Home) State() string { return h.path("state") }

// Spools is the folder of what processes are writing.
func (h Home) Spools() string { return h.path("spool") }

// Make makes the folder and refuses one that others can enter.
func (h Home) Make() error {
	for _, dir := range []string{string(h), h.State(), h.Spools(), h.path("logs"), h.path("pids")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	if err := os.Chmod(string(h), 0o700); err != nil {
		return fmt.Errorf("%s: it must belong to this user: %w", h, err)
	}
	return nil
}
