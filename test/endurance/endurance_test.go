// Package endurance runs programs that do a great deal of one thing, each in its own process: what they need must not grow with it.
//
//	ROOST=/usr/bin/node go test ./test/endurance      the same programs on Node 24
package endurance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const timeout = 5 * time.Minute

func TestEndurance(t *testing.T) {
	roost := os.Getenv("ROOST")
	if roost == "" {
		roost, _ = filepath.Abs("../../roost")
	}
	programs, err := filepath.Glob("programs/*.js")
	if err != nil || len(programs) == 0 {
		t.Fatal("no programs", err)
	}
	for _, program := range programs {
		t.Run(strings.TrimSuffix(filepath.Base(program), ".js"), func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), timeout)
			defer stop()
			cmd := exec.CommandContext(ctx, roost, program, t.TempDir())
			cmd.WaitDelay = time.Second
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v (run make first)\n%s", err, out)
			}
		})
	}
}
