package engine

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	Start("--expose-gc")
	os.Exit(m.Run())
}

// host runs natives by their index.
type host struct {
	natives  []func(c *Call)
	requests int
}

func (h *host) Native(index int, c *Call) { h.natives[index](c) }
func (h *host) Request(delta int)         { h.requests += delta }

// world is an isolate with its host, inside an open scope.
type world struct {
	*Isolate
	t    testing.TB
	host *host
}

// inIsolate runs f in an isolate of its own on a locked thread and disposes of it.
func inIsolate(t testing.TB, o Options, f func(w *world)) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	h := &host{}
	o.Host = h
	if o.WakeFD == 0 {
		o.WakeFD = -1
	}
	i, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Dispose()
	s := i.Scope()
	defer s.Close()
	f(&world{i, t, h})
}

// define makes a global function of a native.
func (w *world) define(name string, f func(c *Call)) {
	w.host.natives = append(w.host.natives, f)
	if err := w.Set(w.Global(), name, w.NewNative(len(w.host.natives)-1, name)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) eval(source string) (Value, error) {
	return w.RunScript(w.String(source), w.String("test.js"))
}

// must evaluates and gives the result as text.
func (w *world) must(source string) string {
	w.t.Helper()
	v, err := w.eval("String(" + source + ")")
	if err != nil {
		w.t.Fatalf("%s: %v", source, err)
	}
	return w.Text(v)
}

// run evaluates statements.
func (w *world) run(source string) {
	w.t.Helper()
	if _, err := w.eval(source); err != nil {
		w.t.Fatalf("%s: %v", source, err)
	}
}

func (w *world) want(source, expected string) {
	w.t.Helper()
	if got := w.must(source); got != expected {
		w.t.Errorf("%s: got %q, want %q", source, got, expected)
	}
}

// closer counts its Close calls.
type closer struct{ n *int }

func (c closer) Close() error { *c.n++; return nil }

func TestIsolatesMadeAndDisposed(t *testing.T) {
	closed := 0
	for range 50 {
		inIsolate(t, Options{}, func(w *world) {
			w.define("ref", func(c *Call) { c.Return(Ref(closer{&closed})) })
			w.run("globalThis.held = ref(); const a = []; for (let i = 0; i < 1000; i++) a.push({ i })")
			if w.Refs() != 1 {
				t.Fatalf("%d refs", w.Refs())
			}
		})
	}
	if closed != 50 {
		t.Errorf("%d refs were closed by disposal, want 50", closed)
	}
}

func TestArguments(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.define("f", func(*Call) {})
		for _, test := range []struct {
			js string
			ok func(c *Call) bool
		}{
			{"", func(c *Call) bool {
				return c.Len() == 0 && c.IsUndefined(0) && c.String(0) == "" && c.Value(3).IsZero()
			}},
			{"undefined, null", func(c *Call) bool { return c.Len() == 2 && c.IsUndefined(0) && c.IsUndefined(1) }},
			{"1, -1, 2 ** 31, 0.5", func(c *Call) bool {
				return c.Int(0) == 1 && c.Int(1) == -1 && c.Int(2) == 1<<31 && c.Float(3) == 0.5 && c.Int(3) == 0 && c.IsNumber(0)
			}},
			{"NaN, Infinity, -Infinity, 2 ** 63", func(c *Call) bool {
				return c.Int64(0) == 0 && c.Int64(1) == math.MaxInt64 && c.Int64(2) == math.MinInt64 && c.Int64(3) == math.MaxInt64
			}},
			{"-0", func(c *Call) bool { return math.Signbit(c.Float(0)) }},
			{"true, false", func(c *Call) bool { return c.Bool(0) && !c.Bool(1) && !c.Bool(2) && !c.IsUndefined(0) }},
			{"'', 'abc', 'h\\u00e9', '\\u20ac\\u{1f600}', '\\ud800x'", func(c *Call) bool {
				return c.String(0) == "" && c.IsString(0) && c.String(1) == "abc" && c.String(2) == "hé" && c.String(3) == "€😀" && c.String(4) == "\ufffdx"
			}},
			{"'x'.repeat(300000), 'é'.repeat(300000), '€'.repeat(300000)", func(c *Call) bool {
				return c.String(0) == strings.Repeat("x", 300000) && c.String(1) == strings.Repeat("é", 300000) && c.String(2) == strings.Repeat("€", 300000)
			}},
			{"new Uint8Array([1, 2]), new Uint8Array([1, 2, 3, 4]).subarray(1, 3), new Uint16Array([258]), new DataView(new ArrayBuffer(3), 1)", func(c *Call) bool {
				return bytes.Equal(c.Bytes(0), []byte{1, 2}) && bytes.Equal(c.Bytes(1), []byte{2, 3}) && bytes.Equal(c.Bytes(2), []byte{2, 1}) && len(c.Bytes(3)) == 2 && c.IsBytes(3)
			}},
			{"new ArrayBuffer(4), new Uint8Array(0), new SharedArrayBuffer(8)", func(c *Call) bool {
				return len(c.Bytes(0)) == 4 && c.IsBytes(1) && c.Bytes(1) == nil && len(c.Bytes(2)) == 8
			}},
			{"1n, -1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 70n", func(c *Call) bool {
				return c.Int64(0) == 1 && c.Int64(1) == -1 && uint64(c.Int64(2)) == 1<<63 && uint64(c.Int64(3)) == math.MaxUint64 && c.Int64(4) == 0 && !c.Value(4).IsZero()
			}},
			{"['a', 1, 'é', '€'], [1, 'x', 2.5], []", func(c *Call) bool {
				s, f := c.Strings(0), c.Floats(1)
				return len(s) == 3 && s[1] == "é" && s[2] == "€" && len(f) == 3 && f[1] == 0 && f[2] == 2.5 && len(c.Strings(2)) == 0 && c.IsArray(2)
			}},
			{"{}, () => 1, Symbol()", func(c *Call) bool {
				return !c.Value(0).IsZero() && !c.Value(0).IsFunction() && c.Value(1).IsFunction() && !c.Value(2).IsZero() && c.Ref(0) == nil && c.Bytes(0) == nil
			}},
			{"...new Array(40).fill(7)", func(c *Call) bool { return c.Len() == 16 && c.Int(15) == 7 }},
			{"'wrong', {}", func(c *Call) bool {
				return c.Int(0) == 0 && c.Bytes(0) == nil && c.Ref(0) == nil && c.Strings(0) == nil && !c.Bool(0) && c.String(1) == "" && c.Int(9) == 0
			}},
		} {
			ran, ok := false, false
			w.host.natives[0] = func(c *Call) { ran, ok = true, test.ok(c) }
			w.run("f(" + test.js + ")")
			if !ran || !ok {
				t.Errorf("f(%.60s): ran %v, arguments as expected %v", test.js, ran, ok)
			}
		}
	})
}

func TestResults(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		var result Result
		w.define("f", func(c *Call) { c.Return(result) })
		w.run(`globalThis.show = (v) => v === null ? 'null' : typeof v === 'object' ? v.constructor.name + ':' +
			JSON.stringify(v instanceof ArrayBuffer ? [...new Uint8Array(v)] : ArrayBuffer.isView(v) ? [...v].map(String) : v) : Object.is(v, -0) ? '-0' : typeof v + ':' + String(v)`)
		for _, test := range []struct {
			r    Result
			want string
		}{
			{Undefined, "undefined:undefined"}, {Null, "null"}, {True, "boolean:true"}, {False, "boolean:false"}, {Result{}, "undefined:undefined"},
			{Number(1.5), "number:1.5"}, {Int(-7), "number:-7"}, {Number(math.Copysign(0, -1)), "-0"}, {Number(math.NaN()), "number:NaN"},
			{Int(uint64(1) << 53), "number:9007199254740992"}, {BigInt(-5), "bigint:-5"}, {BigUint(math.MaxUint64), "bigint:18446744073709551615"},
			{String(""), "string:"}, {String("abc"), "string:abc"}, {String("é€😀"), "string:é€😀"}, {String("a\x00b"), "string:a\x00b"}, {String("\xff"), "string:\ufffd"},
			{Latin1([]byte{0x61, 0xe9}), "string:aé"}, {Bytes([]byte{1, 2}), `Uint8Array:["1","2"]`}, {Bytes(nil), `Uint8Array:[]`},
			{ArrayBuffer([]byte{3}), "ArrayBuffer:[3]"}, {Float64s([]float64{1.5, -2}), `Float64Array:["1.5","-2"]`}, {Float64s(nil), `Float64Array:[]`},
			{BigInts([]int64{math.MinInt64}), `BigInt64Array:["-9223372036854775808"]`},
			{List(), "Array:[]"}, {List(Int(1), String("x"), List(Null, True)), `Array:[1,"x",[null,true]]`}, {Strings([]string{"a", "é"}), `Array:["a","é"]`},
			{Object(String("a"), Int(1), String("b"), Object(String("c"), List(Undefined))), `Object:{"a":1,"b":{"c":[null]}}`},
			{Object(String("__proto__"), Int(1)), `Object:{"__proto__":1}`},
			{Handle(Value{}), "undefined:undefined"}, {Handle(w.String("h")), "string:h"},
		} {
			result = test.r
			w.want("show(f())", test.want)
			v, err := w.Make(test.r)
			if err != nil {
				t.Errorf("Make for %s: %v", test.want, err)
				continue
			}
			show, _ := w.Get(w.Global(), "show")
			text, err := w.Call(show, Value{}, Handle(v))
			if err != nil || w.Text(text) != test.want {
				t.Errorf("Make: got %q (%v), want %q", w.Text(text), err, test.want)
			}
		}
		// Large ones, through the same scratch memory.
		result = String(strings.Repeat("é", 1<<20))
		w.want("f().length", "1048576")
		result = Bytes(bytes.Repeat([]byte{7}, 3<<20))
		w.want("f().reduce((a, b) => a + b, 0)", fmt.Sprint(7*3<<20))
		many := make([]Result, 5000)
		for k := range many {
			many[k] = String(fmt.Sprint(k))
		}
		result = List(many...)
		w.want("f()[4999] + f().length", "49995000")
	})
}

func TestRefsAreDroppedByCollection(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		closed := 0
		w.define("ref", func(c *Call) { c.Return(Ref(closer{&closed})) })
		w.define("is", func(c *Call) { _, ok := c.Ref(0).(closer); c.Return(Bool(ok)) })
		w.run("globalThis.kept = ref(); (() => { for (let i = 0; i < 100; i++) ref(); })()")
		w.want("is(kept) + ',' + is({}) + ',' + is(undefined) + ',' + is(Object.create(kept))", "true,false,false,false")
		w.CollectGarbage()
		if closed != 100 || w.Refs() != 1 {
			t.Errorf("%d closed and %d refs left, want 100 and 1", closed, w.Refs())
		}
		w.run("kept = undefined")
		w.CollectGarbage()
		if closed != 101 || w.Refs() != 0 {
			t.Errorf("%d closed and %d refs left, want 101 and 0", closed, w.Refs())
		}
	})
}

func TestPinsOutliveTheirBuffer(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		var pins []*Pin
		w.define("pin", func(c *Call) { pins = append(pins, c.Pin(0)) })
		w.run("(() => { for (let i = 0; i < 64; i++) pin(new Uint8Array(1000).fill(i)); pin(new Uint8Array(0)); pin('x'); })()")
		for range 3 {
			w.CollectGarbage()
			w.run("(() => { for (let i = 0; i < 200; i++) new Uint8Array(1000).fill(255); })()")
		}
		for k, p := range pins[:64] {
			if b := p.Bytes(); len(b) != 1000 || b[0] != byte(k) || b[999] != byte(k) {
				t.Fatalf("pin %d lost its memory", k)
			}
			p.Bytes()[0] = 1
			p.Release()
			p.Release()
			if p.Bytes() != nil {
				t.Fatal("a released pin has bytes")
			}
		}
		if pins[64].Bytes() != nil || pins[65] != nil {
			t.Error("pins of nothing have bytes")
		}
		pins[64].Release()
		pins[65].Release()
	})
}

// Small typed arrays lie in V8's heap, where they move: natives get a copy, and what they write is put back.
func TestSmallArrays(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.define("sum", func(c *Call) {
			n := 0
			for k := range c.Len() {
				for _, b := range c.Bytes(k) {
					n += int(b)
				}
			}
			c.Return(Number(float64(n)))
		})
		w.define("write", func(c *Call) { copy(c.Bytes(0), "abc") })
		w.define("through", func(c *Call) {
			b := c.Bytes(0)
			if _, err := w.Call(c.Value(1), Value{}); err != nil {
				c.Fail(err)
				return
			}
			w.CollectGarbage()
			if c.Bool(2) {
				b[1] = 9
			}
		})
		var pins []*Pin
		w.define("pin", func(c *Call) {
			c.Bytes(0)[0] = 5
			pins = append(pins, c.Pin(0))
		})
		for source, want := range map[string]string{
			"sum(new Uint8Array([1, 2, 3]), new Uint8Array(0), new Uint8Array(64).fill(1), new Uint8Array(65).fill(1))":                        "135",
			"sum(new Uint16Array([257, 1]), new DataView(new Uint8Array([7]).buffer), new Uint8Array([1, 2, 3]).subarray(1))":                  "15",
			"{ const a = new Uint8Array(4); write(a); String(a) }":                                                                             "97,98,99,0",
			"{ const a = new Uint8Array(2); write(a); write(a); String(a) }":                                                                   "97,98",
			"{ const a = new Uint32Array(16); write(a); String(a[0]) }":                                                                        "6513249",
			"{ const a = new Uint8Array(3); through(a, () => { a[0] = 4 }, false); String(a) }":                                                "4,0,0",
			"{ const a = new Uint8Array(3); through(a, () => { for (let i = 0; i < 1e5; i++) new Uint8Array(8) }, true); String(a) }":          "0,9,0",
			"{ const a = new Uint8Array(3); through(a, () => { a.buffer.transfer() }, true); String(a.length) }":                               "0",
			"{ const a = new Uint8Array(3); try { through(a, () => { throw 1 }, true) } catch {} String(a) }":                                  "0,0,0",
			"{ const a = new Uint8Array(3); through(a, () => through(a, () => write(a), true), false); String(a) }":                            "97,9,99",
			"{ const a = new Uint8Array(300).fill(1); const all = Array.from({ length: 15 }, () => new Uint8Array(60).fill(1)); sum(...all) }": "900",
			"{ const a = globalThis.pinned = new Uint8Array(3); pin(a); String(a) }":                                                           "5,0,0",
		} {
			if got := w.must(fmt.Sprintf("eval(%q)", source)); got != want {
				t.Errorf("%s: %s, want %s", source, got, want)
			}
		}
		pins[0].Bytes()[2] = 6
		if got := w.must("String(pinned)"); got != "5,0,6" {
			t.Errorf("a pinned array has %s", got)
		}
		pins[0].Release()
	})
}

func TestExceptionsPassThroughGo(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.define("call", func(c *Call) {
			v, err := w.Call(c.Value(0), Value{})
			if err != nil {
				c.Fail(err)
				return
			}
			c.Return(Handle(v))
		})
		w.define("fail", func(c *Call) { c.Fail(errors.New("of Go")) })
		w.define("swallow", func(c *Call) {
			_, err := w.Call(c.Value(0), Value{})
			var x *Exception
			c.Return(Bool(errors.As(err, &x) && !x.Terminated))
		})
		w.want("call(() => call(() => 42))", "42")
		w.want("(() => { const e = new Error('mine'); try { call(() => { throw e; }); } catch (x) { return x === e; } })()", "true")
		w.want("(() => { try { call(() => { throw undefined; }); } catch (x) { return x === undefined; } })()", "true")
		w.want("(() => { try { call(() => fail()); } catch (x) { return x instanceof Error && x.message; } })()", "of Go")
		w.want("swallow(() => { throw 1; }) + ',' + swallow(() => 1)", "true,false")
		_, err := w.eval("\n  throw new TypeError('where')")
		var x *Exception
		if !errors.As(err, &x) || x.File != "test.js" || x.Line != 2 || !strings.Contains(x.Source, "throw new TypeError") || !strings.HasPrefix(x.Error(), "TypeError: where") {
			t.Errorf("exception: %+v", x)
		}
		_, err = w.eval("syntax error here")
		if !errors.As(err, &x) || x.Line != 1 || !strings.Contains(x.Error(), "SyntaxError") {
			t.Errorf("syntax error: %+v", x)
		}
	})
}

func TestPanicBecomesAnError(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.define("index", func(c *Call) { var s []int; _ = s[c.Int(0)] })
		w.define("text", func(c *Call) { panic("plain") })
		w.define("nested", func(c *Call) { w.Call(c.Value(0), Value{}); panic(errors.New("after")) })
		w.want("(() => { try { index(5); } catch (e) { return e instanceof Error && /^internal error: .*index out of range.* at .*engine_test|engine\\.Test/.test(e.message); } })()", "true")
		w.want("(() => { try { text(); } catch (e) { return e.message; } })()", "internal error: plain")
		w.want("(() => { try { nested(() => text()); } catch (e) { return e.message; } })()", "internal error: after")
		if w.depth != 0 {
			t.Errorf("depth is %d after panics", w.depth)
		}
	})
}

func TestStackOverflowIsRangeError(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.define("through", func(c *Call) {
			v, err := w.Call(c.Value(0), Value{})
			if err != nil {
				c.Fail(err)
				return
			}
			c.Return(Handle(v))
		})
		for range 3 {
			w.want("(() => { const f = () => f() + 1; try { f(); } catch (e) { return e instanceof RangeError && e.message; } })()", "Maximum call stack size exceeded")
			w.want("(() => { let n = 0; const f = () => { n++; return through(f); }; try { f(); } catch (e) { return e instanceof RangeError && n > 100; } })()", "true")
		}
		// The rest of the engine is well after it.
		w.want("through(() => 1)", "1")
		if w.depth != 0 {
			t.Errorf("depth is %d", w.depth)
		}
	})
}

func TestTermination(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.define("call", func(c *Call) {
			if _, err := w.Call(c.Value(0), Value{}); err != nil {
				c.Fail(err)
			}
		})
		for _, loop := range []string{"for (;;);", "call(() => { for (;;); })", "try { for (;;); } finally { for (;;); }"} {
			started := make(chan bool)
			w.define("start", func(c *Call) { close(started) })
			go func() {
				<-started
				time.Sleep(5 * time.Millisecond)
				w.Terminate()
			}()
			_, err := w.eval("start(); " + loop)
			var x *Exception
			if !errors.As(err, &x) || !x.Terminated {
				t.Fatalf("%s: %v", loop, err)
			}
			w.CancelTerminate()
			w.want("1 + 1", "2")
		}
	})
}

func TestMicrotasksAreExplicit(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.run("globalThis.log = []; Promise.resolve().then(() => log.push('micro')); log.push('sync')")
		w.want("log.join()", "sync")
		if !w.Drain() {
			t.Fatal("an exception in the drain")
		}
		w.want("log.join()", "sync,micro")
		// CallTop drains when it is the outermost call.
		f, err := w.eval("(() => { Promise.resolve().then(() => log.push('after')); log.push('call'); })")
		if err != nil {
			t.Fatal(err)
		}
		p := w.Keep(f)
		defer p.Release()
		w.EnterMain()
		if !w.CallTop(p) {
			t.Fatal("CallTop failed")
		}
		w.want("log.join()", "sync,micro,call")
		w.LeaveMain()
		w.Drain()
		w.want("log.join()", "sync,micro,call,after")
		bad, _ := w.eval("(() => { throw new Error('top'); })")
		q := w.Keep(bad)
		defer q.Release()
		if w.CallTop(q) {
			t.Error("CallTop of a throwing function says ok")
		}
		if x := w.TakeException(); !strings.Contains(x.Error(), "top") {
			t.Errorf("exception: %v", x)
		}
	})
}

func TestModulesInACycle(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		compile := func(name, source string) Module {
			m, _, err := w.CompileModule(w.String(source), w.String(name), nil)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		a := compile("a", "import { b, late } from 'b'; import n from 'native'; export const a = 'a'; export const seen = b + n; export const lateSeen = () => late();")
		b := compile("b", "import { a } from 'a'; export const b = 'b'; export const late = () => a;")
		n, err := w.SyntheticModule(w.String("native"), []string{"default"})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(a.Requests(), ","); got != "b,native" {
			t.Errorf("requests: %s", got)
		}
		a.Link([]Module{b, n})
		b.Link([]Module{a})
		if err := a.Instantiate(); err != nil {
			t.Fatal(err)
		}
		if err := n.SetExport("default", w.String("!")); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Evaluate(); err != nil {
			t.Fatal(err)
		}
		if a.Status() != Evaluated || b.Status() != Evaluated {
			t.Errorf("status %d and %d", a.Status(), b.Status())
		}
		if err := w.Set(w.Global(), "ns", a.Namespace()); err != nil {
			t.Fatal(err)
		}
		w.want("ns.seen + ns.lateSeen() + Object.keys(ns)", "b!aa,lateSeen,seen")

		bad := compile("bad", "import { nothing } from 'b';")
		bad.Link([]Module{b})
		if err := bad.Instantiate(); err == nil || !strings.Contains(err.Error(), "does not provide an export named 'nothing'") {
			t.Errorf("missing export: %v", err)
		}
		throws := compile("throws", "throw new Error('at the top')")
		throws.Link(nil)
		if err := throws.Instantiate(); err != nil {
			t.Fatal(err)
		}
		promise, err := throws.Evaluate()
		if err != nil {
			t.Fatal(err)
		}
		if state, _ := w.Promise(promise); state != Rejected || throws.Status() != Errored || !strings.Contains(throws.Err().Error(), "at the top") {
			t.Errorf("state %d, status %d, %v", state, throws.Status(), throws.Err())
		}
		waits := compile("waits", "export const v = await Promise.resolve(3);")
		waits.Link(nil)
		if err := waits.Instantiate(); err != nil {
			t.Fatal(err)
		}
		promise, err = waits.Evaluate()
		if err != nil {
			t.Fatal(err)
		}
		if state, _ := w.Promise(promise); state != Pending {
			t.Errorf("top-level await: state %d before the drain", state)
		}
		w.Drain()
		if state, _ := w.Promise(promise); state != Fulfilled {
			t.Errorf("top-level await: state %d after the drain", state)
		}
	})
}

func TestCodeCache(t *testing.T) {
	const source = "return a + 1; function f() { return 2; }"
	var function, module []byte
	inIsolate(t, Options{}, func(w *world) {
		f, _, err := w.CompileFunction(w.String(source), w.String("f.js"), []string{"a"}, nil, Value{})
		if err != nil {
			t.Fatal(err)
		}
		function = w.FunctionCache(f)
		m, _, err := w.CompileModule(w.String("export const a = 1;"), w.String("m.js"), nil)
		if err != nil {
			t.Fatal(err)
		}
		module = m.Cache()
		if len(function) == 0 || len(module) == 0 {
			t.Fatal("no code cache")
		}
	})
	inIsolate(t, Options{}, func(w *world) {
		f, rejected, err := w.CompileFunction(w.String(source), w.String("f.js"), []string{"a"}, function, Value{})
		if err != nil || rejected {
			t.Fatalf("the cache of the same function: rejected %v, %v", rejected, err)
		}
		if v, err := w.Call(f, Value{}, Int(2)); err != nil || w.text(v) != "3" {
			t.Errorf("cached function gives %q, %v", w.text(v), err)
		}
		if _, rejected, err := w.CompileModule(w.String("export const a = 1;"), w.String("m.js"), module); err != nil || rejected {
			t.Errorf("the cache of the same module: rejected %v, %v", rejected, err)
		}
		if _, rejected, err := w.CompileFunction(w.String(source+" //"), w.String("f.js"), []string{"a"}, function, Value{}); err != nil || !rejected {
			t.Errorf("the cache of another source: rejected %v, %v", rejected, err)
		}
	})
	// Each in an isolate of its own: what was compiled there before is found without the cache. V8 checks the head of a cache (its checksum
	// is for debug builds): internal/codecache guards the rest with its own.
	damaged := append([]byte(nil), function...)
	damaged[0] ^= 0xff
	for name, cached := range map[string][]byte{"damaged": damaged, "half": function[:len(function)/2], "rubbish": {1, 2, 3}} {
		inIsolate(t, Options{}, func(w *world) {
			f, rejected, err := w.CompileFunction(w.String(source), w.String("f.js"), []string{"a"}, cached, Value{})
			if err != nil || !rejected {
				t.Fatalf("a %s cache: rejected %v, %v", name, rejected, err)
			}
			if v, err := w.Call(f, Value{}, Int(2)); err != nil || w.text(v) != "3" {
				t.Errorf("compiled without its %s cache: %q, %v", name, w.text(v), err)
			}
		})
	}
}

// text gives any value as text.
func (w *world) text(v Value) string {
	str, _ := w.Get(w.Global(), "String")
	s, err := w.Call(str, Value{}, Handle(v))
	if err != nil {
		return err.Error()
	}
	return w.Text(s)
}

// TestOutOfMemory runs itself in a process of its own that exhausts a small heap.
func TestOutOfMemory(t *testing.T) {
	if os.Getenv("ENGINE_TEST_OOM") == "1" {
		inIsolate(t, Options{MaxOldBytes: 20 << 20}, func(w *world) {
			w.eval("const a = []; for (;;) a.push({ a: new Array(100).fill(1.5) })")
		})
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestOutOfMemory$")
	cmd.Env = append(os.Environ(), "ENGINE_TEST_OOM=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the process did not fail: %v\n%s", err, out)
	}
	if s, ok := exit.Sys().(syscall.WaitStatus); !ok || !s.Signaled() || s.Signal() != syscall.SIGABRT {
		t.Errorf("the process ended with %v, want SIGABRT (134 in a shell)", exit)
	}
	const fatal = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"
	if !bytes.Contains(out, []byte(fatal)) || bytes.Contains(out, []byte("goroutine ")) || bytes.Contains(out, []byte("SIGABRT: abort")) {
		t.Errorf("want %q and no dump of Go's:\n%s", fatal, out)
	}
}

// TestGCStress calls natives of each kind with a collection before and after each piece of work.
func TestGCStress(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.define("work", func(c *Call) {
			s := c.Isolate().Scope()
			defer s.Close()
			text, b, ref, f := c.String(0), c.Bytes(1), c.Ref(2), c.Value(3)
			before := append([]byte(nil), b...)
			c.Isolate().CollectGarbage()
			if !bytes.Equal(b, before) || c.String(0) != text || c.Ref(2) != ref {
				c.Fail(errors.New("arguments changed in a collection"))
				return
			}
			v, err := w.Call(f, Value{}, String(text), Bytes(b), Handle(c.Value(2)), List(String("é"), Ref(closer{new(int)})))
			if err != nil {
				c.Fail(err)
				return
			}
			c.Isolate().CollectGarbage()
			if w.Text(v) != text {
				c.Fail(errors.New("the result changed in a collection"))
				return
			}
			c.Return(Object(String("text"), String(text), String("bytes"), Bytes(b), String("list"), List(Float64s([]float64{1}), Ref(closer{new(int)}))))
		})
		w.define("ref", func(c *Call) { c.Isolate().CollectGarbage(); c.Return(Ref(closer{new(int)})) })
		w.run(`for (let i = 0; i < 20; i++) {
			const text = 'text €' + i;
			const r = work(text, new Uint8Array([i, i + 1]), ref(), (t, b, r, list) => { gc(); if (b[1] !== i + 1 || list[0] !== 'é') throw new Error('arguments'); return t; });
			gc();
			if (r.text !== text || r.bytes[0] !== i || r.list[0][0] !== 1) throw new Error('result');
		}`)
		w.CollectGarbage()
		w.CollectGarbage()
		if w.Refs() != 0 {
			t.Errorf("%d refs are left", w.Refs())
		}
	})
}

func benchmarkNative(b *testing.B, arguments string, f func(c *Call)) {
	inIsolate(b, Options{}, func(w *world) {
		w.define("f", f)
		loop, err := w.eval("((n, bytes) => { for (let i = 0; i < n; i++) f(" + arguments + "); })")
		if err != nil {
			b.Fatal(err)
		}
		run := func(n int) {
			s := w.Scope()
			defer s.Close()
			if _, err := w.Call(loop, Value{}, Int(n), Bytes(make([]byte, 1024))); err != nil {
				b.Fatal(err)
			}
		}
		run(20000) // until it is optimised
		b.ReportAllocs()
		b.ResetTimer()
		run(b.N)
	})
}

// BenchmarkNativeCall measures one crossing from JavaScript to Go and back. The bar is 120 ns on a quiet machine.
func BenchmarkNativeCall(b *testing.B) {
	b.Run("number", func(b *testing.B) {
		benchmarkNative(b, "i", func(c *Call) { c.Return(Number(c.Float(0) + 1)) })
	})
	b.Run("number,string,Uint8Array", func(b *testing.B) {
		sum := 0
		benchmarkNative(b, "i, 'hello world', bytes", func(c *Call) {
			sum += len(c.String(1)) + len(c.Bytes(2))
			c.Return(Number(c.Float(0) + 1))
		})
	})
}

// BenchmarkCallTop measures one call from the loop into JavaScript, with its drain.
func BenchmarkCallTop(b *testing.B) {
	inIsolate(b, Options{}, func(w *world) {
		f, err := w.eval("((a, b) => a + b)")
		if err != nil {
			b.Fatal(err)
		}
		p := w.Keep(f)
		defer p.Release()
		b.ReportAllocs()
		for b.Loop() {
			if !w.CallTop(p, Int(1), Int(2)) {
				b.Fatal("exception")
			}
		}
	})
}
