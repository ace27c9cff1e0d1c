package engine

import (
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	var kept texts
	memory := make([]byte, 256) // reused, as the scratch memory of arguments is
	read := func(s string) string { return kept.of(memory[:copy(memory, s)]) }
	for range 2 {
		for _, text := range []string{"a", "utf8", "content-type", "content-typf", strings.Repeat("x", maxText), strings.Repeat("x", maxText+1)} {
			if got := read(text); got != text {
				t.Errorf("%q became %q", text, got)
			}
		}
		if got := read("caf\xe9"); got != "café" {
			t.Errorf("Latin-1 became %q", got)
		}
		if got := read("caf\xc3\xa9"); got != "cafÃ©" { // the UTF-8 bytes of the one above
			t.Errorf("Latin-1 became %q", got)
		}
	}
	first := read("utf8")
	clear(memory)
	if first != "utf8" {
		t.Error("a kept text changed with the memory it was read from")
	}
	if n := testing.AllocsPerRun(100, func() { read("content-type") }); n != 0 {
		t.Errorf("a kept text allocates %v times", n)
	}
}
