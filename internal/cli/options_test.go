package cli

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		args []string
		env  string
		set  map[string][]string
		v8   []string
		rest []string
		err  string
	}{
		{args: []string{"a.js", "-e", "x"}, rest: []string{"a.js", "-e", "x"}},
		{args: []string{"-e", "1", "x", "-y"}, set: map[string][]string{"eval": {"1"}}, rest: []string{"x", "-y"}},
		{args: []string{"-pe", "1"}, set: map[string][]string{"print": {"1"}, "eval": {"1"}}},
		{args: []string{"-p", "-e", "2"}, set: map[string][]string{"print": {""}, "eval": {"2"}}},
		{args: []string{"--eval=3"}, set: map[string][]string{"eval": {"3"}}},
		{args: []string{"-r", "a", "--require=b", "c.js"}, set: map[string][]string{"require": {"a", "b"}}, rest: []string{"c.js"}},
		{args: []string{"--no-warnings", "a"}, set: map[string][]string{"no-warnings": {""}}, rest: []string{"a"}},
		{args: []string{"--", "-x"}, rest: []string{"-x"}},
		{args: []string{"-", "x"}, rest: []string{"-", "x"}},
		{args: []string{"--expose_gc", "--max-old-space-size", "100", "a"}, v8: []string{"--expose_gc", "--max-old-space-size=100"}, rest: []string{"a"}},
		{args: []string{"a"}, env: `--require "./my file.js" --max-old-space-size=5`, set: map[string][]string{"require": {"./my file.js"}}, v8: []string{"--max-old-space-size=5"}, rest: []string{"a"}},
		{args: []string{"a"}, env: "-e 1", err: "-e is not allowed in NODE_OPTIONS"},
		{args: []string{"a"}, env: `"--x`, err: "invalid value for NODE_OPTIONS (unterminated string)"},
		{args: []string{"-e"}, err: "-e requires an argument"},
		{args: []string{"--eval", "-p"}, err: "--eval requires an argument"},
		{args: []string{"--no-import"}, err: "--no-import is an invalid negation because it is not a boolean option"},
		{args: []string{"-x"}, err: "bad option: -x"},
	} {
		p, err := parse(c.args, c.env)
		if err != nil || c.err != "" {
			if err == nil || err.Error() != c.err {
				t.Errorf("%q: error %v, want %q", c.args, err, c.err)
			}
			continue
		}
		if len(p.set) != len(c.set) {
			t.Errorf("%q: set %v, want %v", c.args, p.set, c.set)
		}
		for k, v := range c.set {
			if !slices.Equal(p.set[k], v) {
				t.Errorf("%q: %s = %q, want %q", c.args, k, p.set[k], v)
			}
		}
		if !slices.Equal(p.v8, c.v8) || !slices.Equal(p.rest, c.rest) {
			t.Errorf("%q: v8 %q rest %q, want %q and %q", c.args, p.v8, p.rest, c.v8, c.rest)
		}
	}
}

func FuzzSplitEnvironment(f *testing.F) {
	f.Add(`a "b c" d\ e`)
	f.Fuzz(func(t *testing.T, text string) { splitEnvironment(text) })
}
