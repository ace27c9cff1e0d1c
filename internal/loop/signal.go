package loop

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

// signalBuffer is how many signals may arrive while their goroutine is busy
// posting earlier ones. Beyond it they merge, as standard signals do.
const signalBuffer = 16

// listeners counts the started handles of the process by signal.
var listeners [65]atomic.Int32

// Signal calls back on the loop thread when the process receives a signal.
// While no handle of the process listens to a signal, its default action holds.
type Signal struct {
	handle
	f        func(syscall.Signal)
	signum   syscall.Signal
	incoming chan os.Signal // nil while stopped
	raised   bool           // by Loop.Raise and not here yet: keeps the loop alive
}

// kept: the default actions of some signals are Roost's to take.
var kept atomic.Bool

// dispatch gives the signals whose default action is Roost's to take (KeepDefaultActions) to those who listen. Who decides about the action must
// be the one that gives: by the time that it asked, a listener that heard of the signal could have left.
var dispatch struct {
	ours [65]bool // immutable once kept is true
	mu   sync.Mutex
	to   map[chan os.Signal]syscall.Signal // guarded by mu
}

// subscribe has signum sent to incoming.
func subscribe(incoming chan os.Signal, signum syscall.Signal) {
	if !kept.Load() || !dispatch.ours[signum] {
		signal.Notify(incoming, signum)
		return
	}
	dispatch.mu.Lock()
	defer dispatch.mu.Unlock()
	if dispatch.to == nil {
		dispatch.to = map[chan os.Signal]syscall.Signal{}
	}
	dispatch.to[incoming] = signum
}

// unsubscribe undoes it; after it nothing is sent any more.
func unsubscribe(incoming chan os.Signal) {
	dispatch.mu.Lock()
	delete(dispatch.to, incoming)
	dispatch.mu.Unlock()
	signal.Stop(incoming)
}

// give sends s to those who listen, and tells whether there are any.
func give(s syscall.Signal) bool {
	dispatch.mu.Lock()
	defer dispatch.mu.Unlock()
	for incoming, signum := range dispatch.to {
		if signum == s {
			select {
			case incoming <- s:
			default: // they merge
			}
		}
	}
	return listeners[s].Load() != 0
}

// NewSignal makes a stopped signal handle that calls f.
func (l *Loop) NewSignal(f func(syscall.Signal)) *Signal {
	s := &Signal{f: f}
	s.init(l, s, "signal")
	return s
}

// Start listens to signum, and no more to what an earlier Start named. It fails
// with EINVAL for a signal that can't be caught and for a closing handle.
//
// Differs from Node: SIGURG fails with ENOTSUP, because Go's scheduler sends it
// to the process all the time.
func (s *Signal) Start(signum syscall.Signal) error {
	s.loop.checkThread()
	switch {
	case s.closing, signum <= 0, int(signum) >= len(listeners), signum == syscall.SIGKILL, signum == syscall.SIGSTOP:
		return fmt.Errorf("loop: listen to signal %d: %w", int(signum), syscall.EINVAL)
	case signum == syscall.SIGURG:
		return fmt.Errorf("loop: listen to SIGURG: %w", syscall.ENOTSUP)
	case s.active && s.signum == signum:
		return nil
	}
	s.Stop()
	s.signum = signum
	s.incoming = make(chan os.Signal, signalBuffer)
	listeners[signum].Add(1)
	s.loop.listening[signum].Add(1)
	if !s.loop.held[signum] {
		subscribe(s.incoming, signum)
	}
	s.loop.signals[s] = struct{}{}
	go s.forward(s.incoming)
	s.activate()
	return nil
}

// forward posts what arrives on incoming until Stop closes it.
func (s *Signal) forward(incoming chan os.Signal) {
	for range incoming {
		s.loop.Post(func() {
			if s.incoming == incoming { // else stopped or started anew meanwhile
				s.arrived()
				s.f(s.signum)
			}
		})
	}
}

// Raise sends signum to the process itself. The loop stays alive until its own listeners have heard of it: the signal comes to them by way of
// a goroutine of Go's runtime, so a program that does nothing else would have ended before.
func (l *Loop) Raise(signum syscall.Signal) error {
	if err := Raise(signum); err != nil {
		return err
	}
	if int(signum) < len(l.held) && l.held[signum] {
		return nil // they won't
	}
	for s := range l.signals {
		if s.signum == signum && !s.raised {
			s.raised = true
			l.BeginRequest()
		}
	}
	return nil
}

// arrived ends what Raise began.
func (s *Signal) arrived() {
	if s.raised {
		s.raised = false
		s.loop.EndRequest()
	}
}

// HoldSignal keeps signum from the handles of this loop until release: who calls it listens with os/signal, before HoldSignal and until
// after release, so that the default action doesn't come between. signum is not held twice. Loop thread, as is release.
func (l *Loop) HoldSignal(signum syscall.Signal) (release func()) {
	l.checkThread()
	each := func(f func(*Signal)) {
		for s := range l.signals {
			if s.signum == signum {
				f(s)
			}
		}
	}
	l.held[signum] = true
	each(func(s *Signal) { unsubscribe(s.incoming) })
	return func() {
		l.held[signum] = false
		each(func(s *Signal) { subscribe(s.incoming, signum) })
	}
}

// Listens tells whether a handle of this loop listens to signum. Any goroutine.
func (l *Loop) Listens(signum syscall.Signal) bool {
	return signum > 0 && int(signum) < len(l.listening) && l.listening[signum].Load() > 0
}

// Deliver calls the handles of this loop that listen to signum, as if the process had received it: for a loop that is a program of its own
// among others of the process.
func (l *Loop) Deliver(signum syscall.Signal) {
	l.checkThread()
	for s := range l.signals {
		if s.signum == signum {
			s.f(signum)
		}
	}
}

// Signum is the signal that the last Start named.
func (s *Signal) Signum() syscall.Signal { return s.signum }

// Stop ends listening. Signals that were received and not yet reported are lost.
func (s *Signal) Stop() {
	s.loop.checkThread()
	if s.incoming == nil {
		return
	}
	unsubscribe(s.incoming)
	listeners[s.signum].Add(-1)
	s.loop.listening[s.signum].Add(-1)
	close(s.incoming)
	s.incoming = nil
	delete(s.loop.signals, s)
	s.arrived()
	s.deactivate()
}

// Close implements Handle.
func (s *Signal) Close(onClose func()) {
	if s.beginClose(onClose) {
		s.Stop()
	}
}
