package loop

// Check calls back once a turn right after poll. Immediates hang here.
type Check struct{ watcher }

// Prepare calls back once a turn right before poll.
type Prepare struct{ watcher }

// Idle calls back once a turn before prepare. While one is active, poll doesn't
// block.
type Idle struct{ watcher }

// NewCheck makes a stopped check handle that calls f.
func (l *Loop) NewCheck(f func()) *Check {
	c := &Check{}
	c.init(l, c, "check", &l.check, f)
	return c
}

// NewPrepare makes a stopped prepare handle that calls f.
func (l *Loop) NewPrepare(f func()) *Prepare {
	p := &Prepare{}
	p.init(l, p, "prepare", &l.prepare, f)
	return p
}

// NewIdle makes a stopped idle handle that calls f; f may be nil for one that
// only keeps poll from blocking.
func (l *Loop) NewIdle(f func()) *Idle {
	i := &Idle{}
	i.init(l, i, "idle", &l.idle, f)
	return i
}

// watcher is a handle that calls back each time its phase runs.
type watcher struct {
	handle
	f     func()
	list  *watchers // of its phase
	index int       // in list.all while active
}

func (w *watcher) init(l *Loop, self Handle, kind string, list *watchers, f func()) {
	w.handle.init(l, self, kind)
	w.list, w.f = list, f
}

// Start makes the handle call back from its next phase on. In that same phase
// it waits for the next turn. Handles run in the order in which they started.
func (w *watcher) Start() {
	w.loop.checkThread()
	if w.active || w.closing {
		return
	}
	w.index = len(w.list.all)
	w.list.all = append(w.list.all, w)
	w.list.count++
	w.activate()
}

// Stop ends the callbacks, in this phase too.
func (w *watcher) Stop() {
	w.loop.checkThread()
	if !w.active {
		return
	}
	w.list.all[w.index] = nil
	w.list.count--
	w.list.holes = true
	w.deactivate()
}

// Close implements Handle.
func (w *watcher) Close(onClose func()) {
	if w.beginClose(onClose) {
		w.Stop()
	}
}

// watchers are the active handles of one phase, in the order of their starts.
type watchers struct {
	all   []*watcher // nil where one was stopped
	count int        // those that aren't nil
	holes bool
}

func (s *watchers) empty() bool { return s.count == 0 }

// compact closes the holes that Stop left.
func (s *watchers) compact() {
	if !s.holes {
		return
	}
	kept := s.all[:0]
	for _, w := range s.all {
		if w != nil {
			w.index = len(kept)
			kept = append(kept, w)
		}
	}
	clear(s.all[len(kept):])
	s.all = kept
	s.holes = false
}

func (l *Loop) runWatchers(s *watchers, p Phase) {
	s.compact()
	if s.count == 0 {
		return
	}
	l.enter(p)
	// Stops leave holes and starts append, so positions hold meanwhile.
	for i, n := 0, len(s.all); i < n; i++ {
		if w := s.all[i]; w != nil && w.f != nil {
			w.f()
		}
	}
	l.leave(p)
}
