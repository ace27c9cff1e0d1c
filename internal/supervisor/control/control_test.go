package control

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"roost/internal/ipc"
)

func serve(t *testing.T, handle Handler) Home {
	t.Helper()
	h := Home(t.TempDir())
	if err := h.Make(); err != nil {
		t.Fatal(err)
	}
	l, err := Listen(h)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { ServeBlocking(l, handle); close(done) }()
	t.Cleanup(func() {
		l.Close()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Error("the server doesn't end")
		}
	})
	return h
}

func TestCalls(t *testing.T) {
	h := serve(t, func(_ context.Context, c Call, note func(any) error) (any, error) {
		switch c.Method {
		case "echo":
			_ = note("one")
			_ = note("two")
			return c.Params, nil
		case "refuse":
			return nil, &Error{NotFound, "no such thing"}
		}
		return nil, errors.New("unknown")
	})
	for path, want := range map[string]os.FileMode{string(h): 0o700, h.Socket(): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
	c, err := Dial(h)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 {
		var got int
		var notes []string
		if err := c.Call("echo", 7, &got, func(n json.RawMessage) { notes = append(notes, string(n)) }); err != nil || got != 7 || len(notes) != 2 {
			t.Errorf("%d %v %v", got, notes, err)
		}
		if err := c.Call("refuse", nil, nil, nil); !IsCode(err, NotFound) || err.Error() != "no such thing" {
			t.Errorf("%v", err)
		}
		if err := c.Call("other", nil, nil, nil); !IsCode(err, Failed) {
			t.Errorf("%v", err)
		}
	}
}

// A client that leaves ends the call that it waits for.
func TestClientLeaves(t *testing.T) {
	ended := make(chan struct{})
	began := make(chan struct{})
	h := serve(t, func(ctx context.Context, _ Call, _ func(any) error) (any, error) {
		close(began)
		<-ctx.Done()
		close(ended)
		return nil, nil
	})
	c, err := Dial(h)
	if err != nil {
		t.Fatal(err)
	}
	go func() { <-began; c.Close() }()
	if err := c.Call("wait", nil, nil, nil); err == nil {
		t.Error("an answer without one")
	}
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the call goes on")
	}
}

// A daemon that ends before it has read a call: the next one is called. One that has read it may have done it: that is the caller's to see.
func TestEndingDaemon(t *testing.T) {
	h := serve(t, func(context.Context, Call, func(any) error) (any, error) { return "here", nil })
	ending := func(reads bool) *Client {
		fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		var ends [2]net.Conn
		for k, fd := range fds {
			f := os.NewFile(uintptr(fd), "")
			if ends[k], err = net.FileConn(f); err != nil {
				t.Fatal(err)
			}
			_ = f.Close()
		}
		go func() {
			if reads {
				_, _ = ipc.ReadFrame(ends[1])
			} else {
				_, _ = io.ReadFull(ends[1], make([]byte, 1))
			}
			_ = ends[1].Close()
		}()
		c := &Client{conn: ends[0], next: func() (net.Conn, error) {
			next, err := Dial(h)
			if err != nil {
				return nil, err
			}
			return next.conn, nil
		}}
		t.Cleanup(c.Close)
		return c
	}
	var got string
	if err := ending(false).Call("where", nil, &got, nil); err != nil || got != "here" {
		t.Errorf("%q %v", got, err)
	}
	if err := ending(true).Call("where", nil, &got, nil); err != io.EOF {
		t.Errorf("a call that was read: %v", err)
	}
	c := ending(false)
	c.next = nil
	if err := c.Call("where", nil, &got, nil); !isUnread(err) {
		t.Errorf("no next one: %v", err)
	}
	c = ending(false)
	gone := 0
	c.next = func() (net.Conn, error) { gone++; return ending(false).conn, nil }
	if err := c.Call("where", nil, &got, nil); !isUnread(err) || gone != nextLimit {
		t.Errorf("none stays: %v after %d", err, gone)
	}
}
