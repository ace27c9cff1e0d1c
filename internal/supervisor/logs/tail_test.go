package logs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	long := strings.Repeat("x", 40<<10)
	for text, want := range map[string][]string{
		"":                         nil,
		"one":                      {"one"},
		"one\ntwo\nthree\n":        {"two", "three"},
		"one\n\n\n":                {"", ""},
		"one\n" + long + "\nend\n": {long, "end"},
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Tail(path, 2); err != nil || !slices.Equal(got, want) {
			t.Errorf("%.20q: %d lines, %v", text, len(got), err)
		}
	}
	if _, err := Tail(path+".none", 2); err == nil {
		t.Error("no error for a file that isn't there")
	}
	if got, err := Tail(filepath.Dir(path), 2); err != nil || got != nil {
		t.Errorf("a folder: %v %v", got, err)
	}
}
