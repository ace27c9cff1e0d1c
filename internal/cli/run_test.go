package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindScript(t *testing.T) {
	dir := t.TempDir()
	below := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)
	if _, _, err := findScript("x"); err == nil || !strings.HasPrefix(err.Error(), "Can't find package.json for directory ") {
		t.Errorf("no file: %v", err)
	}
	manifest := filepath.Join(dir, "package.json")
	for _, test := range []struct{ text, name, command, problem string }{
		{`{"scripts":{"z":"echo z","a":"echo a"}}`, "a", "echo a", ""},
		{`{"scripts":{"z":"echo z","a":"echo a"}}`, "b", "", "Missing script: \"b\" for " + manifest + "\n\nAvailable scripts are:\n  z: echo z\n  a: echo a"},
		{`{"scripts":{"z":[]}}`, "z", "", `Script "z" is unexpectedly not a string`},
		{`{}`, "z", "", `Can't find "scripts" field in`},
		{`{"scripts":[]}`, "z", "", `Can't find "scripts" field in`},
		{`{`, "z", "", `Can't parse `},
	} {
		if err := os.WriteFile(manifest, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		command, _, err := findScript(test.name)
		if command != test.command || (err == nil) != (test.problem == "") || err != nil && !strings.HasPrefix(err.Error(), test.problem) {
			t.Errorf("%s: %q, %v", test.text, command, err)
		}
	}
}

func TestShellQuote(t *testing.T) {
	for _, arg := range []string{"", "a", "a b", "it's", `"$x" \n`, "*", "-a=b", "ü"} {
		out, err := exec.Command("/bin/sh", "-c", "printf %s "+shellQuote(arg)).Output()
		if err != nil || string(out) != arg {
			t.Errorf("%q comes as %q, %v", arg, out, err)
		}
	}
}
