package engine

import (
	"math"
	"math/bits"
	"unsafe"

	"roost/internal/engine/v8c"
)

// Result is a value on its way to JavaScript. Make it with the functions below; the zero Result is undefined.
// It may be built on any goroutine; Handle results belong to the isolate's thread.
type Result struct {
	tag  uint32
	bits uint64
	str  string
	raw  []byte // bytes of buffers; also the memory of Float64s and BigInts
	list []Result
	ref  any
}

// Undefined, Null, True and False are JavaScript's.
var (
	Undefined = Result{}
	Null      = Result{tag: v8c.Null}
	True      = Result{tag: v8c.True}
	False     = Result{tag: v8c.False}
)

// Bool is true or false.
func Bool(b bool) Result {
	if b {
		return True
	}
	return False
}

// Number is a double.
func Number(f float64) Result { return Result{tag: v8c.Number, bits: math.Float64bits(f)} }

// Int is a number from an integer.
func Int[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr](n T) Result {
	return Number(float64(n))
}

// BigInt is a BigInt.
func BigInt(n int64) Result { return Result{tag: v8c.BigInt, bits: uint64(n)} }

// BigUint is a BigInt from an unsigned number.
func BigUint(n uint64) Result { return Result{tag: v8c.BigUint, bits: n} }

// String is a string from UTF-8.
func String(s string) Result { return Result{tag: v8c.UTF8, str: s} }

// Latin1 is a string whose characters are the bytes. b is copied when the result crosses.
func Latin1(b []byte) Result { return Result{tag: v8c.Latin1, raw: b} }

// Buffer is a Buffer; b is copied when the result crosses.
func Buffer(b []byte) Result { return Result{tag: v8c.Buffer, raw: b} }

// Bytes is a Uint8Array; b is copied when the result crosses.
func Bytes(b []byte) Result { return Result{tag: v8c.Bytes, raw: b} }

// ArrayBuffer is an ArrayBuffer; b is copied when the result crosses.
func ArrayBuffer(b []byte) Result { return Result{tag: v8c.ArrayBuffer, raw: b} }

// Float64s is a Float64Array; it is copied when the result crosses.
func Float64s(f []float64) Result {
	r := Result{tag: v8c.Float64s}
	if len(f) > 0 {
		r.raw = unsafe.Slice((*byte)(unsafe.Pointer(&f[0])), len(f)*8)
	}
	return r
}

// BigInts is a BigInt64Array; it is copied when the result crosses.
func BigInts(n []int64) Result {
	r := Result{tag: v8c.BigInts}
	if len(n) > 0 {
		r.raw = unsafe.Slice((*byte)(unsafe.Pointer(&n[0])), len(n)*8)
	}
	return r
}

// List is an array.
func List(elements ...Result) Result { return Result{tag: v8c.Array, list: elements} }

// Strings is an array of strings.
func Strings(s []string) Result {
	list := make([]Result, len(s))
	for i, x := range s {
		list[i] = String(x)
	}
	return List(list...)
}

// Object is an object from alternating keys (String results) and values.
func Object(pairs ...Result) Result { return Result{tag: v8c.Object, list: pairs} }

// Ref is an opaque object; natives get v back from Call.Ref. When it is collected v is dropped, and closed if it has Close() error.
func Ref(v any) Result { return Result{tag: v8c.Ref, ref: v} }

// Handle is a value that the isolate has already. Isolate's thread only, inside its scope.
func Handle(v Value) Result {
	if v.IsZero() {
		return Undefined
	}
	return Result{tag: v8c.Handle, bits: uint64(v.h)}
}

// JSError is an error that knows its JavaScript form: the arguments of the error factory that the runtime registered.
type JSError interface {
	error
	JSError() []Result
}

// Error is the error object of err.
func Error(err error) Result { return failure(v8c.Error, err) }

// Throw, as a native's result, throws err.
func Throw(err error) Result { return failure(v8c.Throw, err) }

func failure(tag uint32, err error) Result {
	if x, ok := err.(*Exception); ok && tag == v8c.Error {
		return Handle(x.Value)
	}
	if e, ok := err.(JSError); ok {
		return Result{tag: tag, list: e.JSError()}
	}
	return Result{tag: tag, list: []Result{String("Error"), Undefined, String(err.Error())}}
}

// encode writes results as slots into the isolate's scratch memory; valid until the next crossing.
func (i *Isolate) encode(results []Result) []v8c.Slot {
	e := encoder{i: i, copies: math.MaxInt}
	return e.all(results)
}

// copiedBelow is the size from which the bytes of a lent result are not copied to scratch memory, only from where they are.
const copiedBelow = 2 << 10

// encodeLent is encode for a call that reads the slots before it does anything else. What is lent stays in lent until the call is over.
func (i *Isolate) encodeLent(results []Result) []v8c.Slot {
	e := encoder{i: i, copies: copiedBelow}
	return e.all(results)
}

type encoder struct {
	i      *Isolate
	copies int // bytes of this length and more are lent
	slots  []v8c.Slot
	bytes  []byte
	n      int
}

func (e *encoder) all(results []Result) []v8c.Slot {
	n, size := 0, 0
	for k := range results {
		e.measure(&results[k], &n, &size)
	}
	if n == 0 {
		return nil
	}
	i := e.i
	if n > len(i.slots) {
		i.slots = i.c.ScratchSlots(max(n, 64))
	}
	i.growScratch(size)
	e.slots, e.bytes = i.slots, i.bytes
	for k := range results {
		e.put(&results[k])
	}
	return e.slots[:e.n]
}

// growScratch makes room for size bytes in the isolate's scratch memory.
func (i *Isolate) growScratch(size int) {
	if size > len(i.bytes) {
		size = max(size, 4<<10)
		i.bytes = unsafe.Slice((*byte)(i.c.Scratch(size)), size)
	}
}

func (e *encoder) measure(r *Result, slots, size *int) {
	*slots++
	*size += len(r.str)
	if len(r.raw) < e.copies {
		*size += len(r.raw)
	}
	for k := range r.list {
		e.measure(&r.list[k], slots, size)
	}
}

func (e *encoder) put(r *Result) {
	s := &e.slots[e.n]
	e.n++
	*s = v8c.Slot{Tag: r.tag, Bits: r.bits}
	switch r.tag {
	case v8c.UTF8:
		if ascii(r.str) {
			s.Tag = v8c.Latin1
		}
		s.Len = uint64(len(r.str))
		if len(r.str) > 0 {
			copy(e.bytes, r.str)
			s.SetPtr(unsafe.Pointer(&e.bytes[0]))
			e.bytes = e.bytes[len(r.str):]
		}
	case v8c.Latin1, v8c.Bytes, v8c.Buffer, v8c.ArrayBuffer, v8c.Float64s, v8c.BigInts:
		s.Len = uint64(len(r.raw))
		if r.tag == v8c.Float64s || r.tag == v8c.BigInts {
			s.Len /= 8
		}
		switch {
		case len(r.raw) >= e.copies:
			e.i.lent = append(e.i.lent, r.raw)
			s.Lend(r.raw)
		case len(r.raw) > 0:
			copy(e.bytes, r.raw)
			s.SetPtr(unsafe.Pointer(&e.bytes[0]))
			e.bytes = e.bytes[len(r.raw):]
		}
	case v8c.Ref:
		s.Bits = e.i.ref(r.ref)
	case v8c.Array, v8c.Error, v8c.Throw:
		s.Len = uint64(len(r.list))
	case v8c.Object:
		s.Len = uint64(len(r.list) / 2)
	}
	for k := range r.list {
		e.put(&r.list[k])
	}
}

// ascii tells whether every byte of s is below 0x80.
func ascii(s string) bool {
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	for len(b) >= 8 {
		if *(*uint64)(unsafe.Pointer(&b[0]))&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	var or byte
	for _, c := range b {
		or |= c
	}
	return bits.LeadingZeros8(or) > 0
}

// IsError tells that r is the result of Error.
func IsError(r Result) bool { return r.tag == v8c.Error }

// Thrown makes an Error result one that a native throws.
func Thrown(r Result) Result {
	if r.tag == v8c.Error {
		r.tag = v8c.Throw
	}
	return r
}
