package sqlite

import (
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"roost/internal/binding"
)

// statement is one prepared statement. Isolate's thread only.
type statement struct {
	d       *database
	p       uintptr // sqlite3_stmt*; 0 once finalized
	running bool    // it is being stepped: its closures must not use it
	failed  bool    // the last step threw
}

// Close implements the closing of a reference that was collected.
func (x *statement) Close() error {
	if x.p != 0 {
		before := x.d.quiet
		x.d.quiet = true
		x.finalize()
		x.d.quiet = before
	}
	return nil
}

func (x *statement) finalize() {
	if x.p != 0 {
		lib.Xsqlite3_finalize(x.d.s.tls, x.p)
		x.p = 0
		delete(x.d.statements, x)
	}
}

// prepare(database, sql) → [statement, parameter names: (string | null)[]] | undefined for no statement
func prepare(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	s := d.s
	defer d.enter()()
	out := s.word()
	if out == 0 {
		c.Throw(s.sqliteError(lib.SQLITE_NOMEM, ""))
		return
	}
	defer lib.Xsqlite3_free(s.tls, out)
	sql := c.String(1)
	rc := s.withText(sql, func(p uintptr) int32 { return lib.Xsqlite3_prepare_v2(s.tls, d.p, p, int32(len(sql)+1), out, 0) })
	if rc != lib.SQLITE_OK {
		d.throw(c, nil)
		return
	}
	p := *(*uintptr)(at(out))
	if p == 0 {
		return
	}
	x := &statement{d: d, p: p}
	d.statements[x] = struct{}{}
	count := lib.Xsqlite3_bind_parameter_count(s.tls, p)
	names := make([]binding.Result, count)
	for k := range names {
		names[k] = optional(lib.Xsqlite3_bind_parameter_name(s.tls, p, int32(k+1)))
	}
	c.Return(binding.List(binding.Ref(x), binding.List(names...)))
}

// usable gives the statement in argument 0, or throws and gives nil.
func usable(c *binding.Call) *statement {
	x, _ := c.Ref(0).(*statement)
	switch {
	case x == nil || x.p == 0:
		c.Throw(invalidState("statement has been finalized"))
	case x.running:
		c.Throw(invalidState("statement is in use"))
	default:
		return x
	}
	return nil
}

func finalized(c *binding.Call) {
	x, _ := c.Ref(0).(*statement)
	c.Return(binding.Bool(x == nil || x.p == 0))
}

// begin resets the statement and binds the arguments from k on, null to what has none.
func (x *statement) begin(c *binding.Call, k int) bool {
	s := x.d.s
	x.reset()
	lib.Xsqlite3_clear_bindings(s.tls, x.p)
	for n := int32(1); k < c.Len(); k, n = k+1, n+1 {
		rc := int32(lib.SQLITE_OK)
		switch {
		case c.IsUndefined(k):
			rc = lib.Xsqlite3_bind_null(s.tls, x.p, n)
		case c.IsNumber(k):
			rc = lib.Xsqlite3_bind_double(s.tls, x.p, n, c.Float(k))
		case c.IsString(k):
			text := c.String(k)
			if p, ok := s.copy(text); ok {
				rc = lib.Xsqlite3_bind_text64(s.tls, x.p, n, p, uint64(len(text)), freeMemory, lib.SQLITE_UTF8)
			} else {
				rc = lib.SQLITE_NOMEM
			}
		case c.IsBytes(k):
			b := c.Bytes(k)
			if len(b) == 0 {
				rc = lib.Xsqlite3_bind_zeroblob(s.tls, x.p, n, 0)
			} else if p, ok := s.copy(unsafe.String(&b[0], len(b))); ok {
				rc = lib.Xsqlite3_bind_blob64(s.tls, x.p, n, p, uint64(len(b)), freeMemory)
			} else {
				rc = lib.SQLITE_NOMEM
			}
		default: // a BigInt
			rc = lib.Xsqlite3_bind_int64(s.tls, x.p, n, c.Int64(k))
		}
		if rc != lib.SQLITE_OK {
			x.d.throw(c, nil)
			return false
		}
	}
	return true
}

// reset ends what runs. Closures aren't called for the aggregates that it throws away.
func (x *statement) reset() {
	before := x.d.quiet
	x.d.quiet = true
	lib.Xsqlite3_reset(x.d.s.tls, x.p)
	x.d.quiet = before
}

// step gives the next row; false at the end, or after an error, which is then thrown.
func (x *statement) step(c *binding.Call) bool {
	x.running = true
	leave := x.d.enter()
	rc := lib.Xsqlite3_step(x.d.s.tls, x.p)
	leave()
	x.running = false
	x.failed = x.d.stopped(c)
	if x.failed {
		x.reset()
		return false
	}
	switch rc {
	case lib.SQLITE_ROW:
		return true
	case lib.SQLITE_DONE:
		return false
	}
	x.d.throw(c, nil)
	x.failed = true
	x.reset()
	return false
}

// row appends the columns of the current row.
func (x *statement) row(to []binding.Result, bigints bool) ([]binding.Result, error) {
	tls := x.d.s.tls
	for k := range lib.Xsqlite3_column_count(tls, x.p) {
		var v binding.Result
		switch lib.Xsqlite3_column_type(tls, x.p, k) {
		case lib.SQLITE_INTEGER:
			var err error
			if v, err = integer(lib.Xsqlite3_column_int64(tls, x.p, k), bigints); err != nil {
				return to, err
			}
		case lib.SQLITE_FLOAT:
			v = binding.Number(lib.Xsqlite3_column_double(tls, x.p, k))
		case lib.SQLITE_TEXT:
			p := lib.Xsqlite3_column_text(tls, x.p, k)
			v = text(p, int(lib.Xsqlite3_column_bytes(tls, x.p, k)))
		case lib.SQLITE_BLOB:
			p := lib.Xsqlite3_column_blob(tls, x.p, k)
			v = blob(p, int(lib.Xsqlite3_column_bytes(tls, x.p, k)))
		default:
			v = binding.Null
		}
		to = append(to, v)
	}
	return to, nil
}

func text(p uintptr, n int) binding.Result {
	if p == 0 || n == 0 {
		return binding.String("")
	}
	return binding.String(string(memory(p, n)))
}

func blob(p uintptr, n int) binding.Result {
	if p == 0 || n == 0 {
		return binding.Bytes(nil)
	}
	return binding.Bytes(append([]byte(nil), memory(p, n)...))
}

// version changes when SQLite prepared the statement anew, since its columns may be others then.
func (x *statement) version() binding.Result {
	return binding.Int(lib.Xsqlite3_stmt_status(x.d.s.tls, x.p, lib.SQLITE_STMTSTATUS_REPREPARE, 0))
}

// get(statement, bigints, ...values) → [version, ...columns] of the first row | undefined
func get(c *binding.Call) {
	x := usable(c)
	if x == nil || !x.begin(c, 2) {
		return
	}
	if !x.step(c) {
		if !x.failed {
			x.reset()
		}
		return
	}
	row, err := x.row(make([]binding.Result, 1, 8), c.Bool(1))
	row[0] = x.version()
	x.reset()
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.List(row...))
}

// run(statement, bigints, ...values) → [changes, last row id]
func run(c *binding.Call) {
	x := usable(c)
	if x == nil || !x.begin(c, 2) {
		return
	}
	for x.step(c) {
	}
	if x.failed {
		return
	}
	x.reset()
	tls, d := x.d.s.tls, x.d
	changes, err := integer(lib.Xsqlite3_changes64(tls, d.p), c.Bool(1))
	last, err2 := integer(lib.Xsqlite3_last_insert_rowid(tls, d.p), c.Bool(1))
	if err == nil {
		err = err2
	}
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.List(changes, last))
}

// bind(statement, ...values): what rows will run
func bind(c *binding.Call) {
	if x := usable(c); x != nil {
		x.begin(c, 1)
	}
}

// rows(statement, bigints, most) → [version, rows, ...columns of each]; fewer rows than most: the statement is at its end and reset
func rows(c *binding.Call) {
	x := usable(c)
	if x == nil {
		return
	}
	most := c.Int(2)
	all := make([]binding.Result, 2, 16)
	n := 0
	for n < most && x.step(c) {
		var err error
		if all, err = x.row(all, c.Bool(1)); err != nil {
			x.reset()
			c.Throw(err)
			return
		}
		n++
	}
	if x.failed {
		return
	}
	all[0], all[1] = x.version(), binding.Int(n)
	if n < most {
		x.reset()
	}
	c.Return(binding.List(all...))
}

// reset(statement)
func reset(c *binding.Call) {
	if x := usable(c); x != nil {
		x.reset()
	}
}

// columnNames(statement) → string[]
func columnNames(c *binding.Call) {
	x, _ := c.Ref(0).(*statement)
	if x == nil || x.p == 0 {
		c.Throw(invalidState("statement has been finalized"))
		return
	}
	names := make([]binding.Result, lib.Xsqlite3_column_count(x.d.s.tls, x.p))
	for k := range names {
		names[k] = optional(lib.Xsqlite3_column_name(x.d.s.tls, x.p, int32(k)))
	}
	c.Return(binding.List(names...))
}

// columns(statement) → for each column: origin, database, name, table, declared type
func columns(c *binding.Call) {
	x := usable(c)
	if x == nil {
		return
	}
	tls := x.d.s.tls
	var all []binding.Result
	for k := range lib.Xsqlite3_column_count(tls, x.p) {
		all = append(all, optional(lib.Xsqlite3_column_origin_name(tls, x.p, k)), optional(lib.Xsqlite3_column_database_name(tls, x.p, k)),
			optional(lib.Xsqlite3_column_name(tls, x.p, k)), optional(lib.Xsqlite3_column_table_name(tls, x.p, k)),
			optional(lib.Xsqlite3_column_decltype(tls, x.p, k)))
	}
	c.Return(binding.List(all...))
}

// expandedSQL(statement) → the text with its parameters
func expandedSQL(c *binding.Call) {
	x, _ := c.Ref(0).(*statement)
	if x == nil || x.p == 0 {
		c.Throw(invalidState("statement has been finalized"))
		return
	}
	p := lib.Xsqlite3_expanded_sql(x.d.s.tls, x.p)
	if p == 0 {
		c.Throw(x.d.s.sqliteError(lib.SQLITE_NOMEM, "Expanded SQL text would exceed configured limits"))
		return
	}
	defer lib.Xsqlite3_free(x.d.s.tls, p)
	c.Return(binding.String(libc.GoString(p)))
}
