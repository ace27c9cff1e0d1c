package supervisor

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// isolated answers with what tells an isolate from its neighbours, and does to its process what a path asks for.
const isolated = `
const http = require('node:http'), cluster = require('node:cluster'), fs = require('node:fs'), threads = require('node:worker_threads');
const me = process.env.NODE_APP_INSTANCE;
globalThis.mine = me;
console.log('begins', me, cluster.isWorker, cluster.worker.id === +process.env.pm_id + 1, threads.isMainThread);
fs.writeSync(1, 'by descriptor ' + me + '\n');
new BroadcastChannel('x').onmessage = () => console.log('overheard', me);
new BroadcastChannel('x').postMessage(1);
process.on('SIGINT', () => { console.log('SIGINT', me); process.exit(0); });
process.on('SIGUSR2', () => console.log('SIGUSR2', me));
process.on('message', (m) => { console.log('message', me, m); });
process.on('disconnect', () => console.log('disconnect', me));
process.on('exit', (code) => console.log('exit', me, code));
const retained = [];
http.createServer((q, r) => {
  switch (q.url) {
    case '/exit': process.exit(3); throw new Error('not reached');
    case '/throw': setImmediate(() => { throw new Error('boom ' + me); }); return;
    case '/heap': for (;;) retained.push({ a: [retained.length] });
    case '/self': process.kill(process.pid, 'SIGTERM'); return;
    case '/loop': r.end('', () => { for (;;); }); return;
    case '/abort': process.abort();
    case '/child': {
      const { pid } = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
      r.end(String(pid));
      return;
    }
  }
  r.end(process.pid + ' ' + me + ' ' + globalThis.mine + ' ' + (process.env.V ?? ''));
}).listen(+(process.env.TEST_PORT ?? 0), '127.0.0.1', function () { fs.writeFileSync('port', String(this.address().port)); });
`

// restarts are the rows' restart counts by id.
func (p *place) restarts() (out []int) {
	for _, r := range p.list() {
		out = append(out, int(r.Env["restart_time"].(float64)))
	}
	return out
}

func sum(list []int) (n int) {
	for _, k := range list {
		n += k
	}
	return n
}

func (p *place) allOnline() bool {
	for _, r := range p.list() {
		if r.Env["status"] != "online" || r.Pid == 0 {
			return false
		}
	}
	return true
}

// reach asks until the answer is good: isolates may be starting.
func (p *place) reach(port string) string {
	p.t.Helper()
	var text string
	p.until("it answers", func() bool {
		var err error
		text, err = get(port)
		return err == nil
	})
	return text
}

// isolates counts who answers.
func (p *place) isolates(port string) map[string]bool {
	p.t.Helper()
	out := map[string]bool{}
	for range 60 {
		f := strings.Fields(p.reach(port))
		if len(f) < 3 || f[1] != f[2] {
			p.t.Fatalf("globals are shared: %v", f)
		}
		out[f[1]] = true
	}
	return out
}

// What one isolate does to its process happens to it alone.
func TestThreads(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": isolated})
	p.ok("start", "app.js", "-i", "3", "--threads", "--node-args=--max-old-space-size=60")
	port := p.port()
	list := p.list()
	pid := list[0].Pid
	if len(list) != 3 || list[1].Pid != pid || list[2].Pid != pid || list[0].Env["exec_mode"] != "threads_mode" {
		t.Fatalf("%+v", list)
	}
	if out := p.ok("list"); strings.Count(out, "threads") != 3 {
		t.Error(out)
	}
	p.until("all answer", func() bool { return len(p.isolates(port)) == 3 })
	for id := range 3 {
		log := p.log(fmt.Sprintf("app-out-%d.log", id))
		if !strings.Contains(log, fmt.Sprintf("begins %d true true true\nby descriptor %d\n", id, id)) {
			t.Errorf("log of %d: %s", id, log)
		}
		if strings.Count(log, "overheard") != 1 {
			t.Errorf("another isolate's channel was heard: %s", log)
		}
	}
	before := sum(p.restarts())
	for _, c := range []struct{ path, last string }{{"exit", "code 3"}, {"throw", "code 1"}, {"self", "SIGTERM"}, {"heap", "SIGABRT"}} {
		_, _ = (&http.Client{Timeout: 60 * time.Second}).Get("http://127.0.0.1:" + port + "/" + c.path)
		before++
		p.until("/"+c.path+" restarts one", func() bool { return sum(p.restarts()) == before && p.allOnline() })
		found := false
		for _, r := range p.list() {
			found = found || r.Env["last_exit"] == c.last
			if r.Pid != pid {
				t.Fatalf("/%s took the process along", c.path)
			}
		}
		if !found {
			t.Errorf("/%s: no row ended with %s", c.path, c.last)
		}
	}
	all := p.log("app-error-0.log") + p.log("app-error-1.log") + p.log("app-error-2.log")
	if !strings.Contains(all, "Error: boom") || !strings.Contains(all, "heap out of memory") {
		t.Errorf("what they died of is not told: %s", all)
	}
	// Single rows.
	p.until("all answer", func() bool { return len(p.isolates(port)) == 3 })
	p.ok("sendSignal", "SIGUSR2", "1")
	p.until("one hears a signal", func() bool { return strings.Contains(p.log("app-out-1.log"), "SIGUSR2 1") })
	if strings.Contains(p.log("app-out-0.log")+p.log("app-out-2.log"), "SIGUSR2") {
		t.Error("a signal went to all")
	}
	p.ok("stop", "1")
	p.until("two answer", func() bool { return len(p.isolates(port)) == 2 })
	p.ok("restart", "1")
	p.until("three answer", func() bool { return len(p.isolates(port)) == 3 })
	p.ok("scale", "app", "5")
	p.until("five answer", func() bool { return len(p.isolates(port)) == 5 })
	p.ok("scale", "app", "2")
	p.until("two answer", func() bool { return len(p.isolates(port)) == 2 })
	if one := p.one(); one.Pid != pid {
		t.Error("it is another process")
	}
	// A loop that never ends can be stopped.
	_, _ = get(port + "/loop")
	p.ok("restart", "all")
	if one := p.one(); one.Pid != pid {
		t.Error("a loop took the process along")
	}
	if !isRunning(pid) {
		t.Fatal("it is gone")
	}
	p.ok("delete", "all")
	p.until("the process ends with its last isolate", func() bool { return !isRunning(pid) })
}

// The end of the process restarts all its isolates.
func TestThreadsCrash(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": isolated})
	p.ok("start", "app.js", "-i", "2", "--threads")
	port := p.port()
	p.until("all answer", func() bool { return len(p.isolates(port)) == 2 })
	pid := p.one().Pid
	_ = syscall.Kill(pid, syscall.SIGSEGV)
	p.until("both are back", func() bool { return sum(p.restarts()) == 2 && p.allOnline() && len(p.isolates(port)) == 2 })
	next := p.one().Pid
	if next == pid || p.list()[1].Pid != next {
		t.Errorf("%d, then %+v", pid, p.list())
	}
	// A signal to the process is one to each.
	_ = syscall.Kill(next, syscall.SIGINT)
	p.until("both hear it", func() bool {
		return strings.Contains(p.log("app-out-0.log"), "SIGINT 0") && strings.Contains(p.log("app-out-1.log"), "SIGINT 1")
	})
	p.until("both are back", func() bool { return sum(p.restarts()) == 4 && p.allOnline() && len(p.isolates(port)) == 2 })
}

// Children of an isolate end with it, as the tree of a process does.
func TestThreadsChildren(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": isolated})
	p.ok("start", "app.js", "-i", "1", "--threads")
	port := p.port()
	var child int
	text, err := get(port + "/child")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Sscan(text, &child)
	if !isRunning(child) {
		t.Fatal("there is no child")
	}
	p.ok("restart", "0")
	p.until("the child ends", func() bool { return !isRunning(child) })
}

// A reload in the same process loses no request and gives its memory back.
func TestThreadsReload(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": isolated})
	p.ok("start", "app.js", "-i", "2", "--threads")
	port := p.port()
	p.until("all answer", func() bool { return len(p.isolates(port)) == 2 })
	pid := p.one().Pid
	stop := make(chan struct{})
	var good atomic.Int64
	failed := make(chan error, 1)
	go func() { failed <- keepAsking(port, stop, &good) }()
	var early int
	const reloads = 20
	for n := range reloads {
		p.ok("reload", "app")
		if n == reloads/4 {
			early = resident(t, pid)
		}
	}
	close(stop)
	if err := <-failed; err != nil {
		t.Error(err)
	}
	late := resident(t, pid)
	t.Logf("%d requests; %d MB after %d reloads, %d MB after %d", good.Load(), early>>20, reloads/4, late>>20, reloads)
	if late > early+early/4 {
		t.Errorf("memory grows with reloads: %d MB, then %d MB", early>>20, late>>20)
	}
	if p.one().Pid != pid {
		t.Error("it is another process")
	}
	// Another environment needs another process: it takes over as gently.
	p.env = []string{"V=new"}
	p.ok("reload", "app", "--update-env")
	if text := p.reach(port); !strings.Contains(text, " new") {
		t.Error(text)
	}
	if p.one().Pid == pid {
		t.Error("it is the old process")
	}
	p.until("the old one ends", func() bool { return !isRunning(pid) })
}

func resident(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	_, _ = fmt.Sscan(string(text), &size, &pages)
	return pages * os.Getpagesize()
}

// Isolates serve on when the daemon is killed, and the next one knows each of them, and how one ended meanwhile.
func TestThreadsAdopted(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": isolated})
	p.env = []string{"TEST_PORT=" + freePort(t)} // port 0 would be another one for the next daemon
	p.ok("start", "app.js", "-i", "2", "--threads")
	port := p.port()
	p.until("all answer", func() bool { return len(p.isolates(port)) == 2 })
	pid := p.one().Pid
	daemon := p.daemon()
	_ = syscall.Kill(daemon, syscall.SIGKILL)
	p.until("the daemon is gone", func() bool { return !isRunning(daemon) })
	if len(p.isolates(port)) != 2 {
		t.Error("they don't serve on")
	}
	_, _ = get(port + "/exit")
	p.until("all are back", func() bool { return sum(p.restarts()) == 1 && p.allOnline() && len(p.isolates(port)) == 2 })
	found := false
	for _, r := range p.list() {
		found = found || r.Env["last_exit"] == "code 3"
		if r.Pid != pid {
			t.Error("it is another process")
		}
	}
	if !found {
		t.Error("its exit code is not known")
	}
	p.ok("reload", "app")
	p.ok("restart", "app")
	p.until("all answer", func() bool { return len(p.isolates(port)) == 2 })
	p.ok("delete", "all")
	p.until("it ends", func() bool { return !isRunning(pid) })
	p.until("nothing is left behind", func() bool {
		left, _ := filepath.Glob(filepath.Join(p.home, "spool", "h*"))
		return len(left) == 0
	})
}
