// Package engine is the Go API over V8: isolates, values, natives, modules. It hides v8c; nobody above sees "C".
//
// One isolate belongs to one locked OS thread: every method runs there unless its comment says "any goroutine".
// A Value lives as long as the innermost Scope; natives get one around each call. Call and CallTop may run user code:
// hold no lock across them. The package knows no loop and no Node.
package engine

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"roost/internal/engine/v8c"
	"roost/internal/vitals"
)

// Host answers what JavaScript asks of Go.
type Host interface {
	// Native runs the native with this index. c is valid until it returns.
	Native(index int, c *Call)
	// Request adds delta to the number of operations that keep the loop alive.
	Request(delta int)
}

// Options configure an isolate. Sizes are bytes, 0 is V8's default.
type Options struct {
	Host           Host
	WakeFD         int // eventfd written (8 bytes) when V8 has a foreground task; -1: none
	MaxOldBytes    uint64
	MaxYoungBytes  uint64
	CodeRange      uint64
	StackBytes     uint64 // stack for JavaScript; 0: 984 KiB
	PhysicalMemory uint64 // memory of machine or container, from which V8 derives its defaults
	ContextName    string // what debuggers call the isolate's main context; "": program and process
}

// Isolate is one JavaScript heap with its main context.
type Isolate struct {
	onTerminate  atomic.Pointer[func()]
	c            v8c.Isolate
	id           uintptr
	host         Host
	calls        []*Call // one per depth of native calls; reused
	depth        int
	refs         map[uint64]any
	nextRef      uint64
	disposed     bool
	slotDepth    int
	texts        texts
	slots        []v8c.Slot // C memory, where results are encoded
	bytes        []byte     // C memory, the bytes of what slots hold
	outbox       *v8c.Outbox
	lent         [][]byte      // Go memory that slots point to: on the heap, and alive
	inspector    InspectorHost // nil: no session of Go's
	nearLimit    []func(current, initial uint64) uint64
	stopsAtLimit bool
	breakable    func(begins bool)
	held         int      // Holds; isolate's thread
	inside       []func() // what waits for their end
}

var (
	startOnce sync.Once
	isolates  [4096]*Isolate // index is the id; an entry is written before its thread runs JavaScript, read by that thread
	freeMu    sync.Mutex     // guards used
	used      [4096]bool
)

// languageFlags turn on what Node 24 has on and this build of V8 13.6 leaves off. The flags stay changeable after the start, for
// v8.setFlagsFromString and for the engine's own collections. Positions come with the code: docs/rationale.md, "Why are source positions never
// collected later?".
const languageFlags = "--js-explicit-resource-management --js-float16array --no-freeze-flags-after-init --no-concurrent-array-buffer-sweeping " +
	"--no-enable-lazy-source-positions "

// Start initialises V8 with flags in V8's command-line form ("--expose-gc --stack-size=900"). Only the first call counts.
func Start(flags string) {
	startOnce.Do(func() {
		v8c.SetHost(v8c.Host{Native: native, RefDropped: refDropped, Request: func(id uintptr, delta int) { isolates[id].host.Request(delta) },
			InspectorMessage: inspectorMessage, InspectorEvent: inspectorEvent, NearHeapLimit: nearHeapLimit,
			Breakable: breakable})
		v8c.Init(languageFlags + flags)
	})
}

// Version is V8's version, such as "13.6.233.10".
func Version() string { return v8c.Version() }

// FilterFlags sets the flags that V8 knows and gives the others. It must run before Start.
func FilterFlags(flags []string) []string {
	if len(flags) == 0 {
		return nil
	}
	return v8c.FilterFlags(flags)
}

// Abort ends the process as abort(3) does, past Go's own signal report.
func Abort() { v8c.Abort() }

// SetFlags changes V8's flags at run time (v8.setFlagsFromString).
func SetFlags(flags string) { v8c.SetFlags(flags) }

// Flush writes out what V8 itself has printed. Call it before the process ends.
func Flush() { v8c.Flush() }

// TrimBlocking gives free memory of C's heap, V8's compilers' among it, back to the kernel. Any goroutine.
func TrimBlocking() { v8c.Trim() }

// LimitArenas sets how many arenas C's heap has at most; glibc's default is eight for each processor. Before isolates are made.
func LimitArenas(n int) { v8c.LimitArenas(n) }

// CacheVersion tags code cache data with V8's version and flags.
func CacheVersion() uint32 { return v8c.CacheVersion() }

// New makes an isolate and enters it on the calling thread, which must stay locked (runtime.LockOSThread) until Dispose.
func New(o Options) (*Isolate, error) {
	Start("")
	freeMu.Lock()
	id := 0
	for k := 1; k < len(used); k++ {
		if !used[k] {
			id, used[k] = k, true
			break
		}
	}
	freeMu.Unlock()
	if id == 0 {
		return nil, fmt.Errorf("engine: more than %d isolates in one process", len(used)-1)
	}
	if o.StackBytes == 0 {
		o.StackBytes = 984 << 10
	}
	i := &Isolate{id: uintptr(id), host: o.Host, refs: map[uint64]any{}}
	isolates[id] = i
	i.c = v8c.New(v8c.Options{ID: i.id, WakeFD: o.WakeFD, MaxOldBytes: o.MaxOldBytes, MaxYoungBytes: o.MaxYoungBytes,
		CodeRange: o.CodeRange, StackBytes: o.StackBytes, PhysicalMemory: o.PhysicalMemory, ContextName: o.ContextName})
	return i, nil
}

// Dispose ends the isolate: every ref is dropped, every handle invalid.
func (i *Isolate) Dispose() {
	if i.disposed {
		return
	}
	i.disposed = true
	i.c.Dispose()
	isolates[i.id] = nil
	freeMu.Lock()
	used[i.id] = false
	freeMu.Unlock()
}

// Terminate stops the running JavaScript with an uncatchable exception. Any goroutine, while the isolate lives.
func (i *Isolate) Terminate() {
	i.c.Terminate()
	if f := i.onTerminate.Load(); f != nil {
		(*f)()
	}
}

// OnTerminate makes f what Terminate calls, on its goroutine: to wake an isolate's thread that waits for something else than JavaScript.
func (i *Isolate) OnTerminate(f func()) { i.onTerminate.Store(&f) }

// CancelTerminate lets JavaScript run again. Any goroutine.
func (i *Isolate) CancelTerminate() { i.c.CancelTerminate() }

// IsTerminating tells whether a termination is under way.
func (i *Isolate) IsTerminating() bool { return i.c.IsTerminating() }

// RunTasks runs the foreground tasks that V8 posted. It returns the milliseconds until the next delayed one, or -1. May run JavaScript.
func (i *Isolate) RunTasks() float64 { return i.c.RunTasks() }

// AwaitWorkers blocks until V8's threads have done what user code waits for (compiled WebAssembly), and tells whether tasks are to run.
// A program does not end before: the loop knows nothing of V8's threads.
func (i *Isolate) AwaitWorkers() bool { return i.c.AwaitWorkers() }

// CollectGarbage runs a full collection and reports what it freed. For tests and --expose-gc.
func (i *Isolate) CollectGarbage() { i.c.CollectGarbage() }

// LowMemory asks V8 to free what it can.
func (i *Isolate) LowMemory() { i.c.LowMemory() }

// HeapStatistics are V8's, in bytes.
func (i *Isolate) HeapStatistics() v8c.HeapStats { return i.c.HeapStatistics() }

// ShowVitals makes the engine write its part of a page of vitals: collections as they happen, sizes with them and at SampleVitals.
// The page must outlive the isolate and lie outside Go's memory.
func (i *Isolate) ShowVitals(page *vitals.Engine) { i.c.VitalsAttach(page) }

// SampleVitals writes the heap's sizes to the page. It runs no JavaScript.
func (i *Isolate) SampleVitals() { i.c.VitalsSample() }

// Isolates is how many isolates the process has.
func Isolates() (n int) {
	freeMu.Lock()
	defer freeMu.Unlock()
	for _, on := range used {
		if on {
			n++
		}
	}
	return n
}

// TickInfo is shared with JavaScript (native:engine.tickInfo): [0] a tick is scheduled, [1] a rejection waits to be handled.
func (i *Isolate) TickInfo() *[2]byte { return i.c.TickInfo() }

// Outbox is where JavaScript leaves small writes to one stream, instead of calling a native for each: native:engine hold(stream, bytes, bytes).
// The isolate has one, and must live as long as Admit is called; the others' methods may be called later. Isolate's thread.
func (i *Isolate) Outbox() *v8c.Outbox {
	if i.outbox == nil {
		i.outbox = i.c.NewOutbox()
	}
	return i.outbox
}

// EnterMain counts the main script as a call from the loop, so that nothing drains inside it; LeaveMain ends that.
func (i *Isolate) EnterMain() { i.c.Enter() }

// LeaveMain ends EnterMain.
func (i *Isolate) LeaveMain() { i.c.Leave() }

// EngineNatives is an object with every C++ native: what native:engine exports.
func (i *Isolate) EngineNatives() Value { return Value{i.c.EngineNatives()} }

// Global is the main context's global object.
func (i *Isolate) Global() Value { return Value{i.c.Global()} }

// Scope bounds the life of the values made in it. Scopes close in reverse order.
type Scope struct {
	i *Isolate
	p unsafe.Pointer
}

// Scope opens a handle scope.
func (i *Isolate) Scope() Scope { return Scope{i, i.c.OpenScope()} }

// Close ends the scope and the values made in it.
func (s Scope) Close() { s.i.c.CloseScope(s.p) }

// Value is a JavaScript value, alive until its scope closes. The zero Value is none.
type Value struct{ h v8c.Value }

// IsZero tells that v is no value.
func (v Value) IsZero() bool { return v.h == 0 }

// IsFunction tells whether v is a function.
func (v Value) IsFunction() bool { return v.h != 0 && v8c.IsFunction(v.h) }

// Persistent keeps a value beyond scopes until Release.
type Persistent struct {
	i *Isolate
	p v8c.Persistent
}

// Keep makes a persistent handle.
func (i *Isolate) Keep(v Value) *Persistent { return &Persistent{i, i.c.NewPersistent(v.h)} }

// Value gives the value in the current scope.
func (p *Persistent) Value() Value { return Value{p.i.c.GetPersistent(p.p)} }

// Release ends the handle.
func (p *Persistent) Release() {
	if !p.p.IsZero() && !p.i.disposed {
		p.i.c.DeletePersistent(p.p)
		p.p = v8c.Persistent{}
	}
}

// Exception is a thrown JavaScript value with the place where it was thrown. Value is valid in the scope that was open then.
type Exception struct {
	Value      Value
	Terminated bool   // the isolate was terminated; Value is zero
	File       string // resource name, "" when not known
	Line       int    // 1-based; 0 when not known
	Start, End int    // 0-based columns in Source
	Source     string // the source line
	iso        *Isolate
}

// Error gives the stack or the value as text. It may run user code (a stack getter).
func (e *Exception) Error() string {
	if e.Terminated {
		return "execution terminated"
	}
	return e.iso.Detail(e.Value)
}

func (i *Isolate) taken() *Exception {
	x := i.c.TakeException()
	if x == nil {
		return &Exception{iso: i, Terminated: true}
	}
	return i.exception(x)
}

func (i *Isolate) exception(x *v8c.ExceptionInfo) *Exception {
	return &Exception{Value: Value{x.Value}, Terminated: x.Terminated, File: x.File, Line: x.Line, Start: x.Start, End: x.End,
		Source: x.Source, iso: i}
}

// Describe finds where an error value came from, as an uncaught exception would.
func (i *Isolate) Describe(v Value) *Exception { return i.exception(i.c.DescribeException(v.h)) }

// Detail gives error.stack, or the value as text. May run user code.
func (i *Isolate) Detail(v Value) string { return i.c.DetailString(v.h) }

// Call calls fn inside a scope, without draining. The error is an *Exception. May run user code.
func (i *Isolate) Call(fn, receiver Value, args ...Result) (Value, error) {
	v := i.c.Call(fn.h, receiver.h, i.encode(args))
	if v == 0 {
		return Value{}, i.taken()
	}
	return Value{v}, nil
}

// CallTop calls fn from the loop: it opens its own scope and, when no other call from the loop is in progress, drains ticks and
// microtasks. false: an exception is pending (TakeException) and the drain has not happened or not finished (Drain).
func (i *Isolate) CallTop(fn *Persistent, args ...Result) bool {
	lent := len(i.lent)
	slots := i.encodeLent(args)
	if len(i.lent) == lent {
		return i.c.CallTop(fn.p, slots, nil) == v8c.OK
	}
	ok := i.c.CallTop(fn.p, slots, nil) == v8c.OK
	clear(i.lent[lent:])
	i.lent = i.lent[:lent]
	return ok
}

// CallTopBytes is CallTop with two numbers and an ArrayBuffer that holds a copy of bytes: what comes from a socket, without the way through
// results.
func (i *Isolate) CallTopBytes(fn *Persistent, a, b float64, bytes []byte) bool {
	if len(i.slots) < 3 {
		i.slots = i.c.ScratchSlots(64)
	}
	slots := i.slots[:3]
	slots[0] = v8c.Slot{Tag: v8c.Number, Bits: math.Float64bits(a)}
	slots[1] = v8c.Slot{Tag: v8c.Number, Bits: math.Float64bits(b)}
	slots[2] = v8c.Slot{Tag: v8c.ArrayBuffer, Len: uint64(len(bytes))}
	if len(bytes) >= copiedBelow {
		lent := len(i.lent)
		i.lent = append(i.lent, bytes)
		slots[2].Lend(bytes)
		ok := i.c.CallTop(fn.p, slots, nil) == v8c.OK
		clear(i.lent[lent:])
		i.lent = i.lent[:lent]
		return ok
	}
	if len(bytes) > 0 {
		i.growScratch(len(bytes))
		copy(i.bytes, bytes)
		slots[2].SetPtr(unsafe.Pointer(&i.bytes[0]))
	}
	return i.c.CallTop(fn.p, slots, nil) == v8c.OK
}

// CallTopNumber is CallTop for a function that returns a number.
func (i *Isolate) CallTopNumber(fn *Persistent, args ...Result) (float64, bool) {
	var ret v8c.Slot
	ok := i.c.CallTop(fn.p, i.encode(args), &ret) == v8c.OK
	if ret.Tag != v8c.Number {
		return 0, ok
	}
	return ret.Float(), ok
}

// Drain runs microtasks and ticks until both are empty; false: an exception is pending.
func (i *Isolate) Drain() bool { return i.c.Drain() == v8c.OK }

// TakeException fetches the pending exception of a CallTop or Drain. A scope must be open.
func (i *Isolate) TakeException() *Exception { return i.taken() }

// NewNative makes a function that runs the host's native index.
func (i *Isolate) NewNative(index int, name string) Value { return Value{i.c.NewNative(index, name)} }

// Make builds the value of a result.
func (i *Isolate) Make(r Result) (Value, error) {
	v := i.c.ValueOf(i.encode([]Result{r}))
	if v == 0 {
		return Value{}, i.taken()
	}
	return Value{v}, nil
}

// String makes a string value.
func (i *Isolate) String(s string) Value {
	v, _ := i.Make(String(s))
	return v
}

// Source makes a string of a source's text. V8 rarely reads it, so it lies outside of the heap, and isolates with the same source share it.
func (i *Isolate) Source(text string) (Value, error) {
	v := i.c.SourceText(text, false)
	if v == 0 {
		return Value{}, i.taken()
	}
	return Value{v}, nil
}

// EmbeddedSource is Source for ASCII text that is part of the program's file, where it stays.
func (i *Isolate) EmbeddedSource(text string) (Value, error) {
	v := i.c.SourceText(text, true)
	if v == 0 {
		return Value{}, i.taken()
	}
	return Value{v}, nil
}

// SharedSources is how many texts of sources isolates hold. Any goroutine; for leak tests.
func SharedSources() int { return v8c.SourceTexts() }

// Text gives a string value as UTF-8; "" when v is no string.
func (i *Isolate) Text(v Value) string { return i.c.StringUTF8(v.h) }

// Get reads a property. May run user code.
func (i *Isolate) Get(o Value, name string) (Value, error) {
	v := i.c.GetNamed(o.h, name)
	if v == 0 {
		return Value{}, i.taken()
	}
	return Value{v}, nil
}

// Set writes a property. May run user code.
func (i *Isolate) Set(o Value, name string, v Value) error {
	if !i.c.SetNamed(o.h, name, v.h) {
		return i.taken()
	}
	return nil
}

// Elements gives the elements of an array; nil when v is none.
func (i *Isolate) Elements(v Value) []Value {
	n := v8c.ArrayLength(v.h)
	out := make([]Value, 0, n)
	for k := range n {
		e := i.c.ArrayGet(v.h, k)
		if e == 0 {
			i.taken()
			return nil
		}
		out = append(out, Value{e})
	}
	return out
}

// PromiseState is a promise's state.
type PromiseState int

// States of a promise. NotPromise: the value is none.
const (
	NotPromise PromiseState = iota - 1
	Pending
	Fulfilled
	Rejected
)

// Promise gives a promise's state and its value or reason.
func (i *Isolate) Promise(v Value) (PromiseState, Value) {
	s, r := i.c.PromiseState(v.h)
	return PromiseState(s), Value{r}
}

// CompileFunction wraps source as the body of a function with the given parameter names. cached is a code cache of the same source or
// nil; rejected tells that V8 refused it. hostDefined is a primitive that dynamic import hands back (zero: undefined).
func (i *Isolate) CompileFunction(source, file Value, params []string, cached []byte, hostDefined Value) (fn Value, rejected bool, err error) {
	v, rejected := i.c.CompileFunction(source.h, file.h, 0, 0, params, cached, hostDefined.h)
	if v == 0 {
		return Value{}, rejected, i.taken()
	}
	return Value{v}, rejected, nil
}

// FunctionCache makes the code cache of a compiled function, with what has run since.
func (i *Isolate) FunctionCache(fn Value) []byte { return i.c.FunctionCache(fn.h) }

// RunScript runs a classic script. May run user code.
func (i *Isolate) RunScript(source, file Value) (Value, error) {
	v := i.c.RunScript(source.h, file.h, 0, 0, 0)
	if v == 0 {
		return Value{}, i.taken()
	}
	return Value{v}, nil
}

// Module is an ES module record of the isolate.
type Module struct {
	i  *Isolate
	id int
}

// ID is the number by which native:engine's module functions know it.
func (m Module) ID() int { return m.id }

// ModuleByID gives the module that JavaScript knows as id.
func (i *Isolate) ModuleByID(id int) Module { return Module{i, id} }

// CompileModule compiles an ES module.
func (i *Isolate) CompileModule(source, url Value, cached []byte) (m Module, rejected bool, err error) {
	id, rejected := i.c.ModuleCompile(source.h, url.h, cached, 0)
	if id == 0 {
		return Module{}, rejected, i.taken()
	}
	return Module{i, id}, rejected, nil
}

// SyntheticModule makes a module with the given exports. Instantiate it, then set them with SetExport.
func (i *Isolate) SyntheticModule(url Value, names []string) (Module, error) {
	list := make([]Result, len(names))
	for k, n := range names {
		list[k] = String(n)
	}
	array, err := i.Make(List(list...))
	if err != nil {
		return Module{}, err
	}
	return Module{i, i.c.ModuleSynthetic(url.h, array.h, 0)}, nil
}

// SetExport gives a synthetic module's export its value.
func (m Module) SetExport(name string, v Value) error {
	if !m.i.c.ModuleSetExport(m.id, m.i.String(name).h, v.h) {
		return m.i.taken()
	}
	return nil
}

// Requests are the specifiers that the module imports, in order.
func (m Module) Requests() []string { return m.i.c.ModuleRequests(m.id) }

// Link gives the modules of the requests, in their order.
func (m Module) Link(to []Module) {
	ids := make([]int32, len(to))
	for k, t := range to {
		ids[k] = int32(t.id)
	}
	m.i.c.ModuleLink(m.id, ids)
}

// Instantiate links bindings through the graph.
func (m Module) Instantiate() error {
	if !m.i.c.ModuleInstantiate(m.id) {
		return m.i.taken()
	}
	return nil
}

// Evaluate runs the module and gives its promise. May run user code.
func (m Module) Evaluate() (Value, error) {
	v := m.i.c.ModuleEvaluate(m.id)
	if v == 0 {
		return Value{}, m.i.taken()
	}
	return Value{v}, nil
}

// Namespace is the module's namespace object. The module must be instantiated.
func (m Module) Namespace() Value { return Value{m.i.c.ModuleNamespace(m.id)} }

// ModuleStatus is V8's status of a module.
type ModuleStatus int

// Statuses of a module.
const (
	Uninstantiated ModuleStatus = iota
	Instantiating
	Instantiated
	Evaluating
	Evaluated
	Errored
)

// Status gives the module's status.
func (m Module) Status() ModuleStatus { return ModuleStatus(m.i.c.ModuleStatus(m.id)) }

// Err gives the exception of an errored module as an error; nil otherwise.
func (m Module) Err() error {
	v := m.i.c.ModuleError(m.id)
	if v == 0 {
		return nil
	}
	return m.i.Describe(Value{v})
}

// Cache makes the module's code cache, with what has run since.
func (m Module) Cache() []byte { return m.i.c.ModuleCache(m.id) }

// LoadAddon loads the Node-API addon at an absolute path; flags are dlopen(3)'s. It gives what the addon exports. May run user code.
func (i *Isolate) LoadAddon(path string, flags int, exports Value) (Value, error) {
	v := i.c.LoadAddon(path, flags, exports.h)
	if v == 0 {
		return Value{}, i.taken()
	}
	return Value{v}, nil
}

// Pin keeps the memory of a view or ArrayBuffer alive beyond a call. Bytes may be used by any goroutine until Release.
type Pin struct {
	p v8c.Pin
	b []byte
}

// Bytes is the pinned memory.
func (p *Pin) Bytes() []byte { return p.b }

// Release lets the memory go. Any goroutine; a second call does nothing.
func (p *Pin) Release() {
	if p != nil && p.p != (v8c.Pin{}) {
		p.p.Release()
		p.p, p.b = v8c.Pin{}, nil
	}
}

// NewArrayBuffer makes an ArrayBuffer of n zeroed bytes and gives its memory, valid while the buffer lives.
func (i *Isolate) NewArrayBuffer(n int) (Value, []byte) {
	v, b := i.c.NewArrayBuffer(n, true)
	return Value{v}, b
}

// ref keeps a Go value for a JavaScript object made from its id.
func (i *Isolate) ref(v any) uint64 {
	i.nextRef++
	i.refs[i.nextRef] = v
	return i.nextRef
}

// Refs is the number of Go values that JavaScript holds, for leak tests.
func (i *Isolate) Refs() int { return len(i.refs) }

func refDropped(id uintptr, ref uint64) {
	i := isolates[id]
	v := i.refs[ref]
	delete(i.refs, ref)
	if c, ok := v.(interface{ Close() error }); ok {
		c.Close()
	}
}

func native(id uintptr, index int, args []v8c.Slot, handles []v8c.Value, ret *v8c.Slot) (out []v8c.Slot) {
	i := isolates[id]
	if i.depth == len(i.calls) {
		i.calls = append(i.calls, &Call{i: i})
	}
	c := i.calls[i.depth]
	i.depth++
	c.args, c.handles, c.ret, c.out = args, handles, ret, nil
	returned := false
	defer func() {
		if !returned {
			c.panicked(recover())
		}
		i.depth--
		out = c.out
		c.args, c.handles, c.ret, c.out = c.args[:0], c.handles[:0], nil, nil // the arguments lie in C++'s frame, which ends now
	}()
	i.host.Native(index, c)
	returned = true
	return
}

// panicked makes a native throw what it panicked with. i.depth still counts it: Fail may run the error factory.
func (c *Call) panicked(r any) {
	if _, ok := r.(runtime.Error); ok {
		c.Fail(fmt.Errorf("internal error: %v at %s", r, caller()))
	} else {
		c.Fail(fmt.Errorf("internal error: %v", r))
	}
}

// caller names the frame that panicked.
func caller() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs[:])])
	for {
		f, more := frames.Next()
		if f.Line > 0 && f.Function != "" && (len(f.Function) < 8 || f.Function[:8] != "runtime.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

const maxInt = float64(math.MaxInt)
