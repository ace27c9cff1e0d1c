// Package e2e runs the example applications end to end: it installs their packages, starts `./roost src/main.ts` in
// each of them, speaks HTTP to it and holds the answers against those of Node 24.
//
// It owns the processes that it starts: each is a process group that ends with its test, and with the test program.
// It imports nothing of Roost: it sees what a user sees.
//
// The answers of Node are recorded in testdata. Where there is a Node 24 (on the PATH, or named by ROOST_REFERENCE)
// the same requests go to it too, running the application as tsc compiled it, and those answers are the measure.
//
//	go test ./examples/e2e                                           Roost against the recorded answers
//	ROOST_REFERENCE=/path/to/node go test ./examples/e2e -update     records the answers of that Node
//	ROOST_REFERENCE=/path/to/node go test ./examples/e2e -subject reference    tests the tests: Node in Roost's place
//	ROOST=/path/to/roost go test ./examples/e2e                      another Roost than the one in the repository
package e2e

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

var (
	update  = flag.Bool("update", false, "record the answers of the reference (ROOST_REFERENCE, or Node 24 on the PATH) in testdata")
	subject = flag.String("subject", "roost", "what is tested: roost, or reference")
)

// installLimit is how long one `npm ci` may take.
const installLimit = 4 * time.Minute

// A runner is a program that can run an example: Roost from its source, or the reference from what tsc made of it.
// Immutable once made.
type runner struct {
	name string
	path string
	// compiled says that the program runs dist/*.js rather than src/*.ts.
	compiled bool
}

// command gives the arguments that run entry ("src/main.ts").
func (r runner) command(entry string) []string {
	if !r.compiled {
		return []string{r.path, entry}
	}
	built := "dist/" + strings.TrimSuffix(strings.TrimPrefix(entry, "src/"), ".ts") + ".js"
	return []string{r.path, "--enable-source-maps", "--import", "../e2e/testdata/paths.mjs", built}
}

// reference finds the Node whose answers are the measure; ok is false where there is none.
var reference = sync.OnceValues(func() (runner, error) {
	path, named := os.LookupEnv("ROOST_REFERENCE")
	if !named {
		var err error
		if path, err = exec.LookPath("node"); err != nil {
			return runner{}, nil
		}
	}
	out, err := exec.Command(path, "--version").Output()
	version := strings.TrimSpace(string(out))
	switch {
	case named && err != nil:
		return runner{}, fmt.Errorf("ROOST_REFERENCE=%s: %w", path, err)
	case named || strings.HasPrefix(version, "v24.") && !isRoost(path):
		// Another major version than the one that Roost follows would measure by other rules, so only 24 is taken unasked.
		return runner{name: "Node " + version, path: path, compiled: true}, nil
	}
	return runner{}, nil
})

// isRoost tells a `node` that is a link to Roost from the real one.
func isRoost(path string) bool {
	out, err := exec.Command(path, "-p", "process.versions.roost").Output()
	return err == nil && strings.TrimSpace(string(out)) != "undefined"
}

func roost() (runner, error) {
	path := os.Getenv("ROOST")
	if path == "" {
		path = filepath.Join("..", "..", "roost")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return runner{}, err
	}
	if _, err := os.Stat(path); err != nil {
		return runner{}, fmt.Errorf("there is no program to test, run make first: %w", err)
	}
	return runner{name: "Roost", path: path}, nil
}

// tested gives the program that the test is about.
func tested(t *testing.T) runner {
	t.Helper()
	if testing.Short() {
		t.Skip("end-to-end tests take their packages from npm; -short leaves them out")
	}
	var who runner
	var err error
	switch {
	case *update || *subject == "reference":
		if who, err = reference(); err == nil && who.path == "" {
			err = fmt.Errorf("there is no reference: set ROOST_REFERENCE to a Node 24")
		}
	case *subject == "roost":
		who, err = roost()
	default:
		err = fmt.Errorf("-subject is roost or reference, not %q", *subject)
	}
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// An app is one of the example folders, with its packages installed.
type app struct {
	name string
	dir  string

	install func() error
	build   func() error
}

var apps = map[string]*app{}

func init() {
	for _, name := range []string{"hello", "hello-fastify", "cats", "files"} {
		dir, err := filepath.Abs(filepath.Join("..", name))
		if err != nil {
			panic(err)
		}
		a := &app{name: name, dir: dir}
		a.install = sync.OnceValue(a.installPackages)
		a.build = sync.OnceValue(a.buildReference)
		apps[name] = a
	}
}

// prepare gives the application ready for who.
func prepare(t *testing.T, name string, who runner) *app {
	t.Helper()
	a := apps[name]
	if err := a.install(); err != nil {
		t.Fatal(err)
	}
	if who.compiled {
		if err := a.build(); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// installPackages runs `npm ci` unless node_modules is already what the lock file says. It holds a lock on the lock
// file, so that two test runs don't install into each other.
func (a *app) installPackages() error {
	unlock, err := lockFile(filepath.Join(a.dir, "package-lock.json"))
	if err != nil {
		return err
	}
	defer unlock()
	want, err := os.ReadFile(filepath.Join(a.dir, "package-lock.json"))
	if err != nil {
		return err
	}
	// The copy is written after a complete install only: half an install has none.
	stamp := filepath.Join(a.dir, "node_modules", ".installed-lock.json")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, want) {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("npm is needed to install the packages of examples/%s (go test -short leaves these tests out): %w", a.name, err)
	}
	cmd := exec.Command(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	if out, err := runLimited(cmd, a.dir, installLimit); err != nil {
		return fmt.Errorf("npm ci in examples/%s: %w\n%s", a.name, err, out)
	}
	return os.WriteFile(stamp, want, 0o666)
}

// buildReference compiles the application with tsc, as `npm run build` does.
func (a *app) buildReference() error {
	who, err := reference()
	if err != nil {
		return err
	}
	unlock, err := lockFile(filepath.Join(a.dir, "package-lock.json"))
	if err != nil {
		return err
	}
	defer unlock()
	cmd := exec.Command(who.path, "node_modules/typescript/lib/tsc.js", "-p", "tsconfig.build.json", "--incremental", "false")
	if out, err := runLimited(cmd, a.dir, time.Minute); err != nil {
		return fmt.Errorf("tsc in examples/%s: %w\n%s", a.name, err, out)
	}
	return nil
}

// runLimited runs cmd in dir and gives what it printed; it ends the whole process group after limit.
func runLimited(cmd *exec.Cmd, dir string, limit time.Duration) ([]byte, error) {
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	p, err := spawn(cmd)
	if err != nil {
		return nil, err
	}
	timer := time.AfterFunc(limit, p.kill)
	defer timer.Stop()
	<-p.ended
	if !timer.Stop() {
		return out.Bytes(), fmt.Errorf("still running after %v", limit)
	}
	return out.Bytes(), p.err
}
