// Package hostile calls every builtin with values that misbehave (calls.cjs): proxies whose traps throw, getters that throw, conversions that
// shrink the buffer they belong to, numbers out of range. JavaScript exceptions are expected; the process must not crash, hang or report an
// internal error.
package hostile

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const timeout = 3 * time.Minute

// apart are modules whose calls end the program by design, so that nothing can be told from the end.
var apart = map[string]string{
	"process":     "its listeners and exit are the program's own",
	"async_hooks": "an exception in a hook ends the program, in Node as well",
	"domain":      "a domain that is entered stays on the stack of the program",
	"node:test":   "tests that fail set the exit code",
	"zlib":        "chunk sizes of gigabytes; its own fuzz tests look at the parsers",
	"sys":         "is util",
}

func TestHostileCalls(t *testing.T) {
	roost := os.Getenv("ROOST")
	if roost == "" {
		roost, _ = filepath.Abs("../../roost")
	}
	script, _ := filepath.Abs("calls.cjs")
	out, err := exec.Command(roost, "-p", "require('module').builtinModules.join(' ')").Output()
	if err != nil {
		t.Fatalf("%v (run make first)", err)
	}
	for module := range strings.FieldsSeq(string(out)) {
		if _, ok := apart[module]; ok || strings.HasPrefix(module, "_") {
			continue
		}
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithTimeout(t.Context(), timeout)
			defer stop()
			cmd := exec.CommandContext(ctx, roost, "--no-warnings", script, module)
			cmd.Dir = t.TempDir()
			cmd.WaitDelay = time.Second
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Run(); err != nil || !strings.HasSuffix(strings.TrimSpace(out.String()), " calls") {
				if errors.Is(ctx.Err(), context.DeadlineExceeded) {
					err = ctx.Err()
				}
				text := out.Bytes()
				t.Errorf("%v\n%s", err, text[max(0, len(text)-4000):])
			}
		})
	}
}
