package ipc

import (
	"bytes"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func pair(t *testing.T) (a, b int) {
	t.Helper()
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range p {
		if err := unix.SetNonblock(fd, true); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = unix.Close(fd) })
	}
	return p[0], p[1]
}

func sameFile(t *testing.T, a, b int) bool {
	t.Helper()
	var x, y unix.Stat_t
	if err := unix.Fstat(a, &x); err != nil {
		t.Fatal(err)
	}
	if err := unix.Fstat(b, &y); err != nil {
		t.Fatal(err)
	}
	return x.Dev == y.Dev && x.Ino == y.Ino
}

func TestPassesDescriptors(t *testing.T) {
	a, b := pair(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if _, errno := Send(a, []byte("plain "), None); errno != 0 {
		t.Fatal(errno)
	}
	for _, f := range []*os.File{r, w} {
		if n, errno := Send(a, []byte("one"), int(f.Fd())); errno != 0 || n != 3 {
			t.Fatal(n, errno)
		}
	}
	var got []int
	var text []byte
	buf := make([]byte, 64)
	for len(text) < 12 {
		n, fds, errno := Receive(b, buf, got)
		if errno != 0 {
			t.Fatal(errno)
		}
		got, text = fds, append(text, buf[:n]...)
	}
	if !bytes.Equal(text, []byte("plain oneone")) || len(got) != 2 {
		t.Fatalf("got %q and %d descriptors", text, len(got))
	}
	for k, f := range []*os.File{r, w} {
		if !sameFile(t, got[k], int(f.Fd())) {
			t.Errorf("descriptor %d is another file", k)
		}
		if flags, err := unix.FcntlInt(uintptr(got[k]), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("descriptor %d is inherited by children", k)
		}
		_ = unix.Close(got[k])
	}
}

func TestReceiveTellsEndAndWait(t *testing.T) {
	a, b := pair(t)
	buf := make([]byte, 8)
	if _, _, errno := Receive(b, buf, nil); errno != syscall.EAGAIN {
		t.Errorf("nothing to read: %v, want EAGAIN", errno)
	}
	if err := unix.Shutdown(a, unix.SHUT_WR); err != nil {
		t.Fatal(err)
	}
	if n, _, errno := Receive(b, buf, nil); n != 0 || errno != 0 {
		t.Errorf("end: %d %v", n, errno)
	}
}

func TestSendToNobody(t *testing.T) {
	a, b := pair(t)
	_ = unix.Shutdown(b, unix.SHUT_RDWR)
	if _, errno := Send(a, []byte("x"), None); errno != unix.EPIPE {
		t.Errorf("%v, want EPIPE", errno)
	}
	if _, errno := Send(a, []byte("x"), 1<<20); errno != unix.EBADF {
		t.Errorf("%v, want EBADF", errno)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{})
	f.Add(make([]byte, 20))
	f.Fuzz(func(_ *testing.T, control []byte) { parse(control) })
}
