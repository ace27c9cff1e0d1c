package dns

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestHostsNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hosts")
	text := "127.0.0.1 localhost\n# 10.0.0.1 no\n::1\tip6-localhost ip6-loopback # x\n127.0.0.1  one two\nbroken line\n10.0.0.2 alone\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		address string
		want    []string
	}{
		{"127.0.0.1", []string{"one", "two"}},
		{"::1", []string{"ip6-loopback"}},
		{"0:0:0:0:0:0:0:1", []string{"ip6-loopback"}},
		{"10.0.0.2", []string{"alone"}},
		{"10.0.0.1", nil},
		{"nonsense", nil},
	} {
		if got := hostsNames(path, c.address); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.address, got, c.want)
		}
	}
}

func TestLocalhost6(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"127.0.0.1 localhost\n":                      "::1",
		"127.0.0.1 localhost\nfd00::1 localhost x\n": "fd00::1",
		"::1 other\n":                                "::1",
	} {
		path := filepath.Join(dir, "hosts")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := localhost6(path, "localhost"); len(got) != 1 || got[0].String() != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
	if got := localhost6(filepath.Join(dir, "none"), "localhost"); len(got) != 1 || got[0].String() != "::1" {
		t.Errorf("without a file: %v", got)
	}
}
