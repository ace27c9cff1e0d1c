// Package behaviour runs the behaviour tests of the builtins: every .js, .mjs and .ts file in a testdata folder of internal/node,
// internal/web and internal/module, each in its own process with a kill timer. Exit code 0 is a pass; a first line
// "// Expect-exit: N" asks for another code. A file whose first line is "// Flags: ..." gets these options.
//
//	go test ./test/behaviour -run 'TestBehaviour/node/fs'
//	ROOST=/usr/bin/node go test ./test/behaviour      the same files on Node 24
package behaviour

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// timeout ends a test that hangs; none needs more than some seconds of a processor, but others may have it.
const timeout = 3 * time.Minute

func program(t *testing.T) string {
	t.Helper()
	if p := os.Getenv("ROOST"); p != "" {
		return p
	}
	p, err := filepath.Abs("../../roost")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(p); err != nil {
		t.Fatalf("%s is missing: run make first", p)
	}
	return p
}

func TestBehaviour(t *testing.T) {
	roost := program(t)
	var files []string
	for _, pattern := range []string{"node/*/testdata/*", "web/*/testdata/*", "module/*/testdata/*"} {
		found, err := filepath.Glob(filepath.Join("../../internal", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	ran := 0
	slots := make(chan struct{}, runtime.NumCPU())
	for _, file := range files {
		switch filepath.Ext(file) {
		case ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts":
		default:
			continue
		}
		ran++
		path, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel("../../internal", file)
		t.Run(strings.Replace(name, "/testdata/", "/", 1), func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			run(t, roost, path)
		})
	}
	if ran == 0 {
		t.Fatal("no behaviour test was found")
	}
}

func run(t *testing.T, roost, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	want := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		if !strings.HasPrefix(line, "//") {
			break
		}
		if f, ok := strings.CutPrefix(line, "// Flags: "); ok {
			flags = append(flags, strings.Fields(f)...)
		}
		if n, ok := strings.CutPrefix(line, "// Expect-exit: "); ok {
			if want, err = strconv.Atoi(strings.TrimSpace(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, roost, append(flags, path)...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "NODE_DISABLE_COLORS=1")
	cmd.WaitDelay = time.Second
	// A test that fails, or is killed, takes along what it has started.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	out, err := cmd.CombinedOutput()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		t.Fatalf("killed after %v\n%s", timeout, out)
	case err != nil && !errors.As(err, &exit):
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		t.Fatalf("exit code %d, want %d\n%s", got, want, out)
	}
}
