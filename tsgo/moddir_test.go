package roost

import (
	"os/exec"
	"strings"
	"testing"
)

// moduleDir is where the module cache keeps the compiler's source.
func moduleDir(t testing.TB) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/microsoft/typescript-go").Output()
	if err != nil {
		t.Skip("no go command: ", err)
	}
	return strings.TrimSpace(string(out))
}
