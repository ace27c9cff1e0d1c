package supervisor

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/vitals"
)

// vitals asks the daemon for the figures of all processes.
func (p *place) vitals() []control.Vitals {
	p.t.Helper()
	c, err := control.Dial(control.Home(p.home))
	if err != nil {
		p.t.Fatal(err)
	}
	defer c.Close()
	var out []control.Vitals
	if err := c.Call(control.MethodVitals, control.Target{}, &out, nil); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// processes are the daemon's.
func (p *place) processes() (out []control.Process) {
	p.t.Helper()
	c, err := control.Dial(control.Home(p.home))
	if err != nil {
		p.t.Fatal(err)
	}
	defer c.Close()
	if err := c.Call(control.MethodList, nil, &out, nil); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// page is the first page of the process that stands at k.
func (p *place) page(k int) (s vitals.Snapshot) {
	p.t.Helper()
	if all := p.vitals(); k < len(all) && len(all[k].Isolates) > 0 {
		s = all[k].Isolates[0]
	}
	return s
}

const vitalServer = `
const http = require('node:http'), { execFileSync } = require('node:child_process');
http.createServer((req, res) => {
  if (req.url === '/block') { const end = Date.now() + 4000; while (Date.now() < end); }
  if (req.url === '/collect') { for (let i = 0; i < 50; i++) new Array(1e5).fill({}); globalThis.gc(); }
  if (req.url === '/variables') return res.end(Object.keys(process.env).join());
  if (req.url === '/children') return res.end(execFileSync('/bin/ls', ['-l', '/proc/self/fd'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  if (req.url === '/missing') res.statusCode = 404;
  res.end('pid ' + process.pid);
}).listen(process.env.PORT, '127.0.0.1');
`

func TestVitals(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": vitalServer})
	port := freePort(t)
	p.env = []string{"PORT=" + port}
	p.ok("start", "app.js", "-i", "2", "--node-args=--expose-gc")
	p.until("both listen", func() bool { return p.page(0).Listening && p.page(1).Listening })
	for _, path := range []string{"/", "/missing", "/collect"} {
		if _, err := get(port + path); err != nil {
			t.Error(err)
		}
	}
	var s vitals.Snapshot
	p.until("the engine has been looked at", func() bool {
		a, b := p.page(0), p.page(1)
		if a.Heap.Used == 0 || b.Heap.Used == 0 {
			return false
		}
		s = a
		if len(b.GC) > len(a.GC) {
			s = b
		}
		return len(s.GC) > 0
	})
	if s.Pid == 0 || s.Loop.Turns == 0 || s.Loop.Idle == 0 || s.Handles == 0 || s.Isolates != 1 || s.Resident == 0 || s.OpenFiles == 0 ||
		s.Heap.Total < s.Heap.Used || s.Heap.Limit < s.Heap.Total || len(s.Heap.Spaces) < 5 {
		t.Errorf("got %+v", s)
	}
	if names, _ := get(port + "/variables"); strings.Contains(names, "ROOST_VITALS") {
		t.Errorf("the program sees %s", names)
	}
	if list, _ := get(port + "/children"); strings.Contains(list, "vitals") || !strings.Contains(list, " 0 ->") {
		t.Errorf("a child of the program has:\n%s", list)
	}
}

// A program that blocks shows for how long, and the daemon that comes after finds the pages of the workers that it adopts.
func TestVitalsAdopted(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": vitalServer})
	port := freePort(t)
	p.env = []string{"PORT=" + port}
	p.ok("start", "app.js", "-i", "1")
	p.until("it listens", func() bool { return p.page(0).Listening })
	before := p.page(0)
	killed := p.daemon()
	_ = syscall.Kill(killed, syscall.SIGKILL)
	p.until("the daemon is gone", func() bool { return !isRunning(killed) })
	p.ok("ping")
	p.until("it is adopted", func() bool { return p.page(0).Pid == before.Pid })
	go func() { _, _ = get(port + "/block") }()
	p.until("it is blocked", func() bool { return p.page(0).Loop.Running > 500*time.Millisecond })
	p.until("the list shows that it is blocked", func() bool { load := p.processes()[0].Load; return load != nil && load.Blocked > 0 })
	p.ok("scale", "app", "2")
	p.until("both are there", func() bool { return p.page(0).Pid == before.Pid && p.page(1).Listening })
	if a, b := p.page(0).Pid, p.page(1).Pid; a == b {
		t.Errorf("two programs write one page: %s", fmt.Sprint(a, b))
	}
}
