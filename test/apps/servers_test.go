package apps

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A service is a server of the machine's that tests share: it starts at first use and ends with the test program.
type service struct {
	name string
	// needs are the programs that it takes, looked for on the PATH and in the folders where Debian keeps them.
	needs []string
	// launch starts the server and gives the environment variables that tell scripts where it is.
	launch func(s *instance) ([]string, error)

	once    sync.Once
	missing string
	env     []string
	err     error
}

// An instance is a server that runs, or is on its way.
type instance struct {
	dir      string
	as       *syscall.Credential
	programs map[string]string
	log      transcript

	running []*process
	ends    syscall.Signal // how the server is asked to end; SIGTERM when zero
}

// started holds what runs, guarded by mu.
var started struct {
	mu        sync.Mutex
	instances []*instance
}

// use starts the service if that has not happened yet, and gives its variables; a test whose server is not on the machine is skipped.
func (s *service) use(t *testing.T) []string {
	t.Helper()
	s.once.Do(s.start)
	if s.missing != "" {
		t.Skipf("%s is not on this machine (no %s)", s.name, s.missing)
	}
	if s.err != nil {
		t.Fatalf("%s: %v", s.name, s.err)
	}
	return s.env
}

func (s *service) start() {
	i := &instance{programs: map[string]string{}}
	for _, program := range s.needs {
		path := find(program)
		if path == "" {
			s.missing = program
			return
		}
		i.programs[program] = path
	}
	if s.err = i.prepare(); s.err != nil {
		return
	}
	started.mu.Lock()
	started.instances = append(started.instances, i)
	started.mu.Unlock()
	if s.env, s.err = s.launch(i); s.err != nil {
		s.err = fmt.Errorf("%w\n%s", s.err, i.log.String())
	}
}

// prepare makes the folder that the server's user may write to.
func (i *instance) prepare() (err error) {
	if i.as, err = unprivileged(); err != nil {
		return err
	}
	if i.dir, err = os.MkdirTemp("", "roost-apps-"); err != nil {
		return err
	}
	return i.own(i.dir)
}

// own gives a file or folder to the server's user.
func (i *instance) own(path string) error {
	if i.as == nil {
		return nil
	}
	return os.Chown(path, int(i.as.Uid), int(i.as.Gid))
}

// write makes a file of the server's user in its folder and gives its path.
func (i *instance) write(name, text string) (string, error) {
	path := filepath.Join(i.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return "", err
	}
	return path, i.own(path)
}

func (i *instance) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(i.programs[program], args...)
	cmd.Dir = i.dir
	cmd.Env = append(os.Environ(), "HOME="+i.dir, "TMPDIR="+i.dir, "LC_ALL=C")
	cmd.Stdout, cmd.Stderr = &i.log, &i.log
	return cmd
}

// run runs a command of the server's user to its end.
func (i *instance) run(cmd *exec.Cmd) error {
	if err := runAs(cmd, i.as, time.Minute); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
	}
	return nil
}

// serve starts the server.
func (i *instance) serve(cmd *exec.Cmd) (*process, error) {
	p, err := spawn(cmd, i.as)
	if err == nil {
		i.running = append(i.running, p)
	}
	return p, err
}

// until waits for something of a server that runs.
func (i *instance) until(p *process, what string, ready func() bool) error {
	deadline := time.Now().Add(time.Minute)
	for !ready() {
		select {
		case <-p.ended:
			return fmt.Errorf("ended before %s: %v", what, p.err)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no %s within a minute", what)
		}
	}
	return nil
}

// listening waits until a server that runs accepts connections.
func (i *instance) listening(p *process, port string) error {
	return i.until(p, "listening", func() bool {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// stopServices ends all servers, those that others need last.
func stopServices() {
	started.mu.Lock()
	defer started.mu.Unlock()
	for _, i := range started.instances {
		sig := i.ends
		if sig == 0 {
			sig = syscall.SIGTERM
		}
		for n := len(i.running) - 1; n >= 0; n-- {
			i.running[n].stop(sig)
		}
		os.RemoveAll(i.dir)
	}
}

// find looks for a server's program where Debian keeps it too; the newest version first.
func find(program string) string {
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	for _, folder := range []string{"/usr/lib/postgresql/*/bin", "/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin"} {
		found, _ := filepath.Glob(filepath.Join(folder, program))
		if len(found) > 0 {
			return found[len(found)-1]
		}
	}
	return ""
}

// freePort gives a port of the loopback that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

func freePorts(n int) ([]string, error) {
	var listeners []net.Listener
	var ports []string
	defer func() {
		for _, l := range listeners {
			l.Close()
		}
	}()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		listeners = append(listeners, l)
		_, port, _ := net.SplitHostPort(l.Addr().String())
		ports = append(ports, port)
	}
	return ports, nil
}

// A transcript holds what a server prints.
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
	return strings.TrimSpace(o.text.String())
}
