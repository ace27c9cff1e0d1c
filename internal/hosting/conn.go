package hosting

import (
	"bufio"
	"encoding/json"
	"net"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/ipc"
)

// Kinds of messages. To the host:
const (
	start  = "start"  // a program: Number, Start, descriptors: its standard streams, its channel, and where it is met again, if there is that
	signal = "signal" // Number, Signal
	forget = "forget" // Number: its end is known
	finish = "finish" // the host ends when no program runs any more
)

// From the host:
const (
	running = "running" // Number, Task
	ended   = "ended"   // Number, Exit
	known   = "known"   // what was said since the connection began is all that the host knows
)

// Start is what a program is started with.
type Start struct {
	Args  []string `json:"args"`  // with argv[0], as of a process
	Env   []string `json:"env"`   // KEY=value, but for the number of the channel's descriptor
	Among int      `json:"among"` // how many programs the host is to hold
	Tree  bool     `json:"tree"`  // processes that the program has started end with it
	Page  int      `json:"page"`  // its page of vitals; -1: none

	Sticky string `json:"sticky,omitempty"` // what clients stick to its instances by; "": they don't
}

// Exit is how a program ended: by itself with Code, or by Signal when that isn't 0.
type Exit struct {
	Code   int `json:"code"`
	Signal int `json:"signal,omitempty"`
}

type message struct {
	Kind   string `json:"kind"`
	Number int    `json:"number,omitempty"` // names a program; the daemon's choice
	Start  *Start `json:"start,omitempty"`
	Signal int    `json:"signal,omitempty"`
	Task   int    `json:"task,omitempty"` // the kernel's id of the program's thread
	Exit   *Exit  `json:"exit,omitempty"`
	Files  int    `json:"files,omitempty"` // how many descriptors came along
}

// conn carries messages. One goroutine receives; any may send.
type conn struct {
	socket *net.UnixConn
	reader *bufio.Reader
	fds    []int // came along and nobody has taken; the receiver's

	mu     sync.Mutex // held while a message is written
	broken bool       // guarded by mu
}

func newConn(socket *net.UnixConn) *conn {
	c := &conn{socket: socket}
	c.reader = bufio.NewReader((*source)(c))
	return c
}

// source reads the bytes and keeps the descriptors.
type source conn

func (s *source) Read(p []byte) (int, error) {
	control := make([]byte, 4*8+64)
	n, size, _, _, err := s.socket.ReadMsgUnix(p, control)
	if size > 0 {
		messages, _ := unix.ParseSocketControlMessage(control[:size])
		for k := range messages {
			fds, _ := unix.ParseUnixRights(&messages[k])
			for _, fd := range fds {
				unix.CloseOnExec(fd)
			}
			s.fds = append(s.fds, fds...)
		}
	}
	if n <= 0 && err == nil && len(p) > 0 {
		err = net.ErrClosed
	}
	return max(n, 0), err
}

// receive waits for a message. Its descriptors are the caller's.
func (c *conn) receive() (m message, fds []int, err error) {
	text, err := ipc.ReadFrame(c.reader)
	if err != nil {
		return m, nil, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, nil, err
	}
	if m.Files > len(c.fds) || m.Files < 0 {
		return m, nil, unix.EBADF
	}
	fds, c.fds = c.fds[:m.Files:m.Files], c.fds[m.Files:]
	return m, fds, nil
}

// sendLimit is how long the other side may take to make room.
const sendLimit = 5 * time.Second

// send writes a message; the descriptors stay the caller's.
func (c *conn) send(m message, fds ...int) error {
	m.Files = len(fds)
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken {
		return net.ErrClosed
	}
	_ = c.socket.SetWriteDeadline(time.Now().Add(sendLimit))
	w := &writer{c.socket, nil}
	if len(fds) > 0 {
		w.rights = unix.UnixRights(fds...)
	}
	if err := ipc.WriteFrame(w, text); err != nil {
		c.broken = true
		_ = c.socket.Close()
		return err
	}
	return nil
}

// writer passes descriptors with its first byte.
type writer struct {
	socket *net.UnixConn
	rights []byte
}

func (w *writer) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n, _, err := w.socket.WriteMsgUnix(p[done:], w.rights, nil)
		if err != nil {
			return done, err
		}
		done += n
		w.rights = nil
	}
	return done, nil
}

func (c *conn) close() {
	_ = c.socket.Close()
	for _, fd := range c.fds {
		_ = unix.Close(fd)
	}
	c.fds = nil
}
