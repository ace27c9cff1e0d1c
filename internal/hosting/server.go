// Package hosting is the conversation between the supervisor and a process that holds several programs, an isolate each (threads mode).
//
// The host is told to start programs, to send them signals and to end; it says when they run and how they ended. It listens on a Unix socket,
// so that the next supervisor finds it when one is gone: whoever connects hears first of everything that runs, and of what has ended and
// nobody has heard of. Programs go on when there is nobody.
//
// The package holds no JavaScript and knows no supervisor: it imports ipc alone. Any goroutine may call it.
package hosting

import (
	"net"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Argument starts a host: the socket that it listens on is descriptor 3. It is no command of users.
const Argument = "--roost-host"

// Program is a running program, as the host sees it.
type Program interface {
	// Signal is what kill(2) does to a process; it returns at once.
	Signal(s syscall.Signal)
}

// Seat is what a program is given.
type Seat struct {
	Start
	Stdio   [3]int // descriptors, the program's to close
	Channel int
	Again   int             // where the next daemon comes to when the channel has ended: a listening socket; -1: nowhere
	Running func(task int)  // called once, on the program's thread
	Ended   func(exit Exit) // called once, when everything of the program is gone
}

// host is the state of ServeBlocking.
type host struct {
	run func(Seat) Program

	mu        sync.Mutex
	conn      *conn           // guarded by mu; the daemon's, if there is one
	programs  map[int]Program // guarded by mu; nil while one is being started
	tasks     map[int]int     // guarded by mu
	exits     map[int]Exit    // guarded by mu; nobody has heard of them
	finishing bool            // guarded by mu
	over      chan struct{}   // closed when the host is to end
	once      sync.Once
}

// lonely is how long a host without programs waits for its daemon.
const lonely = 10 * time.Second

// ServeBlocking is the life of a host: it starts programs with run until it is told to end, or is left alone without any.
func ServeBlocking(l *net.UnixListener, run func(Seat) Program) {
	h := &host{run: run, programs: map[int]Program{}, tasks: map[int]int{}, exits: map[int]Exit{}, over: make(chan struct{})}
	go func() {
		for {
			socket, err := l.AcceptUnix()
			if err != nil {
				return
			}
			go h.serve(newConn(socket))
		}
	}()
	for {
		select {
		case <-h.over:
			_ = l.Close()
			h.mu.Lock()
			defer h.mu.Unlock()
			if h.conn != nil {
				_ = h.conn.socket.Close()
			}
			return
		case <-time.After(lonely):
			h.look()
		}
	}
}

// look ends the host when it is of no use.
func (h *host) look() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.programs) == 0 && (h.finishing || h.conn == nil) {
		h.once.Do(func() { close(h.over) })
	}
}

// serve speaks with a daemon. It takes the place of the one before.
func (h *host) serve(c *conn) {
	h.mu.Lock()
	if h.conn != nil {
		_ = h.conn.socket.Close() // the rest is its own goroutine's
	}
	h.conn = c
	for n, task := range h.tasks {
		_ = c.send(message{Kind: running, Number: n, Task: task})
	}
	for n, exit := range h.exits {
		_ = c.send(message{Kind: ended, Number: n, Exit: &exit})
	}
	_ = c.send(message{Kind: known})
	h.mu.Unlock()
	for {
		m, fds, err := c.receive()
		if err != nil {
			break
		}
		h.take(m, fds)
	}
	c.close()
	h.mu.Lock()
	if h.conn == c {
		h.conn = nil
	}
	h.mu.Unlock()
	h.look()
}

func (h *host) take(m message, fds []int) {
	switch {
	case m.Kind == start && m.Start != nil && (len(fds) == 4 || len(fds) == 5):
		h.start(m.Number, *m.Start, fds)
		return
	case m.Kind == signal:
		h.mu.Lock()
		p := h.programs[m.Number]
		h.mu.Unlock()
		if p != nil {
			p.Signal(syscall.Signal(m.Signal))
		}
	case m.Kind == forget:
		h.mu.Lock()
		delete(h.exits, m.Number)
		h.mu.Unlock()
	case m.Kind == finish:
		h.mu.Lock()
		h.finishing = true
		h.mu.Unlock()
		h.look()
	}
	for _, fd := range fds {
		_ = unix.Close(fd)
	}
}

func (h *host) start(number int, s Start, fds []int) {
	h.mu.Lock()
	h.programs[number], h.finishing = nil, false
	h.mu.Unlock()
	again := -1
	if len(fds) == 5 {
		again = fds[4]
	}
	p := h.run(Seat{Start: s, Stdio: [3]int(fds[:3]), Channel: fds[3], Again: again,
		Running: func(task int) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.tasks[number] = task
			h.tell(message{Kind: running, Number: number, Task: task})
		},
		Ended: func(exit Exit) {
			h.mu.Lock()
			delete(h.programs, number)
			delete(h.tasks, number)
			h.exits[number] = exit
			h.tell(message{Kind: ended, Number: number, Exit: &exit})
			h.mu.Unlock()
			h.look()
		}})
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ended := h.exits[number]; !ended {
		h.programs[number] = p
	}
}

// tell is called with mu held.
func (h *host) tell(m message) {
	if h.conn != nil {
		_ = h.conn.send(m)
	}
}
