package feed

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"roost/internal/supervisor/control"
)

// daemon answers on a socket until it is ended.
func daemon(t *testing.T, home control.Home, handle control.Handler) (end func()) {
	t.Helper()
	if err := home.Make(); err != nil {
		t.Fatal(err)
	}
	l, err := control.Listen(home)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { control.ServeBlocking(l, handle); close(done) }()
	return sync.OnceFunc(func() { l.Close(); <-done })
}

func TestPollTriesAgain(t *testing.T) {
	home := control.Home(filepath.Join(t.TempDir(), "h"))
	handle := func(_ context.Context, c control.Call, _ func(any) error) (any, error) {
		switch c.Method {
		case control.MethodPing:
			return control.Daemon{Pid: 7}, nil
		case control.MethodList:
			return []control.Process{{ID: 3, Name: "x"}}, nil
		}
		return nil, errors.New("unknown method") // as a daemon without vitals says
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	states := make(chan State)
	go PollBlocking(ctx, home, Detailed, func(s State) {
		select {
		case states <- s:
		case <-ctx.Done():
		}
	})
	if s := <-states; s.Err == nil {
		t.Error("no error without a daemon")
	}
	for range 2 {
		end := daemon(t, home, handle)
		s := <-states
		for s.Err != nil {
			s = <-states
		}
		if s.Daemon.Pid != 7 || len(s.Processes) != 1 || s.Vitals != nil {
			t.Errorf("%+v", s)
		}
		end()
		for s.Err == nil {
			s = <-states
		}
	}
}

// Lines that stand in the files and come again are given once; what was printed while the daemon was gone comes from the files.
func TestFollow(t *testing.T) {
	home := control.Home(filepath.Join(t.TempDir(), "h"))
	dir := t.TempDir()
	p := control.Process{ID: 3, Name: "x", OutLog: filepath.Join(dir, "out"), ErrLog: filepath.Join(dir, "err")}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(p.ErrLog, "e1\n")
	write(p.OutLog, "o1\no2\no3\n")
	old := time.Now().Add(-time.Minute)
	if err := os.Chtimes(p.ErrLog, old, old); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	live := []Line{{ID: 3, App: "x", Kind: Out, At: begin, Text: "o2"}, {ID: 3, App: "x", Kind: Out, At: begin, Text: "o3"}, {ID: 3, App: "x", Kind: Out, At: begin.Add(time.Hour), Text: "o3"}}
	handle := func(ctx context.Context, c control.Call, note func(any) error) (any, error) {
		switch c.Method {
		case control.MethodPing:
			return control.Daemon{}, nil
		case control.MethodList:
			return []control.Process{p}, nil
		}
		var to control.Target
		if err := json.Unmarshal(c.Params, &to); err != nil || to.Target != "3" {
			return nil, errors.New("wrong target")
		}
		_ = note(nil)
		for _, l := range live {
			_ = note(l)
		}
		<-ctx.Done()
		return nil, nil
	}
	end := daemon(t, home, handle)
	got := make(chan string)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go FollowBlocking(ctx, home, "3", 10, func(l Line) error {
		select {
		case got <- l.Text:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	take := func(n int) (list []string) {
		for range n {
			list = append(list, <-got)
		}
		return
	}
	if list := take(5); !slices.Equal(list, []string{"e1", "o1", "o2", "o3", "o3"}) {
		t.Errorf("%q", list)
	}
	end()
	write(p.OutLog, "o1\no2\no3\no4\n")
	live = nil
	end = daemon(t, home, handle)
	defer end()
	if list := take(1); list[0] != "o4" {
		t.Errorf("%q", list)
	}
	cancel()
}

func TestDo(t *testing.T) {
	home := control.Home(filepath.Join(t.TempDir(), "h"))
	defer daemon(t, home, func(_ context.Context, c control.Call, note func(any) error) (any, error) {
		switch c.Method {
		case control.MethodRestart:
			_ = note(control.Note{ID: 2, Name: "x"})
			_ = note(control.Note{ID: 1, Name: "x"})
			return nil, nil
		case control.MethodScale:
			return nil, nil
		}
		return nil, &control.Error{Code: control.NotFound, Message: "no such process"}
	})()
	for _, c := range []struct {
		a    Action
		want string
		err  string
	}{
		{Action{Method: "restart", Target: "x"}, "restarted x (1), x (2)", ""},
		{Action{Method: "scale", Target: "x", Count: 3}, "scaled x to 3", ""},
		{Action{Method: "scale", Target: "x", Count: 1000}, "", "an application has 1 to 64 processes here, not 1000"},
		{Action{Method: "stop", Target: "x"}, "", "no such process"},
		{Action{Method: "kill", Target: "x"}, "", "unknown action 'kill'"},
		{Action{Method: "stop"}, "", "no process is named"},
	} {
		got, err := DoBlocking(t.Context(), home, c.a)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && err.Error() != c.err {
			t.Errorf("%+v: %q %v", c.a, got, err)
		}
	}
}
