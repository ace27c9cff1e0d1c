package control

import (
	"encoding/json"
	"errors"
	"net"
	"time"

	"roost/internal/ipc"
)

// Client is a connection to the daemon.
type Client struct{ conn net.Conn }

// Dial connects to a daemon that runs.
func Dial(h Home) (*Client, error) {
	conn, err := net.DialTimeout("unix", h.Socket(), 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &Client{conn}, nil
}

// Close ends the connection; a Call that waits fails.
func (c *Client) Close() { _ = c.conn.Close() }

// Call calls a method and waits for its answer. note gets what is told meanwhile; it and result may be nil. A refusal is an *Error.
func (c *Client) Call(method string, params, result any, note func(json.RawMessage)) error {
	p, err := json.Marshal(params)
	if err != nil {
		return err
	}
	text, err := json.Marshal(Call{Version, method, p})
	if err != nil {
		return err
	}
	if err := ipc.WriteFrame(c.conn, text); err != nil {
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
