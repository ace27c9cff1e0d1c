package sqlite

import (
	"sync"
	"time"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"roost/internal/binding"
)

// backup copies a database to a file, some pages a step. Steps run on the pool, one at a time.
type backup struct {
	d              *database // isolate's thread only, but for p, which doesn't change before finish has returned
	path           string    // immutable, as the two below
	source, target string

	mu   sync.Mutex
	tls  *libc.TLS // guarded by mu; 0 before the first step and after the last
	to   uintptr   // guarded by mu; sqlite3* of the file
	p    uintptr   // guarded by mu; sqlite3_backup*
	done bool      // guarded by mu
}

// Close implements the closing of a reference that was collected.
func (b *backup) Close() error {
	b.finish()
	return nil
}

// finish ends the backup after the step that is in progress. Isolate's thread.
func (b *backup) finish() {
	b.mu.Lock()
	b.end()
	b.mu.Unlock()
	delete(b.d.backups, b)
}

// end frees what the backup has; mu is held.
func (b *backup) end() {
	b.done = true
	if b.tls == nil {
		return
	}
	if b.p != 0 {
		lib.Xsqlite3_backup_finish(b.tls, b.p)
	}
	if b.to != 0 {
		lib.Xsqlite3_close_v2(b.tls, b.to)
	}
	b.tls.Close()
	b.tls, b.p, b.to = nil, 0, 0
}

// backupCreate(database, path, source, target) → backup
func backupCreate(c *binding.Call) {
	d := opened(c)
	if d == nil {
		return
	}
	b := &backup{d: d, path: c.String(1), source: c.String(2), target: c.String(3)}
	d.backups[b] = struct{}{}
	c.Return(binding.Ref(b))
}

// backupStep(backup, pages, request) → [done, total pages, remaining pages]
func backupStep(c *binding.Call) {
	b, _ := c.Ref(0).(*backup)
	if b == nil {
		c.Throw(invalidState("database is not open"))
		return
	}
	pages, from := int32(c.Int(1)), b.d.p
	c.Run(2, func() binding.Result {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.done || from == 0 {
			return binding.Fail(invalidState("database is not open"))
		}
		s := &state{}
		if b.tls == nil {
			b.tls = libc.NewTLS()
			s.tls = b.tls
			if err := b.begin(s, from); err != nil {
				b.end()
				return binding.Fail(err)
			}
		}
		s.tls = b.tls
		rc := lib.Xsqlite3_backup_step(b.tls, b.p, pages)
		switch rc {
		case lib.SQLITE_OK, lib.SQLITE_DONE:
		case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
			time.Sleep(time.Millisecond) // somebody writes: try again soon, but don't spin
		default:
			err := s.sqliteError(rc, "")
			b.end()
			return binding.Fail(err)
		}
		total, left := lib.Xsqlite3_backup_pagecount(b.tls, b.p), lib.Xsqlite3_backup_remaining(b.tls, b.p)
		if rc == lib.SQLITE_DONE {
			b.end()
		}
		return binding.List(binding.Bool(rc == lib.SQLITE_DONE), binding.Int(total), binding.Int(left))
	})
}

// begin opens the file; mu is held.
func (b *backup) begin(s *state, from uintptr) error {
	file, err := s.connect(b.path, lib.SQLITE_OPEN_READWRITE|lib.SQLITE_OPEN_CREATE|lib.SQLITE_OPEN_URI)
	if err != nil {
		return err
	}
	b.to = file.p
	s.withText(b.target, func(target uintptr) int32 {
		return s.withText(b.source, func(source uintptr) int32 {
			b.p = lib.Xsqlite3_backup_init(b.tls, b.to, target, from, source)
			return 0
		})
	})
	if b.p == 0 {
		return file.err()
	}
	return nil
}
