// Package supervisor is the daemon behind `roost start`: it keeps applications running as processes of their own.
//
// One goroutine owns each instance (one process of an application, through all its runs) and takes typed events: operations, ends, messages,
// timers. Everybody else sees an instance through its view, or asks it. The rest are goroutines that wait and post.
//
// Workers outlive the daemon. What a daemon must know to find them lies in the state folder, one file an instance, written before anybody is told; what they print
// goes to files (package logs); their standard input is a named pipe. The next daemon adopts them by process id and start time.
//
// The package holds no JavaScript: it never imports runtime, engine, loop or node. Programs for node are started by running this program again.
package supervisor

import (
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"os/user"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
	"roost/internal/supervisor/logs"
	"roost/internal/sys"
)

// Config says where a daemon lives.
type Config struct {
	Home    control.Home
	Program string    // path of this program, for workers
	Node    string    // version of Node's API
	Log     io.Writer // what the daemon says
	Ready   func(err error)
}

// Daemon is a running daemon.
type Daemon struct {
	home     control.Home // immutable, as all up to runs
	program  string
	node     string
	boot     string
	uid      int
	started  time.Time
	notifier *logs.Notifier
	listener io.Closer
	lock     *os.File

	files logs.Files
	hub   logs.Hub
	bus   bus
	runs  atomic.Int64

	exporter   exporter       // of metrics
	processors processorMeter // the goroutine of ticks only

	logMu sync.Mutex
	logTo io.Writer // guarded by logMu

	userMu sync.Mutex
	users  map[int]string // guarded by userMu

	mu        sync.Mutex
	instances map[int]*instance // guarded by mu
	groups    map[string]*group // guarded by mu
	nextID    int               // guarded by mu
	ending    chan ending       // has room for one
	adopted   map[string]*host  // by socket; while adoptAll runs
}

// ending is how a daemon ends: with its workers, or without.
type ending int

const (
	killAll ending = iota
	leaveAll
)

// group is what the processes of one application share.
type group struct {
	sockets listeners
	vitals  boards
	meeting string // immutable; the folder in which its workers meet: see meetingPlace
	crowd   crowd

	hostMu sync.Mutex // held while a host is started
	host   *host      // guarded by hostMu; where programs are started in threads mode

	mu     sync.Mutex
	active map[*instance]bool // guarded by mu
}

func (g *group) busy(i *instance) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active[i] = true
}

// idle is called when an instance has no worker and none is to come: the last one closes the sockets.
func (g *group) idle(i *instance) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.active, i)
	if len(g.active) == 0 {
		g.sockets.close()
		clearMeeting(g.meeting)
	}
}

// neighbours are the workers of all instances, as last seen.
func (g *group) neighbours() []neighbour {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []neighbour
	for i := range g.active {
		if n := i.current.Load(); n != nil {
			out = append(out, *n)
		}
	}
	return out
}

// sampleInterval is how often memory and processor time are looked at.
const sampleInterval = time.Second

// tidyInterval is how often memory is given back.
const tidyInterval = 5 * time.Minute

// RunBlocking is the daemon's life. It returns the exit code.
func RunBlocking(c Config) int {
	// Small and steady: the daemon holds little, and what it reads for logs is garbage at once.
	debug.SetGCPercent(50)
	debug.SetMemoryLimit(24 << 20)
	runtime.GOMAXPROCS(2)
	d := &Daemon{home: c.Home, program: c.Program, node: c.Node, boot: bootID(), uid: os.Getuid(), started: time.Now(), logTo: c.Log, instances: map[int]*instance{},
		groups: map[string]*group{}, users: map[int]string{}, ending: make(chan ending, 1)}
	if err := d.open(); err != nil {
		c.Ready(err)
		return 1
	}
	l, err := control.Listen(d.home)
	if err != nil {
		c.Ready(err)
		return 1
	}
	d.listener = l
	d.log("Roost daemon started with pid %d, home %s", os.Getpid(), d.home)
	d.adoptAll()
	if err := writeAtomic(d.home.DaemonPid(), []byte(strconv.Itoa(os.Getpid()))); err != nil {
		d.log("%v", err)
	}
	served := make(chan struct{})
	go func() {
		control.ServeBlocking(l, d.handle)
		close(served)
	}()
	if _, err := d.applySettings(); err != nil {
		d.log("No metrics: %v", err)
	}
	c.Ready(nil)
	how := d.wait()
	if how == leaveAll {
		d.leave()
	} else {
		d.stopAll()
	}
	_ = os.Remove(d.home.DaemonPid()) // before clients see the end of their connections
	_ = l.Close()
	<-served
	d.files.WaitArchives()
	d.log("Roost daemon ended")
	return 0
}

// open takes the lock of the state folder.
func (d *Daemon) open() error {
	if err := d.home.Make(); err != nil {
		return err
	}
	lock, err := os.OpenFile(d.home.Lock(), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := takeLock(lock, d.home); err != nil {
		_ = lock.Close()
		return err
	}
	d.lock = lock
	d.notifier, err = logs.NewNotifier()
	d.runs.Store(time.Now().UnixMilli())
	return err
}

// takeLock waits for a daemon that is ending, but not for one that answers.
func takeLock(lock *os.File, h control.Home) error {
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			return nil
		}
		if c, err := control.Dial(h); err == nil {
			c.Close()
			return ErrRunning
		}
		if time.Now().After(end) {
			return ErrRunning
		}
	}
}

// ErrRunning is given to Config.Ready when another daemon has the state folder.
var ErrRunning = fmt.Errorf("another daemon has this state folder")

// wait samples until the daemon is to end.
func (d *Daemon) wait() ending {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, unix.SIGTERM, unix.SIGINT, unix.SIGQUIT)
	signal.Ignore(unix.SIGHUP, unix.SIGPIPE)
	ticker := time.NewTicker(sampleInterval)
	defer ticker.Stop()
	tidy := time.NewTimer(2 * sampleInterval)
	for {
		select {
		case <-tidy.C:
			debug.FreeOSMemory()
			sys.DropText()
			tidy.Reset(tidyInterval)
		case now := <-ticker.C:
			d.lookAtQueues()
			d.lookAtCrowds()
			for _, i := range d.all() {
				select {
				case i.inbox <- sampleTick{now}:
				default: // it is busy; the next second will do
				}
			}
		case s := <-signals:
			d.log("%v: ending all applications", s)
			return killAll
		case how := <-d.ending:
			return how
		}
	}
}

// lookAtQueues wakes the workers of sockets on which a connection waits. The kernel has woken one of them for it; if that one was stopped or killed
// before it accepted, nobody else knows.
func (d *Daemon) lookAtQueues() {
	d.mu.Lock()
	groups := slices.Collect(maps.Values(d.groups))
	d.mu.Unlock()
	for _, g := range groups {
		if g.sockets.isWaitedFor() {
			g.vitals.alarm()
		}
	}
}

// stopAll ends every worker. What was saved stays.
func (d *Daemon) stopAll() {
	d.each(d.all(), len(d.all())+1, func(i *instance) error { return i.do(doDelete, nil) })
}

func (d *Daemon) leave() {
	for _, i := range d.all() {
		done := make(chan struct{})
		i.post(leaveEvent{done})
		select {
		case <-done:
		case <-i.closed:
		}
	}
}

// log says something in the daemon's log.
func (d *Daemon) log(format string, args ...any) {
	line := time.Now().Format("2006-01-02T15:04:05") + ": " + strings.TrimRight(fmt.Sprintf(format, args...), "\n") + "\n"
	d.logMu.Lock()
	defer d.logMu.Unlock()
	_, _ = io.WriteString(d.logTo, line)
}

// all are the instances, by id.
func (d *Daemon) all() []*instance {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]*instance, 0, len(d.instances))
	for _, i := range d.instances {
		out = append(out, i)
	}
	slices.SortFunc(out, func(a, b *instance) int { return a.id - b.id })
	return out
}

// add makes the next instance of an application; it isn't started.
func (d *Daemon) add(app ecosystem.App) *instance {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.instances) == 0 {
		d.nextID = 0
	}
	id := d.nextID
	d.nextID++
	taken := map[int]bool{}
	for _, i := range d.instances {
		if v := i.view.Load(); v.Name == app.Name && v.Namespace == app.Namespace {
			taken[v.Instance] = true
		}
	}
	number := 0
	for taken[number] {
		number++
	}
	i := d.newInstance(id, number, app)
	i.created, i.status = time.Now().UnixMilli(), control.Stopped
	i.publish()
	d.instances[id] = i
	go i.run()
	return i
}

// newInstance is called with mu held.
func (d *Daemon) newInstance(id, number int, app ecosystem.App) *instance {
	key := app.Namespace + "\x00" + app.Name
	g := d.groups[key]
	if g == nil {
		g = &group{active: map[*instance]bool{}, meeting: d.meetingPath(key)}
		d.groups[key] = g
	}
	return &instance{d: d, id: id, number: number, app: app, group: g, inbox: make(chan event, 64), closed: make(chan struct{}), leaving: map[*worker]bool{}}
}

func (d *Daemon) remove(i *instance) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.instances, i.id)
}

// user is the name of the user that a program runs as.
func (d *Daemon) user(uid *int) string {
	id := d.uid
	if uid != nil {
		id = *uid
	}
	d.userMu.Lock()
	defer d.userMu.Unlock()
	name, known := d.users[id]
	if !known {
		name = strconv.Itoa(id)
		if u, err := user.LookupId(name); err == nil {
			name = u.Username
		}
		d.users[id] = name
	}
	return name
}

// each does something with instances, parallel at a time, and gives the errors by instance.
func (d *Daemon) each(instances []*instance, parallel int, do func(*instance) error) map[*instance]error {
	var mu sync.Mutex
	errs := map[*instance]error{}
	tokens := make(chan struct{}, max(parallel, 1))
	var wg sync.WaitGroup
	for _, i := range instances {
		tokens <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-tokens }()
			err := do(i)
			mu.Lock()
			errs[i] = err
			mu.Unlock()
		}()
	}
	wg.Wait()
	return errs
}
