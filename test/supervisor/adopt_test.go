package supervisor

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// killDaemon ends the daemon as nothing can prepare for.
func (p *place) killDaemon() {
	p.t.Helper()
	pid := p.daemon()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		p.t.Fatal(err)
	}
	p.until("the daemon has ended", func() bool { return hasEnded(pid) })
}

// hasEnded tells whether nothing of a process is left: its first thread may have ended while others still hold its descriptors. A walk over its
// threads would end early when one of them ends; their number doesn't.
func hasEnded(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	const state, threads = 0, 17 // proc_pid_stat(5), without pid and comm
	return f[state] == "X" || f[state] == "Z" && f[threads] == "1"
}

func (p *place) status(name string) any {
	p.t.Helper()
	for _, l := range p.list() {
		if l.Env["name"] == name {
			return l.Env["status"]
		}
	}
	return nil
}

// A program keeps its channel when the daemon is killed: it notices nothing, what it says meanwhile arrives, and it hears the next daemon.
func TestChannelReturns(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": agent + `
process.on('disconnect', () => console.log('disconnected'));
process.on('SIGUSR2', () => { console.log('sends', process.connected); process.send({ type: 'axm:monitor', data: { later: 1 } }); });
process.on('SIGHUP', () => process.exit(7));`})
	p.ok("start", "app.js", "--name", "x", "--stop-exit-codes", "7")
	p.until("it is up", func() bool { return strings.Contains(p.log("x-out.log"), "up") })
	p.until("its actions are known", func() bool { return strings.Contains(p.ok("describe", "x"), "dies") })
	pid := p.one().Pid
	for range 3 {
		p.killDaemon()
		if err := syscall.Kill(pid, syscall.SIGUSR2); err != nil { // while there is nobody
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
		if out := p.ok("trigger", "x", "hello"); !strings.Contains(out, `={"a":1}`) {
			t.Error(out)
		}
	}
	p.until("what it said meanwhile has come", func() bool { return strings.Contains(p.ok("describe", "x"), "later") })
	if l := p.one(); l.Pid != pid || l.Env["status"] != "online" {
		t.Errorf("%v", l)
	}
	// How it ends is known, though it is nobody's child.
	if err := syscall.Kill(pid, syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.until("it has ended", func() bool { return p.one().Pid != pid })
	if out := p.ok("describe", "x"); strings.Contains(out, "code 7") {
		if p.status("x") != "stopped" {
			t.Error(p.status("x"))
		}
	} else if !strings.Contains(out, "unknown") { // before Linux 6.15
		t.Error(out)
	}
	if out := p.log("x-out.log"); strings.Contains(out, "disconnected") || strings.Contains(out, "sends false") {
		t.Error(out)
	}
}

// The daemon is killed while it starts and reloads: afterwards each process is there once, the old or the new one, and serves.
func TestKilledInTheMiddle(t *testing.T) {
	p := newPlace(t, map[string]string{"srv.js": server})
	p.env = []string{"TEST_PORT=" + freePort(t)}
	p.ok("start", "srv.js", "-i", "2")
	port := p.port()
	for n := range 6 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.run("reload", "srv", "-s")
		}()
		time.Sleep(time.Duration(20+n*60) * time.Millisecond)
		p.killDaemon()
		<-done
		// The command that was interrupted, or this one, has started the next daemon.
		p.until("each process is there once", func() bool {
			l := p.list()
			return len(l) == 2 && l[0].Env["status"] == "online" && l[1].Env["status"] == "online" && p.running("srv.js") == 2
		})
		if _, err := get(port); err != nil {
			t.Error(err)
		}
	}
	// While the first process of an application starts, it may not be written down yet.
	p.write("sleep.sh", "exec sleep 1000\n")
	for n := range 4 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.run("start", "sleep.sh", "--name", fmt.Sprint("s", n), "-s")
		}()
		time.Sleep(time.Duration(5+n*10) * time.Millisecond)
		p.killDaemon()
		<-done
	}
	p.ok("reload", "srv")
	want := 0
	for _, l := range p.list() {
		if strings.HasPrefix(l.Env["name"].(string), "s") && l.Env["name"] != "srv" && l.Env["status"] == "online" { // it may have been added and not started
			want++
		}
	}
	p.until("no process is there twice", func() bool { return p.running("sleep", "1000") == want && p.running("srv.js") == 2 })
	if entries, _ := filepath.Glob(filepath.Join(p.home, "spool", "*.out")); len(entries) != want+2 {
		t.Errorf("%v", entries)
	}
}

// running counts the processes of this place that have these words at the end of their command line.
func (p *place) running(words ...string) int { return len(p.pids(words...)) }

func (p *place) pids(words ...string) (out []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		line, _ := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		env, _ := os.ReadFile("/proc/" + e.Name() + "/environ")
		args := strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
		if len(args) < len(words) || !strings.Contains(string(env), "PM2_HOME="+p.home+"\x00") {
			continue
		}
		same := true
		for k, w := range words {
			same = same && strings.HasSuffix(args[len(args)-len(words)+k], w)
		}
		if same {
			out = append(out, pid)
		}
	}
	return out
}
