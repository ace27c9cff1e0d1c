package sys

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestErrnoNames(t *testing.T) {
	for _, c := range []struct {
		errno   syscall.Errno
		name    string
		message string
	}{
		{syscall.ECONNREFUSED, "ECONNREFUSED", "connection refused"},
		{syscall.EAGAIN, "EAGAIN", "resource temporarily unavailable"},
		{syscall.ENOENT, "ENOENT", "no such file or directory"},
		{syscall.ELOOP, "ELOOP", "too many symbolic links encountered"},
		{EAI_NONAME, "EAI_NONAME", "unknown node or service"},
		{EOF, "EOF", "end of file"},
		{syscall.EDQUOT, fmt.Sprintf("Unknown system error -%d", syscall.EDQUOT), fmt.Sprintf("Unknown system error -%d", syscall.EDQUOT)},
	} {
		if got := ErrnoName(c.errno); got != c.name {
			t.Errorf("name of %d: %q, want %q", c.errno, got, c.name)
		}
		if got := ErrnoMessage(c.errno); got != c.message {
			t.Errorf("message of %d: %q, want %q", c.errno, got, c.message)
		}
	}
	if n := ErrnoNumber(EAI_NONAME); n != -3008 {
		t.Errorf("EAI_NONAME is %d", n)
	}
}

func TestErrnosAreDistinct(t *testing.T) {
	numbers, names := map[syscall.Errno]string{}, map[string]bool{}
	for _, e := range Errnos() {
		if other, ok := numbers[e.Errno]; ok {
			t.Errorf("%s and %s are both %d", e.Name, other, e.Errno)
		}
		if names[e.Name] {
			t.Errorf("%s comes twice", e.Name)
		}
		numbers[e.Errno], names[e.Name] = e.Name, true
		if got, ok := ErrnoByName(e.Name); !ok || got != e.Errno {
			t.Errorf("by name %s: %d %v", e.Name, got, ok)
		}
		if e.Message == "" {
			t.Errorf("%s has no message", e.Name)
		}
	}
	if len(numbers) < 80 {
		t.Errorf("only %d errors", len(numbers))
	}
}

func TestErrnoOf(t *testing.T) {
	if e, ok := ErrnoOf(fmt.Errorf("open: %w", syscall.EACCES)); !ok || e != syscall.EACCES {
		t.Errorf("got %v %v", e, ok)
	}
	if _, ok := ErrnoOf(errors.New("plain")); ok {
		t.Error("found an errno in a plain error")
	}
}

// await polls fd for events, as a test has no loop.
func await(t *testing.T, fd int, events int16) {
	t.Helper()
	fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
	for {
		n, err := unix.Poll(fds, 5000)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n != 1 {
			t.Fatalf("poll: %d %v", n, err)
		}
		return
	}
}

func TestTCP(t *testing.T) {
	for _, address := range []string{"127.0.0.1", "::1"} {
		t.Run(address, func(t *testing.T) {
			ip := netip.MustParseAddr(address)
			server, err := Socket(Family(ip), unix.SOCK_STREAM, 0)
			if err != nil {
				t.Skip(err) // no IPv6 here
			}
			defer Close(server)
			if err := SetReuseAddr(server, true); err != nil {
				t.Fatal(err)
			}
			if err := Bind(server, netip.AddrPortFrom(ip, 0)); err != nil {
				t.Skip(err)
			}
			if err := Listen(server, 16); err != nil {
				t.Fatal(err)
			}
			if _, err := Accept(server); err != syscall.EAGAIN {
				t.Fatalf("accept without a peer: %v", err)
			}
			at, err := LocalAddr(server)
			if err != nil || at.Addr() != ip || at.Port() == 0 {
				t.Fatalf("local address %v %v", at, err)
			}
			client, err := Socket(Family(ip), unix.SOCK_STREAM, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer Close(client)
			if err := Connect(client, at); err != nil && err != syscall.EINPROGRESS {
				t.Fatal(err)
			}
			await(t, client, unix.POLLOUT)
			if e := SocketError(client); e != 0 {
				t.Fatal(e)
			}
			await(t, server, unix.POLLIN)
			conn, err := Accept(server)
			if err != nil {
				t.Fatal(err)
			}
			defer Close(conn)
			if err := errors.Join(SetNoDelay(conn, true), SetKeepAlive(conn, true, 60, 1, 10)); err != nil {
				t.Fatal(err)
			}
			peer, err := PeerAddr(conn)
			mine, err2 := LocalAddr(client)
			if err != nil || err2 != nil || peer != mine {
				t.Fatalf("peer %v %v, client %v %v", peer, err, mine, err2)
			}
			buf := make([]byte, 64)
			if _, e := Read(conn, buf); e != syscall.EAGAIN {
				t.Fatalf("read of nothing: %v", e)
			}
			if n, e := Writev(client, [][]byte{[]byte("ab"), nil, []byte("cde")}); n != 5 || e != 0 {
				t.Fatalf("writev: %d %v", n, e)
			}
			await(t, conn, unix.POLLIN)
			if n, e := Read(conn, buf); e != 0 || string(buf[:n]) != "abcde" {
				t.Fatalf("read %q %v", buf[:n], e)
			}
			if err := Shutdown(client, unix.SHUT_WR); err != nil {
				t.Fatal(err)
			}
			await(t, conn, unix.POLLIN)
			if n, e := Read(conn, buf); n != 0 || e != 0 {
				t.Fatalf("end: %d %v", n, e)
			}
			if _, e := Write(client, []byte("x")); e != syscall.EPIPE {
				t.Fatalf("write after shutdown: %v", e)
			}
		})
	}
}

func TestConnectionRefused(t *testing.T) {
	ip := netip.MustParseAddr("127.0.0.1")
	fd, err := Socket(Family(ip), unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer Close(fd)
	// A bound socket that doesn't listen holds a port that refuses.
	other, err := Socket(Family(ip), unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer Close(other)
	if err := Bind(other, netip.AddrPortFrom(ip, 0)); err != nil {
		t.Fatal(err)
	}
	at, err := LocalAddr(other)
	if err != nil {
		t.Fatal(err)
	}
	err = Connect(fd, at)
	if err == syscall.EINPROGRESS {
		await(t, fd, unix.POLLOUT)
		err = SocketError(fd)
	}
	if err != syscall.ECONNREFUSED {
		t.Fatal(err)
	}
}

func TestUnixSocket(t *testing.T) {
	path := t.TempDir() + "/s"
	server, err := Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer Close(server)
	if err := errors.Join(BindUnix(server, path), Listen(server, 1)); err != nil {
		t.Fatal(err)
	}
	if got, err := LocalPath(server); err != nil || got != path {
		t.Fatalf("path %q %v", got, err)
	}
	client, err := Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer Close(client)
	if err := ConnectUnix(client, path); err != nil {
		t.Fatal(err)
	}
	conn, err := Accept(server)
	if err != nil {
		t.Fatal(err)
	}
	if err := Close(conn); err != nil {
		t.Fatal(err)
	}
}

func TestMachine(t *testing.T) {
	if rss, err := RSS(); err != nil || rss < 1<<20 {
		t.Errorf("rss %d %v", rss, err)
	}
	total, err := TotalMemory()
	free, err2 := FreeMemory()
	if err != nil || err2 != nil || total < free || free == 0 {
		t.Errorf("memory: %d of %d, %v %v", free, total, err2, err)
	}
	if available, err := AvailableMemory(); err != nil || available > total {
		t.Errorf("available %d %v", available, err)
	}
	if u, err := ProcessUsage(); err != nil || u.MaxRSS < 1024 || u.User < 0 {
		t.Errorf("usage %+v %v", u, err)
	}
	if n, err := Uname(); err != nil || n.System == "" || n.Release == "" || n.Machine == "" {
		t.Errorf("uname %+v %v", n, err)
	}
	if up, err := Uptime(); err != nil || up < time.Second {
		t.Errorf("uptime %v %v", up, err)
	}
	if cpus, err := CPUs(); err != nil || len(cpus) == 0 || cpus[0].Model == "" {
		t.Errorf("cpus %+v %v", cpus, err)
	}
	if _, err := LoadAverage(); err != nil {
		t.Error(err)
	}
}
