package binding

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"roost/internal/engine"
	"roost/internal/loop"
)

func TestMain(m *testing.M) {
	engine.Start("--expose-gc")
	os.Exit(m.Run())
}

// program is an isolate with its loop and the JavaScript half of requests and handles, cut down to what the tests need.
type program struct {
	*Env
	t      *testing.T
	thrown []string // what reached Uncaught
}

const halves = `
globalThis.callbacks = []; globalThis.log = []; globalThis.targets = [];
globalThis.request = (f) => callbacks.push(f) - 1;
const queue = []; let head = 0;
globalThis.settle = (...batch) => {
	queue.push(...batch);
	while (head < queue.length) {
		const f = callbacks[queue[head]], err = queue[head + 1], value = queue[head + 2];
		head += 3;
		f(err, value);
	}
	queue.length = head = 0;
};
globalThis.dispatch = (id, event, ...args) => targets[id]?.(event, ...args);`

func inProgram(t *testing.T, natives Natives, f func(p *program)) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l, err := loop.New()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := &program{Env: NewEnv(l), t: t}
	p.Isolate, err = engine.New(engine.Options{Host: p.Env, WakeFD: l.WakeFD()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Isolate.Dispose()
	defer p.Close()
	p.Uncaught = func(x *engine.Exception) { p.thrown = append(p.thrown, strings.SplitN(x.Error(), "\n", 2)[0]) }
	s := p.Isolate.Scope()
	defer s.Close()
	p.eval(halves)
	if err := p.Isolate.Set(p.Isolate.Global(), "engine", p.Isolate.EngineNatives()); err != nil {
		t.Fatal(err)
	}
	p.eval("engine.setCallback(5, (kind, code, message) => new globalThis[kind](message))")
	p.SetCallbacks(p.value("settle"), p.value("dispatch"))
	for name, native := range natives {
		if err := p.Isolate.Set(p.Isolate.Global(), name, p.Function(name, native)); err != nil {
			t.Fatal(err)
		}
	}
	f(p)
}

func (p *program) value(expression string) engine.Value {
	p.t.Helper()
	v, err := p.Isolate.RunScript(p.Isolate.String(expression), p.Isolate.String("test.js"))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// run runs the loop until nothing is left, as the runtime does: what settles last is posted to a loop that isn't alive any more.
func (p *program) run() {
	for {
		p.Loop.Run(loop.RunDefault)
		if !p.Loop.RunPosted() && !p.Loop.Alive() {
			return
		}
	}
}

func (p *program) eval(source string) { p.t.Helper(); p.value(source) }

func (p *program) want(expression, expected string) {
	p.t.Helper()
	if got := p.Isolate.Text(p.value("String(" + expression + ")")); got != expected {
		p.t.Errorf("%s: got %q, want %q", expression, got, expected)
	}
}

func TestRequestsSettleInOrder(t *testing.T) {
	var requests []*Request
	inProgram(t, Natives{"start": func(c *Call) { requests = append(requests, c.Request(0)) }}, func(p *program) {
		p.eval("for (let i = 0; i < 200; i++) start(request((err, v) => log.push(v)))")
		for k, r := range requests {
			r.Settle(Int(k))
			r.Settle(Int(-1)) // the first one counts
		}
		if !p.Loop.Alive() {
			t.Error("the loop is not alive with requests under way")
		}
		p.run()
		p.want("log.length + ',' + log.every((v, i) => v === i)", "200,true")
		if p.Loop.Alive() {
			t.Error("the loop is alive after all requests")
		}
		if (&Call{}).pins != nil {
			t.Error("a new call has pins")
		}
	})
}

func TestBatchGoesOnAfterAnException(t *testing.T) {
	var requests []*Request
	inProgram(t, Natives{"start": func(c *Call) { requests = append(requests, c.Request(0)) }}, func(p *program) {
		p.eval("for (let i = 0; i < 150; i++) start(request((err, v) => { log.push(v); if (v % 50 === 7) throw new Error('at ' + v); }))")
		for k, r := range requests {
			r.Settle(Int(k))
		}
		p.run()
		p.want("log.length + ',' + log.every((v, i) => v === i)", "150,true")
		if got := strings.Join(p.thrown, ";"); got != "Error: at 7;Error: at 57;Error: at 107" {
			t.Errorf("uncaught: %s", got)
		}
	})
}

func TestStopInTheMiddleOfABatch(t *testing.T) {
	var requests []*Request
	inProgram(t, Natives{
		"start": func(c *Call) { requests = append(requests, c.Request(0)) },
		"stop":  func(c *Call) { c.Env().Stop() },
	}, func(p *program) {
		p.Uncaught = func(*engine.Exception) { p.Stop() }
		p.eval("for (let i = 0; i < 10; i++) start(request((err, v) => { log.push(v); if (v === 4) throw 1; }))")
		for k, r := range requests {
			r.Settle(Int(k))
		}
		p.run()
		p.want("log.join()", "0,1,2,3,4")
	})
}

func TestSettleFromManyGoroutines(t *testing.T) {
	const n = 2000
	var wg sync.WaitGroup
	var running atomic.Int64
	inProgram(t, Natives{"start": func(c *Call) {
		r, k, pin := c.Request(0), c.Int(1), c.Pin(2)
		_ = pin
		wg.Add(1)
		running.Add(1)
		go func() {
			defer wg.Done()
			defer running.Add(-1)
			if k%3 == 0 {
				runtime.Gosched()
			}
			switch k % 4 {
			case 0:
				r.Settle(Int(k))
			case 1:
				r.Settle(Bytes([]byte{byte(k), byte(k >> 8)}))
			case 2:
				r.Settle(Fail(Error("ERR_TEST", "number %d", k)))
			case 3:
				go r.Settle(List(Int(k), String("x")))
				r.Settle(List(Int(k), String("x")))
			}
		}()
	}}, func(p *program) {
		p.eval(fmt.Sprintf(`globalThis.wrong = 0;
		for (let i = 0; i < %d; i++) start(request((err, v) => {
			const ok = i %% 4 === 0 ? v === i : i %% 4 === 1 ? v[0] + v[1] * 256 === (i & 65535) : i %% 4 === 2 ? err instanceof Error : v[0] === i;
			if (!ok || (err !== null) !== (i %% 4 === 2)) wrong++;
			log.push(i);
			if (i %% 100 === 0) gc();
		}), i, new Uint8Array(16))`, n))
		p.run()
		wg.Wait()
		p.want("wrong + ',' + log.length + ',' + new Set(log).size", fmt.Sprintf("0,%d,%d", n, n))
		if p.Loop.Alive() {
			t.Error("the loop is still alive")
		}
	})
}

func TestRunSyncAndAsync(t *testing.T) {
	inProgram(t, Natives{
		"double": func(c *Call) {
			n := c.Int(0)
			c.Run(1, func() Result {
				if n < 0 {
					return Fail(Syscall("double", &fs.PathError{Err: syscall.ENOENT}, "a", "b"))
				}
				return Int(2 * n)
			})
		},
		"panics": func(c *Call) { c.RunSlow(0, func() Result { panic("in work") }) },
		"sum": func(c *Call) {
			p := c.Pin(0)
			c.Run(1, func() Result {
				sum := 0
				for _, b := range p.Bytes() {
					sum += int(b)
				}
				return Int(sum)
			})
		},
	}, func(p *program) {
		const caught = "(() => { try { return %s; } catch (e) { return e.message; } })()"
		p.want("double(21)", "42")
		p.want(fmt.Sprintf(caught, "double(-1)"), "ENOENT: no such file or directory, double 'a' -> 'b'")
		p.want(fmt.Sprintf(caught, "panics()"), "internal error: in work")
		p.want("sum(new Uint8Array([1, 2, 3]))", "6")
		p.want("sum('no bytes')", "0")
		p.eval(`const to = (name) => request((err, v) => log.push(name + ':' + (err === null ? v : err.message)));
			double(4, to('a')); double(-1, to('b')); panics(to('c')); sum(new Uint8Array(100).fill(2), to('d')); gc();`)
		p.run()
		p.want("log.sort().join()", "a:8,b:ENOENT: no such file or directory, double 'a' -> 'b',c:internal error: in work,d:200")
	})
}

func TestPinsAreReleased(t *testing.T) {
	var pin, kept *Pin
	var request *Request
	inProgram(t, Natives{
		"call":  func(c *Call) { pin = c.Pin(0) },
		"start": func(c *Call) { kept = c.Pin(1); request = c.Request(0) },
		"panic": func(c *Call) { pin = c.Pin(0); panic("x") },
	}, func(p *program) {
		p.eval("call(new Uint8Array(8))")
		if pin.Bytes() != nil {
			t.Error("the pin of a call outlives it")
		}
		p.eval("start(request(() => {}), new Uint8Array(8).fill(9)); gc()")
		if b := kept.Bytes(); len(b) != 8 || b[7] != 9 {
			t.Error("the pin of a request was released before it settled")
		}
		request.Settle(Undefined)
		p.run()
		if kept.Bytes() != nil {
			t.Error("the pin of a request outlives it")
		}
		p.eval("try { panic(new Uint8Array(8)); } catch {}")
		p.eval("call(new Uint8Array(8))") // the next call finds a clean slate
	})
}

type handle struct{ closed int }

func TestHandles(t *testing.T) {
	inProgram(t, nil, func(p *program) {
		h := &handle{}
		id := p.Adopt(h)
		if p.Handle(id) != h || p.Handle(0) != nil || p.Handle(-1) != nil || p.Handle(id+1) != nil || p.Handles() != 1 {
			t.Error("Handle finds the wrong thing")
		}
		p.eval(fmt.Sprintf("targets[%d] = (event, ...args) => log.push(event + ':' + args.join())", id))
		p.Emit(id, 3, Int(1), String("x"))
		p.Emit(id, 4)
		p.Emit(id+1, 5)
		p.want("log.join(';')", "3:1,x;4:")
		p.Drop(id)
		p.Drop(id)
		if p.Handle(id) != nil || p.Handles() != 0 {
			t.Error("Drop leaves the handle")
		}
		if again := p.Adopt(h); again == id {
			t.Error("a number is used again at once")
		}
		p.Stop()
		p.Emit(id, 6)
		p.want("log.length", "2")
	})
}

func TestEnvCloses(t *testing.T) {
	var order []string
	inProgram(t, nil, func(p *program) {
		type key struct{}
		v := p.State(key{}, func() any { return 1 })
		if v != 1 || p.State(key{}, func() any { return 2 }) != 1 {
			t.Error("State makes its value twice")
		}
		p.OnClose(func() { order = append(order, "first") })
		p.OnClose(func() { order = append(order, "second") })
	})
	if got := strings.Join(order, ","); got != "second,first" {
		t.Errorf("closed in the order %s", got)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{Syscall("open", &fs.PathError{Op: "open", Path: "/x", Err: syscall.ENOENT}, "/x"), "ENOENT: no such file or directory, open '/x'"},
		{Syscall("rename", syscall.EXDEV, "a", "b"), "EXDEV: cross-device link not permitted, rename 'a' -> 'b'"},
		{Syscall("read", fs.ErrClosed), "EBADF: bad file descriptor, read"},
		{Syscall("stat", fmt.Errorf("wrapped: %w", fs.ErrNotExist)), "ENOENT: no such file or directory, stat"},
		{Syscall("odd", errors.New("something else")), "EIO: something else, odd"},
		{Named("ENOTFOUND", -3008, "getaddrinfo", "getaddrinfo ENOTFOUND x"), "getaddrinfo ENOTFOUND x"},
		{TypeError("ERR_X", "a %d", 1), "a 1"},
	} {
		if test.err.Error() != test.want {
			t.Errorf("got %q, want %q", test.err.Error(), test.want)
		}
	}
}
