package supervisor

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
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

// hostRecord is what a daemon must know to find a host of the daemon before it.
type hostRecord struct {
	Pid    int    `json:"pid"`
	Start  uint64 `json:"start"`
	Socket string `json:"socket"` // name in the folder of spools
	Out    string `json:"out"`    // spools of what the process itself prints
	Err    string `json:"err"`
	Likes  string `json:"likes"`  // what its programs have in common
	Owner  int    `json:"owner"`  // the instance that it was started for: its lines are among that one's
	Memory int    `json:"memory"` // its descriptors of the board of vitals; -1: none
	Bell   int    `json:"bell"`
}

// host is a process that holds programs of one application, in threads mode. Any goroutine may call it.
type host struct {
	hostRecord
	d        *Daemon
	group    *group
	proc     *spawn.Process // nil: adopted
	client   *hosting.Client
	board    *board // immutable; nil: none
	out, err *logs.Stream
	files    []*logs.File
	tree     bool // processes that it has started end with it
	leaving  sync.Once

	mu     sync.Mutex
	seats  map[int]*seat        // guarded by mu
	early  map[int]hosting.Exit // guarded by mu; of adopted programs that nobody has claimed yet
	tasks  map[int]int          // guarded by mu; as early
	last   int                  // guarded by mu; the last number that was given
	spare  []int                // guarded by mu; a page of vitals for the first program
	spent  bool                 // guarded by mu: nothing is started there any more
	ending bool                 // guarded by mu: it was told to end
}

// seat is one program of a host.
type seat struct {
	host   *host
	number int
	task   atomic.Int64  // the kernel's id of its thread; 0: not known yet
	done   chan struct{} // closed when it has ended
	exit   exit          // valid then
	once   sync.Once
}

func (s *seat) end(e exit) {
	s.once.Do(func() {
		s.exit = e
		close(s.done)
	})
}

// isAlive tells whether the program runs.
func (s *seat) isAlive() bool {
	select {
	case <-s.done:
		return false
	default:
		return true
	}
}

// signal is kill(2) for the program alone.
func (s *seat) signal(number syscall.Signal) error {
	if !s.isAlive() {
		return unix.ESRCH
	}
	return s.host.client.Signal(s.number, number)
}

// likes names what the programs of one process have in common; with another answer a program needs another process.
func (d *Daemon) likes(app ecosystem.App) string {
	var program unix.Stat_t
	_ = unix.Stat(d.program, &program)
	what := []any{app.InterpreterArgs, app.Cwd, app.UID, app.GID, app.Env, program.Dev, program.Ino, program.Mtim.Sec, program.Mtim.Nsec}
	if app.Sticky != "" {
		what = append(what, "meets") // the process has a descriptor for it
	}
	text, _ := json.Marshal(what)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// takeSeat finds the application's host, or starts one, and keeps a place there. The host isn't told yet.
func (d *Daemon) takeSeat(g *group, id, number int, app ecosystem.App) (*seat, error) {
	g.hostMu.Lock()
	defer g.hostMu.Unlock()
	likes := d.likes(app)
	if h := g.host; h != nil && h.Likes == likes {
		if s := h.place(); s != nil {
			return s, nil
		}
	}
	h, err := d.startHost(g, id, number, app, likes)
	if err != nil {
		return nil, err
	}
	if old := g.host; old != nil {
		old.retire()
	}
	g.host = h
	return h.place(), nil
}

// place makes a seat; nil when the host takes no more.
func (h *host) place() *seat {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.spent {
		return nil
	}
	h.last++
	s := &seat{host: h, number: h.last, done: make(chan struct{})}
	h.seats[s.number] = s
	return s
}

// takePage gives a page of vitals for a program with this number; none where there is no board.
func (h *host) takePage(number int) []int {
	h.mu.Lock()
	page := h.spare
	h.spare = nil
	h.mu.Unlock()
	if len(page) > 0 {
		h.board.Renumber(page[0], number) // it was taken for the program that wanted the process
		return page
	}
	return h.group.vitals.takeFrom(h.board, number)
}

// freeSpare gives back what no program has taken.
func (h *host) freeSpare() {
	h.mu.Lock()
	page := h.spare
	h.spare = nil
	h.mu.Unlock()
	if len(page) > 0 {
		(&worker{board: h.board, record: record{Page: &pages{Numbers: page}}}).freePages()
	}
}

// retire lets the host end with its last program.
func (h *host) retire() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.spent = true
	h.finish()
}

// finish tells a host without programs to end; mu is held. The host itself waits for those that nobody has claimed.
func (h *host) finish() {
	if len(h.seats) == 0 && h.spent && !h.ending {
		h.ending = true
		_ = h.client.Finish()
	}
}

// left is called when a program has ended, or was never started: a host without any ends.
func (h *host) left(number int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.seats, number)
	h.spent = h.spent || len(h.seats) == 0
	h.finish()
}

// count is how many programs the host holds.
func (h *host) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.seats)
}

// startHost starts the process. group.hostMu is held.
func (d *Daemon) startHost(g *group, id, number int, app ecosystem.App, likes string) (*host, error) {
	base := filepath.Join(d.home.Spools(), fmt.Sprintf("h%d", d.runs.Add(1)))
	h := &host{d: d, group: g, tree: app.TreeKill, seats: map[int]*seat{},
		hostRecord: hostRecord{Socket: filepath.Base(base) + ".return", Memory: -1, Bell: -1, Out: base + ".out", Err: base + ".err", Likes: likes, Owner: id}}
	spools, err := createSpools(h.Out, h.Err)
	if err != nil {
		return nil, err
	}
	defer spools.closeEnds()
	h.board, h.spare = g.vitals.takePage(number)
	err = h.exec(app, int(spools.outFile.Fd()), int(spools.errFile.Fd()))
	if err == nil {
		if err = h.meet(); err != nil {
			_ = h.proc.Signal(unix.SIGKILL)
			_, _ = h.proc.WaitBlocking()
		}
	}
	if err != nil {
		h.freeSpare()
		spools.remove()
		h.removeSocket()
		return nil, err
	}
	if u, err := readUsage(h.Pid); err == nil {
		h.Start = u.start
	}
	h.attach(app, spools.out, spools.err)
	d.log("App [%s] process with pid %d for its threads", app.Name, h.Pid)
	go h.watch()
	return h, nil
}

// meet connects to the process.
func (h *host) meet() error {
	socket, err := connectBelow(h.d.home.Spools(), h.Socket)
	if err == nil {
		h.client, err = hosting.MeetBlocking(socket, h.events())
	}
	return err
}

func (h *host) removeSocket() { _ = os.Remove(filepath.Join(h.d.home.Spools(), h.Socket)) }

// exec starts the process with the socket that it listens on.
func (h *host) exec(app ecosystem.App, out, err int) error {
	socket, listenErr := listenBelow(h.d.home.Spools(), h.Socket)
	if listenErr != nil {
		return listenErr
	}
	defer unix.Close(socket)
	null, openErr := os.Open(os.DevNull)
	if openErr != nil {
		return openErr
	}
	defer null.Close()
	o := spawn.Options{File: h.d.program, Args: []string{"node", hosting.Argument}, Dir: app.Cwd, Detached: true, UID: -1, GID: -1,
		Files: []int{int(null.Fd()), out, err, socket}}
	if app.UID != nil {
		o.UID = *app.UID
	}
	if app.GID != nil {
		o.GID = *app.GID
	}
	for _, name := range slices.Sorted(maps.Keys(app.Env)) {
		o.Env = append(o.Env, name+"="+app.Env[name])
	}
	if h.board != nil {
		memory, bell := h.board.Descriptors()
		h.Memory = len(o.Files)
		o.Files = append(o.Files, memory)
		if bell >= 0 {
			h.Bell = len(o.Files)
			o.Files = append(o.Files, bell)
		}
		o.Env = append(o.Env, vitals.BoardVariable+"="+vitals.InviteBoard(h.Memory, h.Bell))
	}
	if app.Sticky != "" {
		meeting, err := h.d.meetingPlace(h.group, app)
		if err != nil {
			return err
		}
		defer meeting.Close()
		o.Env = append(o.Env, sticky.Variable+"="+sticky.Invite(len(o.Files), sticky.By{}))
		o.Files = append(o.Files, int(meeting.Fd()))
	}
	p, startErr := spawn.Start(o)
	if startErr != nil {
		return fmt.Errorf("%s can't be started: %w", o.File, startErr)
	}
	h.proc, h.Pid = p, p.Pid
	return nil
}

func (h *host) attach(app ecosystem.App, outSpool, errSpool *logs.Spool) {
	h.out, h.err, h.files = h.d.streams(app, h.Owner, outSpool, errSpool)
}

// events are what the host says.
func (h *host) events() hosting.Events {
	return hosting.Events{
		Running: func(number, task int) {
			h.mu.Lock()
			defer h.mu.Unlock()
			if s := h.seats[number]; s != nil {
				s.task.Store(int64(task))
			} else if h.tasks != nil {
				h.tasks[number] = task
				h.last = max(h.last, number)
			}
		},
		Ended: func(number int, e hosting.Exit) {
			h.mu.Lock()
			s := h.seats[number]
			if s == nil && h.early != nil {
				h.early[number] = e
				h.last = max(h.last, number)
			}
			h.mu.Unlock()
			if s != nil {
				s.end(exitOf(e))
			}
		},
	}
}

func exitOf(e hosting.Exit) exit {
	return exit{Exit: spawn.Exit{Code: e.Code, Signal: syscall.Signal(e.Signal)}}
}

// watch waits for the end of the process: its programs end with it.
func (h *host) watch() {
	var e exit
	w := &worker{record: record{Pid: h.Pid}, proc: h.proc}
	e = w.awaitProcess()
	select {
	case <-h.client.Done(): // what it has said before is heard
	case <-time.After(time.Second):
		h.client.Close()
	}
	h.mu.Lock()
	h.spent = true
	seats := slices.Collect(maps.Values(h.seats))
	h.mu.Unlock()
	h.group.hostMu.Lock()
	if h.group.host == h {
		h.group.host = nil
	}
	h.group.hostMu.Unlock()
	if h.tree {
		sweep(h.Pid, time.Second)
	}
	h.out.FinishBlocking()
	h.err.FinishBlocking()
	for _, f := range h.files {
		h.d.files.Release(f)
	}
	h.removeSocket()
	h.freeSpare()
	if len(seats) > 0 {
		h.d.log("Process %d with %d threads ended: %s", h.Pid, len(seats), e)
	}
	for _, s := range seats {
		s.end(e)
	}
}

// leave lets go of the host: it runs on. Each of its programs' instances calls it.
func (h *host) leave() {
	h.leaving.Do(func() {
		h.client.Close()
		h.out.LeaveBlocking()
		h.err.LeaveBlocking()
	})
}

// --- adoption -----------------------------------------------------------------------------------------------------

// adoptHost connects to a host of the daemon before. nil: it is gone.
func (d *Daemon) adoptHost(g *group, r hostRecord, app ecosystem.App) *host {
	if h := d.adopted[r.Socket]; h != nil {
		return h
	}
	u, err := readUsage(r.Pid)
	alive := err == nil && u.start == r.Start
	if !alive {
		return nil
	}
	h := &host{d: d, group: g, hostRecord: r, tree: app.TreeKill, seats: map[int]*seat{}, early: map[int]hosting.Exit{}, tasks: map[int]int{}}
	if err = h.meet(); err != nil {
		d.log("Process %d does not answer: %v", r.Pid, err)
		_ = unix.Kill(r.Pid, unix.SIGKILL)
		return nil
	}
	outSpool, errSpool := d.spoolAt(app, r.Owner, r.Out), d.spoolAt(app, r.Owner, r.Err)
	if outSpool == nil || errSpool == nil {
		h.client.Close()
		return nil
	}
	h.attach(app, outSpool, errSpool)
	d.adopted[r.Socket] = h
	if g.host == nil || g.host.last < h.last {
		g.host = h
	}
	d.log("App [%s] adopted process %d with its threads", app.Name, r.Pid)
	go h.watch()
	return h
}

// adoptSeat finds a program of the daemon before; nil when nothing is known of it.
func (d *Daemon) adoptSeat(i *instance, r record) *seat {
	h := d.adoptHost(i.group, *r.Host, i.app)
	if h == nil {
		return nil
	}
	if r.Page != nil && h.board == nil {
		h.board = i.group.vitals.adopt(r.Pid, *r.Page)
	}
	return h.claim(r.Number)
}

// claim gives the seat of a program of the daemon before; nil when the host doesn't know it.
func (h *host) claim(number int) *seat {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &seat{host: h, number: number, done: make(chan struct{})}
	task, runs := h.tasks[number]
	e, ended := h.early[number]
	delete(h.tasks, number)
	delete(h.early, number)
	switch {
	case ended:
		s.end(exitOf(e))
	case runs:
		s.task.Store(int64(task))
		h.seats[number] = s
	default:
		return nil
	}
	return s
}

// endOrphans ends programs that belong to no instance: they were being replaced when the daemon before was killed.
func (d *Daemon) endOrphans() {
	for _, h := range d.adopted {
		h.mu.Lock()
		orphans := slices.Collect(maps.Keys(h.tasks))
		h.tasks, h.early = nil, nil
		empty := len(h.seats) == 0
		h.mu.Unlock()
		for _, number := range orphans {
			_ = h.client.Signal(number, unix.SIGINT)
			time.AfterFunc(orphanPatience, func() { _ = h.client.Signal(number, unix.SIGKILL) })
		}
		if empty {
			h.retire()
		}
	}
	d.adopted = nil
}

// orphanPatience is how long an orphan may take to end.
const orphanPatience = 2 * time.Second
