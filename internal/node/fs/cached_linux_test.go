package fs

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// Whatever part of a file is cached, readCached and a read of the rest give the file's bytes.
func TestReadCached(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789abcdef"), 3000)
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fd := int(f.Fd())
	own := int64(0) // the descriptor's position
	for _, position := range []int64{0, 100, int64(len(want)) - 10, int64(len(want)), -1, -1} {
		b := make([]byte, 30000)
		n, whole := readCached(fd, b, position)
		if !whole {
			rest := position
			if rest >= 0 {
				rest += int64(n)
			}
			m, err := readAt(fd, b[n:], rest)
			if err != nil {
				t.Fatal(err)
			}
			n += m
		}
		from := position
		if position < 0 {
			from = own
			own += int64(n)
		}
		if end := min(int(from)+30000, len(want)); !bytes.Equal(b[:n], want[from:end]) {
			t.Errorf("at %d: %d bytes, want %d", position, n, end-int(from))
		}
	}
}

// A pipe gives what it has, and an empty one doesn't make the caller wait.
func TestReadCachedPipe(t *testing.T) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(p[0])
	defer unix.Close(p[1])
	b := make([]byte, 10)
	if n, whole := readCached(p[0], b, -1); n != 0 || whole {
		t.Errorf("empty: %d %v", n, whole)
	}
	if _, err := unix.Write(p[1], []byte("abc")); err != nil {
		t.Fatal(err)
	}
	n, whole := readCached(p[0], b, -1)
	if n == 0 { // a kernel that has no such reads of pipes
		return
	}
	if n != 3 || !whole || string(b[:3]) != "abc" {
		t.Errorf("%d %v %q", n, whole, b[:n])
	}
}
