package vitals

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

func TestFind(t *testing.T) {
	b := newBoard(t)
	n, _ := b.Take(0)
	b.Write(n).Start(nil)
	memory, bell := b.Descriptors()
	found, err := Find(os.Getpid(), memory, bell)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	if !found.Same(b) || found.bell < 0 {
		t.Error("it is another one, or has no bell")
	}
	if s, ok := found.Read(n); !ok || s.Pid != os.Getpid() {
		t.Errorf("got %+v, %v", s, ok)
	}
	other := newBoard(t)
	if other.Same(b) {
		t.Error("two boards are the same")
	}
	if _, err := Find(os.Getpid(), 0, -1); err == nil {
		t.Error("standard input is a board")
	}
}

// A program can't make the memory smaller: a reader would die of it.
func TestSeals(t *testing.T) {
	b := newBoard(t)
	if err := unix.Ftruncate(b.fd, 0); err == nil {
		t.Error("the memory can be cut")
	}
	fd, err := unix.MemfdCreate(memoryName, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	_ = unix.Ftruncate(fd, boardLen)
	if _, err := open(fd, -1); err != ErrStrange {
		t.Errorf("memory without seals: %v", err)
	}
}

func TestKeep(t *testing.T) {
	b := newBoard(t)
	mine, _ := b.Take(0)
	gone, _ := b.Take(0)
	kept, _ := b.Take(0)
	b.Write(mine).Start(nil)
	b.Write(gone).Start(nil)
	b.seat(gone).pid = 1<<22 + 1 // above what Linux gives
	b.Write(kept).Start(nil)
	b.seat(kept).pid = 1<<22 + 1
	b.Keep(map[int]bool{kept: true})
	for n, want := range map[int]bool{mine: true, gone: false, kept: true} {
		if _, ok := b.Read(n); ok != want {
			t.Errorf("page %d: %v", n, ok)
		}
	}
}
