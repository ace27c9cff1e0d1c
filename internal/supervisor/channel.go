package supervisor

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// channel speaks to a program over the socket that Node's process.send uses: lines of JSON, with descriptors beside them.
// https://nodejs.org/docs/latest-v24.x/api/child_process.html#subprocesssendmessage-sendhandle-options-callback
type channel struct {
	conn *net.UnixConn

	mu     sync.Mutex // held while a message is written
	closed bool       // guarded by mu
}

// A program that doesn't read its messages is not waited for.
const sendLimit = 2 * time.Second

// maxMessage is the longest message that is taken.
const maxMessage = 8 << 20

// newChannel gives our end, and the descriptor of the program's end, which the caller closes.
func newChannel() (*channel, int, error) {
	syscall.ForkLock.RLock()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(pair[0])
		unix.CloseOnExec(pair[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, -1, err
	}
	f := os.NewFile(uintptr(pair[0]), "channel")
	conn, err := net.FileConn(f)
	_ = f.Close()
	if err != nil {
		_ = unix.Close(pair[1])
		return nil, -1, err
	}
	return &channel{conn: conn.(*net.UnixConn)}, pair[1], nil
}

// run hands messages to take until the other end is closed. Descriptors that come along are of no use here.
func (c *channel) run(take func(json.RawMessage)) {
	buf, control := make([]byte, 4096), make([]byte, 512)
	var held []byte
	for {
		n, size, _, _, err := c.conn.ReadMsgUnix(buf, control)
		if size > 0 {
			closeRights(control[:size])
		}
		if n == 0 || err != nil {
			c.close()
			return
		}
		held = append(held, buf[:n]...)
		for {
			line, rest, whole := bytes.Cut(held, []byte{'\n'})
			if !whole {
				break
			}
			if json.Valid(line) {
				take(bytes.Clone(line))
			}
			held = rest
		}
		if len(held) > maxMessage {
			c.close()
			return
		}
		if len(held) == 0 {
			held = nil
		}
	}
}

func closeRights(control []byte) {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return
	}
	for k := range messages {
		fds, _ := unix.ParseUnixRights(&messages[k])
		for _, fd := range fds {
			_ = unix.Close(fd)
		}
	}
}

// send sends a message, with a descriptor beside it unless that is negative. The descriptor stays the caller's.
func (c *channel) send(message any, fd int) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	var rights []byte
	if fd >= 0 {
		rights = unix.UnixRights(fd)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	_ = c.conn.SetWriteDeadline(time.Now().Add(sendLimit))
	for len(text) > 0 {
		n, _, err := c.conn.WriteMsgUnix(text, rights, nil)
		if err != nil {
			return err
		}
		text, rights = text[n:], nil
	}
	return nil
}

func (c *channel) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed = true
		_ = c.conn.Close()
	}
}
