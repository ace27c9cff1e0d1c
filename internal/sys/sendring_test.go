package sys

import (
	"bytes"
	"errors"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func ringOf(t *testing.T, n int) *SendRing {
	t.Helper()
	r, err := NewSendRing(n)
	if err != nil {
		if runtime.GOOS == "linux" && !errors.Is(err, syscall.ENOSYS) && !errors.Is(err, syscall.EPERM) {
			t.Fatal(err)
		}
		t.Skip("the system has no io_uring for this process:", err)
	}
	t.Cleanup(r.Close)
	return r
}

// What one send comes to is nothing to the others.
func TestSendRing(t *testing.T) {
	const n = 8
	r := ringOf(t, n)
	var ends [n][2]int
	for i := range ends {
		a, b, err := Socketpair()
		if err != nil {
			t.Fatal(err)
		}
		ends[i] = [2]int{a, b}
		t.Cleanup(func() { _ = Close(a); _ = Close(b) })
	}
	for junk := make([]byte, 64<<10); ; {
		if _, errno := Send(ends[1][0], junk); errno != 0 {
			break
		}
	}
	_ = unix.Shutdown(ends[2][0], unix.SHUT_WR)
	for round := range 100 { // the queues turn round and round
		want := [n]syscall.Errno{1: syscall.EAGAIN, 2: syscall.EPIPE, 3: syscall.EBADF}
		var text [n][]byte
		for i := range ends {
			fd := ends[i][0]
			if i == 3 {
				fd = -1
			}
			text[i] = bytes.Repeat([]byte{byte('a' + i)}, round+1)
			if r.Full() {
				t.Fatal("full")
			}
			r.Add(fd, text[i])
		}
		if !r.Full() {
			t.Fatal("not full")
		}
		runtime.GC()
		results := 0
		if err := r.Send(func(i, took int, errno syscall.Errno) {
			results++
			if errno != want[i] || errno == 0 && took != len(text[i]) {
				t.Errorf("round %d: %d of %d bytes went to %d: %v", round, took, len(text[i]), i, errno)
			}
		}); err != nil || results != n {
			t.Fatal(results, err)
		}
		for i := range ends {
			got := make([]byte, 256)
			if want[i] != 0 {
				continue
			}
			if k, errno := Recv(ends[i][1], got); errno != 0 || !bytes.Equal(got[:k], text[i]) {
				t.Fatalf("round %d: %d got %q, %v", round, i, got[:k], errno)
			}
		}
	}
	// One that takes a part.
	if err := unix.SetsockoptInt(ends[0][0], unix.SOL_SOCKET, unix.SO_SNDBUF, 4096); err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 1<<20)
	r.Add(ends[0][0], large)
	if err := r.Send(func(i, took int, errno syscall.Errno) {
		if took == 0 || took == len(large) || errno != 0 {
			t.Error("took", took, errno)
		}
	}); err != nil {
		t.Error(err)
	}
	if err := r.Send(func(int, int, syscall.Errno) { t.Error("a result of nothing") }); err != nil {
		t.Error(err)
	}
}

// A ring is gone when it is closed, with its descriptor.
func TestSendRingClosed(t *testing.T) {
	ringOf(t, 4)
	before := nextFD(t)
	for range 100 {
		r, err := NewSendRing(64)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	if after := nextFD(t); after != before {
		t.Errorf("descriptor %d, then %d", before, after)
	}
	if r, err := NewSendRing(1 << 20); err == nil {
		r.Close()
		t.Error("no limit")
	}
}

// nextFD is the descriptor that comes next.
func nextFD(t *testing.T) int {
	t.Helper()
	fd, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = Close(fd)
	return fd
}
