package dgram

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"roost/internal/sys"
)

// pair gives two bound sockets of loopback and the address of the first.
func pair(t *testing.T, host string) (a, b int, at netip.AddrPort) {
	t.Helper()
	ip := netip.MustParseAddr(host)
	fds := [2]int{}
	for k := range fds {
		fd, err := sys.Socket(sys.Family(ip), unix.SOCK_DGRAM, 0)
		if err != nil {
			t.Skip("no such family here:", err)
		}
		t.Cleanup(func() { _ = sys.Close(fd) })
		if err := sys.Bind(fd, netip.AddrPortFrom(ip, 0)); err != nil {
			t.Skip("can't bind:", err)
		}
		fds[k] = fd
	}
	at, err := sys.LocalAddr(fds[0])
	if err != nil {
		t.Fatal(err)
	}
	return fds[0], fds[1], at
}

func TestBatchesKeepOrderSizeAndSender(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		t.Run(host, func(t *testing.T) {
			to, from, at := pair(t, host)
			sender, _ := sys.LocalAddr(from)
			var waiting []datagram
			for k := range 2*batch + 1 {
				waiting = append(waiting, datagram{to: at, data: bytes.Repeat([]byte{byte(k)}, k*100)})
			}
			out := newBuffers()
			for left := waiting; len(left) > 0; {
				n, err := out.send(from, left)
				if err != nil || n == 0 {
					t.Fatalf("send: %d %v", n, err)
				}
				left = left[n:]
			}
			in := newBuffers()
			for next := 0; next < len(waiting); {
				n, err := in.receive(to, batch)
				if err != nil {
					t.Fatal(err)
				}
				for k := range n {
					data, a := in.message(k)
					if !bytes.Equal(data, waiting[next].data) || a != sender {
						t.Fatalf("datagram %d: %d bytes from %v, want %d from %v", next, len(data), a, len(waiting[next].data), sender)
					}
					next++
				}
			}
			if _, err := in.receive(to, batch); !errors.Is(err, syscall.EAGAIN) {
				t.Fatalf("receive of nothing: %v", err)
			}
		})
	}
}

func TestErrorBelongsToTheFirstDatagram(t *testing.T) {
	_, from, at := pair(t, "127.0.0.1")
	n, err := newBuffers().send(from, []datagram{{to: at, data: make([]byte, 70000)}, {to: at, data: []byte("x")}})
	if !errors.Is(err, syscall.EMSGSIZE) {
		t.Fatalf("got %d, %v", n, err)
	}
}

func TestDissolve(t *testing.T) {
	_, from, at := pair(t, "127.0.0.1")
	if err := sys.Connect(from, at); err != nil {
		t.Fatal(err)
	}
	if err := sendNow(from, [][]byte{[]byte("x")}, netip.AddrPort{}); err != nil {
		t.Fatal(err)
	}
	if err := dissolve(from); err != nil {
		t.Fatal(err)
	}
	if _, err := sys.PeerAddr(from); !errors.Is(err, syscall.ENOTCONN) {
		t.Fatalf("still has a peer: %v", err)
	}
}

func TestKindOf(t *testing.T) {
	udp, _, _ := pair(t, "127.0.0.1")
	tcp, err := sys.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer sys.Close(tcp)
	r, w, err := sys.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer sys.Close(r)
	defer sys.Close(w)
	for fd, want := range map[int]string{udp: "UDP", tcp: "TCP", r: "PIPE", -1: "UNKNOWN", 1 << 20: "UNKNOWN"} {
		if got := kindOf(fd); got != want {
			t.Errorf("kindOf(%d) = %s, want %s", fd, got, want)
		}
	}
}

func TestMemberships(t *testing.T) {
	fd, _, _ := pair(t, "127.0.0.1")
	nic := netip.MustParseAddr("127.0.0.1")
	group := netip.MustParseAddr("224.0.0.114")
	if err := setMembership(fd, true, group, nic); err != nil {
		t.Skip("no multicast here:", err)
	}
	if err := setMembership(fd, true, group, nic); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("joined twice: %v", err)
	}
	if err := setMembership(fd, false, group, nic); err != nil {
		t.Error(err)
	}
	source := netip.MustParseAddr("127.0.0.1")
	ssm := netip.MustParseAddr("232.1.1.1")
	if err := setSourceMembership(fd, true, source, ssm, nic); err != nil {
		t.Error(err)
	}
	if err := setSourceMembership(fd, false, source, ssm, nic); err != nil {
		t.Error(err)
	}
	if err := setMembership(fd, true, group, netip.MustParseAddr("::1")); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("an IPv6 interface for an IPv4 group: %v", err)
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("127.0.0.1", uint16(5))
	f.Add("fe80::1%1", uint16(65535))
	f.Fuzz(func(t *testing.T, text string, port uint16) {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return
		}
		want := netip.AddrPortFrom(a, port)
		var raw unix.RawSockaddrInet6
		encode(&raw, want)
		if got := decode(&raw); got != want {
			t.Fatal(fmt.Sprint(got, " is not ", want))
		}
	})
}
