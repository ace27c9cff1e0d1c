package supervisor

import (
	"fmt"
	"os"
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

// Every way of a request to its answer is counted: Go's own connections, those that have moved to JavaScript, HTTP/2, and those that end without one.
func TestVitalsRequests(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `
const http = require('node:http'), http2 = require('node:http2'), net = require('node:net'), { once } = require('node:events');
const handler = (req, res) => {
  if (req.url === '/never') return;
  if (req.url === '/slow') return void setTimeout(() => res.end('late'), 20);
  if (req.url === '/hints') res.writeEarlyHints({ link: '</a.css>; rel=preload' });
  if (req.url === '/look') req.socket.on('data', () => {});
  if (req.url === '/pieces') { res.writeHead(201); res.write('a'); res.write('b'); return void setTimeout(() => res.end('c'), 5); }
  if (req.url === '/moved') res.writeHead(302, { location: '/' });
  if (req.url === '/broken') res.statusCode = 500;
  res.end('x');
};
const server = http.createServer(handler), two = http2.createServer(handler);
server.on('upgrade', (req, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'));
const raw = (text, ends) => new Promise((done) => {
  let all = '';
  const c = net.connect(server.address().port, '127.0.0.1', () => c.write(text));
  c.on('data', (d) => { all += d; if (all.includes(ends)) c.destroy(); }).on('error', () => {}).on('close', () => done(all));
});
const get = (path) => raw('GET ' + path + ' HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '\0');
(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await once(two.listen(0, '127.0.0.1'), 'listening');
  for (const path of ['/', '/hints', '/look', '/pieces', '/moved', '/broken']) await get(path); // 2xx: 4, 3xx: 1, 5xx: 1
  await raw('GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /moved HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '\0'); // 2xx: 2, 3xx: 1
  await raw('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', '\0');
  const lost = net.connect(server.address().port, '127.0.0.1', () => lost.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n'));
  await once(server, 'request');
  lost.destroy();
  const client = http2.connect('http://127.0.0.1:' + two.address().port);
  for (const path of ['/', '/broken', '/slow']) { // 2xx: 2, 5xx: 1
    const stream = client.request({ ':path': path });
    stream.resume();
    await once(stream, 'close');
  }
  client.close();
  await once(client, 'close');
  require('node:fs').writeFileSync('done', '');
})();
`})
	p.ok("start", "app.js")
	p.until("all are asked", func() bool { _, err := os.Stat(p.dir + "/done"); return err == nil })
	want := [5]uint64{0, 8, 2, 0, 2}
	var s vitals.Snapshot
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if s = p.page(0); s.Requests.ByClass == want && s.Requests.Pending == 0 && s.Conns == 0 {
			break
		}
	}
	r := s.Requests
	if r.ByClass != want || r.Total != 12 || r.Pending != 0 || r.Duration.Count() != 12 || r.Duration.Max < 15*time.Millisecond {
		t.Errorf("got %v of %d, %d pending, durations %d up to %v; want %v", r.ByClass, r.Total, r.Pending, r.Duration.Count(), r.Duration.Max, want)
	}
	if s.Conns != 0 || s.Accepted != 10 {
		t.Errorf("%d connections open of %d, want 0 of 10", s.Conns, s.Accepted)
	}
}
