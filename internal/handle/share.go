package handle

import "roost/internal/loop"

// Processes that accept from one socket see to it that each has its share: package vitals judges, what follows is how a listener takes part.

// isMine tells whether this process shall accept now, and how many it may. When not, the listener rests for a moment: the socket stays
// ready, and the loop would turn in vain.
func (l *Listener) isMine(n *int) bool {
	w := l.r.Loop.Vitals()
	if wait := w.Yield(); wait > 0 {
		l.rest(wait)
		return false
	}
	if w == nil || w.Crowd() {
		*n = 1 // the others shall have some too
	}
	if w.Crowd() {
		// The next one shall wake somebody else. Whether more wait is looked at then, too: who was not woken for a connection hears of
		// it in no other way.
		l.poll.Requeue()
	}
	return true
}

// share makes a listener hear the bell.
func (r *Reactor) share(l *Listener) {
	for _, known := range r.shared {
		if known == l {
			return
		}
	}
	r.shared = append(r.shared, l)
	if fd := r.Loop.Vitals().Bell(); fd >= 0 && r.bell == nil {
		bell, err := r.Loop.NewPoll(fd, r.rung)
		if err != nil {
			return
		}
		bell.SetTrigger(loop.Edge)
		bell.Unref()
		_ = bell.Set(loop.Readable)
		r.bell = bell
	}
}

func (r *Reactor) unshare(l *Listener) {
	for k, known := range r.shared {
		if known == l {
			r.shared = append(r.shared[:k], r.shared[k+1:]...)
			break
		}
	}
	if len(r.shared) == 0 && r.bell != nil {
		r.bell.Close(nil)
		r.bell = nil
	}
}

// rung is called when another process has left a connection to us. It may run user code.
func (r *Reactor) rung(loop.Events) {
	if !r.Loop.Vitals().Heed() {
		return
	}
	for _, l := range append([]*Listener(nil), r.shared...) {
		if !l.closed && (l.pause == nil || !l.pause.Active()) {
			l.ready(loop.Readable)
		}
	}
}
