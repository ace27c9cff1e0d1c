package sqlite

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"roost/internal/binding"
)

const readWrite = lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_CREATE | lib.SQLITE_OPEN_URI

func newState(t *testing.T) *state {
	t.Helper()
	s := &state{tls: libc.NewTLS(), open: map[*database]struct{}{}}
	t.Cleanup(s.tls.Close)
	return s
}

func connect(t *testing.T, s *state, path string) *database {
	t.Helper()
	d, err := s.connect(path, readWrite)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.close)
	return d
}

func (d *database) do(t *testing.T, sql string) {
	t.Helper()
	if rc := d.s.withText(sql, func(p uintptr) int32 { return lib.Xsqlite3_exec(d.s.tls, d.p, p, 0, 0, 0) }); rc != lib.SQLITE_OK {
		t.Fatalf("%s: %v", sql, d.err())
	}
}

// select1 gives the first column of the first row as text.
func (d *database) select1(t *testing.T, sql string) string {
	t.Helper()
	out := d.s.word()
	defer lib.Xsqlite3_free(d.s.tls, out)
	d.s.withText(sql, func(p uintptr) int32 { return lib.Xsqlite3_prepare_v2(d.s.tls, d.p, p, -1, out, 0) })
	x := &statement{d: d, p: *(*uintptr)(at(out))}
	if x.p == 0 {
		t.Fatal(d.err())
	}
	defer x.finalize()
	if lib.Xsqlite3_step(d.s.tls, x.p) != lib.SQLITE_ROW {
		t.Fatal(d.err())
	}
	return libc.GoString(lib.Xsqlite3_column_text(d.s.tls, x.p, 0))
}

func TestErrorsHaveTheCodesOfSQLite(t *testing.T) {
	s := newState(t)
	_, err := s.connect(filepath.Join(t.TempDir(), "no", "such", "folder"), readWrite)
	var e *binding.NodeError
	if !errors.As(err, &e) || e.Code != "ERR_SQLITE_ERROR" || e.Message != "unable to open database file" {
		t.Fatalf("got %v", err)
	}
}

func TestTextWithNULsAndWithout(t *testing.T) {
	s := newState(t)
	for _, text := range []string{"", "a", "a\x00b", "é☃"} {
		p, ok := s.copy(text)
		if !ok {
			t.Fatal("no memory")
		}
		if got := string(memory(p, len(text)+1)); got != text+"\x00" {
			t.Errorf("%q became %q", text, got)
		}
		lib.Xsqlite3_free(s.tls, p)
	}
}

func TestIntegersThatNumbersCannotHold(t *testing.T) {
	for n, ok := range map[int64]bool{0: true, maxSafe: true, -maxSafe: true, maxSafe + 1: false, -maxSafe - 1: false, -1 << 63: false} {
		if _, err := integer(n, false); (err == nil) != ok {
			t.Errorf("%d: %v", n, err)
		}
		if _, err := integer(n, true); err != nil {
			t.Errorf("%d as a BigInt: %v", n, err)
		}
	}
}

// A closure survives collections as long as the database keeps it, and SQLite can call it.
func TestClosuresAreCalled(t *testing.T) {
	s := newState(t)
	d := connect(t, s, ":memory:")
	calls := 0
	f := func(tls *libc.TLS, context uintptr, argc int32, argv uintptr) {
		calls++
		lib.Xsqlite3_result_int64(tls, context, int64(argc))
	}
	d.keep = append(d.keep, f)
	s.withText("f", func(name uintptr) int32 {
		return lib.Xsqlite3_create_function_v2(s.tls, d.p, name, -1, functionFlags(0), 0, pointer(f), 0, 0, 0)
	})
	if got := d.select1(t, "select f(1, 2) + f(3)"); got != "3" || calls != 2 {
		t.Fatalf("got %s after %d calls", got, calls)
	}
}

// Hammer: isolates on their own threads share the library, and backups read a database that is being written.
func TestThreadsShareTheLibrary(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for k := range 4 {
		all.Go(func() {
			s := newState(t)
			d, err := s.connect(":memory:", readWrite)
			if err != nil {
				t.Error(err)
				return
			}
			defer d.close()
			d.do(t, "create table x(a)")
			b := &backup{d: d, path: filepath.Join(dir, string(rune('a'+k))), source: "main", target: "main"}
			d.backups[b] = struct{}{}
			var steps sync.WaitGroup
			steps.Go(func() {
				b.mu.Lock()
				defer b.mu.Unlock()
				if b.done {
					return
				}
				b.tls = libc.NewTLS()
				if err := b.begin(&state{tls: b.tls}, d.p); err != nil {
					t.Error(err)
					return
				}
				for range 20 {
					lib.Xsqlite3_backup_step(b.tls, b.p, 1)
				}
			})
			for range 50 {
				d.do(t, "insert into x values(randomblob(500))")
			}
			if k%2 == 0 {
				b.finish() // may come before, between and after the steps
			}
			steps.Wait()
			b.finish()
			if got := d.select1(t, "select count(*) from x"); got != "50" {
				t.Error("rows:", got)
			}
		})
	}
	all.Wait()
}

func TestCloseEndsWhatIsOpen(t *testing.T) {
	s := newState(t)
	d := connect(t, s, ":memory:")
	d.do(t, "create table x(a primary key)")
	out := s.word()
	defer lib.Xsqlite3_free(s.tls, out)
	s.withText("select 1", func(p uintptr) int32 { return lib.Xsqlite3_prepare_v2(s.tls, d.p, p, -1, out, 0) })
	x := &statement{d: d, p: *(*uintptr)(at(out))}
	d.statements[x] = struct{}{}
	s.withText("main", func(p uintptr) int32 { return lib.Xsqlite3session_create(s.tls, d.p, p, out) })
	y := &session{d: d, p: *(*uintptr)(at(out))}
	d.sessions[y] = struct{}{}
	d.close()
	if x.p != 0 || y.p != 0 || d.p != 0 || len(d.statements)+len(d.sessions) != 0 {
		t.Fatal("something is still open")
	}
	// Collected later, in any order.
	_, _, _ = y.Close(), x.Close(), d.Close()
}
