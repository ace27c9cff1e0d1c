package control

import (
	"encoding/json"
	"errors"
	"net"
	"syscall"
	"time"

	"roost/internal/ipc"
)

// Client is a connection to the daemon.
type Client struct {
	conn net.Conn
	next func() (net.Conn, error) // connects to the daemon that comes after one that has ended; nil: an end is the caller's to see
}

// nextLimit is how many daemons in a row may end before they have read a call.
const nextLimit = 3

// Dial connects to a daemon that runs.
func Dial(h Home) (*Client, error) {
	conn, err := net.DialTimeout("unix", h.Socket(), 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &Client{conn: conn}, nil
}

// Close ends the connection; a Call that waits fails.
func (c *Client) Close() { _ = c.conn.Close() }

// Call calls a method and waits for its answer. note gets what is told meanwhile; it and result may be nil. A refusal is an *Error.
//
// A daemon that was just ending when it was connected to never reads the call: a client of EnsureBlocking calls the next one then.
func (c *Client) Call(method string, params, result any, note func(json.RawMessage)) error {
	p, err := json.Marshal(params)
	if err != nil {
		return err
	}
	text, err := json.Marshal(Call{Version, method, p})
	if err != nil {
		return err
	}
	for left := nextLimit; ; left-- {
		err := c.exchange(text, result, note)
		if !isUnread(err) || c.next == nil || left == 0 {
			return err
		}
		conn, failed := c.next()
		if failed != nil {
			return failed
		}
		_ = c.conn.Close()
		c.conn = conn
	}
}

// isUnread tells of an error whether nobody has read, hence done, what was sent last: a Unix socket whose other end is closed with unread bytes, or
// never accepted, is reset; one whose bytes were all read has come to its end.
func isUnread(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// exchange sends a call and reads its answer.
func (c *Client) exchange(call []byte, result any, note func(json.RawMessage)) error {
	if err := ipc.WriteFrame(c.conn, call); err != nil {
		return err
	}
	for {
		text, err := ipc.ReadFrame(c.conn)
		if err != nil {
			return err
		}
		var a answer
		if err := json.Unmarshal(text, &a); err != nil {
			return err
		}
		switch {
		case a.Error != "":
			return &Error{a.Code, a.Error}
		case a.Done:
			if result == nil {
				return nil
			}
			return json.Unmarshal(a.Result, result)
		case note != nil:
			note(a.Note)
		}
	}
}

// IsCode tells whether err is a refusal with this code.
func IsCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
