package supervisor

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Programs can run as somebody else; their logs are the daemon's all the same.
func TestOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can start a program as another user")
	}
	p := newPlace(t, map[string]string{"app.js": `
console.log(process.getuid(), process.getgid(), process.geteuid(), JSON.stringify(process.getgroups())); console.error('err');
process.on('message', () => process.send({ type: 'axm:reply', data: { return: process.getuid(), action_name: 'a' } }));
process.send({ type: 'axm:action', data: { action_name: 'a', arity: 1 } }); setInterval(() => {}, 1e6)`})
	for dir := p.dir; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(p.home, 0o700); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	p.ok("start", "app.js", "--name", "x", "--uid", "65534", "--gid", "65534")
	p.until("it is somebody else", func() bool {
		return strings.HasPrefix(p.log("x-out.log"), "65534 65534 65534") && p.log("x-error.log") == "err\n"
	})
	if groups := p.log("x-out.log"); strings.Contains(groups, "[0") || strings.Contains(groups, ",0") {
		t.Errorf("it has root's groups: %s", groups)
	}
	p.until("its action is known", func() bool { return strings.Contains(p.ok("describe", "x"), "Actions available") })
	// The next daemon meets it, though it can't enter the state folder.
	p.killDaemon()
	pid := p.one().Pid
	if out := p.ok("trigger", "x", "a"); !strings.Contains(out, "=65534\n") {
		t.Errorf("it can't be spoken to: %s", out)
	}
	p.ok("stop", "x")
	if isRunning(pid) {
		t.Error("it runs on")
	}
	for _, args := range [][]string{{"--uid", "no-such-user"}, {"--gid", "no-such-group"}} {
		if out, code := p.run(append([]string{"start", "app.js", "--name", "y"}, args...)...); code != 1 || !strings.Contains(out, args[1]) {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
}

func TestInstances(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `console.log(process.env.PORT, process.env.NUMBER, process.env.NODE_APP_INSTANCE ?? '-'); setInterval(() => {}, 1e6)`,
		"eco.json": `{"apps":[{"name":"x","script":"app.js","instances":3,"exec_mode":"fork","increment_var":"PORT","instance_var":"NUMBER","env":{"PORT":3000}}]}`})
	p.ok("start", "eco.json")
	p.until("each has its own", func() bool {
		seen := map[string]bool{}
		for _, l := range strings.Split(strings.TrimSpace(p.log("x-out.log")), "\n") {
			seen[l] = true
		}
		return len(seen) == 3 && seen["3000 0 -"] && seen["3001 1 -"] && seen["3002 2 -"]
	})
	p.ok("scale", "x", "+1")
	p.until("the next one too", func() bool { return strings.Contains(p.log("x-out.log"), "3003 3 -") })
}

// What a program has started ends with it, in a session of its own too; without treekill it stays.
func TestTreeKill(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `
const { spawn } = require('node:child_process');
const child = spawn('sh', ['-c', 'sleep 1111 & sleep 1111 & wait'], { detached: true, stdio: 'ignore' });
const second = spawn('setsid', ['sh', '-c', 'setsid sleep 1111 & sleep 1111'], { stdio: 'ignore' });
console.log('up'); setInterval(() => {}, 1e6)`})
	p.ok("start", "app.js", "--name", "x")
	p.until("all are there", func() bool { return p.running("sleep", "1111") == 4 })
	p.ok("restart", "x")
	p.until("those of the first have ended", func() bool { return p.running("sleep", "1111") == 4 })
	p.ok("stop", "x")
	p.until("all have ended", func() bool { return p.running("sleep", "1111") == 0 })
	p.ok("start", "app.js", "--name", "y", "--no-treekill")
	p.until("all are there", func() bool { return p.running("sleep", "1111") == 4 })
	p.ok("delete", "y")
	if n := p.running("sleep", "1111"); n != 4 {
		t.Errorf("%d are left, all were to stay", n)
	}
	for _, pid := range p.pids("sleep", "1111") {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// A program that can't stay up is started again later and later, then not any more; its last twenty lines are shown.
func TestCrashLoop(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `
console.log(Date.now()); for (let n = 1; n <= 30; n++) console.error('reason', n, process.env.R ?? '');
process.exit(3)`})
	p.ok("start", "app.js", "--name", "x", "--exp-backoff-restart-delay", "40", "--max-restarts", "6")
	waiting := false
	p.until("it is given up", func() bool {
		s := p.status("x")
		waiting = waiting || s == "waiting restart"
		return s == "errored"
	})
	times := strings.Fields(p.log("x-out.log"))
	if len(times) != 6 {
		t.Fatalf("%d runs", len(times))
	}
	for k, least := 1, 40; k < len(times); k, least = k+1, least+least/2 {
		a, _ := strconv.Atoi(times[k-1])
		b, _ := strconv.Atoi(times[k])
		if b-a < least {
			t.Errorf("run %d came after %d ms, not after %d", k, b-a, least)
		}
	}
	for _, command := range []string{"list", "describe"} {
		args := []string{command, "x"}
		if command == "list" {
			args = args[:1]
		}
		out := p.ok(args...)
		if !strings.Contains(out, "reason 11 ") || !strings.Contains(out, "reason 30 ") || strings.Contains(out, "reason 10 ") {
			t.Errorf("%s: %s", command, out)
		}
	}
	if out := p.ok("describe", "x"); !strings.Contains(out, "code 3") {
		t.Error(out)
	}
	p.ok("reset", "x")
	if n := p.one().Env["restart_time"]; n != 0.0 {
		t.Errorf("%v restarts", n)
	}
}

// State and dump files that were damaged are kept aside, with a clear message; what can be used is used.
func TestDamagedFiles(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `setInterval(() => {}, 1e6)`})
	p.ok("start", "app.js", "--name", "a")
	p.ok("save")
	p.ok("start", "app.js", "--name", "b")
	p.ok("save") // the first one is the backup now
	p.ok("kill")
	dump := filepath.Join(p.home, "dump.json")
	if err := os.WriteFile(dump, []byte(`{"version":1,"apps":[{"name":`), 0o600); err != nil {
		t.Fatal(err)
	}
	p.ok("resurrect")
	if l := p.list(); len(l) != 1 || l[0].Env["name"] != "a" {
		t.Errorf("%v", l)
	}
	if _, err := os.Stat(dump + ".corrupt"); err != nil {
		t.Error(err)
	}
	pid := p.one().Pid
	for name, text := range map[string]string{"7.json": "", "8.json": "\x00\x00\x00", "9.json": `{"version":99}`, "10.json": `{"version":1,"id":3,"app":{"script":"x"}}`, "x.json": "[]"} {
		if err := os.WriteFile(filepath.Join(p.home, "state", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.killDaemon()
	if l := p.list(); len(l) != 1 || l[0].Pid != pid {
		t.Errorf("%v", l)
	}
	if aside, _ := filepath.Glob(filepath.Join(p.home, "state", "*.corrupt-*")); len(aside) != 5 {
		t.Errorf("%v", aside)
	}
	// Positions and spools that make no sense cost lines at worst.
	marks, _ := filepath.Glob(filepath.Join(p.home, "spool", "*.pos"))
	for _, m := range marks {
		if err := os.WriteFile(m, []byte("\xff\xff\xff\xff\xff\xff\xff\xff"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.killDaemon()
	for _, m := range marks {
		_ = os.Remove(strings.TrimSuffix(m, ".pos"))
	}
	if l := p.list(); len(l) != 1 || l[0].Pid != pid || l[0].Env["status"] != "online" {
		t.Errorf("%v", l)
	}
	if err := os.WriteFile(filepath.Join(p.home, "settings.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, code := p.run("get", "x"); code != 1 {
		t.Errorf("%d %s", code, out)
	}
	p.ok("restart", "a")
}

// On a full disk the daemon and the programs go on, and say what is wrong; afterwards all is as before.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("no file system of its own can be mounted: %v", err)
	}
	p := newPlace(t, map[string]string{"app.js": `
const fs = require('node:fs');
let failed = 0, n = 0;
const line = 'x'.repeat(1000);
const timer = setInterval(() => { for (let k = 0; k < 20; k++) try { fs.writeSync(1, n++ + line + '\n'); } catch (err) { if (err.code === 'ENOSPC') failed++; } }, 5);
process.on('SIGUSR2', () => { clearInterval(timer); fs.writeFileSync('said', String(failed)); });
setInterval(() => {}, 1e6);
process.on('SIGHUP', () => fs.writeSync(1, '\nspace again\n'));`, "idle.js": `setInterval(() => {}, 1e6)`})
	p.home = filepath.Join(disk, "h")
	t.Cleanup(func() {
		p.run("kill")
		_ = unix.Unmount(disk, unix.MNT_DETACH)
	})
	p.ok("start", "app.js", "--name", "x")
	pid := p.one().Pid
	full := func() bool {
		var st unix.Statfs_t
		return unix.Statfs(disk, &st) == nil && st.Bavail < 4
	}
	p.until("the disk is full", full)
	time.Sleep(100 * time.Millisecond)
	if l := p.one(); l.Pid != pid || l.Env["status"] != "online" {
		t.Errorf("%v", l)
	}
	if out, code := p.run("start", "idle.js"); code != 0 && !strings.Contains(out, "no space left") {
		t.Errorf("%d %s", code, out)
	}
	if out, code := p.run("save"); code != 1 || !strings.Contains(out, "no space left") {
		t.Errorf("%d %s", code, out)
	}
	p.ok("list")
	p.ok("sendSignal", "SIGUSR2", "x")
	p.until("it is quiet, and has failed to write", func() bool {
		text, _ := os.ReadFile(filepath.Join(p.dir, "said"))
		return len(text) > 0 && string(text) != "0"
	})
	p.ok("flush") // space again
	p.until("there is space", func() bool { return !full() })
	p.ok("sendSignal", "SIGHUP", "x")
	p.until("its lines come again", func() bool { return strings.HasSuffix(p.log("x-out.log"), "space again\n") })
	p.ok("save")
	p.ok("restart", "x")
	if l := p.one(); l.Pid == pid || l.Env["status"] != "online" {
		t.Errorf("%v", l)
	}
}

// A flood of lines: none is lost without being counted, and the program never waits. TEST_FLOOD is its length in seconds.
func TestFlood(t *testing.T) {
	seconds := os.Getenv("TEST_FLOOD")
	if seconds == "" {
		seconds = "1"
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := newPlace(t, nil)
	p.write("eco.json", fmt.Sprintf(`{"apps":[{"name":"x","script":%q,"interpreter":"none","autorestart":false,"log_max_size":"64M","log_keep":0,"log_compress":false,
 "env":{"TEST_FLOODS":%q,"TEST_SECONDS":%q}}]}`, self, p.dir, seconds))
	p.ok("start", "eco.json")
	p.until("it has ended", func() bool { return p.status("x") == "stopped" })
	text, err := os.ReadFile(filepath.Join(p.dir, "printed"))
	if err != nil {
		t.Fatal(err)
	}
	var printed, longest int
	if _, err := fmt.Sscan(string(text), &printed, &longest); err != nil {
		t.Fatal(err)
	}
	missing := regexp.MustCompile(`^\[roost\] the log could not keep up: (\d+) lines`)
	next, dropped := 0, 0
	for _, line := range p.allLines(t, "x-out") {
		if m := missing.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1])
			next, dropped = next+n, dropped+n
			continue
		}
		n, err := strconv.Atoi(line)
		if err != nil || n != next {
			t.Fatalf("line %q, %d is the next one", line, next)
		}
		next++
	}
	if next != printed {
		t.Errorf("%d lines were printed, the log knows of %d", printed, next)
	}
	t.Logf("%d lines in %s s, %d dropped and counted; the longest write took %d µs", printed, seconds, dropped, longest)
}

// floodLines prints as fast as it can, in writes of a hundred lines.
func floodLines(dir string) {
	seconds, _ := strconv.ParseFloat(os.Getenv("TEST_SECONDS"), 64)
	n := 0
	var longest time.Duration
	var b []byte
	for end := time.Now().Add(time.Duration(seconds * float64(time.Second))); time.Now().Before(end); {
		b = b[:0]
		for range 100 {
			b = append(strconv.AppendInt(b, int64(n), 10), '\n')
			n++
		}
		began := time.Now()
		if _, err := os.Stdout.Write(b); err != nil {
			os.Exit(1)
		}
		longest = max(longest, time.Since(began))
	}
	_ = os.WriteFile(filepath.Join(dir, "printed"), fmt.Appendf(nil, "%d %d\n", n, longest.Microseconds()), 0o644)
}

// Too much memory is a reason for a reload, not for a kill: no request fails meanwhile.
func TestMemoryReload(t *testing.T) {
	p := newPlace(t, map[string]string{"srv.js": server, "eco.json": `{"apps":[{"name":"srv","script":"srv.js","exec_mode":"cluster","instances":1,"max_memory_restart":"1M"}]}`})
	p.ok("start", "eco.json")
	port := p.port()
	first := p.one().Pid
	stop := make(chan struct{})
	failed := make(chan error, 1)
	var good atomic.Int64
	go func() { failed <- keepAsking(port, stop, &good) }()
	p.until("it is reloaded twice", func() bool { return p.one().Env["restart_time"].(float64) >= 2 })
	close(stop)
	if err := <-failed; err != nil || good.Load() == 0 {
		t.Errorf("%v after %d requests", err, good.Load())
	}
	if p.one().Pid == first {
		t.Error("it is the same process")
	}
	log, _ := os.ReadFile(filepath.Join(p.home, "daemon.log"))
	if strings.Contains(string(log), "SIGKILL") {
		t.Errorf("%s", log)
	}
}

// `update` puts another daemon in the place of this one; programs, their channels and their logs go on.
func TestUpdate(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": agent + "\nlet n = 0; setInterval(() => console.log('n', n++), 5);"})
	p.ok("start", "app.js", "--name", "x")
	p.until("it prints", func() bool { return strings.Contains(p.log("x-out.log"), "n 5\n") })
	pid, daemon := p.one().Pid, p.daemon()
	p.ok("update")
	if p.one().Pid != pid || p.daemon() == daemon {
		t.Errorf("pid %d became %d, the daemon's is %d", pid, p.one().Pid, p.daemon())
	}
	if out := p.ok("trigger", "x", "hello"); !strings.Contains(out, `={"a":1}`) {
		t.Error(out)
	}
	p.ok("stop", "x")
	next := 0
	for _, line := range strings.Split(p.log("x-out.log"), "\n") {
		if n, ok := strings.CutPrefix(line, "n "); ok {
			if n != strconv.Itoa(next) {
				t.Fatalf("line %q, %d is the next one", line, next)
			}
			next++
		}
	}
}

// --no-daemon stays in the foreground, shows what is printed and ends everything when it is told to.
func TestForeground(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `console.log('up'); process.on('SIGINT', () => { console.log('bye'); process.exit(0); }); setInterval(() => console.log('on'), 20)`})
	cmd := exec.Command(p.roost, "start", "app.js", "--no-daemon")
	cmd.Dir, cmd.Env = p.dir, append(os.Environ(), "ROOST_HOME="+p.home)
	var out strings.Builder
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for told := false; ; {
		n, err := pipe.Read(buf)
		out.Write(buf[:n])
		if err != nil {
			break
		}
		if !told && strings.Contains(out.String(), "| on") {
			told = true
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(out.String(), "app       | bye") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if _, err := os.Stat(filepath.Join(p.home, "daemon.pid")); err == nil {
		t.Error("the daemon runs on")
	}
}
