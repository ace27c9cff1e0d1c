package codecache

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func file(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "k", "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("want one pack, have %v, %v", found, err)
	}
	return found[0]
}

func TestPackRoundTrip(t *testing.T) {
	dir := t.TempDir()
	p := Open(dir, "k", "a")
	p.Put("x", 7, []byte("hello"))
	p.Put("y", 8, bytes.Repeat([]byte("z"), 100000))
	p.Save()
	q := Open(dir, "k", "a")
	if got := q.Get("x", 7); string(got) != "hello" {
		t.Errorf("x = %q", got)
	}
	if got := q.Get("y", 8); len(got) != 100000 {
		t.Errorf("y has %d bytes", len(got))
	}
	if q.Get("x", 6) != nil || q.Get("w", 7) != nil {
		t.Error("a wrong tag or name gives data")
	}
	if Open(dir, "k", "b").Get("x", 7) != nil {
		t.Error("packs of other names share entries")
	}
}

// Every single damaged byte must lose at most entries, never give wrong data.
func TestDamageIsNotServed(t *testing.T) {
	dir := t.TempDir()
	p := Open(dir, "k", "a")
	p.Put("x", 7, []byte("hello"))
	p.Put("y", 9, []byte("world"))
	p.Save()
	path := file(t, dir)
	good, _ := os.ReadFile(path)
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x10
		q := &Pack{entries: map[string]entry{}}
		q.read(bad)
		if got := q.Get("x", 7); got != nil && string(got) != "hello" {
			t.Fatalf("byte %d damaged: x = %q", i, got)
		}
		if got := q.Get("y", 9); got != nil && string(got) != "world" {
			t.Fatalf("byte %d damaged: y = %q", i, got)
		}
	}
	for i := range good {
		q := &Pack{entries: map[string]entry{}}
		q.read(good[:i])
		if got := q.Get("y", 9); got != nil {
			t.Fatalf("cut at %d: y = %q", i, got)
		}
	}
}

func TestConcurrentSaves(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				p := Open(dir, "k", "a")
				if got := p.Get("x", 1); got != nil && string(got) != "data" {
					t.Errorf("x = %q", got)
				}
				p.Put("x", 1, []byte("data"))
				p.Save()
			}
		})
	}
	wg.Wait()
	if got := Open(dir, "k", "a").Get("x", 1); string(got) != "data" {
		t.Errorf("x = %q", got)
	}
	file(t, dir) // and no temporary file is left
}

func TestUnwritable(t *testing.T) {
	p := Open(filepath.Join(os.DevNull, "no"), "k", "a")
	p.Put("x", 1, []byte("data"))
	p.Save()
	var none *Pack
	none.Put("x", 1, []byte("data"))
	none.Save()
	if none.Get("x", 1) != nil {
		t.Error("a nil pack gives data")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &Pack{entries: map[string]entry{}}
		p.read(append([]byte(magic), data...))
		for name, e := range p.entries {
			p.Get(name, e.tag)
		}
	})
}
