// Package order holds the order in which Roost runs timers, immediates, ticks, promise jobs, I/O callbacks, events and
// close callbacks against the order of Node 24.
//
// It owns testdata: one program a case, and beside it what Node 24 prints and its exit code. Each case runs in a
// process of its own. It imports nothing of Roost.
//
//	go test ./test/order                                                Roost against the records
//	ROOST=/path/to/program go test ./test/order                         another program against them
//	ROOST=/path/to/node go test ./test/order -update                    records what that Node does
package order

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "record what the program named by ROOST does")

// caseLimit ends a case that hangs.
const caseLimit = 20 * time.Second

func program(t *testing.T) string {
	t.Helper()
	path := os.Getenv("ROOST")
	if path == "" {
		path = filepath.Join("..", "..", "roost")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("there is no program to test, run make first: %v", err)
	}
	return path
}

func TestOrder(t *testing.T) {
	t.Parallel()
	path := program(t)
	cases, err := filepath.Glob("testdata/*.*js")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 30 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, file := range cases {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, stderr := run(t, path, name)
			record := file + ".txt"
			if *update {
				if err := os.WriteFile(record, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(record)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s\nand on stderr:\n%s", difference(got, string(want)), stderr)
			}
		})
	}
}

// run gives what the case printed on stdout with its exit code, and its stderr for whoever looks into a failure.
func run(t *testing.T, path, name string) (record, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), caseLimit)
	defer cancel()
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, path, name)
	cmd.Dir, cmd.Stdout, cmd.Stderr = "testdata", &out, &errOut
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "NODE_OPTIONS=", "TZ=UTC")
	ownGroup(cmd)
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("still running after %v; it printed:\n%s%s", caseLimit, &out, &errOut)
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err != nil {
		fmt.Fprintf(&out, "[%s]\n", err)
	}
	return out.String(), errOut.String()
}

// difference puts the two orders side by side from the first line at which they part.
func difference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	from := 0
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	var text strings.Builder
	fmt.Fprintf(&text, "from line %d on:\n%-50s | %s\n", from+1, "got", "Node 24")
	for i := from; i < max(len(a), len(b)); i++ {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		fmt.Fprintf(&text, "%-50s | %s\n", x, y)
	}
	return text.String()
}
