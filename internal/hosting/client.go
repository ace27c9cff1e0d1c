package hosting

import (
	"errors"
	"net"
	"syscall"
	"time"
)

// Events are what a Client hears. They are called one after another.
type Events struct {
	Running func(number, task int)
	Ended   func(number int, exit Exit)
}

// Client is the daemon's end. Any goroutine may call it.
type Client struct {
	conn *conn
	done chan struct{} // closed when nothing comes any more
}

// greeting is how long a host may take to say what it knows.
const greeting = 5 * time.Second

// MeetBlocking speaks with the host at the other end of a socket and hears what runs there, by events. From then on events are called by a
// goroutine of the client's.
func MeetBlocking(socket *net.UnixConn, e Events) (*Client, error) {
	c := &Client{conn: newConn(socket), done: make(chan struct{})}
	all, failed := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(c.done)
		defer c.conn.close()
		for first := true; ; {
			m, fds, err := c.conn.receive()
			switch {
			case err != nil || len(fds) > 0:
				if first {
					close(failed)
				}
				return
			case m.Kind == known && first:
				first = false
				close(all)
			case m.Kind == running:
				e.Running(m.Number, m.Task)
			case m.Kind == ended && m.Exit != nil:
				e.Ended(m.Number, *m.Exit)
				_ = c.conn.send(message{Kind: forget, Number: m.Number})
			}
		}
	}()
	select {
	case <-all:
		return c, nil
	case <-failed:
		return nil, errors.New("the host hung up")
	case <-time.After(greeting):
		c.Close()
		return nil, errors.New("the host does not answer")
	}
}

// Start starts a program under a number that was never used with this host. again is a listening socket, or -1. The descriptors stay the caller's.
func (c *Client) Start(number int, s Start, stdio [3]int, channel, again int) error {
	fds := append(stdio[:], channel)
	if again >= 0 {
		fds = append(fds, again)
	}
	return c.conn.send(message{Kind: start, Number: number, Start: &s}, fds...)
}

// Signal sends a program a signal.
func (c *Client) Signal(number int, s syscall.Signal) error {
	return c.conn.send(message{Kind: signal, Number: number, Signal: int(s)})
}

// Finish tells the host to end when no program runs any more.
func (c *Client) Finish() error { return c.conn.send(message{Kind: finish}) }

// Close hangs up; programs go on.
func (c *Client) Close() { _ = c.conn.socket.Close() }

// Done is closed when the host is gone, or has another daemon.
func (c *Client) Done() <-chan struct{} { return c.done }
