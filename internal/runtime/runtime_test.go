package runtime

import (
	"bytes"
	"encoding/base64"
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

// TestMain turns the test binary into a program when the environment names a script: each program needs a process of its own.
func TestMain(m *testing.M) {
	if script := os.Getenv("RUNTIME_TEST_SCRIPT"); script != "" {
		runtime.LockOSThread()
		limit, _ := strconv.ParseUint(os.Getenv("RUNTIME_TEST_HEAP"), 10, 64)
		os.Exit(Run(Config{Argv0: os.Args[0], ExecPath: os.Args[0], Script: script, HeapLimit: limit, V8Flags: "--expose-gc",
			Options: map[string]string{}}))
	}
	os.Exit(m.Run())
}

// program runs files, by name and content; the first one is the script.
func program(t *testing.T, environment []string, files ...string) (stdout, stderr string, exit *exec.ExitError) {
	t.Helper()
	dir := t.TempDir()
	for k := 0; k < len(files); k += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[k]), []byte(files[k+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), "RUNTIME_TEST_SCRIPT="+filepath.Join(dir, files[0])), environment...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// It hangs; the longest needs half a minute of a processor, which others may have.
	kill := time.AfterFunc(4*time.Minute, func() { cmd.Process.Kill() })
	defer kill.Stop()
	err := cmd.Wait()
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), exit
}

func TestExitCodes(t *testing.T) {
	for _, test := range []struct {
		source, stdout, stderr string
		code                   int
	}{
		{"console.log('ok')", "ok\n", "", 0},
		{"process.exitCode = 3", "", "", 3},
		{"process.on('exit', (c) => console.log('exit', c)); setTimeout(() => process.exit(4), 1); setInterval(() => {}, 1e6)", "exit 4\n", "", 4},
		{"throw new Error('thrown')", "", "Error: thrown", 1},
		{"Promise.reject(new Error('rejected'))", "", "Error: rejected", 1},
		{"process.on('uncaughtException', (e) => console.log('caught', e.message)); setImmediate(() => { throw new Error('a'); }); setTimeout(() => console.log('on'), 300)", "caught a\non\n", "", 0},
		{"const f = () => f(); try { f(); } catch (e) { console.log(e instanceof RangeError); }", "true\n", "", 0},
		{"let n = 0; process.on('beforeExit', () => { if (n++ < 2) setTimeout(() => console.log(n), 1); })", "1\n2\n", "", 0},
	} {
		stdout, stderr, exit := program(t, nil, "main.js", test.source)
		code := 0
		if exit != nil {
			code = exit.ExitCode()
		}
		if code != test.code || stdout != test.stdout || !strings.Contains(stderr, test.stderr) || test.stderr == "" && stderr != "" {
			t.Errorf("%s\nexit code %d, want %d\nstdout %q, want %q\nstderr %q, want %q", test.source, code, test.code, stdout, test.stdout, stderr, test.stderr)
		}
	}
}

func TestHeapLimit(t *testing.T) {
	_, stderr, exit := program(t, []string{"RUNTIME_TEST_HEAP=" + strconv.Itoa(24<<20)}, "main.js", "const a = []; for (;;) a.push({ a: new Array(100).fill(1.5) })")
	if exit == nil {
		t.Fatal("the program did not fail")
	}
	if s, ok := exit.Sys().(syscall.WaitStatus); !ok || !s.Signaled() || s.Signal() != syscall.SIGABRT {
		t.Errorf("ended with %v, want SIGABRT", exit)
	}
	if !strings.Contains(stderr, "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory") || strings.Contains(stderr, "goroutine ") {
		t.Errorf("stderr:\n%s", stderr)
	}
}

// The module: imports log of ./env.mjs, exports add, a global g, memory and "odd name"; its start function logs 42.
const wasm = "AGFzbQEAAAABDgNgAX8AYAJ/fwF/YAAAAhEBCS4vZW52Lm1qcwNsb2cAAAMDAgECBQMBAAEGBgF/AEEHCwcfBANhZGQAAQFnAwAGbWVtb3J5AgAIb2RkIG5hbWUAAQgBAgoQAgcAIAAgAWoLBgBBKhAACw=="

func TestWebAssemblyModules(t *testing.T) {
	binary, err := base64.StdEncoding.DecodeString(wasm)
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, exit := program(t, nil, "main.mjs", `import * as ns from './a.wasm';
		import { add } from './a.wasm';
		import { seen } from './env.mjs';
		console.log(add(1, 2), ns.g, ns.memory.constructor.name, Object.keys(ns).join(), seen.join(), ns['odd name'](3, 4), (await import('./a.wasm')) === ns);
		await import('./bad.wasm').catch((e) => console.log(e.name));
		console.log(Object.getOwnPropertyNames(globalThis).filter((n) => n.includes('wasm')).length);`,
		"a.wasm", string(binary), "bad.wasm", "nonsense", "env.mjs", "export const seen = []; export function log(n) { seen.push(n); }")
	if want := "3 7 Memory add,g,memory,odd name 42 7 true\nCompileError\n0\n"; exit != nil || stdout != want || !strings.Contains(stderr, "ExperimentalWarning: Importing WebAssembly module instances") {
		t.Errorf("%v\nstdout %q, want %q\nstderr %s", exit, stdout, want, stderr)
	}
}
