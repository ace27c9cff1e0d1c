package inspector

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"roost/internal/binding"
)

// Debuggers reach the workers of a program through the main thread's session: the domain NodeWorker attaches to each and wraps what is said. A
// command of it is carried out on the goroutine that reads it, so a busy or paused main thread keeps nobody from a worker.

// Worker is a worker as debuggers see it.
type Worker struct {
	ID   int
	Name string
	URL  string // of its program; "" when that is no file
	Wait bool   // --inspect-brk or --inspect-wait among its own options: it waits, whoever wants it
}

// thread is a running worker.
type thread struct {
	Worker
	agent *agent
}

// crew are a main thread's workers, and the sessions that want to see them.
type crew struct {
	mu      sync.Mutex
	threads []*thread           // guarded by mu; in the order of their begin
	watches map[*session]*watch // guarded by mu
}

// watch is what a session has asked of NodeWorker.
type watch struct {
	session  *session
	enabled  bool
	waits    bool // new workers wait until they are told to run
	last     int  // of the ids of attachments
	attached map[string]*attachment
}

// attachment is a watch's session with a worker.
type attachment struct {
	id     string
	thread *thread
	remote *session // of the worker's agent
}

// BeginWorker shows a worker to the debuggers of its program, before the worker's own JavaScript runs. Where one wants that, it waits until it
// is told to run; breaks tells that the worker is to stop at its first statement then. stopping tells whether it was asked to end, which Terminate says from now on. The worker's thread.
func BeginWorker(env *binding.Env, w Worker, stopping func() bool) (breaks bool) {
	a := of(env)
	if stopping() {
		return false
	}
	t := &thread{Worker: w, agent: a}
	if !agentOf(env.Main).crew.begin(t) && !w.Wait {
		return false
	}
	a.wait()
	return a.count() > 0 && !a.ending.Load()
}

// EndWorker lets debuggers that have asked for it look at a worker that has ended by itself. stopping tells whether it is to end at once. The
// worker's thread.
func EndWorker(env *binding.Env, stopping func() bool) {
	a := of(env)
	if a.count() == 0 {
		return
	}
	a.ending.Store(false) // process.exit() has terminated its JavaScript: that counts no more, what comes now does
	if !stopping() {
		a.waitToBeLeft()
	}
}

// begin adds a worker; waits tells that one of the debuggers wants it to wait.
func (c *crew) begin(t *thread) (waits bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.threads = append(c.threads, t)
	for _, w := range c.watches {
		if w.enabled {
			waits = waits || w.waits
			w.attach(t, w.waits || t.Wait)
		}
	}
	return waits
}

// end takes a worker away.
func (c *crew) end(a *agent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.threads = slices.DeleteFunc(c.threads, func(t *thread) bool { return t.agent == a })
	for _, w := range c.watches {
		for _, at := range w.attached {
			if at.thread.agent == a {
				w.detach(at)
			}
		}
	}
}

// forget ends what a session of the main thread has asked for.
func (c *crew) forget(s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.watches[s]; w != nil {
		delete(c.watches, s)
		for _, at := range w.attached {
			at.thread.agent.leave(at.remote)
		}
	}
}

// attach begins a session with a worker. crew.mu is held.
func (w *watch) attach(t *thread, waiting bool) {
	w.last++
	at := &attachment{id: strconv.Itoa(w.last), thread: t}
	at.remote = &session{quiet: true, close: w.session.close, say: func(m []byte) error {
		return w.say("receivedMessageFromWorker", map[string]any{"sessionId": at.id, "message": string(m)})
	}}
	w.attached[at.id] = at
	name := t.Name
	if name == "" {
		name = "WorkerThread"
	}
	_ = w.say("attachedToWorker", map[string]any{"sessionId": at.id, "waitingForDebugger": waiting, "workerInfo": map[string]string{
		"workerId": strconv.Itoa(t.ID), "type": "worker", "title": "[worker " + strconv.Itoa(t.ID) + "] " + name, "url": t.URL}})
	t.agent.join(at.remote)
}

// detach ends a session with a worker. crew.mu is held.
func (w *watch) detach(at *attachment) {
	delete(w.attached, at.id)
	at.thread.agent.leave(at.remote)
	_ = w.say("detachedFromWorker", map[string]any{"sessionId": at.id})
}

func (w *watch) say(event string, params map[string]any) error {
	text, _ := json.Marshal(map[string]any{"method": "NodeWorker." + event, "params": params})
	return w.session.say(text)
}

// command carries out a command of NodeWorker; false: it is another's business. Any goroutine.
func (c *crew) command(s *session, message []byte) bool {
	m, ok := commandOf(message, "NodeWorker")
	if !ok {
		return false
	}
	var p struct {
		Wait      *bool   `json:"waitForDebuggerOnStart"`
		SessionID *string `json:"sessionId"`
		Message   *string `json:"message"`
	}
	malformed := json.Unmarshal(m.Params, &p) != nil
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.watches[s]
	if w == nil {
		w = &watch{session: s, attached: map[string]*attachment{}}
		if c.watches == nil {
			c.watches = map[*session]*watch{}
		}
		c.watches[s] = w
	}
	id := ""
	if p.SessionID != nil {
		id = *p.SessionID
	}
	at := w.attached[id]
	switch strings.TrimPrefix(m.Method, "NodeWorker.") {
	case "enable":
		if malformed || p.Wait == nil {
			return m.invalid(s)
		}
		w.enable(c.threads, *p.Wait)
	case "disable":
		w.enabled = false
		for _, at := range w.attached {
			w.detach(at)
		}
	case "sendMessageToWorker":
		if malformed || p.Message == nil || p.SessionID == nil {
			return m.invalid(s)
		}
		if at != nil {
			at.thread.agent.tell(at.remote, []byte(*p.Message))
		}
	case "detach":
		if malformed || p.SessionID == nil {
			return m.invalid(s)
		}
		if at != nil {
			w.detach(at)
		}
	default:
		return m.unknown(s)
	}
	return m.done(s)
}

// enable attaches to all workers that run and, from now on, to those that begin. crew.mu is held.
func (w *watch) enable(threads []*thread, waits bool) {
	w.waits = waits
	if w.enabled {
		return
	}
	w.enabled = true
	for _, t := range threads {
		w.attach(t, false)
	}
}
