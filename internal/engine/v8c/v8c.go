// Package v8c is the one door to V8: the only package with import "C". It compiles the C++ half (rt.h and Node-API), links V8 and
// gives its functions to internal/engine in plain Go types. Everything runs on the isolate's own thread unless rt.h says otherwise.
// Nothing but internal/engine may import it.
package v8c

/*
#cgo CXXFLAGS: -std=c++20 -fno-rtti -fPIC -O2 -Wall -Wno-unused-parameter -Wno-unused-result -I${SRCDIR}/include
#cgo CXXFLAGS: -DV8_COMPRESS_POINTERS -DV8_31BIT_SMIS_ON_64BIT_ARCH -DV8_ENABLE_SANDBOX
#cgo LDFLAGS: -pthread
#cgo linux LDFLAGS: -ldl
#cgo linux LDFLAGS: -Wl,--wrap=_ZN12v8_inspector9V8Console19CommandLineAPIScopeD1Ev
#cgo linux LDFLAGS: -Wl,--wrap=_ZN2v85debug16PropertyIterator6CreateENS_5LocalINS_7ContextEEENS2_INS_6ObjectEEEb
#cgo linux LDFLAGS: -Wl,--wrap=_ZN2v88internal13ScopeIteratorC1EPNS0_7IsolateEPNS0_14FrameInspectorENS1_15ReparseStrategyE
#cgo linux LDFLAGS: -Wl,--wrap=_ZN2v88internal13ScopeIteratorC1EPNS0_7IsolateENS0_6HandleINS0_17JSGeneratorObjectEEE
#cgo noescape rt_call_top
#cgo noescape rt_value_of
#cgo noescape rt_call
#cgo noescape rt_string_utf8
#cgo nocallback rt_string_utf8
#cgo noescape rt_slot_of
#cgo nocallback rt_slot_of
#cgo nocallback rt_scratch
#cgo nocallback rt_scratch_slots
#cgo noescape rt_exception_take
#include <stdlib.h>
#include "rt.h"
*/
import "C"

import (
	"unsafe"

	"roost/internal/vitals"
)

// Value is a local handle (rt_value, napi_value): it dies with the innermost handle scope. Zero: an exception is pending.
type Value uintptr

// Isolate is an rt_isolate*. C memory.
type Isolate struct{ p *C.rt_isolate }

// Persistent is an rt_persistent*. C memory.
type Persistent struct{ p *C.rt_persistent }

// Pin is an rt_pin*. C memory; Release may be called from any goroutine.
type Pin struct{ p *C.rt_pin }

// Tags of a Slot, as in rt.h.
const (
	Undefined   = C.RT_UNDEFINED
	Null        = C.RT_NULL
	False       = C.RT_FALSE
	True        = C.RT_TRUE
	Number      = C.RT_NUMBER
	Latin1      = C.RT_LATIN1
	UTF8        = C.RT_UTF8
	Bytes       = C.RT_BYTES
	Buffer      = C.RT_BUFFER
	Handle      = C.RT_HANDLE
	Ref         = C.RT_REF
	BigInt      = C.RT_BIGINT
	Array       = C.RT_ARRAY
	Object      = C.RT_OBJECT
	Float64s    = C.RT_FLOAT64S
	Error       = C.RT_ERROR
	Throw       = C.RT_THROW
	BigUint     = C.RT_BIGUINT
	BigInts     = C.RT_BIGINTS
	ArrayBuffer = C.RT_ARRAYBUFFER
)

// Kinds of a handle slot (Slot.Aux).
const (
	KindObject   = C.RT_KIND_OBJECT
	KindString   = C.RT_KIND_STRING
	KindFunction = C.RT_KIND_FUNCTION
	KindArray    = C.RT_KIND_ARRAY
	KindSymbol   = C.RT_KIND_SYMBOL
	KindBigInt   = C.RT_KIND_BIGINT
)

// Statuses of CallTop and Drain.
const (
	OK            = C.RT_OK
	HasException  = C.RT_EXCEPTION
	HasTerminated = C.RT_TERMINATED
)

// Slot is an rt_slot: same layout.
type Slot struct {
	Tag  uint32
	Aux  uint32
	Len  uint64
	Bits uint64 // the union: a float64's bits, a pointer into C memory, an integer
}

// Ptr gives the union as a pointer into C memory.
func (s *Slot) Ptr() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&s.Bits)) }

// SetPtr stores a pointer into C memory. Never a Go pointer.
func (s *Slot) SetPtr(p unsafe.Pointer) { s.Bits = uint64(uintptr(p)) }

// Lend lets a call read b where it is. The caller keeps it, on Go's heap or in C memory, until the call has returned.
func (s *Slot) Lend(b []byte) { s.Bits = uint64(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }

// Float gives the union as a number.
func (s *Slot) Float() float64 { return *(*float64)(unsafe.Pointer(&s.Bits)) }

// SetFloat stores a number.
func (s *Slot) SetFloat(f float64) { *(*float64)(unsafe.Pointer(&s.Bits)) = f }

const _ = uint(unsafe.Sizeof(C.rt_slot{})-unsafe.Sizeof(Slot{})) + uint(unsafe.Sizeof(Slot{})-unsafe.Sizeof(C.rt_slot{}))

// Host is what Go answers to C++; set by internal/engine before the first isolate.
type Host struct {
	// Native runs native index of isolate id. handles[i] is argument i itself. It fills *ret, or returns slots in the isolate's scratch.
	Native func(id uintptr, index int, args []Slot, handles []Value, ret *Slot) []Slot
	// RefDropped tells that the object of Go value ref was collected.
	RefDropped func(id uintptr, ref uint64)
	// Request adds delta to the operations that keep the loop alive.
	Request func(id uintptr, delta int)
	// InspectorMessage takes a message of an inspector's session; it is borrowed.
	InspectorMessage func(id uintptr, session int, message []byte)
	// InspectorEvent is one of the Inspector constants.
	InspectorEvent func(id uintptr, what int)
	// NearHeapLimit gives the limit of a heap that comes near its own, in bytes; current: no more.
	NearHeapLimit func(id uintptr, current, initial uint64) uint64
	// Breakable tells that a run that Break ends is about to begin while there was none, or that the last of them has ended.
	Breakable func(id uintptr, begins bool)
}

var host Host // set once by SetHost

// SetHost registers Go's half.
func SetHost(h Host) { host = h }

//export rt_go_native
func rt_go_native(id C.uintptr_t, index C.int, args *C.rt_slot, handles *C.rt_value, n C.int, ret *C.rt_slot, extra **C.rt_slot) C.size_t {
	slots := host.Native(uintptr(id), int(index), unsafe.Slice((*Slot)(unsafe.Pointer(args)), int(n)),
		unsafe.Slice((*Value)(unsafe.Pointer(handles)), int(n)), (*Slot)(unsafe.Pointer(ret)))
	if len(slots) > 0 {
		*extra = (*C.rt_slot)(unsafe.Pointer(&slots[0]))
	}
	return C.size_t(len(slots))
}

//export rt_go_ref_dropped
func rt_go_ref_dropped(id C.uintptr_t, ref C.uint64_t) { host.RefDropped(uintptr(id), uint64(ref)) }

//export rt_go_request
func rt_go_request(id C.uintptr_t, delta C.int) { host.Request(uintptr(id), int(delta)) }

func cslots(s []Slot) (*C.rt_slot, C.size_t) {
	if len(s) == 0 {
		return nil, 0
	}
	return (*C.rt_slot)(unsafe.Pointer(&s[0])), C.size_t(len(s))
}

func cv(v Value) C.rt_value { return *(*C.rt_value)(unsafe.Pointer(&v)) }
func gv(v C.rt_value) Value { return Value(uintptr(v)) }

func cbytes(b []byte) (*C.uint8_t, C.size_t) {
	if len(b) == 0 {
		return nil, 0
	}
	return (*C.uint8_t)(unsafe.Pointer(&b[0])), C.size_t(len(b))
}

func cstring(s string) (*C.char, C.size_t) {
	if len(s) == 0 {
		s = "\x00"
		return (*C.char)(unsafe.Pointer(unsafe.StringData(s))), 0
	}
	return (*C.char)(unsafe.Pointer(unsafe.StringData(s))), C.size_t(len(s))
}

// Init starts V8 once with flags in V8's command-line form.
func Init(flags string) {
	c := C.CString(flags)
	defer C.free(unsafe.Pointer(c))
	C.rt_init(c)
}

// Version is V8's version.
func Version() string { return C.GoString(C.rt_version()) }

// FilterFlags sets the flags that V8 knows and gives the others. Before Init.
func FilterFlags(flags []string) []string {
	argv := (**C.char)(C.calloc(C.size_t(len(flags)+2), C.size_t(unsafe.Sizeof((*C.char)(nil)))))
	defer C.free(unsafe.Pointer(argv))
	list := unsafe.Slice(argv, len(flags)+2)
	list[0] = C.CString("roost")
	for i, f := range flags {
		list[i+1] = C.CString(f) // V8 keeps string values of flags: never freed
	}
	n := int(C.rt_filter_flags(argv, C.int(len(flags)+1)))
	var left []string
	for _, p := range list[1:n] {
		left = append(left, C.GoString(p))
	}
	return left
}

// Abort ends the process as abort(3) does.
func Abort() { C.rt_abort() }

// SetFlags changes V8's flags. Most of them only matter before the first isolate.
func SetFlags(flags string) {
	c := C.CString(flags)
	defer C.free(unsafe.Pointer(c))
	C.rt_set_flags(c)
}

// Flush writes out what V8 itself has printed (--trace-opt and its like), which C's stdio holds back when stdout is no terminal.
func Flush() { C.rt_flush() }

// Trim gives free memory of C's heap back to the kernel. Any goroutine.
func Trim() { C.rt_trim() }

// LimitArenas sets into how many parts C's heap is split at most, so that threads don't wait for each other.
func LimitArenas(n int) { C.rt_limit_arenas(C.int(n)) }

// CacheVersion tags code cache data: V8's version and flags.
func CacheVersion() uint32 { return uint32(C.rt_cache_version()) }

// Options are rt_isolate_options.
type Options struct {
	ID                                                                uintptr
	WakeFD                                                            int
	MaxOldBytes, MaxYoungBytes, CodeRange, StackBytes, PhysicalMemory uint64
	ContextName                                                       string // "": rt.h's default
}

// New makes an isolate and enters it on the calling thread, which must be locked.
func New(o Options) Isolate {
	c := C.rt_isolate_options{go_: C.uintptr_t(o.ID), wake_fd: C.int(o.WakeFD), max_old_bytes: C.uint64_t(o.MaxOldBytes),
		max_young_bytes: C.uint64_t(o.MaxYoungBytes), code_range_bytes: C.uint64_t(o.CodeRange), stack_bytes: C.uint64_t(o.StackBytes),
		physical_bytes: C.uint64_t(o.PhysicalMemory)}
	if o.ContextName != "" {
		c.context_name = C.CString(o.ContextName)
		defer C.free(unsafe.Pointer(c.context_name))
	}
	return Isolate{C.rt_isolate_new(&c)}
}

func (i Isolate) Dispose()             { C.rt_isolate_dispose(i.p) }
func (i Isolate) Terminate()           { C.rt_isolate_terminate(i.p) }
func (i Isolate) CancelTerminate()     { C.rt_isolate_cancel_terminate(i.p) }
func (i Isolate) IsTerminating() bool  { return C.rt_isolate_is_terminating(i.p) != 0 }
func (i Isolate) RunTasks() float64    { return float64(C.rt_isolate_run_tasks(i.p)) }
func (i Isolate) AwaitWorkers() bool   { return C.rt_isolate_await_workers(i.p) != 0 }
func (i Isolate) CollectGarbage()      { C.rt_collect_garbage(i.p) }
func (i Isolate) LowMemory()           { C.rt_low_memory(i.p) }
func (i Isolate) EngineNatives() Value { return gv(C.rt_engine_natives(i.p)) }
func (i Isolate) Global() Value        { return gv(C.rt_global(i.p)) }
func (i Isolate) Enter()               { C.rt_enter(i.p) }
func (i Isolate) Leave()               { C.rt_leave(i.p) }
func (i Isolate) Drain() int           { return int(C.rt_drain(i.p)) }

// Both sides have one layout of the page.
var (
	_ [C.sizeof_rt_vitals - unsafe.Sizeof(vitals.Engine{})]byte
	_ [unsafe.Sizeof(vitals.Engine{}) - C.sizeof_rt_vitals]byte
)

// VitalsAttach makes the engine write its part of a page, which must outlive the isolate.
func (i Isolate) VitalsAttach(page *vitals.Engine) {
	C.rt_vitals_attach(i.p, (*C.rt_vitals)(unsafe.Pointer(page)))
}
func (i Isolate) VitalsSample() { C.rt_vitals_sample(i.p) }

// HeapStats are rt_heap_stats, bytes.
type HeapStats struct {
	TotalHeapSize, TotalHeapSizeExecutable, TotalPhysicalSize, TotalAvailableSize, UsedHeapSize, HeapSizeLimit, MallocedMemory,
	PeakMallocedMemory, DoesZapGarbage, NumberOfNativeContexts, NumberOfDetachedContexts, TotalGlobalHandlesSize,
	UsedGlobalHandlesSize, ExternalMemory, ArrayBuffers float64
}

func (i Isolate) HeapStatistics() (out HeapStats) {
	C.rt_heap_statistics(i.p, (*C.rt_heap_stats)(unsafe.Pointer(&out)))
	return out
}

func (i Isolate) OpenScope() unsafe.Pointer   { return C.rt_scope_open(i.p) }
func (i Isolate) CloseScope(s unsafe.Pointer) { C.rt_scope_close(i.p, s) }

func (i Isolate) NewPersistent(v Value) Persistent {
	return Persistent{C.rt_persistent_new(i.p, cv(v))}
}
func (i Isolate) GetPersistent(p Persistent) Value { return gv(C.rt_persistent_get(i.p, p.p)) }
func (i Isolate) DeletePersistent(p Persistent)    { C.rt_persistent_delete(i.p, p.p) }
func (p Persistent) IsZero() bool                  { return p.p == nil }
func (i Isolate) TickInfo() *[2]byte               { return (*[2]byte)(unsafe.Pointer(C.rt_tick_info(i.p))) }
func (i Isolate) Scratch(n int) unsafe.Pointer     { return unsafe.Pointer(C.rt_scratch(i.p, C.size_t(n))) }
func (i Isolate) ScratchSlots(n int) []Slot {
	return unsafe.Slice((*Slot)(unsafe.Pointer(C.rt_scratch_slots(i.p, C.size_t(n)))), n)
}

// ExceptionInfo is an rt_exception with its texts copied.
type ExceptionInfo struct {
	Value            Value
	Terminated       bool
	Line, Start, End int
	File, Source     string
}

func info(c *C.rt_exception) *ExceptionInfo {
	text := func(s *C.rt_slot) string {
		g := (*Slot)(unsafe.Pointer(s))
		if g.Len == 0 {
			return ""
		}
		return string(unsafe.Slice((*byte)(g.Ptr()), int(g.Len)))
	}
	return &ExceptionInfo{Value: gv(c.value), Terminated: c.terminated != 0, Line: int(c.line), Start: int(c.start), End: int(c.end),
		File: text(&c.file), Source: text(&c.source)}
}

// TakeException fetches the pending exception; nil when there is none. A scope must be open.
func (i Isolate) TakeException() *ExceptionInfo {
	var c C.rt_exception
	if C.rt_exception_take(i.p, &c) == 0 {
		return nil
	}
	return info(&c)
}

// DescribeException finds the location of an error from the error itself.
func (i Isolate) DescribeException(v Value) *ExceptionInfo {
	var c C.rt_exception
	C.rt_exception_describe(i.p, cv(v), &c)
	return info(&c)
}

func (i Isolate) NewNative(index int, name string) Value {
	p, n := cstring(name)
	return gv(C.rt_native_new(i.p, C.int(index), p, n))
}

func (i Isolate) Call(fn, receiver Value, args []Slot) Value {
	p, n := cslots(args)
	return gv(C.rt_call(i.p, cv(fn), cv(receiver), p, n))
}

// CallTop calls from the loop and drains. It opens its own scope.
func (i Isolate) CallTop(fn Persistent, args []Slot, ret *Slot) int {
	p, n := cslots(args)
	return int(C.rt_call_top(i.p, fn.p, p, n, (*C.rt_slot)(unsafe.Pointer(ret))))
}

func (i Isolate) ValueOf(slots []Slot) Value {
	p, n := cslots(slots)
	return gv(C.rt_value_of(i.p, p, n))
}

func (i Isolate) SlotOf(v Value) (s Slot) {
	C.rt_slot_of(i.p, cv(v), (*C.rt_slot)(unsafe.Pointer(&s)))
	return s
}

// SourceText makes a string of a source's text that lies outside of the heap; 0 with an exception pending when it is too long. A lasting one
// is ASCII in memory of the program's file.
func (i Isolate) SourceText(s string, lasting bool) Value {
	p, n := cstring(s)
	k := C.int(0)
	if lasting {
		k = 1
	}
	return gv(C.rt_source_text(i.p, p, n, k))
}

// SourceTexts is how many texts isolates share. Any goroutine.
func SourceTexts() int { return int(C.rt_source_texts()) }

// StringUTF8 gives a string value as UTF-8; "" when v is no string.
func (i Isolate) StringUTF8(v Value) string {
	n := C.rt_string_utf8(i.p, cv(v), nil, 0)
	if n == 0 {
		return ""
	}
	b := make([]byte, int(n))
	got := C.rt_string_utf8(i.p, cv(v), (*C.char)(unsafe.Pointer(&b[0])), n)
	return unsafe.String(&b[0], int(got))
}

func (i Isolate) GetNamed(o Value, name string) Value {
	p, n := cstring(name)
	return gv(C.rt_get_named(i.p, cv(o), p, n))
}
func (i Isolate) SetNamed(o Value, name string, v Value) bool {
	p, n := cstring(name)
	return C.rt_set_named(i.p, cv(o), p, n, cv(v)) != 0
}
func (i Isolate) DetailString(v Value) string {
	return i.StringUTF8(gv(C.rt_detail_string(i.p, cv(v))))
}
func IsFunction(v Value) bool { return C.rt_is_function(cv(v)) != 0 }
func ArrayLength(v Value) int { return int(C.rt_array_length(cv(v))) }
func (i Isolate) ArrayGet(v Value, k int) Value {
	return gv(C.rt_array_get(i.p, cv(v), C.uint32_t(k)))
}

// PromiseState gives 0 pending, 1 fulfilled, 2 rejected, -1 not a promise, and its result.
func (i Isolate) PromiseState(v Value) (int, Value) {
	var result C.rt_value
	state := C.rt_promise_state(i.p, cv(v), &result)
	return int(state), gv(result)
}

func (i Isolate) CompileFunction(source, file Value, line, column int, params []string, cached []byte, hostDefined Value) (fn Value, rejected bool) {
	names := make([]*C.char, len(params)+1)
	for k, p := range params {
		names[k] = C.CString(p)
		defer C.free(unsafe.Pointer(names[k]))
	}
	// The array of C strings must itself lie in C memory.
	list := (**C.char)(C.malloc(C.size_t(len(names)) * C.size_t(unsafe.Sizeof(names[0]))))
	defer C.free(unsafe.Pointer(list))
	copy(unsafe.Slice(list, len(names)), names)
	var refused C.int
	p, n := cbytes(cached)
	v := C.rt_compile_function(i.p, cv(source), cv(file), C.int(line), C.int(column), list, C.size_t(len(params)), p, n, &refused, cv(hostDefined))
	return gv(v), refused != 0
}

func takeCache(p *C.uint8_t, n C.size_t) []byte {
	if p == nil {
		return nil
	}
	defer C.rt_free_cache(p)
	return C.GoBytes(unsafe.Pointer(p), C.int(n))
}

func (i Isolate) FunctionCache(fn Value) []byte {
	var n C.size_t
	p := C.rt_function_cache(i.p, cv(fn), &n)
	return takeCache(p, n)
}

func (i Isolate) RunScript(source, file Value, line, column int, hostDefined Value) Value {
	return gv(C.rt_run_script(i.p, cv(source), cv(file), C.int(line), C.int(column), cv(hostDefined)))
}

func (i Isolate) ModuleCompile(source, url Value, cached []byte, hostDefined Value) (id int, rejected bool) {
	var refused C.int
	p, n := cbytes(cached)
	id = int(C.rt_module_compile(i.p, cv(source), cv(url), 0, 0, p, n, &refused, cv(hostDefined)))
	return id, refused != 0
}
func (i Isolate) ModuleSynthetic(url, names, evaluate Value) int {
	return int(C.rt_module_synthetic(i.p, cv(url), cv(names), cv(evaluate)))
}
func (i Isolate) ModuleSetExport(id int, name, v Value) bool {
	return C.rt_module_set_export(i.p, C.int(id), cv(name), cv(v)) != 0
}

// ModuleRequests gives the specifiers that a module asks for, in order.
func (i Isolate) ModuleRequests(id int) []string {
	n := int(C.rt_module_request_count(i.p, C.int(id)))
	out := make([]string, n)
	var buf [4096]byte
	for k := range out {
		got := C.rt_module_request(i.p, C.int(id), C.int(k), (*C.char)(unsafe.Pointer(&buf[0])), C.size_t(len(buf)))
		out[k] = string(buf[:got])
	}
	return out
}
func (i Isolate) ModuleLink(id int, ids []int32) {
	var p *C.int
	if len(ids) > 0 {
		p = (*C.int)(unsafe.Pointer(&ids[0]))
	}
	C.rt_module_link(i.p, C.int(id), p, C.size_t(len(ids)))
}
func (i Isolate) ModuleInstantiate(id int) bool { return C.rt_module_instantiate(i.p, C.int(id)) != 0 }
func (i Isolate) ModuleEvaluate(id int) Value   { return gv(C.rt_module_evaluate(i.p, C.int(id))) }
func (i Isolate) ModuleNamespace(id int) Value  { return gv(C.rt_module_namespace(i.p, C.int(id))) }
func (i Isolate) ModuleStatus(id int) int       { return int(C.rt_module_status(i.p, C.int(id))) }
func (i Isolate) ModuleError(id int) Value      { return gv(C.rt_module_error(i.p, C.int(id))) }
func (i Isolate) ModuleRelease(id int)          { C.rt_module_release(i.p, C.int(id)) }
func (i Isolate) ModuleCache(id int) []byte {
	var n C.size_t
	p := C.rt_module_cache(i.p, C.int(id), &n)
	return takeCache(p, n)
}

// NewPin keeps the memory of a view or ArrayBuffer alive. Zero and nil when v is neither.
func (i Isolate) NewPin(v Value) (Pin, []byte) {
	var data *C.char
	var n C.size_t
	p := C.rt_pin_new(i.p, cv(v), &data, &n)
	if p == nil {
		return Pin{}, nil
	}
	if n == 0 {
		return Pin{p}, nil
	}
	return Pin{p}, unsafe.Slice((*byte)(unsafe.Pointer(data)), int(n))
}

// Release lets the memory go. Any goroutine, once.
func (p Pin) Release() { C.rt_pin_release(p.p) }

// NewArrayBuffer makes an ArrayBuffer of n bytes and gives its memory.
func (i Isolate) NewArrayBuffer(n int, zero bool) (Value, []byte) {
	var data *C.char
	z := C.int(0)
	if zero {
		z = 1
	}
	v := C.rt_arraybuffer_new(i.p, C.size_t(n), z, &data)
	if n == 0 {
		return gv(v), nil
	}
	return gv(v), unsafe.Slice((*byte)(unsafe.Pointer(data)), n)
}
