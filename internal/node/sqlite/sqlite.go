// Package sqlite is the Go half of node:sqlite, on SQLite translated to Go (modernc.org/sqlite/lib): the library's C API, without
// database/sql, which knows neither sessions nor user functions that call JavaScript.
//
// Everything runs on the isolate's thread but the steps of a backup, which run on the pool. JavaScript holds databases, statements,
// sessions and backups as opaque references; what it forgets is closed when it is collected. User functions, authorizers and handlers
// are JavaScript closures by number: dispatch calls one, and it answers with the answer* natives before it returns.
//
// Whatever may run such a closure counts as busy; a busy database isn't closed and a busy statement isn't used, since SQLite forbids it.
// The package must not import another builtin.
package sqlite

import (
	"strconv"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"roost/internal/binding"
	"roost/internal/engine"
)

// Module is the sqlite builtin.
var Module = binding.Module{Name: "sqlite", Natives: binding.Natives{
	"register": register, "answerNumber": answerNumber, "answerValue": answerValue, "answerError": answerError,
	"open": open, "close": closeDatabase, "exec": exec, "isTransaction": isTransaction, "location": location, "limit": limit,
	"defensive": defensive, "serialize": serialize, "deserialize": deserialize,
	"prepare": prepare, "get": get, "bind": bind, "rows": rows, "reset": reset, "run": run, "columnNames": columnNames, "columns": columns,
	"expandedSQL": expandedSQL, "finalized": finalized,
	"createFunction": createFunction, "createAggregate": createAggregate, "setAuthorizer": setAuthorizer,
	"sessionCreate": sessionCreate, "sessionChanges": sessionChanges, "sessionClose": sessionClose, "applyChangeset": applyChangeset,
	"backupCreate": backupCreate, "backupStep": backupStep,
}}

// state is what the databases of one isolate share. Isolate's thread only.
type state struct {
	env        *binding.Env
	tls        *libc.TLS
	dispatch   *engine.Persistent
	open       map[*database]struct{}
	answer     answer
	terminated bool // JavaScript was stopped inside of a closure
}

type stateKey struct{}

func stateOf(env *binding.Env) *state {
	return env.State(stateKey{}, func() any {
		s := &state{env: env, tls: libc.NewTLS(), open: map[*database]struct{}{}}
		env.OnClose(func() {
			for d := range s.open {
				d.close()
			}
			if s.dispatch != nil {
				s.dispatch.Release()
				s.dispatch = nil
			}
		})
		return s
	}).(*state)
}

// register(dispatch): the function by which closures are called
func register(c *binding.Call) {
	s := stateOf(c.Env())
	if s.dispatch == nil {
		s.dispatch = c.Env().Isolate.Keep(c.Value(0))
	}
}

// answer is what a closure gave.
type answer struct {
	context uintptr // of the SQL function; 0 for other closures
	number  int32
	given   bool
}

// call calls the closure number id and gives its answer. false when JavaScript can't run or was stopped. Runs user code.
func (d *database) call(id int, context uintptr, args ...binding.Result) (answer, bool) {
	s := d.s
	if s.dispatch == nil || s.terminated || s.env.Stopped() {
		return answer{}, false
	}
	before := s.answer
	s.answer = answer{context: context}
	scope := s.env.Isolate.Scope()
	_, err := s.env.Isolate.Call(s.dispatch.Value(), engine.Value{}, append([]binding.Result{binding.Int(id)}, args...)...)
	if x, ok := err.(*engine.Exception); ok && x.Terminated {
		s.terminated = true
	} else if err != nil && d.failure == nil { // closures catch what they throw, so the stack is full
		d.failure = binding.RangeError("", "Maximum call stack size exceeded")
	}
	scope.Close()
	given := s.answer
	s.answer = before
	return given, err == nil
}

func answerNumber(c *binding.Call) {
	s := stateOf(c.Env())
	s.answer.number, s.answer.given = int32(c.Int64(0)), true
}

// answerValue(value) is the result of an SQL function
func answerValue(c *binding.Call) {
	s := stateOf(c.Env())
	context := s.answer.context
	if context == 0 {
		return
	}
	switch {
	case c.IsUndefined(0):
		lib.Xsqlite3_result_null(s.tls, context)
	case c.IsNumber(0):
		lib.Xsqlite3_result_double(s.tls, context, c.Float(0))
	case c.IsString(0):
		text := c.String(0)
		if p, ok := s.copy(text); ok {
			lib.Xsqlite3_result_text64(s.tls, context, p, uint64(len(text)), freeMemory, lib.SQLITE_UTF8)
		} else {
			lib.Xsqlite3_result_error_nomem(s.tls, context)
		}
	case c.IsBytes(0):
		b := c.Bytes(0)
		if len(b) == 0 {
			lib.Xsqlite3_result_zeroblob(s.tls, context, 0)
		} else if p, ok := s.copy(unsafe.String(&b[0], len(b))); ok {
			lib.Xsqlite3_result_blob64(s.tls, context, p, uint64(len(b)), freeMemory)
		} else {
			lib.Xsqlite3_result_error_nomem(s.tls, context)
		}
	default: // a BigInt
		lib.Xsqlite3_result_int64(s.tls, context, c.Int64(0))
	}
}

// answerError(message) makes an SQL function fail
func answerError(c *binding.Call) {
	s := stateOf(c.Env())
	if s.answer.context != 0 {
		s.resultError(s.answer.context, c.String(0))
	}
}

func (s *state) resultError(context uintptr, text string) {
	if p, ok := s.copy(text); ok {
		lib.Xsqlite3_result_error(s.tls, context, p, -1)
		lib.Xsqlite3_free(s.tls, p)
	} else {
		lib.Xsqlite3_result_error_nomem(s.tls, context)
	}
}

// pointer makes a Go function one that SQLite can call. A closure must be kept alive by the caller as long as SQLite has it: its
// memory never moves, but SQLite's reference is invisible to the collector.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

// freeMemory is sqlite3_free as a destructor.
var freeMemory = pointer(lib.Xsqlite3_free)

// at makes a pointer into SQLite's memory, which is not Go's.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

func memory(p uintptr, n int) []byte { return unsafe.Slice((*byte)(at(p)), n) }

// copy puts text into SQLite's memory, with a NUL behind it. false when there is none left.
func (s *state) copy(text string) (uintptr, bool) {
	p := lib.Xsqlite3_malloc64(s.tls, uint64(len(text)+1))
	if p == 0 {
		return 0, false
	}
	b := memory(p, len(text)+1)
	copy(b, text)
	b[len(text)] = 0
	return p, true
}

// withText calls f with a copy of text that is freed afterwards; SQLITE_NOMEM when there is no memory.
func (s *state) withText(text string, f func(p uintptr) int32) int32 {
	p, ok := s.copy(text)
	if !ok {
		return lib.SQLITE_NOMEM
	}
	defer lib.Xsqlite3_free(s.tls, p)
	return f(p)
}

// word is a place of eight zeroed bytes in SQLite's memory for what it returns by pointer.
func (s *state) word() uintptr {
	p := lib.Xsqlite3_malloc64(s.tls, 8)
	if p != 0 {
		*(*uint64)(at(p)) = 0
	}
	return p
}

// optional is a C string as a result, null for none.
func optional(p uintptr) binding.Result {
	if p == 0 {
		return binding.Null
	}
	return binding.String(libc.GoString(p))
}

const maxSafe = 1<<53 - 1

// integer gives an SQL integer to JavaScript.
func integer(n int64, bigints bool) (binding.Result, error) {
	if bigints {
		return binding.BigInt(n), nil
	}
	if n > maxSafe || n < -maxSafe {
		return binding.Null, binding.RangeError("ERR_OUT_OF_RANGE", "%s",
			"Value is too large to be represented as a JavaScript number: "+strconv.FormatInt(n, 10))
	}
	return binding.Int(n), nil
}

// sqliteError is an error of SQLite that isn't a connection's.
func (s *state) sqliteError(code int32, message string) error {
	text := libc.GoString(lib.Xsqlite3_errstr(s.tls, code))
	if message == "" {
		message = text
	}
	return binding.Error("ERR_SQLITE_ERROR", "%s", message).With("errcode", binding.Int(code)).With("errstr", binding.String(text))
}

func invalidState(text string) error { return binding.Error("ERR_INVALID_STATE", "%s", text) }
