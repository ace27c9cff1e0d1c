package supervisor

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"roost/internal/vitals"
)

// balanced answers with its pid. One that is told to blocks its loop, again and again, with a breath between.
const balanced = `
const http = require('node:http');
const s = http.createServer((req, res) => {
  if (req.url === '/block') { const block = () => { const end = Date.now() + 300; while (Date.now() < end); setTimeout(block, 1); }; setTimeout(block, 10); }
  res.end(String(process.pid));
});
s.keepAliveTimeout = 0;
s.listen(process.env.PORT, '127.0.0.1');
`

// kept is a connection that stays open, and who has it.
type kept struct {
	net.Conn
	pid int
}

// connect opens n connections, some at once, and asks on each who has accepted it.
func (p *place) connect(port string, n, atOnce int, path string) (all []kept) {
	p.t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	tokens := make(chan struct{}, atOnce)
	for range n {
		wg.Add(1)
		tokens <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-tokens }()
			c, err := net.Dial("tcp", "127.0.0.1:"+port)
			if err != nil {
				p.t.Error(err)
				return
			}
			_ = c.SetDeadline(time.Now().Add(20 * time.Second))
			_, _ = io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
			r, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				p.t.Error(err)
				return
			}
			text, _ := io.ReadAll(r.Body)
			pid, _ := strconv.Atoi(string(text))
			mu.Lock()
			all = append(all, kept{c, pid})
			mu.Unlock()
		}()
	}
	wg.Wait()
	p.t.Cleanup(func() {
		for _, c := range all {
			c.Close()
		}
	})
	return all
}

func shares(all []kept) map[int]int {
	out := map[int]int{}
	for _, c := range all {
		out[c.pid]++
	}
	return out
}

func (p *place) startBalanced(n int) (port string) {
	p.t.Helper()
	p.write("app.js", balanced)
	port = freePort(p.t)
	p.env = []string{"PORT=" + port}
	p.ok("start", "app.js", "-i", strconv.Itoa(n))
	p.until("all listen", func() bool {
		listening := 0
		for _, v := range p.vitals() {
			if len(v.Isolates) > 0 && v.Isolates[0].Listening {
				listening++
			}
		}
		return listening == n
	})
	return port
}

// isSpread tells whether every worker has the mean, give or take a fifth.
func isSpread(all []kept, workers int) bool {
	got := shares(all)
	mean := len(all) / workers
	for _, n := range got {
		if n < mean-mean/5 || n > mean+mean/5 {
			return false
		}
	}
	return len(got) == workers
}

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		name      string
		n, atOnce int
	}{{"64 in a row", 64, 1}, {"64 at once", 64, 64}, {"1000 at once", 1000, 200}, {"1000 in a row", 1000, 1}} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t, nil)
			port := p.startBalanced(4)
			// On a machine that has other things to do a worker may get no processor for so long that it is late, and the others have what would
			// have been its share: then the shares say nothing.
			for range 8 {
				p.untilNobodyIsLate()
				before := p.moments()
				all := p.connect(port, c.n, c.atOnce, "/")
				opened := time.Now()
				if isSpread(all, 4) {
					return
				}
				if !wasLate(before, p.moments()) {
					t.Fatalf("not spread, and nobody was late: %v", shares(all))
				}
				t.Logf("not spread, but some were late: %v", shares(all))
				time.Sleep(time.Until(opened.Add(1100 * time.Millisecond))) // those that end within a second aren't spread the next time
				for _, c := range all {
					c.Close()
				}
				p.until("they are closed", func() bool { return p.page(0).Conns+p.page(1).Conns+p.page(2).Conns+p.page(3).Conns == 0 })
			}
			t.Skip("the machine is too busy: each time a worker was late")
		})
	}
}

func (p *place) untilNobodyIsLate() {
	p.t.Helper()
	p.until("nobody is late", func() bool {
		for _, v := range p.vitals() {
			if len(v.Isolates) > 0 && v.Isolates[0].Late {
				return false
			}
		}
		return true
	})
}

// moment is what keeps a worker from coming when it is called, as far as it is known at a moment.
type moment struct {
	turns  vitals.Histogram
	waited map[string]time.Duration // by thread: how long it has waited for a processor
	waits  bool                     // one does so now, or a turn has gone on for too long
}

// moments are the workers', by pid.
func (p *place) moments() map[int]moment {
	p.t.Helper()
	out := map[int]moment{}
	for _, v := range p.vitals() {
		if len(v.Isolates) == 0 {
			continue
		}
		page := v.Isolates[0]
		m := moment{page.Loop.Lag, map[string]time.Duration{}, page.Loop.Running > tooLong}
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", page.Pid))
		for _, thread := range threads {
			stat, _ := os.ReadFile(thread + "/stat")
			m.waits = m.waits || strings.Contains(string(stat), ") R ")
			text, _ := os.ReadFile(thread + "/schedstat") // ran, waited: nanoseconds
			if f := strings.Fields(string(text)); len(f) > 1 {
				n, _ := strconv.ParseInt(f[1], 10, 64)
				m.waited[thread] = time.Duration(n)
			}
		}
		out[page.Pid] = m
	}
	return out
}

// tooLong is after how long the workers don't count on one of theirs: vitals' overdue.
const tooLong = 20 * time.Millisecond

// wasLate tells whether between two looks a worker could not come when it was called: a turn took too long, or it had no processor.
func wasLate(before, after map[int]moment) bool {
	for pid, m := range after {
		for k, n := range m.turns.Since(before[pid].turns).Buckets {
			if n > 0 && vitals.Bound(k) > tooLong {
				return true
			}
		}
		for thread, waited := range m.waited {
			if waited-before[pid].waited[thread] > tooLong {
				return true
			}
		}
		if m.waits {
			return true
		}
	}
	return false
}

// A worker whose loop is late gets no connection, and none waits for it; one that ends leaves the mean, and its successor catches up.
func TestSpreadUneven(t *testing.T) {
	p := newPlace(t, nil)
	port := p.startBalanced(4)
	blocked := p.connect(port, 1, 1, "/block")[0].pid
	p.until("it is late", func() bool { return p.blockedFor(blocked) > 50*time.Millisecond })
	all := p.connect(port, 90, 8, "/")
	if n := shares(all)[blocked]; n > 0 {
		t.Errorf("the worker that blocks has %d: %v", n, shares(all))
	}
	if !isSpread(all, 3) {
		t.Logf("beside one that blocks: %v", shares(all)) // see TestSpread: no second try here
	}
	if err := syscall.Kill(blocked, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var fresh int
	p.until("another one listens", func() bool {
		for _, v := range p.vitals() {
			if len(v.Isolates) > 0 && v.Isolates[0].Listening && v.Isolates[0].Conns == 0 && v.Isolates[0].Pid != blocked {
				fresh = v.Isolates[0].Pid
			}
		}
		return fresh != 0
	})
	p.untilNobodyIsLate()
	before := p.moments()
	more := p.connect(port, 30, 4, "/")
	if n := shares(more)[fresh]; n < 20 && !wasLate(before, p.moments()) {
		t.Errorf("the new worker has %d of 30: %v", n, shares(more))
	}
}

func (p *place) blockedFor(pid int) time.Duration {
	for _, v := range p.vitals() {
		if len(v.Isolates) > 0 && v.Isolates[0].Pid == pid {
			return v.Isolates[0].Loop.Running
		}
	}
	return 0
}

// Stopped with SIGSTOP while it sleeps, a worker looks as if it were free: the others wait for it, but not for long.
func TestSpreadStopped(t *testing.T) {
	p := newPlace(t, nil)
	port := p.startBalanced(2)
	all := p.connect(port, 8, 1, "/")
	stopped := all[0].pid
	if err := syscall.Kill(stopped, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(stopped, syscall.SIGCONT)
	began := time.Now()
	more := p.connect(port, 20, 1, "/")
	if n := shares(more)[stopped]; n > 0 {
		t.Errorf("a stopped worker has answered %d", n)
	}
	t.Logf("20 connections in %v", time.Since(began))
	if out := p.ok("list"); !strings.Contains(out, "online") {
		t.Error(out)
	}
}
