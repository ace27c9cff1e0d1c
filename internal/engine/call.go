package engine

import (
	"math"
	"unsafe"

	"roost/internal/engine/v8c"
)

// Call is one call of a native: its arguments and its result. It is valid until the native returns and reused after.
// A reader of the wrong type, or of an argument that is not there, gives the zero value.
type Call struct {
	i       *Isolate
	args    []v8c.Slot
	handles []v8c.Value
	ret     *v8c.Slot
	out     []v8c.Slot
}

// Isolate is the isolate that calls.
func (c *Call) Isolate() *Isolate { return c.i }

// Depth is the number of native calls in progress, this one included.
func (c *Call) Depth() int { return c.i.depth }

// Len is the number of arguments, at most 16.
func (c *Call) Len() int { return len(c.args) }

// IsUndefined tells that argument k is undefined, null or absent.
func (c *Call) IsUndefined(k int) bool { return k >= len(c.args) || c.args[k].Tag <= v8c.Null }

// IsNumber tells that argument k is a number.
func (c *Call) IsNumber(k int) bool { return k < len(c.args) && c.args[k].Tag == v8c.Number }

// IsString tells that argument k is a string.
func (c *Call) IsString(k int) bool {
	if k >= len(c.args) {
		return false
	}
	s := &c.args[k]
	return s.Tag == v8c.Latin1 || s.Tag == v8c.UTF8 || s.Tag == v8c.Handle && s.Aux == v8c.KindString
}

// IsBytes tells that argument k is a view or an ArrayBuffer.
func (c *Call) IsBytes(k int) bool { return k < len(c.args) && c.args[k].Tag == v8c.Bytes }

// IsArray tells that argument k is an array.
func (c *Call) IsArray(k int) bool {
	return k < len(c.args) && c.args[k].Tag == v8c.Handle && c.args[k].Aux == v8c.KindArray
}

// Float reads a number; a BigInt is converted.
func (c *Call) Float(k int) float64 {
	if k >= len(c.args) {
		return 0
	}
	switch s := &c.args[k]; s.Tag {
	case v8c.Number:
		return s.Float()
	case v8c.BigInt:
		return float64(int64(s.Bits))
	case v8c.BigUint:
		return float64(s.Bits)
	}
	return 0
}

// Int64 reads an integer from a number or BigInt; what does not fit is clamped, NaN is 0.
func (c *Call) Int64(k int) int64 {
	if k >= len(c.args) {
		return 0
	}
	switch s := &c.args[k]; s.Tag {
	case v8c.Number:
		f := s.Float()
		switch {
		case f != f:
			return 0
		case f >= maxInt:
			return math.MaxInt64
		case f <= -maxInt:
			return math.MinInt64
		}
		return int64(f)
	case v8c.BigInt, v8c.BigUint:
		return int64(s.Bits)
	}
	return 0
}

// Int is Int64 as int.
func (c *Call) Int(k int) int { return int(c.Int64(k)) }

// Uint32 is Int64 truncated to 32 bits.
func (c *Call) Uint32(k int) uint32 { return uint32(c.Int64(k)) }

// Bool reads a boolean.
func (c *Call) Bool(k int) bool { return k < len(c.args) && c.args[k].Tag == v8c.True }

// String reads a string as UTF-8 (copied, or kept from an earlier call); lone surrogates become U+FFFD.
func (c *Call) String(k int) string {
	if k >= len(c.args) {
		return ""
	}
	return c.i.slotText(&c.args[k])
}

// Latin1 gives the characters of a string that has none above U+00FF and is not long: borrowed until the native returns, or until it runs JavaScript.
func (c *Call) Latin1(k int) (chars []byte, ok bool) {
	if k >= len(c.args) || c.args[k].Tag != v8c.Latin1 {
		return nil, false
	}
	if c.args[k].Len == 0 {
		return nil, true
	}
	return unsafe.Slice((*byte)(c.args[k].Ptr()), int(c.args[k].Len)), true
}

func (i *Isolate) slotText(s *v8c.Slot) string {
	switch s.Tag {
	case v8c.Latin1:
		if s.Len == 0 {
			return ""
		}
		return i.texts.of(unsafe.Slice((*byte)(s.Ptr()), int(s.Len)))
	case v8c.UTF8:
		if s.Len == 0 {
			return ""
		}
		return string(unsafe.Slice((*byte)(s.Ptr()), int(s.Len)))
	case v8c.Handle:
		if s.Aux == v8c.KindString {
			return i.c.StringUTF8(v8c.Value(s.Bits))
		}
	}
	return ""
}

func latin1(b []byte) string {
	high := 0
	for _, x := range b {
		high += int(x >> 7)
	}
	if high == 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b)+high)
	for _, x := range b {
		if x < 0x80 {
			out = append(out, x)
		} else {
			out = append(out, 0xC0|x>>6, 0x80|x&0x3F)
		}
	}
	return unsafe.String(&out[0], len(out))
}

// Bytes gives the memory of a view or ArrayBuffer: borrowed until the native returns, or until it runs JavaScript. Of a small typed array that is a
// copy; what the native writes there is the array's when it returns. Memory that is to last is pinned.
func (c *Call) Bytes(k int) []byte {
	if k >= len(c.args) || c.args[k].Tag != v8c.Bytes || c.args[k].Len == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(c.args[k].Ptr()), int(c.args[k].Len))
}

// Strings reads an array of strings; elements of other types are skipped.
func (c *Call) Strings(k int) []string {
	if !c.IsArray(k) {
		return nil
	}
	elements := c.i.Elements(Value{c.handles[k]})
	out := make([]string, 0, len(elements))
	for _, e := range elements {
		s := c.i.c.SlotOf(e.h)
		if s.Tag == v8c.Latin1 || s.Tag == v8c.UTF8 || s.Tag == v8c.Handle && s.Aux == v8c.KindString {
			out = append(out, c.i.slotText(&s))
		}
	}
	return out
}

// Floats reads an array of numbers; elements of other types are 0.
func (c *Call) Floats(k int) []float64 {
	if !c.IsArray(k) {
		return nil
	}
	elements := c.i.Elements(Value{c.handles[k]})
	out := make([]float64, len(elements))
	for n, e := range elements {
		if s := c.i.c.SlotOf(e.h); s.Tag == v8c.Number {
			out[n] = s.Float()
		}
	}
	return out
}

// Value gives argument k itself; zero when absent.
func (c *Call) Value(k int) Value {
	if k >= len(c.handles) {
		return Value{}
	}
	return Value{c.handles[k]}
}

// Ref gives the Go value behind an object that a Ref result made; nil for anything else.
func (c *Call) Ref(k int) any {
	if k >= len(c.args) || c.args[k].Tag != v8c.Ref {
		return nil
	}
	return c.i.refs[c.args[k].Bits]
}

// Pin keeps the memory of argument k alive beyond the call; nil when it is no view or ArrayBuffer.
func (c *Call) Pin(k int) *Pin {
	if !c.IsBytes(k) {
		return nil
	}
	p, b := c.i.c.NewPin(c.handles[k])
	return &Pin{p, b}
}

// Return sets the result. The last call counts.
func (c *Call) Return(r Result) {
	c.out = nil
	switch r.tag {
	case v8c.Undefined, v8c.Null, v8c.True, v8c.False, v8c.Number:
		c.ret.Tag, c.ret.Bits = r.tag, r.bits
		return
	}
	c.out = c.i.encode([]Result{r})
}

// Fail throws err: an *Exception again as it was, an error with JSError as the error factory's arguments, any other by its text.
func (c *Call) Fail(err error) {
	c.out = nil
	if x, ok := err.(*Exception); ok {
		c.ret.Tag, c.ret.Aux, c.ret.Bits = v8c.Throw, 1, uint64(x.Value.h)
		if x.Terminated {
			c.ret.Aux = 2
		}
		return
	}
	c.out = c.i.encode([]Result{Throw(err)})
}
