package sqlite

import (
	"runtime"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"roost/internal/binding"
)

// session records changes. https://www.sqlite.org/sessionintro.html
type session struct {
	d *database
	p uintptr // sqlite3_session*; 0 once closed
}

// Close implements the closing of a reference that was collected.
func (x *session) Close() error {
	x.delete()
	return nil
}

func (x *session) delete() {
	if x.p != 0 {
		lib.Xsqlite3session_delete(x.d.s.tls, x.p)
		x.p = 0
		delete(x.d.sessions, x)
	}
}

// sessionCreate(database, name, table | undefined) → session
func sessionCreate(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	s := d.s
	out := s.word()
	if out == 0 {
		c.Throw(s.sqliteError(lib.SQLITE_NOMEM, ""))
		return
	}
	defer lib.Xsqlite3_free(s.tls, out)
	rc := s.withText(c.String(1), func(name uintptr) int32 { return lib.Xsqlite3session_create(s.tls, d.p, name, out) })
	if rc != lib.SQLITE_OK {
		c.Throw(s.sqliteError(rc, "Could not create session"))
		return
	}
	x := &session{d: d, p: *(*uintptr)(at(out))}
	if c.IsUndefined(2) {
		rc = lib.Xsqlite3session_attach(s.tls, x.p, 0)
	} else {
		rc = s.withText(c.String(2), func(table uintptr) int32 { return lib.Xsqlite3session_attach(s.tls, x.p, table) })
	}
	if rc != lib.SQLITE_OK {
		x.delete()
		c.Throw(s.sqliteError(rc, ""))
		return
	}
	d.sessions[x] = struct{}{}
	c.Return(binding.Ref(x))
}

// recording gives the session in argument 0, or throws and gives nil.
func recording(c *binding.Call) *session {
	x, _ := c.Ref(0).(*session)
	switch {
	case x == nil || x.d.p == 0:
		c.Throw(invalidState("database is not open"))
	case x.p == 0:
		c.Throw(invalidState("session is not open"))
	default:
		return x
	}
	return nil
}

// sessionChanges(session, patchset) → bytes
func sessionChanges(c *binding.Call) {
	x := recording(c)
	if x == nil {
		return
	}
	tls := x.d.s.tls
	defer x.d.enter()()
	size, data := x.d.s.word(), x.d.s.word()
	defer lib.Xsqlite3_free(tls, size)
	defer lib.Xsqlite3_free(tls, data)
	if size == 0 || data == 0 {
		c.Throw(x.d.s.sqliteError(lib.SQLITE_NOMEM, ""))
		return
	}
	var rc int32
	if c.Bool(1) {
		rc = lib.Xsqlite3session_patchset(tls, x.p, size, data)
	} else {
		rc = lib.Xsqlite3session_changeset(tls, x.p, size, data)
	}
	if rc != lib.SQLITE_OK {
		x.d.throw(c, x.d.s.sqliteError(rc, ""))
		return
	}
	p := *(*uintptr)(at(data))
	c.Return(blob(p, int(*(*int32)(at(size)))))
	lib.Xsqlite3_free(tls, p)
}

// sessionClose(session)
func sessionClose(c *binding.Call) {
	if x := recording(c); x != nil {
		if x.d.busy > 0 {
			c.Throw(invalidState("database is in use"))
			return
		}
		x.delete()
	}
}

// applyChangeset(database, bytes, filter, conflict) → whether it was applied. filter and conflict are closures, 0 for none.
func applyChangeset(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	s := d.s
	b := c.Bytes(1)
	changes := ""
	if len(b) > 0 {
		changes = unsafe.String(&b[0], len(b))
	}
	p, ok := s.copy(changes)
	if !ok {
		c.Throw(s.sqliteError(lib.SQLITE_NOMEM, ""))
		return
	}
	defer lib.Xsqlite3_free(s.tls, p)
	filterID, conflictID := c.Int(2), c.Int(3)
	filter := func(_ *libc.TLS, _ uintptr, table uintptr) int32 {
		given, ok := d.call(filterID, 0, optional(table))
		if !ok || !given.given {
			return 0
		}
		return given.number
	}
	conflict := func(_ *libc.TLS, _ uintptr, kind int32, _ uintptr) int32 {
		if conflictID == 0 {
			return lib.SQLITE_CHANGESET_ABORT
		}
		given, ok := d.call(conflictID, 0, binding.Int(kind))
		if !ok || !given.given {
			return lib.SQLITE_CHANGESET_ABORT
		}
		return given.number
	}
	var onFilter uintptr
	if filterID != 0 {
		onFilter = pointer(filter)
	}
	leave := d.enter()
	rc := lib.Xsqlite3changeset_apply(s.tls, d.p, int32(len(b)), p, onFilter, pointer(conflict), 0)
	leave()
	runtime.KeepAlive(filter)
	runtime.KeepAlive(conflict)
	if d.stopped(c) {
		return
	}
	switch rc {
	case lib.SQLITE_OK:
		c.Return(binding.True)
	case lib.SQLITE_ABORT:
		c.Return(binding.False)
	default:
		c.Throw(s.sqliteError(rc, ""))
	}
}
