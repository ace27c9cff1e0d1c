package hosting

import (
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// fake ends with the number of the signal that it gets.
type fake struct {
	seat Seat
	once sync.Once
}

func (f *fake) Signal(s syscall.Signal) {
	f.once.Do(func() {
		for _, fd := range append(f.seat.Stdio[:], f.seat.Channel, f.seat.Again) {
			if fd >= 0 {
				_ = unix.Close(fd)
			}
		}
		go f.seat.Ended(Exit{Code: int(s)})
	})
}

// serve runs a host whose programs are fakes; ended is closed when it has ended.
func serve(t *testing.T) (path string, ended chan struct{}) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		ServeBlocking(l, func(s Seat) Program {
			f := &fake{seat: s}
			go s.Running(len(s.Args))
			return f
		})
	}()
	return path, ended
}

// ear hears what a host says.
type ear struct {
	mu      sync.Mutex
	running map[int]int
	exits   map[int]Exit
}

func (e *ear) events() Events {
	e.running, e.exits = map[int]int{}, map[int]Exit{}
	return Events{
		Running: func(n, task int) { e.mu.Lock(); defer e.mu.Unlock(); e.running[n] = task },
		Ended:   func(n int, x Exit) { e.mu.Lock(); defer e.mu.Unlock(); e.exits[n] = x },
	}
}

func (e *ear) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		e.mu.Lock()
		done := ok()
		e.mu.Unlock()
		if done {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func null(t *testing.T) int {
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return int(f.Fd())
}

func dial(t *testing.T, path string, e *ear) *Client {
	t.Helper()
	socket, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := MeetBlocking(socket, e.events())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A daemon is gone and the next one hears of what runs, and of what ended meanwhile.
func TestTakeOver(t *testing.T) {
	path, ended := serve(t)
	var first, second, third ear
	c := dial(t, path, &first)
	n := null(t)
	for k := 1; k <= 3; k++ {
		if err := c.Start(k, Start{Args: make([]string, k)}, [3]int{n, n, n}, n, -1); err != nil {
			t.Fatal(err)
		}
	}
	first.until(t, "three run", func() bool { return len(first.running) == 3 && first.running[3] == 3 })
	_ = c.Signal(1, syscall.SIGTERM)
	first.until(t, "one has ended", func() bool { return first.exits[1].Code == 15 })
	_ = c.Signal(2, syscall.SIGINT)
	c.Close()
	<-c.Done()
	c = dial(t, path, &second)
	second.until(t, "the next hears of the end", func() bool { return second.exits[2].Code == 2 || first.exits[2].Code == 2 })
	second.mu.Lock()
	if second.running[3] != 3 {
		t.Errorf("%v %v", second.running, second.exits)
	}
	second.mu.Unlock()
	// A third takes the second's place.
	c3 := dial(t, path, &third)
	<-c.Done()
	if err := c3.Finish(); err != nil {
		t.Fatal(err)
	}
	_ = c3.Signal(3, syscall.SIGHUP)
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("it doesn't end")
	}
	<-c3.Done()
	if third.exits[3].Code != 1 {
		t.Errorf("%v", third.exits)
	}
}

// Starts and signals from many goroutines, descriptors among them: none is lost or mixed up.
func TestHammer(t *testing.T) {
	path, _ := serve(t)
	var e ear
	c := dial(t, path, &e)
	defer c.Close()
	n := null(t)
	const programs = 200
	var wg sync.WaitGroup
	for k := 1; k <= programs; k++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := c.Start(k, Start{Args: make([]string, k), Env: make([]string, rand.IntN(2000))}, [3]int{n, n, n}, n, n); err != nil {
				t.Error(err)
			}
			_ = c.Signal(k, syscall.Signal(k%30+1))
		}()
	}
	wg.Wait()
	e.until(t, "all have ended", func() bool { return len(e.exits) == programs })
	for k, x := range e.exits {
		if x.Code != k%30+1 {
			t.Errorf("%d ended with %d", k, x.Code)
		}
	}
}
