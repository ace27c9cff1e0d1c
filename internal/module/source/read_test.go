package source

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unsafe"
)

func TestLargeTextIsReadOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.js")
	write := func(fill byte) {
		if err := os.WriteFile(path, bytes.Repeat([]byte{fill}, worthRemembering), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var last lastRead
	read := func() (string, uint64) {
		text, tag, err := last.read(path)
		if err != nil || len(text) != worthRemembering {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		return text, tag
	}
	write('a')
	first, _ := read()
	if second, _ := read(); unsafe.StringData(second) != unsafe.StringData(first) {
		t.Error("the text was read again")
	}
	os.Remove(path)
	write('b')
	if err := os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if changed, _ := read(); changed[0] != 'b' || first[0] != 'a' {
		t.Errorf("the changed file reads %q, what was read before %q", changed[0], first[0])
	}
}
