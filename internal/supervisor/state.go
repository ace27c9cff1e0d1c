package supervisor

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
)

// saved is the file of one instance in the state folder.
type saved struct {
	Version  int           `json:"version"`
	Boot     string        `json:"boot"` // the system's start: processes of another are gone
	ID       int           `json:"id"`
	Number   int           `json:"number"`
	App      ecosystem.App `json:"app"`
	Status   string        `json:"status"`
	Wanted   bool          `json:"wanted"` // it is meant to run
	Created  int64         `json:"created_at"`
	Restarts int           `json:"restarts"`
	LastExit string        `json:"last_exit,omitempty"`
	Worker   *record       `json:"worker,omitempty"`

	Actions []control.Action `json:"actions,omitempty"` // that the worker has offered
}

const stateVersion = 1

func (d *Daemon) statePath(id int) string {
	return filepath.Join(d.home.State(), strconv.Itoa(id)+".json")
}

// writeAtomic puts a file in place whole, or leaves the old one.
func writeAtomic(path string, content []byte) error {
	temporary := path + ".tmp"
	if err := os.WriteFile(temporary, content, 0o600); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return os.Rename(temporary, path)
}

// loadState reads what the daemon before has left. Files that can't be read are kept aside, and that is said.
func (d *Daemon) loadState() []saved {
	paths, _ := filepath.Glob(filepath.Join(d.home.State(), "*.json"))
	var out []saved
	for _, path := range paths {
		s, err := readSaved(path)
		if err != nil {
			aside := fmt.Sprintf("%s.corrupt-%d", path, time.Now().UnixMilli())
			_ = os.Rename(path, aside)
			d.log("%s could not be read and is kept as %s: %v", path, aside, err)
			continue
		}
		if s.Boot != d.boot {
			_ = os.Remove(path) // the system was started anew: `resurrect` brings back what was saved
			continue
		}
		out = append(out, s)
	}
	return out
}

func readSaved(path string) (saved, error) {
	var s saved
	text, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, err
	}
	if s.Version != stateVersion {
		return s, fmt.Errorf("version %d is not known", s.Version)
	}
	if path := filepath.Base(path); path != strconv.Itoa(s.ID)+".json" || s.App.Script == "" {
		return s, fmt.Errorf("it doesn't describe a process")
	}
	return s, nil
}
