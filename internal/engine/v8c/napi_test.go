package v8c

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

// requests counts what keeps the loop alive, for the isolate of the test.
var requests atomic.Int64

// buildAddon compiles a source of testdata/napi into an addon.
func buildAddon(t *testing.T, source string, flags ...string) string {
	t.Helper()
	cxx := os.Getenv("CXX")
	if cxx == "" {
		cxx = "g++"
	}
	if _, err := exec.LookPath(cxx); err != nil {
		t.Skip("no C++ compiler: ", err)
	}
	out := filepath.Join(t.TempDir(), strings.TrimSuffix(source, ".cc")+".node")
	args := []string{"-std=c++20", "-shared", "-fPIC", "-O1", "-Wall", "-I.", filepath.Join("testdata", "napi", source), "-o", out}
	if runtime.GOOS == "darwin" {
		args = append(args, "-undefined", "dynamic_lookup")
	}
	if b, err := exec.Command(cxx, append(args, flags...)...).CombinedOutput(); err != nil {
		t.Fatalf("compiling the addon: %v\n%s", err, b)
	}
	return out
}

// inIsolate runs f in an isolate of its own, on a locked thread, and disposes of it.
func inIsolate(t *testing.T, f func(i Isolate)) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	SetHost(Host{
		Native:     func(uintptr, int, []Slot, []Value, *Slot) []Slot { return nil },
		RefDropped: func(uintptr, uint64) {},
		Request:    func(_ uintptr, delta int) { requests.Add(int64(delta)) },
	})
	Init("--expose-gc")
	requests.Store(0)
	i := New(Options{ID: 1, WakeFD: -1, StackBytes: 984 << 10})
	f(i)
	i.DisposeAddons()
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests are left after disposal", n)
	}
	i.Dispose()
}

// eval runs source as a script. A scope must be open.
func eval(t *testing.T, i Isolate, source string) Value {
	t.Helper()
	v := i.RunScript(text(i, source), text(i, "test.js"), 0, 0, 0)
	if v == 0 {
		e := i.TakeException()
		t.Fatalf("uncaught in the script, line %d: %s", e.Line, i.DetailString(e.Value))
	}
	return v
}

// text makes a string value through the scratch memory.
func text(i Isolate, s string) Value {
	p := i.Scratch(len(s) + 1)
	copy(unsafe.Slice((*byte)(p), len(s)), s)
	slot := Slot{Tag: UTF8, Len: uint64(len(s))}
	slot.SetPtr(p)
	return i.ValueOf([]Slot{slot})
}

func loadAddon(t *testing.T, i Isolate, path string) {
	t.Helper()
	addon := i.LoadAddon(path, 0, eval(t, i, "({})"))
	if addon == 0 {
		t.Fatal(i.DetailString(i.TakeException().Value))
	}
	i.SetNamed(i.Global(), "addon", addon)
}

func TestAddon(t *testing.T) {
	path := buildAddon(t, "addon.cc")
	script, err := os.ReadFile(filepath.Join("testdata", "napi", "script.js"))
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "log")
	t.Setenv("ROOST_NAPI_LOG", log)
	inIsolate(t, func(i Isolate) {
		scope := i.OpenScope()
		defer i.CloseScope(scope)
		loadAddon(t, i, path)
		eval(t, i, "var failures = [], finished = false;"+
			"(function (addon, gc, check, done, LEAVE_SCOPES, EXTERNAL_BUFFERS) {"+string(script)+"\n})"+
			"(addon, gc, (ok, what) => { if (!ok) failures.push(what); }, () => { finished = true; }, 13, '22 22');")
		i.Drain()
		runUntil(t, i, "finished")
		if got := i.StringUTF8(eval(t, i, `failures.join("\n")`)); got != "" {
			t.Error(got)
		}
	})
	got, _ := os.ReadFile(log)
	want := "leftover hook\nasync hook\nhook 3\nhook 1\nthread saw closing\nexternal\ninstance data\n"
	if string(got) != want {
		t.Errorf("teardown:\n%s\nwant:\n%s", got, want)
	}
}

// runUntil turns the task queue until the expression is true, a few seconds at most.
func runUntil(t *testing.T, i Isolate, condition string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; {
		scope := i.OpenScope()
		stop := i.StringUTF8(eval(t, i, "String("+condition+")")) == "true"
		i.CloseScope(scope)
		if stop {
			return
		}
		if time.Now().After(end) {
			t.Fatal("timed out waiting for ", condition)
		}
		if i.RunTasks() != 0 {
			time.Sleep(100 * time.Microsecond)
		}
	}
}

func TestAddonUncaught(t *testing.T) {
	path := buildAddon(t, "addon.cc")
	inIsolate(t, func(i Isolate) {
		scope := i.OpenScope()
		defer i.CloseScope(scope)
		loadAddon(t, i, path)
		eval(t, i, "addon.ThrowLater()")
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
			i.RunTasks()
			e := i.TakeException()
			if e == nil {
				continue
			}
			if got := i.DetailString(e.Value); !strings.Contains(got, "later") {
				t.Errorf("uncaught: %q", got)
			}
			return
		}
		t.Error("the exception of a complete callback got lost")
	})
}

// A termination goes through native frames: no JavaScript below them runs on.
func TestAddonTerminate(t *testing.T) {
	path := buildAddon(t, "addon.cc")
	inIsolate(t, func(i Isolate) {
		scope := i.OpenScope()
		defer i.CloseScope(scope)
		loadAddon(t, i, path)
		go func() {
			time.Sleep(50 * time.Millisecond)
			i.Terminate()
		}()
		src := "var after = false; try { addon.CallThrough(() => { for (;;); }, null); after = true; } catch { after = true; } after = true;"
		if v := i.RunScript(text(i, src), text(i, "loop.js"), 0, 0, 0); v != 0 {
			t.Error("the script went on to its end")
		}
		if e := i.TakeException(); e == nil || !e.Terminated {
			t.Errorf("got %+v, want a termination", e)
		}
		i.CancelTerminate()
		if got := i.StringUTF8(eval(t, i, "String(after)")); got != "false" {
			t.Error("JavaScript ran on after the termination")
		}
	})
}

// Work that is queued and running when the isolate goes is waited for or cancelled.
func TestAddonPendingWorkAtDispose(t *testing.T) {
	path := buildAddon(t, "addon.cc")
	inIsolate(t, func(i Isolate) {
		scope := i.OpenScope()
		defer i.CloseScope(scope)
		loadAddon(t, i, path)
		eval(t, i, "for (let k = 0; k < 50; k++) addon.Square(k);")
	})
}

func TestAddonErrors(t *testing.T) {
	dir := t.TempDir()
	noAddon := filepath.Join(dir, "text.node")
	if err := os.WriteFile(noAddon, bytes.Repeat([]byte("x"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	plain := buildAddon(t, "plain.cc")
	newer := buildAddon(t, "plain.cc", "-DWITH_VERSION=99")
	cpp := buildAddon(t, "plain.cc", "-DWITH_CPP_API")
	throws := buildAddon(t, "plain.cc", "-DWITH_THROW")
	missing := buildAddon(t, "plain.cc", "-DWITH_MISSING")
	old := buildAddon(t, "plain.cc", "-DWITH_REGISTER")
	inIsolate(t, func(i Isolate) {
		scope := i.OpenScope()
		defer i.CloseScope(scope)
		load := func(path string) string {
			if i.LoadAddon(path, 0, eval(t, i, "({})")) != 0 {
				return "loaded"
			}
			e := i.TakeException().Value
			i.SetNamed(i.Global(), "e", e)
			return i.StringUTF8(eval(t, i, "e.code + ': ' + e.message"))
		}
		for _, c := range []struct{ name, path, want string }{
			{"no file", "/nonexistent.node", "ERR_DLOPEN_FAILED: /nonexistent.node: cannot open shared object file"},
			{"no library", noAddon, "ERR_DLOPEN_FAILED: " + noAddon},
			{"no addon", plain, "ERR_DLOPEN_FAILED: Module did not self-register: '" + plain + "'."},
			{"too new", newer, "undefined: " + newer + " requires Node-API version 99, but this version of Node.js only supports version 10 add-ons."},
			{"V8's C++ API", cpp, "ERR_DLOPEN_FAILED: The module '" + cpp + "' uses V8's C++ API."},
			{"missing symbol", missing, "ERR_DLOPEN_FAILED: " + missing + ": undefined symbol: no_such_function"},
			{"throws", throws, "E_INIT: no"},
			{"registers itself", old, "loaded"},
			{"registers itself, again", old, "loaded"},
		} {
			if got := load(c.path); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			}
		}
	})
}
