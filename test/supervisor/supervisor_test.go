// Package supervisor tests the process manager end to end: the built program, a state folder of its own for each test, real processes.
package supervisor

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// place is a folder with programs and a state folder.
type place struct {
	t         *testing.T
	dir, home string
	roost     string
	env       []string
}

func newPlace(t *testing.T, files map[string]string) *place {
	t.Helper()
	t.Parallel()
	roost, err := filepath.Abs("../../roost")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(roost); err != nil {
		t.Skip("no ./roost: run make")
	}
	p := &place{t: t, dir: t.TempDir(), home: filepath.Join(t.TempDir(), "h"), roost: roost}
	for name, text := range files {
		p.write(name, text)
	}
	t.Cleanup(func() {
		if out, code := p.run("kill"); code != 0 {
			t.Errorf("kill: %s", out)
		}
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(p.home, "daemon.log"))
			t.Logf("the daemon's log:\n%s", log)
		}
	})
	return p
}

func (p *place) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) run(args ...string) (string, int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.roost, args...)
	cmd.Dir = p.dir
	cmd.Env = append(append(os.Environ(), p.env...), "ROOST_HOME="+p.home)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// ok runs a command that must work.
func (p *place) ok(args ...string) string {
	p.t.Helper()
	out, code := p.run(args...)
	if code != 0 {
		p.t.Fatalf("%v: exit code %d\n%s", args, code, out)
	}
	return out
}

type process struct {
	Pid int            `json:"pid"`
	ID  int            `json:"pm_id"`
	Env map[string]any `json:"pm2_env"`
}

func (p *place) list() []process {
	p.t.Helper()
	out := p.ok("jlist")
	var list []process
	if err := json.Unmarshal([]byte(out[strings.Index(out, "[{"):]), &list); err != nil {
		p.t.Fatalf("%v\n%s", err, out)
	}
	return list
}

func (p *place) one() process { p.t.Helper(); return p.list()[0] }

func (p *place) until(what string, ok func() bool) {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	p.t.Fatalf("never: %s", what)
}

func (p *place) log(name string) string {
	text, _ := os.ReadFile(filepath.Join(p.home, "logs", name))
	return string(text)
}

func (p *place) daemon() int {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.home, "daemon.pid"))
	if err != nil {
		p.t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		p.t.Fatal(err)
	}
	return pid
}

// server answers with its pid; its port is told in a file, so that it can be any.
const server = `
const http = require('node:http');
const s = http.createServer((q, r) => setTimeout(() => r.end(process.pid + ' ' + (process.env.V ?? '')), 5));
s.listen(+(process.env.TEST_PORT ?? 0), '127.0.0.1', () => { require('node:fs').writeFileSync('port', String(s.address().port)); console.log('listens', process.env.NODE_APP_INSTANCE); });
`

func (p *place) port() string {
	var text []byte
	p.until("the port is known", func() bool { text, _ = os.ReadFile(filepath.Join(p.dir, "port")); return len(text) > 0 })
	return string(text)
}

func get(port string) (string, error) {
	c := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := c.Get("http://127.0.0.1:" + port)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	return string(text), err
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func isRunning(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(text), ") Z ")
}

func TestLife(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `
process.on('SIGUSR2', () => console.log('signal'));
console.log('out', process.env.pm_id, process.env.NODE_APP_INSTANCE, process.argv[2]); console.error('err'); setInterval(() => {}, 1e6);
process.stdin.on('data', (d) => console.log('in', String(d).trim()));`})
	p.ok("start", "app.js", "--name", "x", "--", "argument")
	first := p.one()
	p.until("it prints", func() bool { return p.log("x-out.log") == "out 0 0 argument\n" && p.log("x-error.log") == "err\n" })
	if out, code := p.run("start", "app.js", "--name", "x"); code != 1 || !strings.Contains(out, "Script already launched") {
		t.Errorf("%d %s", code, out)
	}
	p.ok("sendSignal", "SIGUSR2", "x")
	p.until("it has the signal", func() bool { return strings.Contains(p.log("x-out.log"), "signal") })
	p.ok("send", "0", "hello")
	p.until("it has the line", func() bool { return strings.Contains(p.log("x-out.log"), "in hello") })
	p.ok("restart", "x")
	second := p.one()
	if second.Pid == first.Pid || second.Env["restart_time"] != 1.0 || isRunning(first.Pid) {
		t.Errorf("restarted from %d to %d, %v restarts", first.Pid, second.Pid, second.Env["restart_time"])
	}
	if out := p.ok("pid", "x"); strings.TrimSpace(out) != strconv.Itoa(second.Pid) {
		t.Error(out)
	}
	p.ok("stop", "x")
	if l := p.one(); l.Env["status"] != "stopped" || l.Pid != 0 || isRunning(second.Pid) {
		t.Errorf("stopped: %v", l.Env["status"])
	}
	p.ok("start", "x")
	if out := p.ok("list"); !strings.Contains(out, "│ online ") || strings.Contains(out, "\x1b") {
		t.Error(out)
	}
	p.ok("delete", "x")
	if out := p.ok("jlist"); out != "[]\n" {
		t.Error(out)
	}
	for _, args := range [][]string{{"stop", "none"}, {"restart", "none"}, {"start", "none.js"}, {"describe", "none"}, {"start", "app.js", "--nmae", "x"}} {
		if out, code := p.run(args...); code != 1 {
			t.Errorf("%v: exit code %d\n%s", args, code, out)
		}
	}
}

// The daemon is killed: the program serves on, and what it prints is not lost; the next daemon takes it over.
func TestDaemonIsKilled(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `let n = 0; setInterval(() => console.log(n++), 2);`, "srv.js": server})
	p.env = []string{"TEST_PORT=" + freePort(t)} // port 0 would be another one for the next daemon
	p.ok("start", "app.js")
	p.ok("start", "srv.js", "-i", "2")
	port := p.port()
	p.until("both listen", func() bool { return p.log("srv-out-1.log") != "" && p.log("srv-out-2.log") != "" })
	before := p.list()
	for range 3 {
		if err := syscall.Kill(p.daemon(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
		if _, err := get(port); err != nil {
			t.Error(err)
		}
		after := p.list()
		for k := range before {
			if after[k].Pid != before[k].Pid || after[k].Env["status"] != "online" {
				t.Errorf("%v became %v", before[k], after[k])
			}
		}
	}
	p.until("it has printed", func() bool { return strings.Count(p.log("app-out.log"), "\n") > 100 })
	p.ok("stop", "app")
	lines := strings.Split(strings.TrimSpace(p.log("app-out.log")), "\n")
	next := 0
	for _, l := range lines { // lines may come twice after a kill -9, none may be missing
		n, err := strconv.Atoi(l)
		if err != nil || n > next {
			t.Fatalf("line %q, expected %d", l, next)
		}
		next = n + 1
	}
	p.ok("reload", "srv")
	if text, err := get(port); err != nil || strings.HasPrefix(text, strconv.Itoa(before[1].Pid)) {
		t.Errorf("%s %v", text, err)
	}
}

// keepAsking asks over connections that are kept alive until an answer says that it is the last one. A connection that ends otherwise is an error.
func keepAsking(port string, stop <-chan struct{}, good *atomic.Int64) error {
	for {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			return err
		}
		answers := bufio.NewReader(conn)
		for last := false; !last; {
			select {
			case <-stop:
				conn.Close()
				return nil
			default:
			}
			_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
			if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
				return err
			}
			r, err := http.ReadResponse(answers, nil)
			if err != nil {
				return err
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != 200 {
				return fmt.Errorf("%d %v", r.StatusCode, err)
			}
			last = r.Close
			good.Add(1)
		}
		conn.Close()
	}
}

// Reloads under load: no request fails. A new worker that doesn't come up leaves the old ones serving.
func TestReload(t *testing.T) {
	p := newPlace(t, map[string]string{"srv.js": server})
	p.ok("start", "srv.js", "-i", "2", "--", "x")
	port := p.port()
	before := p.list()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var good atomic.Int64
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := keepAsking(port, stop, &good); err != nil {
				t.Error(err)
			}
		}()
	}
	p.ok("reload", "srv")
	middle := p.list()
	for k := range before {
		if middle[k].Pid == before[k].Pid || middle[k].Pid == 0 {
			t.Errorf("%d was not reloaded", before[k].Pid)
		}
	}
	p.write("srv.js", "console.error('it is broken'); process.exit(3)")
	if out, code := p.run("reload", "srv"); code != 1 || !strings.Contains(out, "reload failed") || !strings.Contains(out, "it is broken") {
		t.Errorf("%d %s", code, out)
	}
	for k, l := range p.list() {
		if l.Pid != middle[k].Pid || l.Env["status"] != "online" {
			t.Errorf("after a reload that failed: %v", l)
		}
	}
	close(stop)
	wg.Wait()
	if good.Load() < 20 {
		t.Errorf("%d requests", good.Load())
	}
	p.write("srv.js", server)
	p.ok("scale", "srv", "+1")
	if n := len(p.list()); n != 3 {
		t.Errorf("%d processes", n)
	}
	p.ok("scale", "srv", "1")
	if n := len(p.list()); n != 1 {
		t.Errorf("%d processes", n)
	}
}

func TestPolicy(t *testing.T) {
	p := newPlace(t, map[string]string{
		"crash.js": `console.error('why it crashes'); process.exit(1)`, "code.js": `process.exit(7)`,
		"eco.config.ts": `
interface X { name: string }
const names: X[] = [{ name: 'crash' }, { name: 'code' }];
export default { apps: [
  { ...names[0], script: 'crash.js', max_restarts: 3, restart_delay: 10 },
  { ...names[1], script: 'code.js', stop_exit_codes: [7] },
] };`})
	p.ok("start", "eco.config.ts")
	status := func(name string) any {
		for _, l := range p.list() {
			if l.Env["name"] == name {
				return l.Env["status"]
			}
		}
		return nil
	}
	p.until("it is given up", func() bool { return status("crash") == "errored" })
	p.until("the code is meant", func() bool { return status("code") == "stopped" })
	if out := p.ok("list"); !strings.Contains(out, "why it crashes") {
		t.Error(out)
	}
	if out := p.ok("describe", "code"); !strings.Contains(out, "code 7") {
		t.Error(out)
	}
}

func TestReadyAndShutdown(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `
process.on('message', (m) => { if (m === 'shutdown') { console.log('bye'); process.exit(0); } });
process.on('SIGINT', () => console.log('no SIGINT was asked for'));
setTimeout(() => { console.log('ready'); process.send('ready'); }, 300);`, "stubborn.js": `process.on('SIGINT', () => {}); console.log('up'); setInterval(() => {}, 1e6)`})
	p.ok("start", "app.js", "--wait-ready", "--listen-timeout", "10000", "--shutdown-with-message")
	p.until("it has said so", func() bool { return p.log("app-out.log") == "ready\n" })
	p.ok("stop", "app")
	if got := p.log("app-out.log"); got != "ready\nbye\n" {
		t.Error(got)
	}
	p.ok("start", "stubborn.js", "--kill-timeout", "200")
	p.until("it is up", func() bool { return p.log("stubborn-out.log") == "up\n" })
	p.ok("stop", "stubborn")
	if out := p.ok("describe", "stubborn"); !strings.Contains(out, "SIGKILL") {
		t.Error(out)
	}
}

func TestReasonsToRestart(t *testing.T) {
	p := newPlace(t, map[string]string{"w/app.js": `setInterval(() => {}, 1e6)`, "eco.json": `{"apps":[
 {"name":"watch","script":"w/app.js","watch":"w","ignore_watch":["*.tmp"],"watch_delay":50},
 {"name":"cron","script":"w/app.js","cron_restart":"*/1 * * * * *"},
 {"name":"memory","script":"w/app.js","max_memory_restart":"1M"}]}`})
	p.ok("start", "eco.json")
	restarts := func(name string) float64 {
		for _, l := range p.list() {
			if l.Env["name"] == name {
				return l.Env["restart_time"].(float64)
			}
		}
		return -1
	}
	p.write("w/x.tmp", "")
	time.Sleep(300 * time.Millisecond)
	if n := restarts("watch"); n != 0 {
		t.Errorf("%v restarts for an ignored file", n)
	}
	p.write("w/x.js", "")
	p.until("a change restarts", func() bool { return restarts("watch") == 1 })
	p.until("the clock restarts", func() bool { return restarts("cron") > 0 })
	p.until("memory restarts", func() bool { return restarts("memory") > 0 })
}

func TestSaveAndState(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `setInterval(() => {}, 1e6)`})
	p.ok("start", "app.js", "--name", "a")
	p.ok("start", "app.js", "--name", "b")
	p.ok("stop", "b")
	p.ok("save")
	p.ok("kill")
	p.ok("resurrect")
	list := p.list()
	if len(list) != 2 || list[0].Env["status"] != "online" || list[1].Env["status"] != "stopped" {
		t.Errorf("%v", list)
	}
	// A state file that can't be read is kept aside.
	pid := p.daemon()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.until("it has ended", func() bool { return !isRunning(pid) })
	path := filepath.Join(p.home, "state", fmt.Sprint(list[1].ID, ".json"))
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := p.list(); len(again) != 1 || again[0].Pid != list[0].Pid {
		t.Errorf("%v", again)
	}
	if aside, _ := filepath.Glob(path + ".corrupt-*"); len(aside) != 1 {
		t.Error("it was not kept")
	}
	log, _ := os.ReadFile(filepath.Join(p.home, "daemon.log"))
	if !strings.Contains(string(log), "could not be read and is kept as") {
		t.Error("nobody said so")
	}
	if info, err := os.Stat(p.home); err != nil || info.Mode().Perm() != 0o700 {
		t.Error(info.Mode(), err)
	}
}

func TestRuntime(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `console.log('works'); process.exit(5)`})
	out, code := p.run("runtime", "app.js", "--no-autorestart")
	if code != 5 || !strings.Contains(out, "works") {
		t.Errorf("%d %s", code, out)
	}
}
