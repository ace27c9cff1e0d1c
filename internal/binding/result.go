package binding

import "roost/internal/engine"

// Result is a value on its way to JavaScript; see engine.Result.
type Result = engine.Result

// JavaScript's simple values.
var (
	Undefined = engine.Undefined
	Null      = engine.Null
	True      = engine.True
	False     = engine.False
)

// Bool is true or false.
func Bool(b bool) Result { return engine.Bool(b) }

// Number is a double.
func Number(f float64) Result { return engine.Number(f) }

// Int is a number from an integer.
func Int[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr](n T) Result {
	return engine.Int(n)
}

// BigInt is a BigInt.
func BigInt(n int64) Result { return engine.BigInt(n) }

// BigUint is a BigInt from an unsigned number.
func BigUint(n uint64) Result { return engine.BigUint(n) }

// String is a string from UTF-8.
func String(s string) Result { return engine.String(s) }

// Strings is an array of strings.
func Strings(s []string) Result { return engine.Strings(s) }

// Latin1 is a string whose characters are the bytes of b; copied when it crosses.
func Latin1(b []byte) Result { return engine.Latin1(b) }

// Buffer is a Buffer with a copy of b.
func Buffer(b []byte) Result { return engine.Buffer(b) }

// Bytes is a Uint8Array with a copy of b.
func Bytes(b []byte) Result { return engine.Bytes(b) }

// ArrayBuffer is an ArrayBuffer with a copy of b.
func ArrayBuffer(b []byte) Result { return engine.ArrayBuffer(b) }

// Float64s is a Float64Array with a copy of f, made when it crosses.
func Float64s(f []float64) Result { return engine.Float64s(f) }

// BigInts is a BigInt64Array with a copy of n, made when it crosses.
func BigInts(n []int64) Result { return engine.BigInts(n) }

// List is an array.
func List(elements ...Result) Result { return engine.List(elements...) }

// Object is an object from alternating keys (String results) and values.
func Object(pairs ...Result) Result { return engine.Object(pairs...) }

// Ref is an opaque object that keeps the Go value v; see engine.Ref.
func Ref(v any) Result { return engine.Ref(v) }

// Handle is a value that the isolate has already; isolate's thread only.
func Handle(v engine.Value) Result { return engine.Handle(v) }

// Fail is the error object of err: as the result of Run or Settle it rejects.
func Fail(err error) Result { return engine.Error(err) }

func isError(r Result) bool  { return engine.IsError(r) }
func thrown(r Result) Result { return engine.Thrown(r) }
