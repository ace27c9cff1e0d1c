package sqlite

import (
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"roost/internal/binding"
)

// Flags of a function, as lib/node/sqlite.ts gives them.
const (
	functionBigInts = 1 << iota
	functionDeterministic
	functionDirectOnly
)

func functionFlags(flags int) int32 {
	encoding := int32(lib.SQLITE_UTF8)
	if flags&functionDeterministic != 0 {
		encoding |= lib.SQLITE_DETERMINISTIC
	}
	if flags&functionDirectOnly != 0 {
		encoding |= lib.SQLITE_DIRECTONLY
	}
	return encoding
}

// arguments reads the arguments of an SQL function after first.
func (d *database) arguments(first []binding.Result, argc int32, argv uintptr, bigints bool) ([]binding.Result, error) {
	tls := d.s.tls
	for k := range int(argc) {
		v := *(*uintptr)(at(argv + uintptr(k)*unsafe.Sizeof(argv)))
		var r binding.Result
		switch lib.Xsqlite3_value_type(tls, v) {
		case lib.SQLITE_INTEGER:
			var err error
			if r, err = integer(lib.Xsqlite3_value_int64(tls, v), bigints); err != nil {
				return nil, err
			}
		case lib.SQLITE_FLOAT:
			r = binding.Number(lib.Xsqlite3_value_double(tls, v))
		case lib.SQLITE_TEXT:
			p := lib.Xsqlite3_value_text(tls, v)
			r = text(p, int(lib.Xsqlite3_value_bytes(tls, v)))
		case lib.SQLITE_BLOB:
			p := lib.Xsqlite3_value_blob(tls, v)
			r = blob(p, int(lib.Xsqlite3_value_bytes(tls, v)))
		default:
			r = binding.Null
		}
		first = append(first, r)
	}
	return first, nil
}

// callFunction calls a closure with the arguments of an SQL function.
func (d *database) callFunction(id int, context uintptr, first []binding.Result, argc int32, argv uintptr, bigints bool) {
	if d.quiet {
		return
	}
	args, err := d.arguments(first, argc, argv, bigints)
	if err != nil {
		d.failure = err
		d.s.resultError(context, err.Error())
		return
	}
	if _, ok := d.call(id, context, args...); !ok {
		d.s.resultError(context, "interrupted")
	}
}

// createFunction(database, name, arguments: -1 for any, flags, closure)
func createFunction(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	flags, id := c.Int(3), c.Int(4)
	call := func(_ *libc.TLS, context uintptr, argc int32, argv uintptr) {
		d.callFunction(id, context, nil, argc, argv, flags&functionBigInts != 0)
	}
	d.keep = append(d.keep, call)
	rc := d.s.withText(c.String(1), func(name uintptr) int32 {
		return lib.Xsqlite3_create_function_v2(d.s.tls, d.p, name, int32(c.Int(2)), functionFlags(flags), 0, pointer(call), 0, 0, 0)
	})
	if rc != lib.SQLITE_OK {
		c.Throw(d.err())
	}
}

// createAggregate(database, name, arguments, flags, step, final, value, inverse): closures whose first argument is the number of the
// aggregate's state, 0 for none. value and inverse are 0 for what isn't a window function.
func createAggregate(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	flags, step, final, value, inverse := c.Int(3), c.Int(4), c.Int(5), c.Int(6), c.Int(7)
	number := func(context uintptr, size int32) int64 {
		p := lib.Xsqlite3_aggregate_context(d.s.tls, context, size)
		if p == 0 {
			return 0
		}
		n := (*int64)(at(p))
		if *n == 0 && size > 0 {
			d.aggregates++
			*n = d.aggregates
		}
		return *n
	}
	with := func(id int) func(*libc.TLS, uintptr, int32, uintptr) {
		return func(_ *libc.TLS, context uintptr, argc int32, argv uintptr) {
			d.callFunction(id, context, []binding.Result{binding.Int(number(context, 8))}, argc, argv, flags&functionBigInts != 0)
		}
	}
	without := func(id int) func(*libc.TLS, uintptr) {
		return func(_ *libc.TLS, context uintptr) {
			d.callFunction(id, context, []binding.Result{binding.Int(number(context, 0))}, 0, 0, false)
		}
	}
	onStep, onFinal := with(step), without(final)
	d.keep = append(d.keep, onStep, onFinal)
	var onValue, onInverse uintptr
	if inverse != 0 {
		v, i := without(value), with(inverse)
		d.keep = append(d.keep, v, i)
		onValue, onInverse = pointer(v), pointer(i)
	}
	rc := d.s.withText(c.String(1), func(name uintptr) int32 {
		return lib.Xsqlite3_create_window_function(d.s.tls, d.p, name, int32(c.Int(2)), functionFlags(flags), 0, pointer(onStep), pointer(onFinal),
			onValue, onInverse, 0)
	})
	if rc != lib.SQLITE_OK {
		c.Throw(d.err())
	}
}

// setAuthorizer(database, closure: 0 for none)
func setAuthorizer(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	id := c.Int(1)
	if id == 0 {
		lib.Xsqlite3_set_authorizer(d.s.tls, d.p, 0, 0)
		d.auth = nil
		return
	}
	ask := func(_ *libc.TLS, _ uintptr, action int32, a, b, name, trigger uintptr) int32 {
		if d.quiet {
			return lib.SQLITE_OK
		}
		given, ok := d.call(id, 0, binding.Int(action), optional(a), optional(b), optional(name), optional(trigger))
		if !ok || !given.given {
			return lib.SQLITE_DENY
		}
		return given.number
	}
	if lib.Xsqlite3_set_authorizer(d.s.tls, d.p, pointer(ask), 0) != lib.SQLITE_OK {
		c.Throw(d.err())
		return
	}
	d.auth = ask
}
