package spawn

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func options(file string, args ...string) Options {
	return Options{File: file, Args: append([]string{file}, args...), Env: []string{"PATH=/usr/bin:/bin"}, Files: []int{Close, Close, Close}, UID: -1, GID: -1}
}

func TestExit(t *testing.T) {
	for _, c := range []struct {
		script string
		want   Exit
	}{
		{"exit 0", Exit{}},
		{"exit 7", Exit{Code: 7}},
		{"kill -TERM $$", Exit{Signal: syscall.SIGTERM}},
	} {
		p, err := Start(options("sh", "-c", c.script))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.WaitBlocking(); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v", c.script, got, err)
		}
		if err := p.Signal(0); !errors.Is(err, unix.ESRCH) {
			t.Errorf("%s: a reaped process can be signalled: %v", c.script, err)
		}
	}
}

func TestErrors(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, []byte("exit 3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	missingDir := options("sh", "-c", "exit")
	missingDir.Dir = filepath.Join(plain, "none")
	for _, c := range []struct {
		name string
		o    Options
		want error
	}{
		{"no such name", options("no-such-program-here"), unix.ENOENT},
		{"no such path", options("/no/such/program"), unix.ENOENT},
		{"not executable", options(plain), unix.EACCES},
		{"empty", options(""), unix.ENOENT},
		{"NUL", options("a\x00b"), unix.ENOENT},
		{"no such directory", missingDir, unix.ENOTDIR},
	} {
		if _, err := Start(c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestScriptWithoutInterpreter(t *testing.T) {
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("exit $1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p, err := Start(options(script, "5"))
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := p.WaitBlocking(); e.Code != 5 {
		t.Errorf("%+v", e)
	}
}

// A wait, polls and signals at once: one reap, no signal to a number that was given away.
func TestHammer(t *testing.T) {
	for round := 0; round < 20; round++ {
		p, err := Start(options("sleep", "0.01"))
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for k := 0; k < 4; k++ {
			wg.Add(2)
			go func() {
				defer wg.Done()
				if e, err := p.WaitBlocking(); err != nil || e != (Exit{}) {
					t.Errorf("%+v %v", e, err)
				}
			}()
			go func() {
				defer wg.Done()
				for {
					if _, ended, _ := p.Poll(); ended {
						return
					}
					if err := p.Signal(0); err != nil && !errors.Is(err, unix.ESRCH) {
						t.Error(err)
					}
				}
			}()
		}
		wg.Wait()
		if fd := p.PidFD(); fd != -1 {
			t.Errorf("descriptor %d is left", fd)
		}
	}
}
