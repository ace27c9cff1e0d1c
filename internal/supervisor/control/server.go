package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	"roost/internal/ipc"
)

// Handler answers a call. note tells the client something meanwhile; it fails when the client is gone, and so is ctx. An *Error keeps its code.
type Handler func(ctx context.Context, c Call, note func(any) error) (any, error)

// After is a result with something to do when the client has it.
type After struct {
	Result any
	Then   func()
}

// Listen makes the socket. Whoever calls it holds the lock, so an old socket is nobody's.
func Listen(h Home) (*net.UnixListener, error) {
	_ = os.Remove(h.Socket())
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: h.Socket(), Net: "unix"})
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(h.Socket(), 0o600); err != nil {
		_ = l.Close()
		return nil, err
	}
	return l, nil
}

// ServeBlocking answers until the listener is closed, and waits for what is being answered.
func ServeBlocking(l net.Listener, handle Handler) {
	var open sync.WaitGroup
	defer open.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for {
		conn, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		open.Add(1)
		go func() {
			defer open.Done()
			s := &session{conn: conn, handle: handle}
			s.run(ctx)
		}()
	}
}

// session is one connection.
type session struct {
	conn   net.Conn
	handle Handler

	mu sync.Mutex // held while a frame is written
}

func (s *session) run(parent context.Context) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	defer s.conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = s.conn.Close() })
	defer stop()
	calls := make(chan Call)
	// A reader of its own, so that a client that leaves ends the call it was waiting for.
	go func() {
		defer cancel()
		defer close(calls)
		for {
			text, err := ipc.ReadFrame(s.conn)
			if err != nil {
				return
			}
			var c Call
			if json.Unmarshal(text, &c) != nil {
				return
			}
			select {
			case calls <- c:
			case <-ctx.Done():
				return
			}
		}
	}()
	for c := range calls {
		if s.answer(ctx, c) != nil {
			return
		}
	}
}

func (s *session) answer(ctx context.Context, c Call) error {
	if c.Version != Version {
		return s.write(answer{Error: fmt.Sprintf("the daemon speaks version %d, this program %d: run `roost update`", Version, c.Version), Code: Failed})
	}
	result, err := s.handle(ctx, c, func(v any) error {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return s.write(answer{Note: text})
	})
	if err != nil {
		code := Failed
		var e *Error
		if errors.As(err, &e) {
			code = e.Code
		}
		return s.write(answer{Error: err.Error(), Code: code})
	}
	after, later := result.(After)
	if later {
		result = after.Result
		defer after.Then()
	}
	text, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return s.write(answer{Result: text, Done: true})
}

func (s *session) write(a answer) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return ipc.WriteFrame(s.conn, text)
}
