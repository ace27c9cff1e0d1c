// Package inspector is the Go half of node:inspector: the endpoint to which debuggers connect, and the agent that serves them on the isolate's
// thread. Sessions of JavaScript itself don't pass through Go (native:engine). It must not import other builtins.
//
// A connection has a goroutine that reads. What it reads is queued; the isolate's thread takes it, woken in every state it may be in: by a post
// while the loop waits, by an interrupt while JavaScript runs, and by a channel while the program is paused or waits for a debugger.
package inspector

import (
	"bytes"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"roost/internal/binding"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "inspector", Natives: binding.Natives{
	"open":            open,
	"close":           closeEndpoint,
	"url":             url,
	"waitForDebugger": waitForDebugger,
	"breakNext":       func(c *binding.Call) { c.Env().Isolate.InspectorBreakNext() },
	// waitForDisconnect() blocks until no debugger is connected
	"waitForDisconnect": func(c *binding.Call) { of(c.Env()).waitForDisconnect() },
	"connectMain":       connectMain,
	"tellMain":          tellMain,
	"leaveMain":         leaveMain,
	"joinOwn":           joinOwn,
	"tellOwn":           tellOwn,
	"leaveOwn":          leaveOwn,
	"tellNetwork":       tellNetwork,
}}

// agent serves the debuggers of one isolate.
type agent struct {
	env     *binding.Env
	settled bool    // it is the isolate's host. Isolate's thread only
	server  *server // nil: closed. Isolate's thread only
	waiting bool    // for a debugger that says to run. Isolate's thread only
	paused  bool    // until the word to go on. Isolate's thread only
	inPause bool    // until V8 goes on. Isolate's thread only
	early   []event // what has to wait for the end of a dispatch in progress. Isolate's thread only
	network network // Isolate's thread only

	wake   chan struct{} // one place: something was queued, or the isolate is to end
	ending atomic.Bool   // its JavaScript was terminated: it waits for nobody
	crew   crew          // the workers, where this is a main thread's

	mu       sync.Mutex
	queue    []event          // guarded by mu
	sessions map[int]*session // guarded by mu; by number
	last     int              // guarded by mu
	alerted  bool             // guarded by mu; the isolate's thread has been told of the queue
	gone     bool             // guarded by mu; the isolate is
}

// session is a debugger that is connected.
type session struct {
	id      int
	say     func(message []byte) error // of any goroutine; the message is borrowed
	close   func()
	within  bool // a worker's, of the same program: nobody waits for its end
	quiet   bool // begun from within the program: the console does not tell of it yet
	runtime bool // NodeRuntime.enable. Isolate's thread only
	notify  bool // NodeRuntime.notifyWhenWaitingForDisconnect. Isolate's thread only
}

// event is a message of a session, or with a nil message its beginning or end.
type event struct {
	session *session
	begins  bool
	message []byte
}

// agents has those of all isolates, by their *binding.Env: workers look for their main thread's.
var agents sync.Map

// agentOf gives an isolate's agent, made when first asked for. Any goroutine, as long as the isolate lives.
func agentOf(env *binding.Env) *agent {
	if a, ok := agents.Load(env); ok {
		return a.(*agent)
	}
	a, _ := agents.LoadOrStore(env, &agent{env: env, wake: make(chan struct{}, 1), sessions: map[int]*session{}})
	return a.(*agent)
}

// of is agentOf on the isolate's thread.
func of(env *binding.Env) *agent {
	a := agentOf(env)
	a.settle()
	return a
}

// settle makes the agent the host of the isolate's sessions.
func (a *agent) settle() {
	if !a.settled {
		a.settled = true
		a.env.Isolate.SetInspector(a)
		a.env.Isolate.OnTerminate(a.terminated)
		a.env.OnClose(a.end)
	}
}

// put queues an event and alerts the isolate's thread. Any goroutine.
func (a *agent) put(e event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.gone {
		return
	}
	a.queue = append(a.queue, e)
	a.rouse()
	a.alert()
}

// alert has the isolate's thread serve, in the middle of JavaScript or in the loop. a.mu is held.
func (a *agent) alert() {
	if !a.alerted {
		a.alerted = true
		a.env.Loop.Post(a.turn)
		a.env.Isolate.Interrupt(a.interrupted)
	}
}

// interrupted serves in the middle of JavaScript, but not of a builtin's load: what is half linked must not be asked for.
func (a *agent) interrupted() { a.env.Isolate.Inside(a.serve) }

// tell takes a message of a debugger. Any goroutine.
func (a *agent) tell(s *session, message []byte) {
	if a.env.Main != nil || !a.crew.command(s, message) {
		a.put(event{session: s, message: message})
	}
}

// rouse wakes serveWhile. Any goroutine.
func (a *agent) rouse() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// terminated ends a wait or a pause: the isolate's JavaScript is not to go on. Any goroutine.
func (a *agent) terminated() {
	a.ending.Store(true)
	a.rouse()
}

// turn serves from the loop: then what JavaScript queued meanwhile runs too.
func (a *agent) turn() {
	if a.env.Stopped() {
		return
	}
	a.serve()
	if !a.env.Isolate.Drain() {
		a.env.Caught()
	}
}

// serve dispatches what is queued. Isolate's thread, in JavaScript or not.
func (a *agent) serve() {
	a.settle()
	for a.serveOne() {
	}
	a.keepEarly()
}

// patience is how long what came too early waits, unless the dispatch that it waits for ends and serves it.
const patience = 2 * time.Millisecond

// keepEarly puts what came too early back into the queue.
func (a *agent) keepEarly() {
	if len(a.early) == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.queue = append(a.early, a.queue...)
	a.early = nil
	time.AfterFunc(patience, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.rouse()
		if len(a.queue) > 0 && !a.gone {
			a.alert()
		}
	})
}

// serveOne dispatches the first event that is queued; false: there is none.
func (a *agent) serveOne() bool {
	a.mu.Lock()
	a.alerted = false
	if len(a.queue) == 0 || a.gone {
		a.mu.Unlock()
		return false
	}
	e := a.queue[0]
	a.queue = a.queue[1:]
	a.mu.Unlock()
	switch i := a.env.Isolate; {
	case e.message != nil && a.own(e.session, e.message):
	case e.message != nil && a.leavesPause() && bytes.Contains(e.message, []byte(`"Debugger.`)):
		a.early = append(a.early, e)
	case e.message != nil:
		if !i.InspectorDispatch(e.session.id, e.message) {
			a.early = append(a.early, e)
		}
	case e.begins:
		i.InspectorConnect(e.session.id)
		if e.session.quiet {
			a.env.Watched("console")
		}
	default:
		i.InspectorDisconnect(e.session.id)
		a.watch(e.session, false)
		if a.count() == 0 {
			a.paused = false
			a.waiting = a.waiting && a.env.Main == nil // to a worker nobody else may come
		}
	}
	return true
}

func (a *agent) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.sessions)
}

// debuggers is the number of sessions that aren't workers'.
func (a *agent) debuggers() (n int) {
	for _, s := range a.list() {
		if !s.within {
			n++
		}
	}
	return n
}

// join gives a new connection its session.
func (a *agent) join(s *session) {
	a.mu.Lock()
	a.last++
	s.id = a.last
	a.sessions[s.id] = s
	a.mu.Unlock()
	a.put(event{session: s, begins: true})
}

// leave ends a session.
func (a *agent) leave(s *session) {
	a.mu.Lock()
	delete(a.sessions, s.id)
	a.mu.Unlock()
	a.crew.forget(s)
	a.put(event{session: s})
}

// Message implements engine.InspectorHost: it goes to the debugger.
func (a *agent) Message(id int, message []byte) {
	a.mu.Lock()
	s := a.sessions[id]
	a.mu.Unlock()
	if s == nil {
		return
	}
	if s.say(message) != nil {
		s.close()
	}
}

// leavesPause tells that the word to go on has come in the middle of an evaluation, which has to end before the pause does. What a debugger says of
// pauses and steps now is for the program that goes on: V8 aborts when it hears of it in between.
func (a *agent) leavesPause() bool { return a.inPause && !a.paused }

// Paused implements engine.InspectorHost. Without a debugger nobody could say to go on. What follows the word to go on is for the program that
// goes on: as long as it stands, V8 takes a command to pause for done.
func (a *agent) Paused() {
	a.inPause = true
	defer func() { a.inPause = false }()
	a.paused = a.count() > 0
	for a.paused && !a.ending.Load() {
		if !a.serveOne() {
			<-a.wake
		}
	}
	a.keepEarly()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.queue) > 0 && !a.gone {
		a.alert()
	}
}

// Resumed implements engine.InspectorHost.
func (a *agent) Resumed() { a.paused = false }

// Run implements engine.InspectorHost.
func (a *agent) Run() { a.waiting = false }

// wait blocks until a debugger says to run.
func (a *agent) wait() {
	a.waiting = true
	a.waitOn()
}

// waitOn blocks as long as the isolate waits for a debugger.
func (a *agent) waitOn() {
	if !a.waiting {
		return
	}
	for _, s := range a.list() {
		if s.runtime {
			s.tell(waitingForDebugger)
		}
	}
	a.serveWhile(func() bool { return a.waiting })
}

// end closes everything, as the isolate ends.
func (a *agent) end() {
	a.shut()
	if a.env.Main != nil && a.count() > 0 {
		a.env.Isolate.InspectorContextDestroyed()
	}
	a.mu.Lock()
	a.gone = true
	a.queue = nil
	a.mu.Unlock()
	if a.env.Main != nil {
		agentOf(a.env.Main).crew.end(a)
	}
	agents.Delete(a.env)
	a.env.Isolate.SetInspector(nil)
}

// shut closes the endpoint and its connections.
func (a *agent) shut() {
	if a.server == nil {
		return
	}
	a.server.close()
	a.server = nil
	for _, s := range a.list() {
		if !s.within {
			s.close()
		}
	}
}

// list gives the sessions in the order of their coming.
func (a *agent) list() []*session {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []*session
	for _, s := range a.sessions {
		all = append(all, s)
	}
	slices.SortFunc(all, func(x, y *session) int { return x.id - y.id })
	return all
}

// open(port, host, title, file, publish, wait) → the endpoint's URL; it must not be open. publish is --inspect-publish-uid; wait: waitForDebugger
// follows.
func open(c *binding.Call) {
	a := of(c.Env())
	a.waiting = c.Bool(5) // before anybody can say to run
	s, err := listen(a, c.String(1), c.Int(0), c.String(2), c.String(3), c.String(4))
	if err != nil {
		a.waiting = false
		c.Throw(binding.Syscall("listen", err))
		return
	}
	a.server = s
	c.Return(binding.String(s.url()))
}

func closeEndpoint(c *binding.Call) { of(c.Env()).shut() }

// url() → of the endpoint, or undefined
func url(c *binding.Call) {
	if a := of(c.Env()); a.server != nil {
		c.Return(binding.String(a.server.url()))
	}
}

// waitForDebugger(opened) blocks until a debugger says to run; opened: or has said so since the endpoint was opened to wait
func waitForDebugger(c *binding.Call) {
	if a := of(c.Env()); c.Bool(0) {
		a.waitOn()
	} else {
		a.wait()
	}
}
