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

	giftMu sync.Mutex
	asked  map[int]chan int // guarded by giftMu; who waits for a descriptor, by the number of the question
	number int              // guarded by giftMu
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

// openChannel takes over a connected socket.
func openChannel(conn *net.UnixConn) *channel { return &channel{conn: conn} }

// run hands messages to take until the other end is closed. Descriptors that nobody has asked for are closed.
func (c *channel) run(take func(json.RawMessage)) {
	buf, control := make([]byte, 4096), make([]byte, 512)
	var held []byte
	var gifts []int
	defer func() { closeAll(gifts) }()
	for {
		n, size, _, _, err := c.conn.ReadMsgUnix(buf, control)
		if size > 0 {
			gifts = append(gifts, readRights(control[:size])...)
		}
		if n == 0 || err != nil {
			c.close()
			c.giveUp()
			return
		}
		held = append(held, buf[:n]...)
		for {
			line, rest, whole := bytes.Cut(held, []byte{'\n'})
			if !whole {
				break
			}
			held = rest
			if inner, ok := unwrap(line); ok {
				line = inner
				gifts = c.receive(inner, gifts)
			} else if c.isAsking() && c.answer(line, -1) {
				continue // it has no such socket
			}
			if json.Valid(line) {
				take(bytes.Clone(line))
			}
		}
		if len(held) > maxMessage {
			c.close()
			c.giveUp()
			return
		}
		if len(held) == 0 {
			held = nil
			closeAll(gifts) // a descriptor comes no later than the last byte of its message
			gifts = nil
		}
	}
}

func readRights(control []byte) (out []int) {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil
	}
	for k := range messages {
		fds, _ := unix.ParseUnixRights(&messages[k])
		for _, fd := range fds {
			unix.CloseOnExec(fd)
		}
		out = append(out, fds...)
	}
	return out
}

func closeAll(fds []int) {
	for _, fd := range fds {
		_ = unix.Close(fd)
	}
}

// unwrap gives the message that a descriptor came with.
func unwrap(line []byte) ([]byte, bool) {
	if !bytes.Contains(line, []byte(`"NODE_HANDLE"`)) {
		return nil, false
	}
	var e struct {
		Cmd string          `json:"cmd"`
		Msg json.RawMessage `json:"msg"`
	}
	if json.Unmarshal(line, &e) != nil || e.Cmd != "NODE_HANDLE" {
		return nil, false
	}
	return e.Msg, true
}

// receive acknowledges a descriptor and gives it to who asked for it.
func (c *channel) receive(message []byte, gifts []int) []int {
	if len(gifts) == 0 {
		_ = c.send(map[string]string{"cmd": "NODE_HANDLE_NACK"}, -1)
		return nil
	}
	_ = c.send(map[string]string{"cmd": "NODE_HANDLE_ACK"}, -1)
	if !c.answer(message, gifts[0]) {
		_ = unix.Close(gifts[0])
	}
	return gifts[1:]
}

// answer wakes who waits for a message's answer; fd is -1 when it came without a descriptor.
func (c *channel) answer(message []byte, fd int) bool {
	var m struct {
		Cmd string `json:"cmd"`
		Ack *int   `json:"ack"`
	}
	if json.Unmarshal(message, &m) != nil || m.Cmd != "NODE_CLUSTER" || m.Ack == nil {
		return false
	}
	c.giftMu.Lock()
	defer c.giftMu.Unlock()
	waiting := c.asked[*m.Ack]
	delete(c.asked, *m.Ack)
	if waiting == nil {
		return false
	}
	waiting <- fd
	return true
}

func (c *channel) isAsking() bool {
	c.giftMu.Lock()
	defer c.giftMu.Unlock()
	return len(c.asked) > 0
}

func (c *channel) giveUp() {
	c.giftMu.Lock()
	defer c.giftMu.Unlock()
	for _, waiting := range c.asked {
		waiting <- -1
	}
	c.asked = nil
}

// askLimit is how long a program may take to hand a socket over: one that is busy is asked for nothing else.
const askLimit = time.Second

// askForSocket asks a worker for the socket of a place that it listens on; -1 when it doesn't give it.
func (c *channel) askForSocket(key string) int {
	waiting := make(chan int, 1)
	c.giftMu.Lock()
	if c.asked == nil {
		c.asked = map[int]chan int{}
	}
	c.number++
	seq := c.number
	c.asked[seq] = waiting
	c.giftMu.Unlock()
	if c.send(map[string]any{"cmd": "NODE_CLUSTER", "act": "share", "key": key, "seq": seq}, -1) != nil {
		waiting <- -1
	}
	select {
	case fd := <-waiting:
		return fd
	case <-time.After(askLimit):
	}
	c.giftMu.Lock()
	delete(c.asked, seq)
	c.giftMu.Unlock()
	select {
	case fd := <-waiting: // it came just now
		return fd
	default:
		return -1
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
