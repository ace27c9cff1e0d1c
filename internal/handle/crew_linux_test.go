package handle

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/ipc"
	"roost/internal/loop"
	"roost/internal/sticky"
	"roost/internal/sys"
	"roost/internal/vitals"
)

// troop is an application whose instances are loops of this process.
type troop struct {
	t       *testing.T
	board   *vitals.Board
	fd      int // the socket that they share
	address string
	place   sticky.Place
	all     []*instance
}

// instance answers every connection with its name, which is its number and how many had the number before it.
type instance struct {
	of       *troop
	name     string
	page     int
	loop     *loop.Loop
	listener *Listener
	served   atomic.Int64
	done     chan struct{}
}

func newTroop(t *testing.T, by sticky.By, numbers ...int) *troop {
	t.Helper()
	board, err := vitals.New()
	if err != nil {
		t.Fatal(err)
	}
	fd, err := sys.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}
	if err == nil {
		err = unix.Listen(fd, 4096)
	}
	if err != nil {
		t.Fatal(err)
	}
	a, err := sys.LocalAddr(fd)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &troop{t: t, board: board, fd: fd, address: a.String(), place: sticky.Place{Folder: int(folder.Fd()), By: by}}
	t.Cleanup(func() {
		for _, i := range s.all {
			i.end()
		}
		board.Close()
		_ = unix.Close(fd)
		folder.Close()
	})
	for _, n := range numbers {
		s.start(n, fmt.Sprint(n))
	}
	return s
}

// start adds an instance and waits until it listens.
func (s *troop) start(number int, name string) *instance {
	s.t.Helper()
	page, err := s.board.Take(number)
	if err != nil {
		s.t.Fatal(err)
	}
	i := &instance{of: s, name: name, page: page, done: make(chan struct{})}
	ready := make(chan error)
	go i.run(ready)
	if err := <-ready; err != nil {
		s.t.Fatal(err)
	}
	s.all = append(s.all, i)
	return i
}

func (i *instance) run(ready chan error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(i.done)
	defer func() { i.of.board.Free(i.page) }()
	l, err := loop.New()
	if err != nil {
		ready <- err
		return
	}
	i.loop = l
	w := i.of.board.Write(i.page)
	l.SetVitals(w)
	w.Start(nil)
	r := NewReactor(l)
	r.Meet(&i.of.place)
	fd, err := unix.FcntlInt(uintptr(i.of.fd), unix.F_DUPFD_CLOEXEC, 3)
	if err == nil {
		i.listener, err = r.Inherit(fd)
	}
	if err == nil {
		err = i.listener.Listen(4096, i.accept)
	}
	ready <- err
	l.Run(loop.RunDefault)
	if r.reserve >= 0 {
		_ = sys.Close(r.reserve)
	}
	if err := l.Close(); err != nil {
		i.of.t.Errorf("%s: %v", i.name, err)
	}
}

// accept answers a request, or at once when clients are known by their addresses.
func (i *instance) accept(s *Stream) {
	i.served.Add(1)
	if i.of.place.By.Kind == sticky.Address {
		_, _ = s.Write([]byte(i.name))
		s.Close(nil)
		return
	}
	// Closed while there is more to read, the connection would be reset, and its client might not see the answer.
	answered := false
	answer := func() {
		if !answered {
			answered = true
			_, _ = s.Write([]byte(i.name))
			s.Shutdown()
		}
	}
	closes := func() { answer(); s.Close(nil) }
	s.SetSink(&side{data: func([]byte) { answer() }, eof: closes, readError: func(syscall.Errno) { closes() }})
	s.SetReading(true)
}

// answered is how many connections all have served.
func (s *troop) answered() (n int64) {
	for _, i := range s.all {
		n += i.served.Load()
	}
	return n
}

func (i *instance) end() {
	select {
	case <-i.done:
		return
	default:
	}
	i.loop.Post(func() { i.listener.r.Part() })
	<-i.done
}

// ask connects from an address of this machine, sends request and gives the name that comes back.
func (s *troop) ask(from, request string) (string, error) {
	c, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 20 * time.Second}).Dial("tcp", s.address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, request); err != nil && s.place.By.Kind != sticky.Address {
		return "", err
	}
	text, err := io.ReadAll(c)
	return string(text), err
}

// owners asks from n addresses, several times, and wants one name for each.
func (s *troop) owners(n, times int) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for k := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			from := fmt.Sprintf("127.0.%d.%d", 1+k/200, 1+k%200)
			for range times {
				name, err := s.ask(from, "")
				if err != nil || name == "" {
					s.t.Errorf("%s: %q %v", from, name, err)
					return
				}
				mu.Lock()
				if was := out[from]; was != "" && was != name {
					s.t.Errorf("%s went to %s and to %s", from, was, name)
				}
				out[from] = name
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	return out
}

func count(m map[string]string) map[string]int {
	out := map[string]int{}
	for _, name := range m {
		out[name]++
	}
	return out
}

// Every address has one instance; when that one ends its clients alone move, and they are back with the next of its number.
func TestCrew(t *testing.T) {
	s := newTroop(t, sticky.By{Kind: sticky.Address}, 0, 1, 2, 3)
	first := s.owners(60, 5)
	if n := count(first); len(n) != 4 {
		t.Errorf("not spread: %v", n)
	}
	s.all[2].end()
	without := s.owners(60, 5)
	for from, name := range first {
		if name != "2" && without[from] != name || name == "2" && without[from] == "2" {
			t.Errorf("%s went from %s to %s", from, name, without[from])
		}
	}
	s.start(2, "2")
	if again := s.owners(60, 5); fmt.Sprint(again) != fmt.Sprint(first) {
		t.Errorf("they are not back: %v\nbefore %v", again, first)
	}
}

// As in a reload: the younger of two with one number has the clients as soon as it listens, and the older ends without losing any.
func TestCrewReplaces(t *testing.T) {
	s := newTroop(t, sticky.By{Kind: sticky.Address}, 0, 1)
	before := s.owners(40, 3)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := k; ; n += 4 {
				select {
				case <-stop:
					return
				default:
				}
				from := fmt.Sprintf("127.0.1.%d", 1+n%40)
				name, err := s.ask(from, "")
				if err != nil || !strings.HasPrefix(name, before[from]) {
					t.Errorf("%s: %q %v, was %s", from, name, err, before[from])
				}
			}
		}()
	}
	for round := range 5 {
		for number := range 2 {
			old := s.all[len(s.all)-2]
			s.start(number, fmt.Sprintf("%d-%d", number, round))
			for from, name := range s.owners(10, 1) {
				if before[from] == fmt.Sprint(number) && name != fmt.Sprintf("%d-%d", number, round) {
					t.Errorf("%s is with %s, not with the new one", from, name)
				}
			}
			old.end()
		}
	}
	close(stop)
	wg.Wait()
}

// open is how many descriptors this process has.
func open(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// Handing over leaves no descriptor behind.
func TestCrewLeaksNothing(t *testing.T) {
	s := newTroop(t, sticky.By{Kind: sticky.Address}, 0, 1, 2)
	s.owners(60, 10)
	const lines = 3 * 2 * 2 // mates that were not connected yet, both ends
	before := open(t) + lines
	s.owners(100, 20)
	after := 0
	for range 100 { // the last connections' ends
		if after = open(t); after <= before {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if after > before {
		t.Errorf("%d descriptors, %d after 2000 connections", before, after)
	}
	if n := s.answered(); n != 2600 {
		t.Errorf("%d served", n)
	}
}

// An instance that is busy gets its connections when it has time, also those that the socket to it has no room for.
func TestCrewWaits(t *testing.T) {
	s := newTroop(t, sticky.By{Kind: sticky.Address}, 0, 1)
	const from, many = "127.0.1.7", 700
	name, err := s.ask(from, "")
	if err != nil {
		t.Fatal(err)
	}
	owner := s.all[int(name[0]-'0')]
	held, release := make(chan struct{}), make(chan struct{})
	owner.loop.Post(func() { close(held); <-release })
	<-held
	served := owner.served.Load()
	var wg sync.WaitGroup
	for range many {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if got, err := s.ask(from, ""); err != nil || got != name {
				t.Errorf("%q %v", got, err)
			}
		}()
	}
	time.Sleep(300 * time.Millisecond)
	close(release)
	wg.Wait()
	if n := owner.served.Load() - served; n != many {
		t.Errorf("it has served %d", n)
	}
}

// An instance that ends while connections wait for it gives them to the others, and one that others hold for it stays with them.
func TestCrewGivesOn(t *testing.T) {
	s := newTroop(t, sticky.By{Kind: sticky.Address}, 0, 1, 2)
	const from, many = "127.0.1.7", 700
	name, err := s.ask(from, "")
	if err != nil {
		t.Fatal(err)
	}
	owner := s.all[int(name[0]-'0')]
	held, release := make(chan struct{}), make(chan struct{})
	owner.loop.Post(func() {
		close(held)
		<-release
		owner.listener.r.Part()
	})
	<-held
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for range many {
		wg.Add(1)
		go func() {
			defer wg.Done()
			answer, err := s.ask(from, "")
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			got[answer]++
			mu.Unlock()
		}()
	}
	time.Sleep(300 * time.Millisecond)
	close(release)
	wg.Wait()
	if got[name] != 0 || len(got) != 1 {
		t.Errorf("%v, owner was %s", got, name)
	}
}

// An instance whose loop stands still with a connection waiting is passed over, until it moves.
func TestCrewPassesOver(t *testing.T) {
	s := newTroop(t, sticky.By{Kind: sticky.Address}, 0, 1)
	const from = "127.0.1.7"
	name, err := s.ask(from, "")
	if err != nil {
		t.Fatal(err)
	}
	owner, other := s.all[int(name[0]-'0')], s.all[1-int(name[0]-'0')]
	held, release := make(chan struct{}), make(chan struct{})
	owner.loop.Post(func() { close(held); <-release })
	<-held
	first := make(chan string)
	go func() {
		got, err := s.ask(from, "")
		if err != nil {
			t.Error(err)
		}
		first <- got
	}()
	time.Sleep(patience + 200*time.Millisecond)
	if got, err := s.ask(from, ""); err != nil || got != other.name {
		t.Errorf("%q %v, not %s", got, err, other.name)
	}
	close(release)
	if got := <-first; got != name {
		t.Errorf("the one that waited was served by %q", got)
	}
	if got, err := s.ask(from, ""); err != nil || got != name {
		t.Errorf("%q %v, not %s again", got, err, name)
	}
}

// A header names the client: whole, in pieces, never, or not at all.
func TestCrewByHeader(t *testing.T) {
	s := newTroop(t, sticky.By{Kind: sticky.Header, Name: "x-client"}, 0, 1, 2, 3)
	request := func(client string) string {
		return "GET / HTTP/1.1\r\nHost: a\r\nX-Client: " + client + "\r\n\r\n"
	}
	owners := map[string]string{}
	for k := range 32 {
		client := fmt.Sprint("client", k)
		for _, from := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.3"} {
			name, err := s.ask(from, request(client))
			if err != nil || owners[client] != "" && owners[client] != name {
				t.Fatalf("%s: %s, was %s, %v", client, name, owners[client], err)
			}
			owners[client] = name
		}
	}
	if n := count(owners); len(n) != 4 {
		t.Errorf("not spread: %v", n)
	}
	slowly := func(client string, size int) string {
		c, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		text := request(client)
		for len(text) > 0 {
			n := min(size, len(text))
			if _, err := io.WriteString(c, text[:n]); err != nil {
				t.Fatal(err)
			}
			text = text[n:]
			time.Sleep(2 * time.Millisecond)
		}
		_ = c.(*net.TCPConn).CloseWrite()
		name, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		return string(name)
	}
	if got := slowly("client3", 5); got != owners["client3"] {
		t.Errorf("in pieces: %s, not %s", got, owners["client3"])
	}
	if slowly("client3", 1) == "" { // there are not so many looks
		t.Error("in single bytes: it isn't served")
	}
	if n := s.answered(); n != 32*3+2 {
		t.Errorf("%d were served", n)
	}
	for what, request := range map[string]string{"no header": "GET / HTTP/1.1\r\n\r\n", "TLS": "\x16\x03\x01", "too long": "GET /" + strings.Repeat("x", headLimit-5)} {
		first, err := s.ask("127.0.0.9", request)
		again, errAgain := s.ask("127.0.0.9", request)
		if err != nil || errAgain != nil || first != again {
			t.Errorf("%s: %s and %s, %v %v", what, first, again, err, errAgain)
		}
	}
}

// Who says nothing is served all the same, and one that ends says nothing.
func TestCrewSilence(t *testing.T) {
	s := newTroop(t, sticky.By{Kind: sticky.Cookie, Name: "sid"}, 0, 1)
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	gone, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for end := time.Now().Add(3 * headTime); s.answered() < 2 && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
	}
	if n := s.answered(); n != 2 {
		t.Errorf("%d are served", n)
	}
	// One that waits when its instance ends is given on.
	c.Close()
	quiet, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer quiet.Close()
	time.Sleep(100 * time.Millisecond)
	s.all[0].end()
	if _, err := io.WriteString(quiet, "GET / HTTP/1.1\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	_ = quiet.SetDeadline(time.Now().Add(10 * time.Second))
	if name, err := io.ReadAll(quiet); err != nil || string(name) != "1" {
		t.Errorf("%q %v", name, err)
	}
}

// Whatever comes to an inbox: a descriptor is served or closed.
func FuzzInbox(f *testing.F) {
	f.Add([]byte("Y"), uint8(1))
	f.Add([]byte("YA"), uint8(2))
	f.Add([]byte("x"), uint8(1))
	f.Add([]byte("Y"), uint8(3))
	f.Fuzz(func(t *testing.T, p []byte, descriptors uint8) {
		if len(p) == 0 || len(p) > 256 {
			return
		}
		a, b, err := sys.Socketpair()
		if err != nil {
			t.Skip()
		}
		defer unix.Close(a)
		var rights []byte
		if n := int(descriptors % 5); n > 0 {
			fds := make([]int, n)
			for k := range fds {
				fds[k] = a
			}
			rights = unix.UnixRights(fds...)
		}
		before := open(t)
		if _, err := unix.SendmsgN(a, p, rights, nil, 0); err != nil {
			t.Skip()
		}
		_, _ = ipc.Send(a, []byte{'!'}, ipc.None)
		x := &line{in: &inbox{lines: map[*line]bool{}}, fd: b}
		taken := 0
		x.read(func(fd int, _ handover) { taken++; _ = unix.Close(fd) }, perTurn)
		if x.fd >= 0 {
			t.Error("it is still open")
		}
		if after := open(t); after != before-1 {
			t.Errorf("%d descriptors, then %d", before, after)
		}
		if taken > int(descriptors%5) {
			t.Errorf("%d taken of %d", taken, descriptors%5)
		}
	})
}
