package codecache

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func open(t *testing.T, base string, portable bool, log *[]string) *Directory {
	t.Helper()
	d, err := OpenDirectory(base, "v1", portable, func(format string, args ...any) {
		if log != nil {
			*log = append(*log, fmt.Sprintf(format, args...))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func store(d *Directory, path, source, code string) {
	e := d.Lookup(CommonJS, path, path, source)
	if e.Compiled(false) {
		e.Store([]byte(code))
	}
}

func get(d *Directory, path, source string) string {
	return string(d.Lookup(CommonJS, path, path, source).Data())
}

func TestDirectoryFindsBySource(t *testing.T) {
	base := t.TempDir()
	store(open(t, base, false, nil), "/a.js", "let a", "code")
	if got := get(open(t, base, false, nil), "/a.js", "let a"); got != "code" {
		t.Errorf("the same source has %q", got)
	}
	for _, other := range []string{"let b", "let aa", ""} {
		if got := get(open(t, base, false, nil), "/a.js", other); got != "" {
			t.Errorf("source %q has the code of another", other)
		}
	}
	if got := get(open(t, base, false, nil), "/b.js", "let a"); got != "" {
		t.Error("another file has the code")
	}
	d := open(t, base, false, nil)
	if e := d.Lookup(ESModule, "/a.js", "/a.js", "let a"); e.Data() != nil {
		t.Error("another kind has the code")
	}
}

func TestDirectoryKeepsWhatFits(t *testing.T) {
	base := t.TempDir()
	store(open(t, base, false, nil), "/a.js", "let a", "code")
	var log []string
	d := open(t, base, false, &log)
	if d.Lookup(CommonJS, "/a.js", "/a.js", "let a").Compiled(false) {
		t.Error("accepted code is to be stored again")
	}
	d.Lookup(CommonJS, "/bad.js", "/bad.js", "let")
	d.Skipped()
	for _, want := range []string{"a.js was accepted", "skip persisting CommonJS /a.js because cache was the same",
		"skip persisting CommonJS /bad.js because the cache was not initialized"} {
		if !strings.Contains(strings.Join(log, "\n"), want) {
			t.Errorf("the log lacks %q:\n%s", want, strings.Join(log, "\n"))
		}
	}
	if !open(t, base, false, nil).Lookup(CommonJS, "/a.js", "/a.js", "let a").Compiled(true) {
		t.Error("refused code is not stored again")
	}
}

func TestPortableDirectoryMoves(t *testing.T) {
	for _, portable := range []bool{true, false} {
		base := t.TempDir()
		old, moved := filepath.Join(base, "old"), filepath.Join(base, "moved")
		store(open(t, filepath.Join(old, "cache"), portable, nil), filepath.Join(old, "a.js"), "let a", "code")
		if err := os.Rename(old, moved); err != nil {
			t.Fatal(err)
		}
		if got := get(open(t, filepath.Join(moved, "cache"), portable, nil), filepath.Join(moved, "a.js"), "let a"); (got == "code") != portable {
			t.Errorf("portable %v: %q", portable, got)
		}
	}
}

func TestDirectoryThatCannotBe(t *testing.T) {
	_, err := OpenDirectory("/dev/null/x", "v1", false, nil)
	if err == nil || err.Error() != "Cannot create cache directory: not a directory" {
		t.Errorf("%v", err)
	}
}

// Processes that share a folder see whole entries only, and leave no temporary files.
func TestDirectoryHammer(t *testing.T) {
	base := t.TempDir()
	code := bytes.Repeat([]byte("x"), 200000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for k := range 20 {
				d, err := OpenDirectory(base, "v1", false, nil)
				if err != nil {
					t.Error(err)
					return
				}
				e := d.Lookup(CommonJS, "/a.js", "/a.js", "let a")
				if got := e.Data(); got != nil && !bytes.Equal(got, code) {
					t.Error("half an entry")
				}
				if e.Compiled(k%2 == 0) {
					e.Store(code)
				}
			}
		})
	}
	wg.Wait()
	if files, _ := filepath.Glob(filepath.Join(base, "v1", "*")); len(files) != 1 {
		t.Errorf("files: %v", files)
	}
}

// Every damaged byte of the header's checked fields or the code loses the entry.
func TestDirectoryDamage(t *testing.T) {
	base := t.TempDir()
	store(open(t, base, false, nil), "/a.js", "let a", "code")
	files, _ := filepath.Glob(filepath.Join(base, "v1", "*"))
	good, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		if i >= 12 && i < 16 {
			continue // flags
		}
		bad := bytes.Clone(good)
		bad[i] ^= 0x10
		if code, _, _ := unpackEntry(bad, 5, Checksum([]byte("let a"))); code != nil {
			t.Errorf("byte %d damaged: %q", i, code)
		}
		if code, _, _ := unpackEntry(good[:i], 5, Checksum([]byte("let a"))); code != nil {
			t.Errorf("cut at %d: %q", i, code)
		}
	}
}

func FuzzEntry(f *testing.F) {
	f.Add([]byte("RCO1"), 5, uint64(7))
	f.Fuzz(func(t *testing.T, data []byte, size int, sum uint64) {
		code, _, why := unpackEntry(data, size, sum)
		if (code == nil) != (why != "") && len(data) > entryHeader {
			t.Errorf("code %v, why %q", code, why)
		}
	})
}
