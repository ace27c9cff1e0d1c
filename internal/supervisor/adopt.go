package supervisor

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
	"roost/internal/supervisor/logs"
	"roost/internal/supervisor/restart"
)

// adoptAll takes over what the daemon before has left: it may have been killed at any moment. No instance goes on before all are there, and before
// what belongs to nobody is gone: a program that one starts has a spool and a page that nobody has written down yet.
func (d *Daemon) adoptAll() {
	list := d.loadState()
	kept := map[string]bool{}
	for _, s := range list {
		if s.Worker != nil {
			kept[s.Worker.Out], kept[s.Worker.Err] = true, true
			if h := s.Worker.Host; h != nil {
				kept[h.Out], kept[h.Err] = true, true
			}
		}
	}
	d.adopted = map[string]*host{}
	strays := map[int][]record{}
	for _, r := range findStrays(d.home.Spools(), kept) {
		id, _, _ := strings.Cut(filepath.Base(r.Out), "-")
		n, err := strconv.Atoi(id)
		known := slices.ContainsFunc(list, func(s saved) bool { return s.ID == n })
		if err != nil || !known {
			d.log("pid %d belongs to no application: it is ended", r.Pid)
			go endStray(r)
			continue
		}
		kept[r.Out], kept[r.Err] = true, true
		strays[n] = append(strays[n], r)
	}
	for _, s := range list {
		d.adoptName(s)
	}
	for _, s := range list {
		d.adoptInstance(d.instances[s.ID], s, strays[s.ID])
	}
	d.endOrphans()
	for _, g := range d.groups {
		g.vitals.adopted()
	}
	d.clearSpools(kept)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, i := range d.instances {
		go i.run()
	}
}

// adoptName makes the instance. Its group is busy until it is known better, so that what the group shares stays for those that come later.
func (d *Daemon) adoptName(s saved) {
	d.mu.Lock()
	i := d.newInstance(s.ID, s.Number, s.App)
	d.instances[s.ID] = i
	d.nextID = max(d.nextID, s.ID+1)
	d.mu.Unlock()
	i.group.busy(i)
}

func (d *Daemon) adoptInstance(i *instance, s saved, strays []record) {
	i.status, i.wanted, i.created, i.restarts, i.lastExit = s.Status, s.Wanted, s.Created, s.Restarts, s.LastExit
	slices.SortFunc(strays, func(a, b record) int { return int(a.Started - b.Started) })
	if n := len(strays); n > 0 && s.Wanted && (s.Worker == nil || !s.Worker.isAlive()) {
		d.log("App [%s:%d] pid %d was started and not written down", s.App.Name, s.ID, strays[n-1].Pid)
		if s.Worker != nil {
			d.finishDead(i, *s.Worker)
		}
		s.Worker, strays = &strays[n-1], strays[:n-1]
	}
	switch {
	case s.Worker != nil:
		d.adopt(i, *s.Worker)
		if i.worker != nil {
			i.worker.offered.actions = s.Actions
		}
	case i.wanted && i.status != control.Errored && i.status != control.Stopped:
		i.decide(nil, exit{unknown: true}, restart.StableAfter)
	}
	for _, r := range strays {
		d.log("App [%s:%d] pid %d was being replaced: it is drained", s.App.Name, s.ID, r.Pid)
		if w := d.meet(i, r, nil, true); w != nil {
			i.drain(w)
		}
	}
	if i.worker == nil && i.status != control.Waiting {
		i.group.idle(i)
	}
	i.publish()
}

// meet takes over a program that runs, or has ended; nil when its output can't be read.
func (d *Daemon) meet(i *instance, r record, s *seat, runs bool) *worker {
	w := &worker{record: r, seat: s, app: i.app}
	outSpool, errSpool := d.spoolAt(i.app, i.id, r.Out), d.spoolAt(i.app, i.id, r.Err)
	if outSpool == nil || errSpool == nil {
		return nil
	}
	if r.Return != "" && runs {
		if conn, err := connectBelow(d.home.Spools(), r.Return); err == nil {
			w.ipc = openChannel(conn)
		} else {
			d.log("App [%s:%d] pid %d can't be spoken to: %v", i.app.Name, i.id, r.Pid, err)
		}
	}
	w.out, w.err, w.files = d.streams(i.app, i.id, outSpool, errSpool)
	if runs {
		if r.Page != nil && len(r.Page.Numbers) > 0 {
			w.board = i.group.vitals.adopt(r.Pid, *r.Page)
		}
		setYielding(r.Pid, false) // the daemon before may have been killed in the middle of a rush
		w.listen(i.post)
		go d.watch(w, i.post)
	}
	return w
}

// spoolAt opens a spool that a daemon before has left, or makes an empty one in its place.
func (d *Daemon) spoolAt(app ecosystem.App, id int, path string) *logs.Spool {
	s, err := logs.OpenSpool(path)
	if err == nil {
		return s
	}
	d.log("App [%s:%d] %v", app.Name, id, err)
	s, f, err := logs.CreateSpool(path)
	if err != nil {
		d.log("App [%s:%d] %v", app.Name, id, err)
		return nil
	}
	_ = f.Close()
	return s
}

// finishDead brings home the last lines of a program that has ended.
func (d *Daemon) finishDead(i *instance, r record) *worker {
	w := d.meet(i, r, nil, false)
	if w != nil {
		w.finishLogs(d)
	}
	return w
}

func (d *Daemon) adopt(i *instance, r record) {
	end, seat, runs := exit{unknown: true}, (*seat)(nil), r.isAlive()
	if r.Host != nil {
		seat = d.adoptSeat(i, r)
		runs = seat != nil && seat.isAlive()
		if seat != nil && !runs {
			end = seat.exit
		}
	}
	if !runs {
		w := d.finishDead(i, r)
		d.log("App [%s:%d] pid %d ended while there was no daemon: %s", i.app.Name, i.id, r.Pid, end)
		i.lastExit = end.String()
		switch {
		case !i.wanted:
			i.status = control.Stopped
		case w == nil:
			i.decide(nil, end, restart.StableAfter)
		default:
			i.decide(w.err, end, restart.StableAfter)
		}
		return
	}
	w := d.meet(i, r, seat, true)
	if w == nil {
		i.status, i.lastErr = control.Errored, []string{"its output can't be read: see the daemon's log"}
		if seat != nil {
			_ = seat.signal(unix.SIGKILL)
			seat.host.left(seat.number)
		} else {
			go endStray(r)
		}
		return
	}
	i.worker = w
	d.log("App [%s:%d] adopted with pid %d", i.app.Name, i.id, r.Pid)
	if i.status != control.Stopping {
		i.status = control.Online
	}
	i.help()
	if !i.wanted { // the daemon before was about to end it
		i.ask(&operation{doStop, nil, make(chan error, 1)})
	}
}

// endStray ends a program that belongs to nobody.
func endStray(r record) {
	if r.isAlive() {
		sweep(r.Pid, strayLimit)
	}
	for _, path := range []string{r.Out, r.Out + ".pos", r.Err, r.Err + ".pos"} {
		_ = os.Remove(path)
	}
}

const strayLimit = 5 * time.Second

// clearSpools removes what belongs to nobody.
func (d *Daemon) clearSpools(kept map[string]bool) {
	for _, ending := range []string{".out", ".err", ".return"} {
		paths, _ := filepath.Glob(filepath.Join(d.home.Spools(), "*"+ending))
		for _, path := range paths {
			base := strings.TrimSuffix(path, ending)
			if kept[base+".out"] || kept[base+".err"] {
				continue
			}
			_ = os.Remove(path)
			_ = os.Remove(path + ".pos")
		}
	}
	d.clearMeetings()
}
