package supervisor

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// listeners are the sockets that the processes of one application listen on together. The daemon holds them, so the queue of connections
// outlives every worker; the workers accept by themselves. Any goroutine may call it.
type listeners struct {
	mu   sync.Mutex
	open map[string]int // descriptors by place. Not os.Files: those make a descriptor blocking that is asked for, in every process that has it
}

// query is what a worker of node:cluster asks: where its server wants to be.
type query struct {
	Cmd         string  `json:"cmd"`
	Act         string  `json:"act"`
	Seq         int     `json:"seq"`
	Ack         *int    `json:"ack"`
	Address     *string `json:"address"`
	Port        *int    `json:"port"`
	AddressType any     `json:"addressType"` // 4, 6, "udp4", "udp6", -1: a path
	Fd          *int    `json:"fd"`
	Flags       int     `json:"flags"`
	Backlog     int     `json:"backlog"`
	Index       int     `json:"index"`
}

// reply answers a query; a descriptor travels with it as Node sends handles.
type reply struct {
	Cmd   string `json:"cmd"`
	Ack   int    `json:"ack"`
	Seq   int    `json:"seq"`
	Errno int    `json:"errno"` // negative
	Key   string `json:"key"`
	Data  any    `json:"data"`
}

type envelope struct {
	Cmd  string `json:"cmd"`
	Type string `json:"type"`
	Msg  any    `json:"msg"`
}

// neighbour is another worker of the application.
type neighbour struct {
	pid int
	ipc *channel // nil: none
}

// listener gets the socket of a place from a worker that listens there, or -1: it is asked for it, or it is taken from its descriptors.
func (n neighbour) listener(key string, q query) int {
	if n.ipc != nil {
		if fd := n.ipc.askForSocket(key); fd >= 0 {
			if q.Port != nil && *q.Port > 0 && !q.isDatagram() && !isListener(fd, *q.Port) {
				_ = unix.Close(fd)
				return -1
			}
			return fd
		}
	}
	return takeListener(n.pid, q)
}

// borrow is get with a descriptor of the caller's own: the sockets may be closed meanwhile.
func (l *listeners) borrow(key string, q query, workers []neighbour) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fd, err := l.get(key, q, workers)
	if err != nil {
		return -1, err
	}
	return unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
}

// answer opens the socket, if nobody has, and sends it to the worker.
func (l *listeners) answer(c *channel, q query, workers []neighbour) {
	key := q.place()
	fd, err := l.borrow(key, q, workers)
	r := reply{Cmd: "NODE_CLUSTER", Ack: q.Seq, Key: key}
	if err != nil {
		var errno unix.Errno
		if !errors.As(err, &errno) {
			errno = unix.EINVAL
		}
		r.Errno = -int(errno)
		_ = c.send(r, -1)
		return
	}
	defer unix.Close(fd)
	kind := "net.Native"
	if q.isDatagram() {
		kind = "dgram.Native"
	}
	_ = c.send(envelope{"NODE_HANDLE", kind, r}, fd)
}

// place names the socket. Servers on port 0 get the same one when they are each worker's first, second, ...
func (q query) place() string {
	address, port := "", 0
	if q.Address != nil {
		address = *q.Address
	}
	if q.Port != nil {
		port = *q.Port
	}
	key := fmt.Sprintf("%s:%d:%v", address, port, q.AddressType)
	if port == 0 {
		key += fmt.Sprintf(":%d", q.Index)
	}
	return key
}

func (q query) isDatagram() bool {
	s, ok := q.AddressType.(string)
	return ok && strings.HasPrefix(s, "udp")
}

// get is called with mu held.
func (l *listeners) get(key string, q query, workers []neighbour) (int, error) {
	if fd, ok := l.open[key]; ok {
		return fd, nil
	}
	if q.Fd != nil && *q.Fd >= 0 {
		return -1, unix.EBADF // a descriptor of the worker is none of ours
	}
	fd, err := q.listen()
	if err == unix.EADDRINUSE {
		// Workers of the daemon before may have it.
		for _, w := range workers {
			if found := w.listener(key, q); found >= 0 {
				fd, err = found, nil
				break
			}
		}
	}
	if err != nil {
		return -1, err
	}
	if l.open == nil {
		l.open = map[string]int{}
	}
	l.open[key] = fd
	return fd, nil
}

// isWaitedFor tells whether a connection waits on one of the sockets at this moment.
func (l *listeners) isWaitedFor() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fds []unix.PollFd
	for _, fd := range l.open {
		fds = append(fds, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	if len(fds) == 0 {
		return false
	}
	n, _ := unix.Poll(fds, 0)
	return n > 0
}

// close gives the places free.
func (l *listeners) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, fd := range l.open {
		if path, ok := strings.CutSuffix(key, ":-1:-1"); ok {
			_ = os.Remove(path)
		}
		_ = unix.Close(fd)
	}
	l.open = nil
}

func (q query) listen() (int, error) {
	if q.Port != nil && *q.Port < 0 {
		if q.Address == nil {
			return -1, unix.EINVAL
		}
		return listenPath(*q.Address, q.Backlog)
	}
	port := 0
	if q.Port != nil {
		port = *q.Port
	}
	kind := unix.SOCK_STREAM
	if q.isDatagram() {
		kind = unix.SOCK_DGRAM
	}
	if q.Address != nil && *q.Address != "" {
		a, err := netip.ParseAddr(*q.Address)
		if err != nil {
			return -1, unix.EINVAL
		}
		return bindTo(a, port, kind, q)
	}
	if kind == unix.SOCK_DGRAM && q.AddressType == "udp4" {
		return bindTo(netip.IPv4Unspecified(), port, kind, q)
	}
	// As Node does it without an address: all of IPv6 and IPv4, or IPv4 where the machine has no other.
	fd, err := bindTo(netip.IPv6Unspecified(), port, kind, q)
	if err == unix.EAFNOSUPPORT || err == unix.EADDRNOTAVAIL || err == unix.EINVAL {
		return bindTo(netip.IPv4Unspecified(), port, kind, q)
	}
	return fd, err
}

func bindTo(a netip.Addr, port, kind int, q query) (fd int, err error) {
	family := unix.AF_INET6
	var sa unix.Sockaddr
	if a.Is4() {
		family = unix.AF_INET
		sa = &unix.SockaddrInet4{Port: port, Addr: a.As4()}
	} else {
		sa = &unix.SockaddrInet6{Port: port, Addr: a.As16()}
	}
	fd, err = newSocket(family, kind)
	if err != nil {
		return -1, err
	}
	defer func() {
		if err != nil {
			_ = unix.Close(fd)
			fd = -1
		}
	}()
	if kind == unix.SOCK_STREAM {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	}
	if family == unix.AF_INET6 {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, q.Flags&1)
	}
	if err = unix.Bind(fd, sa); err == nil && kind == unix.SOCK_STREAM {
		err = unix.Listen(fd, backlogOr(q.Backlog))
	}
	return fd, err
}

// newSocket makes a socket that children don't inherit and nobody waits for.
func newSocket(family, kind int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(family, kind, 0)
	if err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	return fd, unix.SetNonblock(fd, true)
}

func backlogOr(n int) int {
	if n <= 0 {
		return 511
	}
	return n
}

func listenPath(path string, backlog int) (int, error) {
	fd, err := newSocket(unix.AF_UNIX, unix.SOCK_STREAM)
	if err != nil {
		return -1, err
	}
	if err = unix.Bind(fd, &unix.SockaddrUnix{Name: path}); err == nil {
		err = unix.Listen(fd, backlogOr(backlog))
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// cluster takes a message of node:cluster from a worker; workers are the application's others. It returns true when the worker has said that it listens.
func (l *listeners) cluster(c *channel, text json.RawMessage, workers func() []neighbour) (listens bool) {
	var q query
	if json.Unmarshal(text, &q) != nil || q.Cmd != "NODE_CLUSTER" || q.Ack != nil {
		return false
	}
	switch q.Act {
	case "queryServer":
		l.answer(c, q, workers())
	case "exitedAfterDisconnect":
		_ = c.send(map[string]any{"cmd": "NODE_CLUSTER", "ack": q.Seq, "seq": 0}, -1)
	case "listening":
		return true
	}
	return false
}

// isListener tells whether a descriptor is a TCP socket that listens on a port.
func isListener(fd, port int) bool {
	if listens, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err != nil || listens == 0 {
		return false
	}
	switch sa, _ := unix.Getsockname(fd); sa := sa.(type) {
	case *unix.SockaddrInet4:
		return sa.Port == port
	case *unix.SockaddrInet6:
		return sa.Port == port
	}
	return false
}
