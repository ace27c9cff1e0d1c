package cli

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCalledAsNode(t *testing.T) {
	folder := t.TempDir()
	roost, other, node := filepath.Join(folder, "roost"), filepath.Join(folder, "other"), filepath.Join(folder, "bin", "node")
	for _, file := range []string{roost, other} {
		if err := os.WriteFile(file, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Dir(node), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(roost, node); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(node))
	for _, c := range []struct{ argv0, executable, want string }{
		{"node", roost, node},
		{node, roost, node},
		{roost, roost, ""},
		{"roost", roost, ""},
		{"node", other, ""},
		{filepath.Join(folder, "gone", "node"), roost, ""},
	} {
		if got := calledAsNode(c.argv0, c.executable); got != c.want {
			t.Errorf("calledAsNode(%q, %q) = %q, want %q", c.argv0, c.executable, got, c.want)
		}
	}
}
