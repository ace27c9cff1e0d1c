package supervisor

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	"roost/internal/supervisor/ecosystem"
)

// Workers of an application with sticky sessions hand connections to each other through sockets in a folder of theirs. The daemon makes the folder
// and gives them a descriptor of it: a program of another user may not look into the state folder.

// errNoMeeting: instances are found on the board of vitals.
var errNoMeeting = errors.New("option 'sticky' needs shared memory, and there is none")

// meetingPrefix begins the folders' names.
const meetingPrefix = "meeting-"

// meetingPath is the folder of a group.
func (d *Daemon) meetingPath(group string) string {
	sum := sha256.Sum256([]byte(group))
	return filepath.Join(d.home.Spools(), meetingPrefix+hex.EncodeToString(sum[:8]))
}

// meetingPlace opens the folder, for programs of the application's user.
func (d *Daemon) meetingPlace(g *group, app ecosystem.App) (*os.File, error) {
	if err := os.Mkdir(g.meeting, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	f, err := os.Open(g.meeting)
	if err != nil {
		return nil, err
	}
	user, team := -1, -1
	if app.UID != nil {
		user = *app.UID
	}
	if app.GID != nil {
		team = *app.GID
	}
	if user >= 0 || team >= 0 {
		if err := f.Chown(user, team); err != nil {
			_ = f.Close()
			return nil, err
		}
	}
	return f, nil
}

// invite opens the folder for a worker that is to meet the others; nil: it isn't.
func (d *Daemon) invite(w *worker, g *group) (*os.File, error) {
	switch {
	case w.app.Sticky == "":
		return nil, nil
	case w.board == nil:
		return nil, errNoMeeting
	}
	return d.meetingPlace(g, w.app)
}

// clearMeeting removes the sockets of programs that have ended. The folder stays: another one may be on its way.
func clearMeeting(path string) {
	sockets, _ := os.ReadDir(path)
	for _, s := range sockets {
		_ = os.Remove(filepath.Join(path, s.Name()))
	}
}

// clearMeetings removes folders in which nobody meets.
func (d *Daemon) clearMeetings() {
	paths, _ := filepath.Glob(filepath.Join(d.home.Spools(), meetingPrefix+"*"))
	for _, path := range paths {
		used := false
		for _, g := range d.groups {
			used = used || g.meeting == path
		}
		if !used {
			_ = os.RemoveAll(path)
		}
	}
}
