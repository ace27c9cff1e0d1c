// Package node holds Roost against Node's own tests: an unmodified checkout of the `test` folder of Node 24.12, which is not part of this
// repository. Every test that doesn't use Node's private internals is expected to pass, but for those that expectations/<module>.jsonc
// names with a reason. A test that fails unexpectedly fails the run, and so does one that passes although it is listed: the list only
// ever gets shorter.
//
//	make conformance NODE_TEST=/path/to/node/test
//	NODE_TEST=... go test ./test/node -run 'TestNode/fs$'            one module
//	NODE_TEST=... NODE_TEST_ONLY=stream-pipe go test ./test/node     the tests whose name matches
//	NODE_TEST=... go test ./test/node -update                        writes the lists anew, keeping the reasons that still hold
package node

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write expectations/*.jsonc")

const timeout = 30 * time.Second

// modules are the groups of tests, by the start of their names; the first that fits counts.
var modules = []struct{ name, prefixes string }{
	{"fs", "fs|fastutf8stream|filehandle"}, {"stream", "stream|readable|pipeline|webstream|whatwg-(readable|writable|transform)|duplex|transform"},
	{"worker", "worker|broadcastchannel|messag"}, {"child_process", "child"}, {"vm", "vm"},
	{"process", "process|next|promise|unhandled|uncaught|warn|exit"}, {"buffer", "buffer|string-decoder|blob|file|btoa|atob"},
	{"events", "event|eventtarget|abort"}, {"timers", "timers|set|immediate|microtask|queue|clear|timer"}, {"async_hooks", "async|als|diagnostics"},
	{"url", "whatwg-(url|encoding|events)|url|querystring|punycode|urlpattern"}, {"module", "module|require|esm|compile|preload|import|cjs|find"},
	{"util", "console|util|assert|readline|path|os|perf|performance|stdin|stdout|stdio|tty|ttywrap|global|structured|icu|intl"}, {"zlib", "zlib"},
	{"test", "runner"}, {"repl", "repl"}, {"inspector", "inspector|v8|heap"}, {"sqlite", "sqlite"}, {"http", "http-"}, {"https", "https"},
	{"net", "net|pipe|socket|listen"}, {"tls", "tls"}, {"http2", "http2"}, {"dgram", "dgram"}, {"dns", "dns|c-ares"}, {"crypto", "crypto|x509"},
	{"webcrypto", "webcrypto"}, {"fetch", "fetch|websocket|eventsource"}, {"cluster", "cluster"}, {"other", ""},
}

// private are the tests of Node's inside, which no other program has.
var private = regexp.MustCompile(`--expose[-_]internals|internalBinding\(|require\(['"]internal/|node:internal|process\.binding\(`)

// outside are the tests of features that Roost does not have and of Node's own building and linting.
var outside = regexp.MustCompile(`^test-(eslint|quic|snapshot|node-output|v8-updates|internal|bootstrap|single-executable|sea|shadow-realm|shadow|wasm-web-api|domain|debugger|trace|startup|permission|code-cache|config|cli|gc-)`)

// atRoot are the tests whose working directory must be the root of Node's checkout.
var atRoot = regexp.MustCompile(`^test-runner-(run-)?coverage`)

var flagsLine = regexp.MustCompile(`(?m)^// Flags: (.*)$`)

// exceptions are what a module's file lists: test to reason.
type exceptions struct {
	Fail map[string]string `json:"fail"` // runs and must fail
	Skip map[string]string `json:"skip"` // is not run: it depends on the machine, or sometimes passes
}

func readExceptions(module string) (exceptions, error) {
	e := exceptions{Fail: map[string]string{}, Skip: map[string]string{}}
	text, err := os.ReadFile(filepath.Join("expectations", module+".jsonc"))
	if os.IsNotExist(err) {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	var lines [][]byte
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(bytes.TrimSpace(line), []byte("//")) {
			lines = append(lines, line)
		}
	}
	return e, json.Unmarshal(bytes.Join(lines, nil), &e)
}

func (e exceptions) write(module string) error {
	file := filepath.Join("expectations", module+".jsonc")
	if len(e.Fail) == 0 && len(e.Skip) == 0 {
		err := os.Remove(file)
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "// Tests of Node 24.12 for %s that do not pass, and why. All others of the module must. See test/node/node_test.go.\n{\n", module)
	section := func(name string, list map[string]string, comma string) {
		fmt.Fprintf(&out, "  %q: {", name)
		separator := "\n"
		for _, test := range slices.Sorted(maps.Keys(list)) {
			reason, _ := json.Marshal(list[test])
			fmt.Fprintf(&out, "%s    %q: %s", separator, test, reason)
			separator = ",\n"
		}
		if len(list) > 0 {
			out.WriteString("\n  ")
		}
		out.WriteString("}" + comma + "\n")
	}
	section("fail", e.Fail, ",")
	section("skip", e.Skip, "")
	out.WriteString("}\n")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(out.String()), 0o644)
}

func moduleOf(test string) string {
	for _, m := range modules {
		if regexp.MustCompile("^test-(" + m.prefixes + ")").MatchString(test) {
			return m.name
		}
	}
	return "other"
}

// result is how a test ended.
type result struct {
	ok, skipped bool
	reason      string // of a failure, one line
}

// run runs one test in a folder for temporary files of its own.
func run(t *testing.T, roost, parallel, test string, options []string) result {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, roost, append(slices.Clone(options), filepath.Join("parallel", test))...)
	cmd.Dir = filepath.Dir(parallel)
	if atRoot.MatchString(test) {
		cmd.Dir = filepath.Dir(cmd.Dir)
		cmd.Args[len(cmd.Args)-1] = filepath.Join(parallel, test)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 2 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // what it leaves running ends with it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	// The flags are given above, and Roost's own globals are no leak of the test's.
	cmd.Env = append(os.Environ(), "NODE_TEST_DIR="+t.TempDir(), "NODE_TEST_KNOWN_GLOBALS=0", "NO_COLOR=1", "NODE_SKIP_FLAG_CHECK=1")
	err := cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	r := result{ok: err == nil, skipped: strings.HasPrefix(out.String(), "1..0 # Skipped:")}
	switch {
	case ctx.Err() != nil:
		r.reason = fmt.Sprintf("runs longer than %v", timeout)
	case err != nil:
		r.reason = because(out.String(), err)
	}
	return r
}

// because finds the line that tells why a test failed.
func because(out string, err error) string {
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); regexp.MustCompile(`^\w*(Error|Exception)\b.*:`).MatchString(line) {
			return short(line)
		}
	}
	return err.Error()
}

func short(line string) string {
	if i := strings.Index(line, "/parallel/"); i >= 0 {
		line = line[:strings.LastIndexAny(line[:i], " '\"")+1] + line[i+len("/parallel/"):]
	}
	if len(line) > 120 {
		line = strings.ToValidUTF8(line[:120], "") + "..."
	}
	return line
}

func TestNode(t *testing.T) {
	root := os.Getenv("NODE_TEST")
	if root == "" {
		t.Skip("NODE_TEST does not name a checkout of Node's tests (see the comment of the package)")
	}
	roost := os.Getenv("ROOST")
	if roost == "" {
		var err error
		if roost, err = filepath.Abs("../../roost"); err != nil {
			t.Fatal(err)
		}
	}
	parallel, err := filepath.Abs(filepath.Join(root, "parallel"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(parallel)
	if err != nil {
		t.Fatal(err)
	}
	only := regexp.MustCompile(os.Getenv("NODE_TEST_ONLY"))
	tests := map[string][]string{} // by module
	options := map[string][]string{}
	for _, f := range files {
		name := f.Name()
		switch filepath.Ext(name) {
		case ".js", ".mjs", ".cjs":
		default:
			continue
		}
		if !strings.HasPrefix(name, "test-") || outside.MatchString(name) || !only.MatchString(name) {
			continue
		}
		source, err := os.ReadFile(filepath.Join(parallel, name))
		if err != nil {
			t.Fatal(err)
		}
		if private.Match(source) {
			continue
		}
		tests[moduleOf(name)] = append(tests[moduleOf(name)], name)
		for _, line := range flagsLine.FindAllSubmatch(source, -1) {
			options[name] = append(options[name], strings.Fields(string(line[1]))...)
		}
	}
	for _, module := range slices.Sorted(maps.Keys(tests)) {
		t.Run(module, func(t *testing.T) { runModule(t, module, roost, parallel, tests[module], options) })
	}
}

func runModule(t *testing.T, module, roost, parallel string, tests []string, options map[string][]string) {
	known, err := readExceptions(module)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	results := map[string]result{} // guarded by mu
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU())
	for _, test := range tests {
		if _, skip := known.Skip[test]; skip {
			continue
		}
		group.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; group.Done() }()
			r := run(t, roost, parallel, test, options[test])
			mu.Lock()
			defer mu.Unlock()
			results[test] = r
		}()
	}
	group.Wait()
	passed, ran := 0, 0
	failed := map[string]string{}
	for _, test := range slices.Sorted(maps.Keys(results)) {
		r := results[test]
		if r.skipped {
			continue
		}
		ran++
		reason, listed := known.Fail[test]
		switch {
		case r.ok:
			passed++
			if listed && !*update {
				t.Errorf("%s passes, but expectations/%s.jsonc says that it fails: take it out", test, module)
			}
		case listed:
			failed[test] = reason
		default:
			failed[test] = r.reason
			if !*update {
				t.Errorf("%s: %s", test, r.reason)
			}
		}
	}
	if ran > 0 {
		t.Logf("%s: %d of %d pass (%.1f %%)", module, passed, ran, 100*float64(passed)/float64(ran))
	}
	if *update {
		if err := (exceptions{Fail: failed, Skip: known.Skip}).write(module); err != nil {
			t.Fatal(err)
		}
	}
}

// TestExpectations holds the lists themselves: they must be readable, name each test once and give a reason.
func TestExpectations(t *testing.T) {
	files, err := filepath.Glob("expectations/*.jsonc")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		module := strings.TrimSuffix(filepath.Base(file), ".jsonc")
		e, err := readExceptions(module)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, list := range []map[string]string{e.Fail, e.Skip} {
			for test, reason := range list {
				if reason == "" {
					t.Errorf("%s: %s has no reason", file, test)
				}
				if moduleOf(test) != module {
					t.Errorf("%s: %s belongs to %s", file, test, moduleOf(test))
				}
			}
		}
		for test := range e.Skip {
			if _, both := e.Fail[test]; both {
				t.Errorf("%s: %s is listed twice", file, test)
			}
		}
	}
}
