package supervisor

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// agent offers actions and tells figures as @pm2/io does.
const agent = `
process.send({ type: 'axm:action', data: { action_name: 'hello', opts: null, arity: 1 } });
process.send({ type: 'axm:action', data: { action_name: 'echo', opts: { comment: 'x' }, arity: 2 } });
process.send({ type: 'axm:action', data: { action_name: 'dies', arity: 1 } });
process.send({ type: 'axm:monitor', data: { Requests: { value: 5, unit: 'req/s' }, plain: 7 } });
process.on('message', (m) => {
  const name = typeof m === 'string' ? m : m.msg;
  if (name === 'hello') process.send({ type: 'axm:reply', data: { return: { a: 1 }, action_name: name } });
  else if (name === 'echo') process.send({ type: 'axm:reply', data: { return: 'got ' + m.opts, action_name: name } });
  else if (name === 'dies') process.exit(0);
  else console.log('message', JSON.stringify(m));
});
process.stdin.on('data', (d) => console.log('in', JSON.stringify(String(d))));
console.log('up');`

// piped runs a command with a text as its standard input.
func (p *place) piped(input string, args ...string) (string, int) {
	p.t.Helper()
	cmd := exec.Command(p.roost, args...)
	cmd.Dir, cmd.Stdin = p.dir, strings.NewReader(input)
	cmd.Env = append(append(os.Environ(), p.env...), "ROOST_HOME="+p.home)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func TestTalk(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": agent})
	p.ok("start", "app.js", "--name", "x")
	p.until("it is up", func() bool { return strings.Contains(p.log("x-out.log"), "up") })
	var out string
	p.until("its actions are known", func() bool { out = p.ok("describe", "x"); return strings.Contains(out, "plain") })
	for _, want := range []string{"hello", "echo", "5 req/s", "│ plain"} {
		if !strings.Contains(out, want) {
			t.Errorf("describe has no %q:\n%s", want, out)
		}
	}
	if out := p.ok("trigger", "x", "hello"); !strings.Contains(out, `[x:0:default]={"a":1}`) || !strings.Contains(out, "1 processes have received command hello") {
		t.Error(out)
	}
	if out := p.ok("trigger", "all", "echo", "a b"); !strings.Contains(out, `="got a b"`) {
		t.Error(out)
	}
	for _, args := range [][]string{{"trigger", "x", "none"}, {"trigger", "none", "hello"}, {"trigger", "x"}, {"send", "99", "x"}, {"attach", "99"}, {"attach", "x"}, {"attach"}} {
		if out, code := p.piped("", args...); code != 1 {
			t.Errorf("%v: exit code %d\n%s", args, code, out)
		}
	}
	if out, code := p.piped("one\ntwo words\n", "attach", "0"); code != 0 || out != "in \"one\\n\"\nin \"two words\\n\"\n" && out != "in \"one\\ntwo words\\n\"\n" {
		t.Errorf("%d %q", code, out)
	}
	if out, code := p.piped("a!b", "attach", "0", "--command-separator", "!"); code != 0 || out != "in \"a!b!\"\n" {
		t.Errorf("%d %q", code, out)
	}
	// Who ends before it answers has not answered.
	if out, code := p.run("trigger", "x", "dies"); code != 1 || !strings.Contains(out, "(no answer)") {
		t.Errorf("%d %s", code, out)
	}
}

func TestServe(t *testing.T) {
	p := newPlace(t, map[string]string{"www/index.html": "home", "www/a.css": "a{}", "www/.env": "secret", "www/404.html": "lost",
		"eco.json": `{"apps":[{"name":"eco","script":"serve","env":{"PM2_SERVE_PATH":"www","PM2_SERVE_PORT":"0","PM2_SERVE_SPA":"true","PM2_SERVE_HOST":"127.0.0.1"}}]}`})
	p.ok("serve", "www", "0", "--host", "127.0.0.1", "--name", "static")
	p.ok("start", "eco.json")
	base := func(name string) (url string) {
		p.until("it serves", func() bool {
			_, at, ok := strings.Cut(p.log(name+"-out.log"), " directory on ")
			url = "http://" + strings.TrimSpace(at)
			return ok
		})
		return url
	}
	for _, c := range []struct {
		name, path string
		status     int
	}{{"static", "/", 200}, {"static", "/a.css", 200}, {"static", "/.env", 404}, {"static", "/none", 404}, {"static", "/%2e%2e/eco.json", 404}, {"eco", "/none", 200}} {
		r, err := http.Get(base(c.name) + c.path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != c.status {
			t.Errorf("%s: %d", c.path, r.StatusCode)
		}
	}
	if l := p.list(); len(l) != 2 || l[0].Env["name"] != "static" || l[0].Env["status"] != "online" {
		t.Errorf("%v", l)
	}
	if out, code := p.run("serve", "www", "99999"); code != 1 || !strings.Contains(out, "no port") {
		t.Errorf("%d %s", code, out)
	}
	if out, code := p.run("serve", "www", "0", "--name", "static"); code != 1 || !strings.Contains(out, "Script already launched") {
		t.Errorf("%d %s", code, out)
	}
}

// A restart changes options; what an application is stays.
func TestAmend(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `console.log(JSON.stringify(process.argv.slice(2))); setInterval(() => {}, 1e6)`})
	p.ok("start", "app.js", "--name", "x", "--", "one")
	p.ok("restart", "x", "--cron-restart", "0 0 1 1 *", "--max-memory-restart", "1G", "--kill-timeout", "3s", "--", "two")
	env := p.one().Env
	if env["cron_restart"] != "0 0 1 1 *" || env["max_memory_restart"] != float64(1<<30) || env["kill_timeout"] != 3000.0 {
		t.Errorf("%v %v %v", env["cron_restart"], env["max_memory_restart"], env["kill_timeout"])
	}
	p.until("it has the new arguments", func() bool { return strings.HasSuffix(p.log("x-out.log"), "[\"two\"]\n") })
	p.ok("reload", "x", "--cron-restart", "0")
	if env := p.one().Env; env["cron_restart"] != "" || env["kill_timeout"] != 3000.0 {
		t.Errorf("%v %v", env["cron_restart"], env["kill_timeout"])
	}
	for _, args := range [][]string{{"restart", "x", "--name", "y"}, {"restart", "x", "--cron-restart", "often"}} {
		if out, code := p.run(args...); code != 1 {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
}

func TestSmallCommands(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": `console.log('up'); setInterval(() => {}, 1e6)`})
	if out, code := p.piped(`{"apps":[{"name":"in","script":"app.js"}]}`, "start", "-"); code != 0 || p.one().Env["name"] != "in" {
		t.Errorf("%d %s", code, out)
	}
	p.ok("pm2", "multiset", "a 1 b 2")
	if out := p.ok("get", "b"); strings.TrimSpace(out) != "2" {
		t.Error(out)
	}
	for _, c := range []string{"deploy", "pull", "install", "link", "profile:cpu", "inspect"} {
		if out, code := p.run("pm2", c, "x", "--whatever"); code != 1 || !strings.Contains(out, c+" is not there: ") {
			t.Errorf("%s: %d %s", c, code, out)
		}
	}
	var infos map[string]any
	if err := json.Unmarshal([]byte(p.ok("pm2", "sysinfos")), &infos); err != nil || infos["cpus"] == nil {
		t.Error(infos, err)
	}
	if out := p.ok("pm2", "report"); !strings.Contains(out, "daemon's pid") {
		t.Error(out)
	}
	if out := p.ok("flush", "none"); !strings.Contains(out, "Logs flushed") {
		t.Error(out)
	}
	for platform, want := range map[string]string{"systemd": "ExecStart=" + p.roost + " resurrect", "openrc": "#!/sbin/openrc-run", "launchd": "<plist"} {
		if out := p.ok("startup", platform, "--user", "nobody"); !strings.Contains(out, want) {
			t.Errorf("%s: %s", platform, out)
		}
	}
	if out, code := p.run("startup", "upstart"); code != 1 {
		t.Errorf("%d %s", code, out)
	}
	// Installed for a user's launchd, with programs that only look like it.
	bin, home := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "launchctl"), []byte("#!/bin/sh\necho \"called $@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p.env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + home}
	unit := filepath.Join(home, "Library/LaunchAgents/roost-nobody.plist")
	if out := p.ok("startup", "launchd", "--user", "nobody", "--install"); !strings.Contains(out, "called load -w "+unit) {
		t.Error(out)
	}
	if text, err := os.ReadFile(unit); err != nil || !strings.Contains(string(text), "resurrect") {
		t.Error(err)
	}
	p.ok("unstartup", "launchd", "--user", "nobody", "--install")
	if _, err := os.Stat(unit); err == nil {
		t.Error("it is still there")
	}
	p.env = nil
	// start --attach shows what is printed until it is told to end.
	p.write("tick.js", `setInterval(() => console.log('tick'), 20)`)
	cmd := exec.Command(p.roost, "start", "tick.js", "--attach")
	cmd.Dir, cmd.Env = p.dir, append(os.Environ(), "ROOST_HOME="+p.home)
	lines, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf, seen := make([]byte, 4096), ""
	for end := time.Now().Add(20 * time.Second); !strings.Contains(seen, "|tick") && time.Now().Before(end); {
		n, err := lines.Read(buf)
		seen += string(buf[:n])
		if err != nil {
			break
		}
	}
	if !strings.Contains(seen, "tick      | tick") {
		t.Error(seen)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// A script may lie anywhere: its path is the caller's, whatever --cwd says, and the caller's folder has no part in an absolute one.
func TestPathOfScript(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": "setInterval(() => {}, 1000)", "elsewhere/keep": ""})
	script := filepath.Join(p.dir, "app.js")
	p.dir = filepath.Join(p.dir, "elsewhere")
	p.ok("start", script, "--name", "absolute")
	p.ok("start", "../app.js", "--name", "relative", "-f")
	p.ok("start", "../app.js", "--name", "cwd", "-f", "--cwd", "/")
	for _, name := range []string{"absolute", "relative", "cwd"} {
		if out := p.ok("describe", name); !strings.Contains(out, script) {
			t.Errorf("%s is not %s:\n%s", name, script, out)
		}
	}
}
