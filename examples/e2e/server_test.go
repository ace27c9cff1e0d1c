package e2e

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	// startLimit is how long an application may take to its first answer; the very first start compiles it.
	startLimit = 60 * time.Second
	// runLimit ends a server that a hanging test would otherwise keep.
	runLimit = 3 * time.Minute
)

// A transcript collects what a program prints. Safe for concurrent use.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (o *transcript) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *transcript) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// A server is one run of an example that listens on addr.
type server struct {
	*process
	who  runner
	addr string
	// stdout and stderr may be read at any time; they are complete once ended is closed.
	stdout, stderr transcript
}

// launch starts entry without waiting for it to listen.
func (a *app) launch(t *testing.T, who runner, entry, port string, env ...string) *server {
	t.Helper()
	args := who.command(entry)
	s := &server{who: who, addr: net.JoinHostPort("127.0.0.1", port)}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = a.dir
	cmd.Env = append(environment(), append([]string{"PORT=" + port, "TMPDIR=" + t.TempDir()}, env...)...)
	cmd.Stdout, cmd.Stderr = &s.stdout, &s.stderr
	p, err := spawn(cmd)
	if err != nil {
		t.Fatal(err)
	}
	s.process = p
	timer := time.AfterFunc(runLimit, p.kill)
	t.Cleanup(func() {
		timer.Stop()
		p.kill()
		<-p.ended
		if t.Failed() {
			t.Logf("%s printed:\n%s%s", who.name, s.stdout.String(), s.stderr.String())
		}
	})
	return s
}

// start starts the application and waits until it listens.
func (a *app) start(t *testing.T, who runner, env ...string) *server {
	t.Helper()
	s := a.launch(t, who, "src/main.ts", freePort(t), env...)
	for deadline := time.Now().Add(startLimit); time.Now().Before(deadline); {
		conn, err := net.Dial("tcp", s.addr)
		if err == nil {
			conn.Close()
			return s
		}
		select {
		case <-s.ended:
			t.Fatalf("%s ended before it listened: %s\n%s%s", who.name, s.outcome(), s.stdout.String(), s.stderr.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatalf("%s doesn't listen after %v", who.name, startLimit)
	return nil
}

// outcome says how the program ended: "exit status 1", "signal: terminated".
func (s *server) outcome() string {
	return s.cmd.ProcessState.String()
}

// wait waits for the end of the program and says how it ended.
func (s *server) wait(t *testing.T, limit time.Duration) string {
	t.Helper()
	select {
	case <-s.ended:
		return s.outcome()
	case <-time.After(limit):
		t.Fatalf("%s is still running after %v", s.who.name, limit)
		return ""
	}
}

// alive fails the test when the program has ended.
func (s *server) alive(t *testing.T) {
	t.Helper()
	select {
	case <-s.ended:
		t.Fatalf("%s ended: %s", s.who.name, s.outcome())
	default:
	}
}

func (s *server) signal(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// environment is what every run sees: ours without what would change the answers.
func environment() []string {
	env := []string{"NO_COLOR=1", "TZ=UTC", "LANG=C.UTF-8"}
	for _, entry := range os.Environ() {
		switch name, _, _ := strings.Cut(entry, "="); name {
		case "NO_COLOR", "FORCE_COLOR", "TZ", "LANG", "LC_ALL", "PORT", "NODE_OPTIONS", "NODE_ENV", "NODE_PATH", "NODE_DEBUG", "DEBUG", "BIG_FILE":
		default:
			env = append(env, entry)
		}
	}
	return env
}

// freePort gives a port that was free a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

var (
	logPrefix = regexp.MustCompile(`(?m)^\[Nest\] \d+ +- .*?[AP]M +`)
	logDelay  = regexp.MustCompile(`(?m) \+\d+ms$`)
	logStack  = regexp.MustCompile(`(?m)^ +at .*\n`)
	portText  = regexp.MustCompile(`(?:127\.0\.0\.1|::):\d+`)
	nestID    = regexp.MustCompile(`\b[0-9a-f]{21}\b`)
	portField = regexp.MustCompile(`(?m)^  port: \d+`)
	// What an uncaught error starts with: where it was thrown, that line, and a caret below it.
	logSource  = regexp.MustCompile(`(?m)^(?:node:|internal:|file://|/)\S*:\d+\n(?:.*\n){1,4}?\s*\^+\n\n?`)
	logVersion = regexp.MustCompile(`(?m)^Node\.js v\S+`)
)

// normaliseLog takes out of a log what differs between any two runs: process id, times, ports and stack frames.
func normaliseLog(text string) []string {
	text = logPrefix.ReplaceAllString(text, "[Nest] ")
	text = logDelay.ReplaceAllString(text, "")
	text = logStack.ReplaceAllString(text, "")
	text = logSource.ReplaceAllString(text, "")
	text = logVersion.ReplaceAllString(text, "Node.js <version>")
	text = portText.ReplaceAllString(text, "<host>")
	text = nestID.ReplaceAllString(text, "<id>")
	text = portField.ReplaceAllString(text, "  port: <port>")
	return strings.Split(strings.TrimSpace(text), "\n")
}
