package supervisor

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/hosting"
	"roost/internal/spawn"
	"roost/internal/sticky"
	"roost/internal/supervisor/ecosystem"
	"roost/internal/supervisor/logs"
	"roost/internal/vitals"
)

// record is what a daemon must know to find a worker of the daemon before it.
type record struct {
	Pid     int    `json:"pid"`
	Start   uint64 `json:"start"` // see usage.start
	Out     string `json:"out"`   // spools
	Err     string `json:"err"`
	Return  string `json:"return,omitempty"` // name of the socket at which it is met again, in the folder of spools
	Started int64  `json:"started_at"`
	Page    *pages `json:"vitals,omitempty"` // nil: it has none

	Host   *hostRecord `json:"host,omitempty"` // the process that it is a program of, in threads mode
	Number int         `json:"number,omitempty"`
}

// pages are where a worker shows how it fares: its numbers on a board, and the descriptors under which the worker has the board.
type pages struct {
	Memory  int   `json:"memory"`
	Bell    int   `json:"bell"` // -1: none
	Numbers []int `json:"pages"`
}

// worker is one run of a program: a process, or a seat in a host. Its instance's goroutine owns what isn't said to be immutable.
type worker struct {
	record                  // immutable
	board    *board         // immutable; nil: none
	proc     *spawn.Process // immutable; nil: adopted, not our child, or a seat's
	seat     *seat          // immutable; nil: a process of its own
	ipc      *channel       // immutable; nil: none
	out, err *logs.Stream   // immutable
	files    []*logs.File   // immutable
	app      ecosystem.App  // immutable: as it was when this run began

	stopping bool // it was told to end
	listens  bool // it has said so
	offered  offered
	meter    meter

	treeMu sync.Mutex
	tree   []started // guarded by treeMu: what it had started when it was told to end

	cpu       time.Duration
	sampledAt time.Time
	seen      []vitals.Snapshot // at the last sample
}

// started names a process, also when its number is given to another one.
type started struct {
	pid   int
	begun uint64
}

func (s started) isAlive() bool {
	u, err := readUsage(s.pid)
	return err == nil && u.start == s.begun
}

// exit is how a worker ended; unknown for one that isn't our child.
type exit struct {
	spawn.Exit
	unknown bool
}

func (e exit) String() string {
	switch {
	case e.unknown:
		return "unknown"
	case e.Signal != 0:
		return unix.SignalName(e.Signal)
	default:
		return fmt.Sprintf("code %d", e.Code)
	}
}

// startWorker starts the program. post gets its events from other goroutines, the last one being exitEvent.
func (d *Daemon) startWorker(g *group, id, number int, app ecosystem.App, post func(event)) (*worker, error) {
	w := &worker{app: app}
	base := filepath.Join(d.home.Spools(), fmt.Sprintf("%d-%d", id, d.runs.Add(1)))
	w.Out, w.Err = base+".out", base+".err"
	spools, err := createSpools(w.Out, w.Err)
	if err != nil {
		return nil, err
	}
	defer spools.closeEnds()
	if app.Interpreter == "node" {
		w.Return = filepath.Base(base) + ".return"
	}
	start := d.exec
	if app.ExecMode == ecosystem.ModeThreads {
		start = d.lodge
	}
	err = start(w, g, id, number, int(spools.outFile.Fd()), int(spools.errFile.Fd()))
	if err != nil {
		w.freePages()
		spools.remove()
		return nil, err
	}
	w.Started = time.Now().UnixMilli()
	if u, err := readUsage(w.Pid); err == nil {
		w.Start = u.start
	}
	w.out, w.err, w.files = d.streams(app, id, spools.out, spools.err)
	w.listen(post)
	go d.watch(w, post)
	return w, nil
}

// listen hands on what the program says over its channel.
func (w *worker) listen(post func(event)) {
	if w.ipc == nil {
		return
	}
	go func() {
		w.ipc.run(func(m json.RawMessage) { post(messageEvent{w, m}) })
		post(messageEvent{w, nil})
	}()
}

// exec starts the process with its descriptors: standard input is a named pipe that outlives the daemon, 3 is the channel, 4 is where the next daemon
// comes back to, and then come the board of vitals and its bell.
func (d *Daemon) exec(w *worker, g *group, id, number int, out, err int) error {
	app := w.app
	in, openErr := openInput(filepath.Join(d.home.Spools(), strconv.Itoa(id)+".in"))
	if openErr != nil {
		return openErr
	}
	defer in.Close()
	o := spawn.Options{Dir: app.Cwd, Detached: true, UID: -1, GID: -1, Files: []int{int(in.Fd()), out, err}}
	if app.UID != nil {
		o.UID = *app.UID
	}
	if app.GID != nil {
		o.GID = *app.GID
	}
	env := d.environment(app, id, number)
	switch app.Interpreter {
	case ecosystem.Serve:
		o.File, o.Args = d.program, []string{d.program, ecosystem.ServeArgument}
	case "none":
		o.File, o.Args = app.Script, append([]string{app.Script}, app.Args...)
	case "node":
		o.File, o.Args = d.program, slices.Concat([]string{"node"}, app.InterpreterArgs, []string{app.Script}, app.Args)
		ipc, theirs, err := newChannel()
		if err != nil {
			return err
		}
		defer unix.Close(theirs)
		w.ipc = ipc
		o.Files = append(o.Files, theirs)
		env["NODE_CHANNEL_FD"] = "3"
		if place, err := listenBelow(d.home.Spools(), w.Return); err == nil {
			defer unix.Close(place)
			o.Files = append(o.Files, place)
			env["ROOST_CHANNEL_RETURN"] = strconv.Itoa(len(o.Files) - 1)
		} else {
			d.log("App [%s:%d] the next daemon won't reach it: %v", app.Name, id, err)
			w.Return = ""
		}
		if b, numbers := g.vitals.takePage(number); b != nil {
			memory, bell := b.Descriptors()
			w.board, w.Page = b, &pages{Memory: len(o.Files), Bell: -1, Numbers: numbers}
			o.Files = append(o.Files, memory)
			if bell >= 0 {
				w.Page.Bell = len(o.Files)
				o.Files = append(o.Files, bell)
			}
			env[vitals.Variable] = vitals.Invite(w.Page.Memory, w.Page.Bell, numbers...)
		}
		if app.ExecMode == ecosystem.ModeCluster {
			env["NODE_UNIQUE_ID"] = strconv.Itoa(id + 1)
			env[ecosystem.InstancesVariable] = strconv.Itoa(app.Instances)
			env["ROOST_HOST_LEAVES"] = "1" // the worker serves on when the channel ends
			meeting, err := d.invite(w, g)
			if err != nil {
				w.removeReturn(d)
				ipc.close()
				return err
			}
			if meeting != nil {
				defer meeting.Close()
				by, _ := sticky.Parse(app.Sticky)
				env[sticky.Variable] = sticky.Invite(len(o.Files), by)
				o.Files = append(o.Files, int(meeting.Fd()))
			}
		}
	default:
		o.File, o.Args = app.Interpreter, slices.Concat([]string{app.Interpreter}, app.InterpreterArgs, []string{app.Script}, app.Args)
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		o.Env = append(o.Env, name+"="+env[name])
	}
	p, startErr := spawn.Start(o)
	if startErr != nil {
		w.removeReturn(d)
		if w.ipc != nil {
			w.ipc.close()
		}
		return fmt.Errorf("%s can't be started: %w", o.File, startErr)
	}
	w.proc, w.Pid = p, p.Pid
	return nil
}

// lodge starts the program as a thread of the application's host. It has what a process in cluster mode has, channel and all.
func (d *Daemon) lodge(w *worker, g *group, id, number, out, err int) error {
	app := w.app
	in, openErr := openInput(filepath.Join(d.home.Spools(), strconv.Itoa(id)+".in"))
	if openErr != nil {
		return openErr
	}
	defer in.Close()
	ipc, theirs, ipcErr := newChannel()
	if ipcErr != nil {
		return ipcErr
	}
	defer unix.Close(theirs)
	s, startErr := d.takeSeat(g, id, number, app)
	if startErr != nil {
		ipc.close()
		return startErr
	}
	again, againErr := listenBelow(d.home.Spools(), w.Return)
	if againErr != nil {
		d.log("App [%s:%d] the next daemon won't reach it: %v", app.Name, id, againErr)
		w.Return = ""
	} else {
		defer unix.Close(again)
	}
	env := d.environment(app, id, number)
	env["NODE_UNIQUE_ID"] = strconv.Itoa(id + 1)
	env["ROOST_HOST_LEAVES"] = "1"
	start := hosting.Start{Args: slices.Concat([]string{"node"}, app.InterpreterArgs, []string{app.Script}, app.Args), Among: app.Instances, Tree: app.TreeKill, Page: -1, Sticky: app.Sticky}
	if numbers := s.host.takePage(number); len(numbers) > 0 {
		w.board, w.Page = s.host.board, &pages{s.host.Memory, s.host.Bell, numbers}
		start.Page = numbers[0]
	}
	if start.Page < 0 && app.Sticky != "" {
		d.log("App [%s:%d] %v", app.Name, id, errNoMeeting)
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		start.Env = append(start.Env, name+"="+env[name])
	}
	if startErr := s.host.client.Start(s.number, start, [3]int{int(in.Fd()), out, err}, theirs, again); startErr != nil {
		s.end(exit{unknown: true})
		s.host.left(s.number)
		w.removeReturn(d)
		ipc.close()
		return fmt.Errorf("process %d can't start a thread: %w", s.host.Pid, startErr)
	}
	w.seat, w.ipc, w.Pid, w.Host, w.Number = s, ipc, s.host.Pid, &s.host.hostRecord, s.number
	return nil
}

// openInput opens a named pipe for reading and writing, so that the program never sees its end, whoever else comes and goes.
func openInput(path string) (*os.File, error) {
	if err := unix.Mkfifo(path, 0o600); err != nil && !errors.Is(err, unix.EEXIST) {
		return nil, os.NewSyscallError("mkfifo", err)
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(fd), path), nil
}

// environment is what the program gets: what PM2's programs look for.
func (d *Daemon) environment(app ecosystem.App, id, number int) map[string]string {
	env := maps.Clone(app.Env)
	if env == nil {
		env = map[string]string{}
	}
	for name, value := range map[string]string{
		"pm_id": strconv.Itoa(id), app.InstanceVar: strconv.Itoa(number), "name": app.Name, "namespace": app.Namespace,
		"pm_exec_path": app.Script, "pm_cwd": app.Cwd, "exec_mode": app.ExecMode, "exec_interpreter": app.Interpreter,
		"instances": strconv.Itoa(app.Instances), "PM2_HOME": string(d.home), "ROOST_HOME": string(d.home),
	} {
		env[name] = value
	}
	if app.IncrementVar != "" {
		if base, err := strconv.Atoi(env[app.IncrementVar]); err == nil {
			env[app.IncrementVar] = strconv.Itoa(base + number)
		}
	}
	return env
}

// streams reads what a program prints.
func (d *Daemon) streams(app ecosystem.App, id int, outSpool, errSpool *logs.Spool) (out, err *logs.Stream, all []*logs.File) {
	format := logs.Format{JSON: app.LogType == "json", Date: logs.Compile(app.DateFormat), App: app.Name, Namespace: app.Namespace, ID: id}
	rotation := logs.Rotation{MaxSize: app.LogMaxSize, Daily: app.LogDaily, Keep: app.LogKeep, Compress: app.LogCompress}
	files := func(paths ...string) (out []*logs.File) {
		for _, path := range paths {
			if path != "" && path != "/dev/null" && !app.DisableLogs {
				out = append(out, d.files.Open(path, rotation))
			}
		}
		all = append(all, out...)
		return out
	}
	outPath, errPath := logPaths(app, id)
	out = logs.Start(outSpool, d.notifier, logs.Options{Kind: logs.Out, Format: format, Hub: &d.hub, Files: files(outPath, app.LogFile)})
	err = logs.Start(errSpool, d.notifier, logs.Options{Kind: logs.Err, Format: format, Hub: &d.hub, Files: files(errPath, app.LogFile)})
	return out, err, all
}

// logPaths are the log files of one process.
func logPaths(app ecosystem.App, id int) (out, err string) {
	if app.MergeLogs {
		return app.OutFile, app.ErrorFile
	}
	return ecosystem.WithID(app.OutFile, id), ecosystem.WithID(app.ErrorFile, id)
}

// watch waits for the end, ends what the program has left behind, brings its last lines home, and tells.
func (d *Daemon) watch(w *worker, post func(event)) {
	var e exit
	if w.seat != nil {
		<-w.seat.done
		e = w.seat.exit
		w.seat.host.left(w.seat.number)
	} else {
		e = w.awaitProcess()
	}
	if w.app.TreeKill && w.seat == nil { // a host ends a thread's children itself
		patience := time.Duration(w.app.KillTimeout) * time.Millisecond
		sweep(w.Pid, patience)
		w.sweepTree(patience)
	}
	if w.ipc != nil {
		w.ipc.close()
	}
	w.freePages()
	w.finishLogs(d)
	post(exitEvent{w, e})
}

// awaitProcess waits for the end of the worker's process.
func (w *worker) awaitProcess() (e exit) {
	status, known := awaitEnd(w.Pid, w.proc == nil)
	switch {
	case w.proc != nil:
		e.Exit, _ = w.proc.WaitBlocking()
	case known && status.Signaled():
		e.Signal = status.Signal()
	case known:
		e.Code = status.ExitStatus()
	default:
		e.unknown = true
	}
	return e
}

// removeReturn deletes the socket at which the program would have been met.
func (w *worker) removeReturn(d *Daemon) {
	if w.Return != "" {
		_ = os.Remove(filepath.Join(d.home.Spools(), w.Return))
	}
}

func (w *worker) finishLogs(d *Daemon) {
	w.removeReturn(d)
	w.out.FinishBlocking()
	w.err.FinishBlocking()
	for _, f := range w.files {
		d.files.Release(f)
	}
}

// sweep ends what is left of a process group whose leader has ended.
func sweep(group int, patience time.Duration) {
	if !hasGroup(group) {
		return
	}
	_ = unix.Kill(-group, unix.SIGTERM)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if !hasGroup(group) {
			return
		}
	}
	_ = unix.Kill(-group, unix.SIGKILL)
}

// isAlive tells whether the process of a record runs.
func (r record) isAlive() bool {
	u, err := readUsage(r.Pid)
	return err == nil && u.start == r.Start
}

// isAlive tells whether the program runs.
func (w *worker) isAlive() bool {
	if w.seat != nil {
		return w.seat.isAlive()
	}
	return w.record.isAlive()
}

// kill sends s to the program alone.
func (w *worker) kill(s syscall.Signal) error {
	if w.seat != nil {
		return w.seat.signal(s)
	}
	return unix.Kill(w.Pid, s)
}

// signal sends s to the program, with TreeKill to all that it has started.
func (w *worker) signal(s syscall.Signal) {
	if !w.isAlive() {
		return
	}
	if !w.app.TreeKill || w.seat != nil {
		_ = w.kill(s)
		return
	}
	below := descendants(w.Pid)
	w.remember(below)
	_ = unix.Kill(-w.Pid, s)
	for _, pid := range below {
		// Those that have left the group.
		if group, err := unix.Getpgid(pid); err == nil && group != w.Pid {
			_ = unix.Kill(pid, s)
		}
	}
}

// remember keeps what the program has started: when it has ended nothing tells any more whose they were.
func (w *worker) remember(pids []int) {
	w.treeMu.Lock()
	defer w.treeMu.Unlock()
	for _, pid := range pids {
		if u, err := readUsage(pid); err == nil {
			w.tree = append(w.tree, started{pid, u.start})
		}
	}
}

// sweepTree ends what has left the program's group and doesn't end when it is asked to.
func (w *worker) sweepTree(patience time.Duration) {
	w.treeMu.Lock()
	left := w.tree
	w.treeMu.Unlock()
	alive := func() bool {
		left = slices.DeleteFunc(left, func(s started) bool { return !s.isAlive() })
		return len(left) > 0
	}
	if !alive() {
		return
	}
	for _, s := range left {
		_ = unix.Kill(s.pid, unix.SIGTERM)
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if !alive() {
			return
		}
	}
	for _, s := range left {
		_ = unix.Kill(s.pid, unix.SIGKILL)
	}
}

// askToEnd tells the program to end in its own time.
func (w *worker) askToEnd() {
	if w.app.TreeKill && w.seat == nil {
		w.remember(descendants(w.Pid))
	}
	if w.app.ShutdownWithMessage && w.ipc != nil && w.ipc.send("shutdown", -1) == nil {
		return
	}
	w.signal(unix.SIGINT)
}
