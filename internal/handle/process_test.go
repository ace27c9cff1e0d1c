package handle

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"roost/internal/loop"
	"roost/internal/spawn"
	"roost/internal/sys"
)

func testLoop(t *testing.T) *loop.Loop {
	t.Helper()
	l, err := loop.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.WalkClose()
		l.Run(loop.RunDefault)
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func TestProcessKeepsTheLoopUntilItEnds(t *testing.T) {
	l := testLoop(t)
	a, b, err := sys.Socketpair()
	if err != nil {
		t.Fatal(err)
	}
	if err := sys.SetNonblock(b, false); err != nil { // the shell takes EAGAIN for the end
		t.Fatal(err)
	}
	var exit []spawn.Exit
	_, err = NewProcess(l, spawn.Options{File: "sh", Args: []string{"sh", "-c", "read x; echo got $x; exit 3"}, Env: []string{"PATH=/bin:/usr/bin"},
		Files: []int{b, b, spawn.Close}, UID: -1, GID: -1}, func(e spawn.Exit) { exit = append(exit, e) })
	_ = sys.Close(b)
	if err != nil {
		t.Fatal(err)
	}
	d, err := OpenDescriptor(l, a, Own)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	err = d.Read(func(p []byte, err error) {
		out = append(out, p...)
		if err == io.EOF {
			d.Close(nil)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if pending, err := d.Write([]byte("hello\n"), nil); pending || err != nil {
		t.Fatal(pending, err)
	}
	l.Run(loop.RunDefault)
	if len(exit) != 1 || exit[0].Code != 3 || string(out) != "got hello\n" {
		t.Errorf("exit %+v, output %q", exit, out)
	}
}

func TestProcessUnref(t *testing.T) {
	l := testLoop(t)
	p, err := NewProcess(l, spawn.Options{File: "sleep", Args: []string{"sleep", "60"}, Env: []string{"PATH=/bin:/usr/bin"},
		Files: []int{-1, -1, -1}, UID: -1, GID: -1}, func(spawn.Exit) { t.Error("ended") })
	if err != nil {
		t.Fatal(err)
	}
	p.Unref()
	l.Run(loop.RunDefault) // returns at once
	p.Close()
	if err := p.Kill(syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	if _, err := p.WaitBlocking(); err != nil {
		t.Error(err)
	}
}

// Closing with reads and writes under way tells the writers, and nothing comes after.
func TestDescriptorCloseWhileBusy(t *testing.T) {
	l := testLoop(t)
	a, b, err := sys.Socketpair()
	if err != nil {
		t.Fatal(err)
	}
	d, err := OpenDescriptor(l, a, Own)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Read(func([]byte, error) { t.Error("read after close") }); err != nil {
		t.Fatal(err)
	}
	var failed error
	pending, err := d.Write(make([]byte, 8<<20), func(err error) { failed = err })
	if !pending || err != nil || d.Queued() == 0 {
		t.Fatal(pending, err, d.Queued())
	}
	d.Close(nil)
	d.Close(nil)
	if failed != unix.ECANCELED {
		t.Error(failed)
	}
	_ = sys.Close(b)
	l.Run(loop.RunDefault)
}

func TestTypeOf(t *testing.T) {
	r, w, err := sys.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	a, b, _ := sys.Socketpair()
	file, err := unix.Open(filepath.Join(t.TempDir(), "f"), unix.O_CREAT|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	null, _ := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	defer func() {
		for _, fd := range []int{r, w, a, b, file, null} {
			_ = sys.Close(fd)
		}
	}()
	for fd, want := range map[int]Type{r: TypePipe, a: TypePipe, file: TypeFile, null: TypeFile, -1: TypeInvalid, 1 << 20: TypeInvalid} {
		if got := TypeOf(fd); got != want {
			t.Errorf("%d: %s, want %s", fd, got, want)
		}
	}
}

func TestWatchTree(t *testing.T) {
	l := testLoop(t)
	s, err := NewWatcher(l)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(s.Close)
	root := t.TempDir()
	seen := map[string]bool{}
	var w *Watch
	w, err = s.Add(root, true, func(_ Change, name string) {
		seen[name] = true
		switch name {
		case "a":
			_ = os.WriteFile(filepath.Join(root, "a", "f"), []byte("x"), 0o600)
		case "a/f":
			w.Close()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	l.Run(loop.RunDefault) // ends because the watch is closed
	if !seen["a"] || !seen["a/f"] {
		t.Errorf("%v", seen)
	}
	if _, err := s.Add(filepath.Join(root, "none"), false, nil); err != unix.ENOENT {
		t.Error(err)
	}
}
