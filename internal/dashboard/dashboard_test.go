package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"roost/internal/dashboard/feed"
	"roost/internal/supervisor/control"
	"roost/internal/vitals"
)

func state(at time.Time, list ...control.Process) feed.State {
	return feed.State{At: at, Processes: list}
}

func running(id int, name string, cpu float64, load *control.Load) control.Process {
	return control.Process{ID: id, Name: name, Pid: 100 + id, Status: control.Online, CPU: cpu, Memory: 1 << 20, Load: load}
}

// An application's figures are the sum of its processes', but its lag is the highest; what isn't known stays unknown.
func TestSpots(t *testing.T) {
	all := spots(state(time.Now(), running(0, "a", 10, &control.Load{LagP99: 5, Requests: 7, HeapUsed: 3}), running(1, "a", 20, &control.Load{LagP99: 9, Requests: 1}),
		running(2, "b", 1, nil), control.Process{ID: 3, Name: "c"}))
	a := all["app:a"]
	if a.cpu != 30 || a.p99 != 9 || a.requests != 8 || a.heap != 3 {
		t.Errorf("%+v", a)
	}
	if b := all["2"]; known(b.cpu) == nil || known(b.p99) != nil {
		t.Errorf("%+v", b)
	}
	if c := all["3"]; known(c.cpu) != nil {
		t.Errorf("%+v", c)
	}
	if s := all["all"]; s.cpu != 31 || s.memory != 3<<20 {
		t.Errorf("%+v", s)
	}
}

// An hour is kept and no more, in order; a process that is no more is forgotten.
func TestHistoryIsBounded(t *testing.T) {
	s := newStore()
	at := time.UnixMilli(1_000_000)
	for range mostSpots + 50 {
		at = at.Add(time.Second)
		s.add(state(at, running(1, "a", 1, nil)))
	}
	h, ok := s.history("1")
	if !ok || len(h.At) != mostSpots || len(h.Series["cpu"]) != mostSpots || h.At[len(h.At)-1] != at.UnixMilli() {
		t.Fatalf("%v, %d spots", ok, len(h.At))
	}
	for k := 1; k < len(h.At); k++ {
		if h.At[k]-h.At[k-1] != 1000 {
			t.Fatalf("spot %d is %d ms after the one before", k, h.At[k]-h.At[k-1])
		}
	}
	if text, err := json.Marshal(h); err != nil || !strings.Contains(string(text), `"p99":[null,`) {
		t.Errorf("%v %.200s", err, text)
	}
	s.add(state(at.Add(goneFor/2), running(2, "b", 1, nil)))
	if _, ok := s.history("1"); !ok {
		t.Error("forgotten too soon")
	}
	s.add(state(at.Add(2*goneFor), running(2, "b", 1, nil)))
	if _, ok := s.history("1"); ok {
		t.Error("not forgotten")
	}
	for k := range 10 * mostHistories {
		s.add(state(at.Add(3*goneFor+time.Duration(k)*time.Second), running(k, fmt.Sprint("x", k), 1, nil)))
	}
	if n := len(s.histories); n > mostHistories+2 {
		t.Errorf("%d histories", n)
	}
	s.add(feed.State{At: time.Now(), Err: errors.New("gone")})
	if p := s.page(feed.State{At: time.Now(), Err: errors.New("gone")}); p.Error != "gone" || len(p.Processes) != 1 || p.Spots != nil {
		t.Errorf("%+v", p)
	}
}

// Histograms are those of the last minute and of the whole time, and begin anew with a new program.
func TestInside(t *testing.T) {
	s := newStore()
	begin := time.Unix(1000, 0)
	snapshot := func(pid int, at time.Duration, turns, minor uint64) control.Vitals {
		v := vitals.Snapshot{Pid: pid, At: begin.Add(at), StartedAt: begin, GC: []vitals.GC{{Kind: "minor"}}}
		v.Loop.Lag.Buckets[3], v.GC[0].Pauses.Buckets[5] = turns, minor
		v.Requests.ByClass[1] = turns
		return control.Vitals{ID: 1, Isolates: []vitals.Snapshot{v}}
	}
	add := func(v control.Vitals) {
		st := state(v.Isolates[0].At, running(1, "a", 1, nil))
		st.Vitals = []control.Vitals{v}
		s.add(st)
	}
	if _, ok := s.inside("1"); ok {
		t.Error("figures of nothing")
	}
	for k := range 200 {
		add(snapshot(7, time.Duration(k)*time.Second, uint64(k)*10, uint64(k)))
	}
	for _, key := range []string{"1", "app:a", "all"} {
		i, ok := s.inside(key)
		if !ok || i.Isolates != 1 || i.Lag.Whole.Count != 1990 || i.Lag.Recent.Count < 600 || i.Lag.Recent.Count > 650 || i.Classes[1] != 1990 {
			t.Errorf("%s: %v %d %d %d", key, ok, i.Isolates, i.Lag.Whole.Count, i.Lag.Recent.Count)
		}
		if len(i.GC) != 1 || i.GC[0].Kind != "minor" || i.GC[0].Whole.Count != 199 || len(i.Bounds) != vitals.Buckets {
			t.Errorf("%s: %+v", key, i.GC)
		}
	}
	if n := len(s.isolates[1][0].older); n > 14 {
		t.Errorf("%d snapshots are kept", n)
	}
	add(snapshot(8, 300*time.Second, 5, 0))
	add(snapshot(8, 301*time.Second, 8, 0))
	if i, _ := s.inside("1"); i.Lag.Recent.Count != 3 || i.Lag.Whole.Count != 8 {
		t.Errorf("of a new program: %d of %d", i.Lag.Recent.Count, i.Lag.Whole.Count)
	}
}

// A page that is slow gets the newest state; nobody waits for it.
func TestHubHammer(t *testing.T) {
	h := &hub{}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for range 50 {
				c, leave := h.join()
				last := int64(0)
				for range 3 {
					p := <-c
					if p.At < last {
						t.Errorf("state %d after %d", p.At, last)
					}
					last = p.At
				}
				leave()
			}
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		readers.Wait()
	}()
	for at := int64(1); ; at++ {
		select {
		case <-done:
			return
		default:
			h.publish(page{At: at})
		}
	}
}

// Who gathers lines waits when nobody takes them; no line is lost, and long ones are cut.
func TestLogBatchWaits(t *testing.T) {
	const n = 5 * logRoom
	b := newLogBatch()
	ctx, cancel := context.WithCancel(t.Context())
	added := make(chan error)
	go func() {
		var err error
		for k := 0; k < n && err == nil; k++ {
			err = b.add(ctx, feed.Line{Text: strings.Repeat("é", logLineLength), Lost: 1})
		}
		added <- err
		added <- func() (err error) {
			for err == nil {
				err = b.add(ctx, feed.Line{})
			}
			return err
		}()
	}()
	lines, lost := 0, 0
	for lines < n {
		e := b.take()
		if len(e.Lines) > logRoom {
			t.Fatalf("%d lines in one event", len(e.Lines))
		}
		for _, l := range e.Lines {
			if len(l.Text) > logLineLength+10 {
				t.Fatalf("a line of %d bytes", len(l.Text))
			}
		}
		lines, lost = lines+len(e.Lines), lost+e.Lost
		time.Sleep(time.Millisecond)
		if lines >= n {
			break
		}
	}
	if err := <-added; err != nil || lost != n {
		t.Errorf("%v, %d lost", err, lost)
	}
	cancel()
	if err := <-added; err == nil {
		t.Error("it doesn't end with its context")
	}
}

func TestGuardHosts(t *testing.T) {
	loopback := newGuard("token", "127.0.0.1", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1})
	open := newGuard("token", "Build.Example", &net.TCPAddr{IP: net.IPv4zero, Port: 1})
	for host, want := range map[string][2]bool{
		"127.0.0.1:9615": {true, true}, "127.0.0.1": {true, true}, "[::1]:9615": {true, true}, "localhost:9615": {true, true}, "LOCALHOST": {true, true},
		"10.0.0.5:9615": {false, true}, "build.example:9615": {false, true}, "attacker.example:9615": {false, false}, "": {false, false},
		"127.0.0.1.attacker.example": {false, false}, "localhost.attacker.example:9615": {false, false},
	} {
		if got := [2]bool{loopback.knowsHost(host), open.knowsHost(host)}; got != want {
			t.Errorf("%q: %v, want %v", host, got, want)
		}
	}
}

// The page's own modules that need no document, run by this project's program.
func TestModules(t *testing.T) {
	roost, err := filepath.Abs("../../roost")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(roost); err != nil {
		t.Skip("no ./roost: run make")
	}
	if out, err := exec.Command(roost, "testdata/lines.mjs").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What the page loads lies in ui/, and nothing is written into the document that the policy forbids.
func TestPageIsSelfContained(t *testing.T) {
	files, err := ui.ReadDir("ui")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := ui.ReadFile("ui/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"https://", "innerHTML", " style=", "eval(", "javascript:", "onclick=\""} {
			if strings.Contains(string(text), bad) {
				t.Errorf("%s has %q", f.Name(), bad)
			}
		}
	}
}
