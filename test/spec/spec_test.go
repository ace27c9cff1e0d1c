// Package spec runs small programs and compares what they print and how they exit with Node 24: testdata/<case>.txt holds the command line,
// the files and, recorded from Node, the answer. Lines of a runtime's own stack frames (node:...) are left out on both sides.
//
//	go test ./test/spec                                   against ./roost
//	ROOST=/usr/bin/node go test ./test/spec -update       records again
package spec

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "record the answers of the program named by ROOST")

// A case is text in sections that begin with "-- name --": "args" (one a line), optional "env" and "stdin", files by their names, and at the end
// "exit", "stdout" and "stderr".
type section struct{ name, text string }

func sections(text string) []section {
	var out []section
	for line := range strings.SplitAfterSeq(text, "\n") {
		if name, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(strings.TrimSpace(name), " --") {
			out = append(out, section{name: strings.TrimSuffix(strings.TrimSpace(name), " --")})
			continue
		}
		if len(out) > 0 {
			out[len(out)-1].text += line
		}
	}
	return out
}

func TestSpec(t *testing.T) {
	program := os.Getenv("ROOST")
	if program == "" {
		var err error
		if program, err = filepath.Abs("../../roost"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(program); err != nil {
			t.Fatalf("%s is missing: run make first", program)
		}
	}
	cases, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, kept := run(t, program, sections(string(text)))
			if *update {
				if err := os.WriteFile(path, []byte(kept+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := strings.TrimPrefix(string(text), kept)
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// run gives the answer and the text of the sections that are input.
func run(t *testing.T, program string, parts []section) (answer, kept string) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var args, env []string
	var stdin string
	for _, s := range parts {
		if s.name == "exit" {
			break
		}
		kept += "-- " + s.name + " --\n" + s.text
		switch s.name {
		case "args":
			for line := range strings.SplitSeq(strings.TrimSuffix(s.text, "\n"), "\n") {
				args = append(args, line)
			}
		case "env":
			env = strings.Split(strings.TrimSuffix(s.text, "\n"), "\n")
		case "stdin":
			stdin = s.text
		default:
			file := filepath.Join(dir, s.name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(s.name, "/") {
				if err := os.MkdirAll(file, 0o755); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := os.WriteFile(file, []byte(s.text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append([]string{"NO_COLOR=1", "NODE_OPTIONS=--stack-trace-limit=100"}, env...)...)
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return fmt.Sprintf("-- exit --\n%d\n-- stdout --\n%s-- stderr --\n%s", cmd.ProcessState.ExitCode(), normalise(stdout.String(), dir, program),
		normalise(stderr.String(), dir, program)), kept
}

var (
	ownFrame   = regexp.MustCompile(`(?m)^ +at .*(\(?node:|\[eval\]-wrapper).*\n`)
	matching   = regexp.MustCompile(`\.\.\. \d+ lines matching`)
	ownPlace   = regexp.MustCompile(`(?m)^node:internal/[^\n]*\n[^\n]*\n *\^+\n`)
	version    = regexp.MustCompile(`Node\.js v24\.\d+\.\d+`)
	processID  = regexp.MustCompile(`\(node:\d+\)|\(roost:\d+\)`)
	lastFrame  = regexp.MustCompile(`(?m)^(    at .*) \{\n`)
	frameBrace = regexp.MustCompile(`(?m)^    at .*\(?node:.* \{\n`)
)

// normalise takes out what may differ: paths, versions, process ids, and the frames and places of the runtime's own code.
func normalise(s, dir, program string) string {
	s = strings.ReplaceAll(s, dir, "$DIR")
	s = strings.ReplaceAll(s, program, "$PROGRAM")
	s = version.ReplaceAllString(s, "Node.js v24")
	s = processID.ReplaceAllString(s, "(node:PID)")
	s = ownPlace.ReplaceAllString(s, "$$PLACE\n")
	s = frameBrace.ReplaceAllString(s, "    {\n")
	s = ownFrame.ReplaceAllString(s, "")
	s = lastFrame.ReplaceAllString(s, "$1\n    {\n")
	s = matching.ReplaceAllString(s, "... N lines matching")
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s
}
