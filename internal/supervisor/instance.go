package supervisor

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
	"roost/internal/supervisor/logs"
	"roost/internal/supervisor/restart"
)

// event is what an instance's goroutine takes.
type event interface{}

type (
	operationEvent struct{ *operation }
	exitEvent      struct {
		w *worker
		e exit
	}
	messageEvent struct {
		w    *worker
		text json.RawMessage // nil: the channel has ended
	}
	timerEvent struct{ token int } // of instance.timer
	killEvent  struct{ w *worker } // kill_timeout is over
	stuckEvent struct{ w *worker } // a thread was killed and is still there
	drainEvent struct{ w *worker } // the time to drain is over
	sampleTick struct{ now time.Time }
	cronTick   struct{ token int }
	fileChange struct {
		token int
		path  string
	}
	resetEvent  struct{ done chan struct{} }
	signalEvent struct {
		s    syscall.Signal
		done chan error
	}
	leaveEvent struct{ done chan struct{} }
)

// stuckLimit is how long a thread may take to end when it was killed: V8 ends JavaScript at once, but not native code.
const stuckLimit = 3 * time.Second

type verb int

const (
	doStart verb = iota
	doStop
	doRestart
	doReload
	doDelete
)

var verbNames = [...]string{doStart: "start", doStop: "stop", doRestart: "restart", doReload: "reload", doDelete: "delete"}

// operation is something that was asked for and takes its time. done has room for its result.
type operation struct {
	verb   verb
	change *change
	done   chan error
}

// change is a new configuration for the next run.
type change struct {
	app     *ecosystem.App    // all of it
	env     map[string]string // the caller's environment, with --update-env
	envName string
	watch   *bool
	options ecosystem.Values // that are set anew
}

// phase is what the operation under way waits for.
type phase int

const (
	idle        phase = iota
	awaitEnding       // the worker's end
	comingUp          // the new worker's being up
	draining          // the old worker's end, after a reload
)

// instance is one process of an application, through all its runs. One goroutine owns it and takes events; others see its view.
type instance struct {
	d      *Daemon
	id     int
	inbox  chan event
	closed chan struct{} // closed when it was deleted
	view   atomic.Pointer[control.Process]
	shown  atomic.Pointer[worker] // the view's
	served atomic.Bool            // a worker of it has listened

	current atomic.Pointer[neighbour] // the worker, for the others of its application

	app      ecosystem.App
	number   int
	group    *group
	status   string
	wanted   bool
	worker   *worker
	fresh    *worker // of a reload
	leaving  map[*worker]bool
	op       *operation
	phase    phase
	queue    []*operation
	token    int // names the timer that counts
	timer    *time.Timer
	history  restart.History
	created  int64
	restarts int
	lastExit string
	lastErr  []string
	cpu      float64
	memory   int64
	load     *control.Load
	overdue  bool // a reload for memory is on its way
	written  savedKey
	changes  int                // of app
	helpers  context.CancelFunc // of cron and watch
	helperID int
	left     bool
	replies  []func()        // to be given after publish
	events   []control.Event // to be told after publish
	asked    []asked
	quiet    bool // what was taken last changes nothing that is kept
}

// post gives an event to the goroutine; nobody waits for a deleted instance.
func (i *instance) post(e event) {
	select {
	case i.inbox <- e:
	case <-i.closed:
	}
}

// do asks for an operation and waits for its end.
func (i *instance) do(v verb, c *change) error {
	op := &operation{v, c, make(chan error, 1)}
	i.post(operationEvent{op})
	select {
	case err := <-op.done:
		return err
	case <-i.closed:
		select {
		case err := <-op.done:
			return err
		default:
		}
		if v == doDelete || v == doStop {
			return nil
		}
		return fmt.Errorf("[%s] was deleted", i.view.Load().Name)
	}
}

func (i *instance) run() {
	for e := range i.inbox {
		i.quiet = false
		i.take(e)
		if i.quiet {
			continue
		}
		i.publish()
		i.tellEvents()
		for _, tell := range i.replies {
			tell()
		}
		i.replies = nil
		if i.status == "" {
			close(i.closed)
			return
		}
		if i.left {
			return
		}
	}
}

func (i *instance) take(e event) {
	switch e := e.(type) {
	case operationEvent:
		i.ask(e.operation)
	case exitEvent:
		i.ended(e.w, e.e)
	case messageEvent:
		i.message(e.w, e.text)
	case timerEvent:
		if e.token == i.token {
			i.timeout()
		}
	case killEvent:
		if i.owns(e.w) {
			i.d.log("App [%s:%d] did not end in time: SIGKILL", i.app.Name, i.id)
			e.w.signal(unix.SIGKILL)
			if e.w.seat != nil {
				time.AfterFunc(stuckLimit, func() { i.post(stuckEvent{e.w}) })
			}
		}
	case stuckEvent:
		if i.owns(e.w) && e.w.seat.isAlive() {
			i.d.log("App [%s:%d] its thread does not end: SIGKILL to the whole process %d", i.app.Name, i.id, e.w.Pid)
			_ = unix.Kill(e.w.Pid, unix.SIGKILL)
		}
	case drainEvent:
		if i.leaving[e.w] && !e.w.stopping {
			i.end(e.w)
		}
	case sampleTick:
		i.sample(e.now)
	case cronTick:
		if e.token == i.helperID && i.wanted {
			i.d.log("App [%s:%d] restart by cron", i.app.Name, i.id)
			i.ask(&operation{doRestart, nil, make(chan error, 1)})
		}
	case fileChange:
		if e.token == i.helperID && i.wanted {
			i.d.log("App [%s:%d] restart: %s has changed", i.app.Name, i.id, e.path)
			i.ask(&operation{doRestart, nil, make(chan error, 1)})
		}
	case resetEvent:
		i.restarts, i.history = 0, restart.History{}
		close(e.done)
	case signalEvent:
		if i.worker == nil {
			e.done <- fmt.Errorf("[%s] is not running", i.app.Name)
		} else {
			e.done <- i.worker.kill(e.s)
		}
	case messageTo:
		i.quiet = true
		i.messageProgram(e)
	case triggerEvent:
		i.quiet = true
		i.trigger(e)
	case leaveEvent:
		i.leave()
		close(e.done)
	}
}

func (i *instance) owns(w *worker) bool { return w == i.worker || w == i.fresh || i.leaving[w] }

// --- operations ---------------------------------------------------------------------------------------------------

// ask begins an operation, or queues it. A stop doesn't wait for what it undoes.
func (i *instance) ask(op *operation) {
	if i.op == nil {
		i.begin(op)
		return
	}
	if op.verb == doStop || op.verb == doDelete {
		for _, q := range append([]*operation{i.op}, i.queue...) {
			if q.verb != doDelete {
				i.reply(q, fmt.Errorf("[%s] was stopped meanwhile", i.app.Name))
			} else {
				i.reply(q, nil)
			}
		}
		i.queue, i.op, i.phase = nil, nil, idle
		if i.fresh != nil {
			i.retire(i.fresh)
			i.fresh = nil
		}
		i.begin(op)
		return
	}
	i.queue = append(i.queue, op)
}

func (i *instance) begin(op *operation) {
	i.op = op
	i.stopTimer()
	i.apply(op.change)
	switch op.verb {
	case doStart:
		i.wanted = true
		if i.worker != nil && !i.worker.stopping {
			i.finish(nil)
			return
		}
		i.startAgain()
	case doRestart:
		i.wanted = true
		i.restarts++
		i.startAgain()
	case doReload:
		i.wanted = true
		i.restarts++
		if i.worker == nil || i.app.ExecMode == ecosystem.ModeFork {
			i.startAgain()
			return
		}
		i.reload()
	case doStop, doDelete:
		i.wanted = false
		i.history = restart.History{}
		if i.worker == nil {
			i.stopped()
			return
		}
		i.status, i.phase = control.Stopping, awaitEnding
		i.end(i.worker)
	}
}

// reply keeps an answer until the state is written: who hears it may kill the daemon.
func (i *instance) reply(op *operation, err error) {
	i.replies = append(i.replies, func() { op.done <- err })
}

// finish ends the operation and begins the next.
func (i *instance) finish(err error) {
	if i.op != nil {
		i.reply(i.op, err)
		if err == nil {
			i.happens(verbNames[i.op.verb], true)
		}
	}
	i.op, i.phase = nil, idle
	if i.status == "" {
		for _, q := range i.queue {
			i.reply(q, fmt.Errorf("[%s] was deleted", i.app.Name))
		}
		i.queue = nil
	}
	if len(i.queue) > 0 {
		next := i.queue[0]
		i.queue = i.queue[1:]
		i.begin(next)
	}
}

func (i *instance) apply(c *change) {
	if c == nil {
		return
	}
	i.changes++
	if c.app != nil {
		name := i.app.Name
		i.app = *c.app
		i.app.Name = name
	}
	if c.env != nil {
		env := make([]string, 0, len(c.env))
		for k, v := range c.env {
			env = append(env, k+"="+v)
		}
		i.app.Env = i.app.Environment(env, c.envName)
	} else if c.envName != "" {
		i.app.Env = maps.Clone(i.app.Env)
		maps.Copy(i.app.Env, i.app.Environments[c.envName])
	}
	i.app.Amend(c.options)
	if c.watch != nil {
		i.app.Watch = nil
		if *c.watch {
			i.app.Watch = []string{i.app.Cwd}
		}
	}
}

// startAgain ends the worker, if there is one, and starts another.
func (i *instance) startAgain() {
	i.history = restart.History{}
	if i.worker != nil {
		i.status, i.phase = control.Stopping, awaitEnding
		i.end(i.worker)
		return
	}
	i.launch()
}

// end tells a worker to end, and kills it when it doesn't.
func (i *instance) end(w *worker) {
	if w.stopping {
		return
	}
	w.stopping = true
	w.askToEnd()
	time.AfterFunc(time.Duration(w.app.KillTimeout)*time.Millisecond, func() { i.post(killEvent{w}) })
}

// launch starts a worker, for an operation or by the policy.
func (i *instance) launch() {
	i.lastErr = nil
	w, err := i.d.startWorker(i.group, i.id, i.number, i.app, i.post)
	if err != nil {
		i.d.log("App [%s:%d] %v", i.app.Name, i.id, err)
		i.status, i.lastErr = control.Errored, []string{err.Error()}
		i.finish(err)
		return
	}
	i.worker, i.overdue = w, false
	i.group.busy(i)
	i.happens("online", false)
	i.d.log("App [%s:%d] starting in -%s- with pid %d", i.app.Name, i.id, i.app.ExecMode, w.Pid)
	i.writePid()
	i.help()
	if i.app.WaitReady && w.ipc != nil {
		i.status, i.phase = control.Launching, comingUp
		i.startTimer(time.Duration(i.app.ListenTimeout) * time.Millisecond)
		return
	}
	i.online()
}

func (i *instance) online() {
	i.status = control.Online
	i.stopTimer()
	i.d.log("App [%s:%d] online", i.app.Name, i.id)
	i.finish(nil)
}

func (i *instance) stopped() {
	i.status = control.Stopped
	i.cpu, i.memory, i.load = 0, 0, nil
	i.stopHelp()
	i.group.idle(i)
	if i.op != nil && i.op.verb == doDelete {
		i.status = ""
		_ = os.Remove(i.d.statePath(i.id))
		_ = os.Remove(filepath.Join(i.d.home.Spools(), strconv.Itoa(i.id)+".in"))
		i.d.remove(i)
	}
	i.finish(nil)
}

// --- reload -------------------------------------------------------------------------------------------------------

func (i *instance) reload() {
	w, err := i.d.startWorker(i.group, i.id, i.number, i.app, i.post)
	if err != nil {
		i.finish(fmt.Errorf("reload failed, the old process goes on: %w", err))
		return
	}
	i.fresh, i.phase, i.overdue = w, comingUp, false
	i.d.log("App [%s:%d] reload: new process with pid %d", i.app.Name, i.id, w.Pid)
	i.startTimer(time.Duration(i.app.ListenTimeout) * time.Millisecond)
}

// isUp: a worker that waits says 'ready'; otherwise it listens.
func (i *instance) up(w *worker) {
	if i.phase != comingUp || w != i.fresh && (i.fresh != nil || w != i.worker) {
		return
	}
	if w != i.fresh {
		i.online()
		return
	}
	i.stopTimer()
	old := i.worker
	i.worker, i.fresh = w, nil
	i.happens("online", false)
	i.status = control.Online
	i.cpu, i.load = 0, nil
	i.writePid()
	i.help()
	i.d.log("App [%s:%d] reload: pid %d is up", i.app.Name, i.id, w.Pid)
	if old == nil {
		i.finish(nil)
		return
	}
	i.phase = draining
	i.drain(old)
}

// drain lets a worker finish its requests: it closes its servers, then its channel. After listen_timeout it is told to end all the same.
func (i *instance) drain(w *worker) {
	i.leaving[w] = true
	if w.ipc == nil || w.ipc.send(map[string]any{"cmd": "NODE_CLUSTER", "act": "disconnect", "seq": 0}, -1) != nil {
		i.end(w)
		return
	}
	patience := max(time.Duration(w.app.ListenTimeout), time.Duration(w.app.KillTimeout)) * time.Millisecond
	time.AfterFunc(patience, func() { i.post(drainEvent{w}) })
}

// retire ends a worker that nobody waits for.
func (i *instance) retire(w *worker) {
	i.leaving[w] = true
	i.end(w)
}

func (i *instance) reloadFailed(why string, w *worker) {
	i.stopTimer()
	i.fresh = nil
	err := fmt.Errorf("reload failed, the old process goes on: the new one %s%s", why, quoteLines(w.err.Last()))
	if i.worker == nil {
		err = fmt.Errorf("reload failed, and the old process has ended: the new one %s%s", why, quoteLines(w.err.Last()))
	}
	i.d.log("App [%s:%d] %v", i.app.Name, i.id, err)
	i.finish(err)
	if i.worker == nil && i.op == nil && i.wanted {
		i.launch()
	}
}

func quoteLines(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "\n  " + strings.Join(lines, "\n  ")
}

// --- events of workers --------------------------------------------------------------------------------------------

func (i *instance) message(w *worker, text json.RawMessage) {
	if !i.owns(w) {
		return
	}
	if text == nil {
		if i.leaving[w] {
			i.end(w) // it has closed its servers
		}
		return
	}
	if string(text) == `"ready"` {
		if w.app.WaitReady {
			i.up(w)
		}
		return
	}
	if i.group.sockets.cluster(w.ipc, text, i.group.neighbours) {
		w.listens = true
		if !w.app.WaitReady {
			i.up(w)
		}
		return
	}
	i.quiet = !i.programMessage(w, text)
}

func (i *instance) timeout() {
	switch {
	case i.phase == comingUp && i.fresh != nil:
		w := i.fresh
		if !w.app.WaitReady && i.worker != nil && !i.worker.listens {
			i.up(w) // neither of them is a server
			return
		}
		if w.listens {
			i.drain(w) // it may have requests
		} else {
			i.retire(w)
		}
		i.reloadFailed(fmt.Sprintf("was not up after %d ms", i.app.ListenTimeout), w)
	case i.phase == comingUp:
		i.d.log("App [%s:%d] has not said 'ready' after %d ms", i.app.Name, i.id, i.app.ListenTimeout)
		i.online()
	case i.status == control.Waiting && i.op == nil:
		i.restarts++
		i.launch()
	}
}

func (i *instance) ended(w *worker, e exit) {
	i.d.log("App [%s:%d] pid %d ended: %s", i.app.Name, i.id, w.Pid, e)
	i.unanswered(w)
	w.meter.close()
	i.happens("exit", false)
	switch {
	case i.leaving[w]:
		delete(i.leaving, w)
		if i.phase == draining && len(i.leaving) == 0 {
			i.finish(nil)
		}
	case w == i.fresh:
		i.reloadFailed("ended with "+e.String(), w)
	case w == i.worker:
		i.worker = nil
		i.lastExit = e.String()
		i.cpu, i.memory, i.load = 0, 0, nil
		i.workerEnded(w, e)
	}
}

func (i *instance) workerEnded(w *worker, e exit) {
	switch {
	case i.phase == awaitEnding && (i.op.verb == doStop || i.op.verb == doDelete):
		i.stopped()
	case i.phase == awaitEnding:
		i.launch()
	case i.fresh != nil:
		// The new worker takes over as soon as it is up.
	default:
		if i.phase == comingUp || i.phase == draining {
			defer i.finish(fmt.Errorf("[%s] ended with %s while it was started%s", i.app.Name, e, quoteLines(w.err.Last())))
		}
		i.decide(w.err, e, time.Since(time.UnixMilli(w.Started)))
	}
}

// decide follows the restart policy.
func (i *instance) decide(stderr *logs.Stream, e exit, uptime time.Duration) {
	a := i.app
	ms := func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
	c := restart.Config{AutoRestart: a.AutoRestart, StopExitCodes: a.StopExitCodes, MinUptime: ms(a.MinUptime), MaxRestarts: a.MaxRestarts,
		Delay: ms(a.RestartDelay), Backoff: ms(a.Backoff)}
	decision := restart.Decide(c, i.history, restart.Exit{Code: e.Code, Signaled: e.Signal != 0 || e.unknown, Uptime: uptime})
	i.history = decision.History
	switch decision.Verdict {
	case restart.Stop:
		i.status = control.Stopped
		i.group.idle(i)
	case restart.GiveUp:
		i.status = control.Errored
		if stderr != nil {
			i.lastErr = stderr.Last()
		}
		i.group.idle(i)
		i.d.log("App [%s:%d] had too many unstable restarts. Stopped.", i.app.Name, i.id)
		i.happens("restart overlimit", false)
	default:
		i.status = control.Waiting
		i.startTimer(decision.Delay)
	}
}

// --- small things -------------------------------------------------------------------------------------------------

func (i *instance) startTimer(after time.Duration) {
	i.stopTimer()
	token := i.token
	i.timer = time.AfterFunc(after, func() { i.post(timerEvent{token}) })
}

func (i *instance) stopTimer() {
	i.token++
	if i.timer != nil {
		i.timer.Stop()
	}
}

func (i *instance) pidPath() string { return ecosystem.WithID(i.app.PidFile, i.id) }

func (i *instance) writePid() {
	if err := os.WriteFile(i.pidPath(), []byte(strconv.Itoa(i.worker.Pid)), 0o644); err != nil {
		i.d.log("App [%s:%d] %v", i.app.Name, i.id, err)
	}
}

// help starts what watches files and the clock, with the configuration of now.
func (i *instance) help() {
	i.stopHelp()
	ctx, cancel := context.WithCancel(context.Background())
	i.helpers = cancel
	token := i.helperID
	if i.app.CronRestart != "" {
		if err := schedule(ctx, i.app.CronRestart, func() { i.post(cronTick{token}) }); err != nil {
			i.d.log("App [%s:%d] cron_restart: %v", i.app.Name, i.id, err)
		}
	}
	if len(i.app.Watch) > 0 {
		if err := watchFiles(ctx, i.app, func(path string) { i.post(fileChange{token, path}) }); err != nil {
			i.d.log("App [%s:%d] watch: %v", i.app.Name, i.id, err)
		}
	}
}

func (i *instance) stopHelp() {
	i.helperID++
	if i.helpers != nil {
		i.helpers()
		i.helpers = nil
	}
}

// sample looks at the worker's figures; too much memory is a reason for a reload.
func (i *instance) sample(now time.Time) {
	w := i.worker
	if w == nil {
		return
	}
	u, err := w.usage()
	if err != nil {
		return
	}
	if !w.sampledAt.IsZero() && now.After(w.sampledAt) {
		i.cpu = float64(u.cpu-w.cpu) / float64(now.Sub(w.sampledAt)) * 100
	}
	w.cpu, w.sampledAt, i.memory = u.cpu, now, u.memory
	seen := w.vitals()
	i.load = loadOf(seen, w.seen)
	w.seen = seen
	if listens(seen) {
		i.served.Store(true)
	}
	if i.app.MaxMemory > 0 && u.memory > i.app.MaxMemory && !i.overdue && i.op == nil {
		i.overdue = true
		i.d.log("App [%s:%d] uses %d bytes, more than max_memory_restart (%d): reload", i.app.Name, i.id, u.memory, i.app.MaxMemory)
		i.ask(&operation{doReload, nil, make(chan error, 1)})
	}
}

// usage is what the kernel says of the worker. A thread has its part of the process's memory, and its own processor time: that of JavaScript.
func (w *worker) usage() (usage, error) {
	u, err := w.meter.read(w.Pid)
	if err != nil || u.start != w.Start {
		return u, unix.ESRCH
	}
	if w.seat == nil {
		return u, nil
	}
	u.memory /= int64(max(w.seat.host.count(), 1))
	t, err := readTask(w.Pid, int(w.seat.task.Load()))
	u.cpu = t.cpu
	return u, err
}

// leave lets go of the workers: they run on.
func (i *instance) leave() {
	i.stopTimer()
	i.stopHelp()
	for w := range i.workers() {
		w.out.LeaveBlocking()
		w.err.LeaveBlocking()
		if w.seat != nil {
			w.seat.host.leave()
		}
	}
	i.left = true
}

func (i *instance) workers() map[*worker]bool {
	out := maps.Clone(i.leaving)
	for _, w := range []*worker{i.worker, i.fresh} {
		if w != nil {
			out[w] = true
		}
	}
	return out
}

// publish writes the state where the next daemon finds it, then shows it to others: what they have seen outlives the daemon.
func (i *instance) publish() {
	p := &control.Process{ID: i.id, Name: i.app.Name, Namespace: i.app.Namespace, Version: i.app.Version, Mode: i.app.ExecMode, Status: i.status,
		Created: i.created, Restarts: i.restarts, Unstable: i.history.Unstable, CPU: i.cpu, Memory: i.memory, User: i.d.user(i.app.UID),
		Watching: len(i.app.Watch) > 0, Instance: i.number, PidFile: i.pidPath(), LastExit: i.lastExit, LastError: i.lastErr, App: i.app}
	p.OutLog, p.ErrLog = logPaths(i.app, i.id)
	if i.worker == nil {
		i.current.Store(nil)
	} else if n := i.current.Load(); n == nil || n.pid != i.worker.Pid || n.ipc != i.worker.ipc {
		i.current.Store(&neighbour{i.worker.Pid, i.worker.ipc})
	}
	if w := i.worker; w != nil {
		p.Pid, p.Started = w.Pid, w.Started
		p.Actions, p.Metrics, p.Options = w.offered.actions, w.offered.figures.object(), w.offered.options.object()
		p.Dropped = w.out.Dropped() + w.err.Dropped()
		p.Load = i.load
	}
	if i.status != "" {
		i.save()
	}
	i.view.Store(p)
	i.shown.Store(i.worker)
}

// savedKey is what of an instance is in its file: equal keys, equal files.
type savedKey struct {
	changes, restarts int
	status, lastExit  string
	wanted            bool
	pid               int
	begun             uint64
	number            int
	offers            int
}

func (i *instance) save() {
	key := savedKey{changes: i.changes + 1, restarts: i.restarts, status: i.status, lastExit: i.lastExit, wanted: i.wanted}
	if i.worker != nil {
		key.pid, key.begun, key.number, key.offers = i.worker.Pid, i.worker.Start, i.worker.Number, len(i.worker.offered.actions)
	}
	if key == i.written {
		return
	}
	s := saved{Version: stateVersion, Boot: i.d.boot, ID: i.id, Number: i.number, App: i.app, Status: i.status, Wanted: i.wanted,
		Created: i.created, Restarts: i.restarts, LastExit: i.lastExit}
	if i.worker != nil {
		s.Actions = i.worker.offered.actions
		s.Worker = &i.worker.record
	}
	text, err := json.Marshal(s)
	if err != nil {
		return // not reached: everything in it has a JSON text
	}
	if err := writeAtomic(i.d.statePath(i.id), text); err != nil {
		i.d.log("App [%s:%d] its state can't be written: %v", i.app.Name, i.id, err)
		return
	}
	i.written = key
}
