package sqlite

import (
	"runtime"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"roost/internal/binding"
	"roost/internal/engine"
)

// database is one connection. Isolate's thread only, but for the connection itself, which a backup reads under SQLite's own lock.
type database struct {
	s          *state
	p          uintptr // sqlite3*; 0 once closed
	busy       int     // natives in progress that may run closures
	failure    error   // of a closure's arguments: thrown in place of SQLite's error
	statements map[*statement]struct{}
	sessions   map[*session]struct{}
	backups    map[*backup]struct{}
	keep       []any // closures that SQLite has
	auth       any   // the authorizer that SQLite has
	aggregates int64 // the last number of an aggregate's state
	quiet      bool  // SQLite cleans up: closures aren't called
}

// Close implements the closing of a reference that was collected.
func (d *database) Close() error {
	d.close()
	return nil
}

func (d *database) close() {
	if d.p == 0 {
		return
	}
	delete(d.s.open, d)
	d.quiet = true
	for b := range d.backups {
		b.finish()
	}
	for x := range d.sessions {
		x.delete()
	}
	d.finalizeAll()
	lib.Xsqlite3_close_v2(d.s.tls, d.p)
	d.p = 0
	runtime.KeepAlive(d.keep)
	d.keep, d.auth = nil, nil
}

func (d *database) finalizeAll() {
	before := d.quiet
	d.quiet = true
	for x := range d.statements {
		x.finalize()
	}
	d.quiet = before
}

// open gives the database in argument 0, or throws and gives nil.
func opened(c *binding.Call) *database {
	d, _ := c.Ref(0).(*database)
	if d == nil || d.p == 0 {
		c.Throw(invalidState("database is not open"))
		return nil
	}
	return d
}

// enter begins what may run closures; the result ends it.
func (d *database) enter() func() {
	d.busy++
	return func() { d.busy-- }
}

// err is the connection's last error.
func (d *database) err() error {
	code := lib.Xsqlite3_extended_errcode(d.s.tls, d.p)
	return d.s.sqliteError(code, libc.GoString(lib.Xsqlite3_errmsg(d.s.tls, d.p)))
}

// throw throws what made an operation fail: a closure's error first, then err, then the connection's.
func (d *database) throw(c *binding.Call, err error) {
	failure := d.failure
	d.failure = nil
	switch {
	case d.s.terminated:
		d.s.terminated = false
		c.Throw(&engine.Exception{Terminated: true})
	case failure != nil:
		c.Throw(failure)
	case err != nil:
		c.Throw(err)
	default:
		c.Throw(d.err())
	}
}

// stopped throws when JavaScript was stopped in a closure though SQLite went on.
func (d *database) stopped(c *binding.Call) bool {
	if d.s.terminated || d.failure != nil {
		d.throw(c, nil)
		return true
	}
	return false
}

// open(path, readOnly, foreignKeys, doubleQuotedStrings, timeout, defensive) → database
func open(c *binding.Call) {
	s := stateOf(c.Env())
	flags := int32(lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_CREATE)
	if c.Bool(1) {
		flags = lib.SQLITE_OPEN_READONLY
	}
	d, err := s.connect(c.String(0), flags|lib.SQLITE_OPEN_URI)
	if err != nil {
		c.Throw(err)
		return
	}
	d.config(lib.SQLITE_DBCONFIG_DQS_DML, c.Bool(3))
	d.config(lib.SQLITE_DBCONFIG_DQS_DDL, c.Bool(3))
	d.config(lib.SQLITE_DBCONFIG_ENABLE_FKEY, c.Bool(2))
	if c.Bool(5) {
		d.config(lib.SQLITE_DBCONFIG_DEFENSIVE, true)
	}
	lib.Xsqlite3_busy_timeout(s.tls, d.p, int32(c.Int(4)))
	s.open[d] = struct{}{}
	c.Return(binding.Ref(d))
}

func (s *state) connect(path string, flags int32) (*database, error) {
	out := s.word()
	if out == 0 {
		return nil, s.sqliteError(lib.SQLITE_NOMEM, "")
	}
	defer lib.Xsqlite3_free(s.tls, out)
	rc := s.withText(path, func(p uintptr) int32 { return lib.Xsqlite3_open_v2(s.tls, p, out, flags, 0) })
	d := &database{s: s, p: *(*uintptr)(at(out)), statements: map[*statement]struct{}{}, sessions: map[*session]struct{}{}, backups: map[*backup]struct{}{}}
	if rc != lib.SQLITE_OK {
		err := s.sqliteError(rc, "")
		if d.p != 0 {
			err = d.err()
			lib.Xsqlite3_close_v2(s.tls, d.p)
		}
		return nil, err
	}
	return d, nil
}

// config sets one of the options of a connection that are on or off.
func (d *database) config(option int32, on bool) int32 {
	value := int32(0)
	if on {
		value = 1
	}
	list := libc.NewVaList(value, uintptr(0))
	defer libc.Xfree(d.s.tls, list)
	return lib.Xsqlite3_db_config(d.s.tls, d.p, option, list)
}

// idle is the open database of argument 0 while none of its own functions runs; else nil, with the error thrown.
func idle(c *binding.Call) *database {
	d := opened(c)
	if d != nil && d.busy > 0 {
		c.Throw(invalidState("database is in use"))
		return nil
	}
	return d
}

// close(database)
func closeDatabase(c *binding.Call) {
	d := idle(c)
	if d == nil {
		return
	}
	d.close()
}

// exec(database, sql)
func exec(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	defer d.enter()()
	if d.s.withText(c.String(1), func(p uintptr) int32 { return lib.Xsqlite3_exec(d.s.tls, d.p, p, 0, 0, 0) }) != lib.SQLITE_OK {
		d.throw(c, nil)
		return
	}
	d.stopped(c)
}

func isTransaction(c *binding.Call) {
	if d := opened(c); d != nil {
		c.Return(binding.Bool(lib.Xsqlite3_get_autocommit(d.s.tls, d.p) == 0))
	}
}

// location(database, name) → path | null
func location(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	var path uintptr
	d.s.withText(c.String(1), func(p uintptr) int32 {
		path = lib.Xsqlite3_db_filename(d.s.tls, d.p, p)
		return 0
	})
	if path == 0 || *(*byte)(at(path)) == 0 {
		c.Return(binding.Null)
		return
	}
	c.Return(binding.String(libc.GoString(path)))
}

// limit(database, number, value: -1 to ask) → the value before
func limit(c *binding.Call) {
	if d := opened(c); d != nil {
		c.Return(binding.Int(lib.Xsqlite3_limit(d.s.tls, d.p, int32(c.Int(1)), int32(c.Int(2)))))
	}
}

// defensive(database, on)
func defensive(c *binding.Call) {
	if d := opened(c); d != nil && d.config(lib.SQLITE_DBCONFIG_DEFENSIVE, c.Bool(1)) != lib.SQLITE_OK {
		c.Throw(d.err())
	}
}

// serialize(database, name) → bytes
func serialize(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	size := d.s.word()
	if size == 0 {
		c.Throw(d.s.sqliteError(lib.SQLITE_NOMEM, ""))
		return
	}
	defer lib.Xsqlite3_free(d.s.tls, size)
	var p uintptr
	d.s.withText(c.String(1), func(name uintptr) int32 {
		p = lib.Xsqlite3_serialize(d.s.tls, d.p, name, size, 0)
		return 0
	})
	n := *(*int64)(at(size))
	if p == 0 {
		if n == 0 && lib.Xsqlite3_errcode(d.s.tls, d.p) == lib.SQLITE_OK && d.has(c.String(1)) {
			c.Return(binding.Bytes(nil)) // a database without pages
			return
		}
		c.Throw(d.err())
		return
	}
	defer lib.Xsqlite3_free(d.s.tls, p)
	c.Return(binding.Bytes(append([]byte(nil), memory(p, int(n))...)))
}

// has tells whether a database of this name is attached.
func (d *database) has(name string) bool {
	return d.s.withText(name, func(p uintptr) int32 { return lib.Xsqlite3_db_readonly(d.s.tls, d.p, p) }) >= 0
}

// deserialize(database, bytes, name): ends all statements and sessions
func deserialize(c *binding.Call) {
	d := idle(c)
	if d == nil {
		return
	}
	b := c.Bytes(1)
	if len(b) == 0 {
		return
	}
	for x := range d.backups {
		x.finish()
	}
	for x := range d.sessions {
		x.delete()
	}
	d.finalizeAll()
	p, ok := d.s.copy(unsafe.String(&b[0], len(b)))
	if !ok {
		c.Throw(d.s.sqliteError(lib.SQLITE_NOMEM, ""))
		return
	}
	const freeOnClose, resizeable = 1, 2
	rc := d.s.withText(c.String(2), func(name uintptr) int32 { // frees p whatever happens
		return lib.Xsqlite3_deserialize(d.s.tls, d.p, name, p, int64(len(b)), int64(len(b)), freeOnClose|resizeable)
	})
	if rc != lib.SQLITE_OK {
		c.Throw(d.err())
	}
}
