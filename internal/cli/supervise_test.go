package cli

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
)

func TestManagerFlags(t *testing.T) {
	for _, c := range []struct {
		words   []string
		args    []string
		rest    []string
		options map[string]any
	}{
		{[]string{"start", "app.js", "-i", "max", "--name", "x", "--", "-v"}, []string{"start", "app.js"}, []string{"-v"}, map[string]any{"instances": "max", "name": "x"}},
		{[]string{"start", "--watch", "app.js", "-i4"}, []string{"start", "app.js"}, nil, map[string]any{"watch": true, "instances": "4"}},
		{[]string{"start", "app.js", "--watch", "src,lib", "--no-autorestart"}, []string{"start", "app.js"}, nil, map[string]any{"watch": []any{"src", "lib"}, "autorestart": false}},
		{[]string{"scale", "x", "-2"}, []string{"scale", "x", "-2"}, nil, map[string]any{}},
		{[]string{"start", "a", "--stop-exit-codes", "0", "3", "--time"}, []string{"start", "a"}, nil, map[string]any{"stop_exit_codes": []any{"0", "3"}, "time": true}},
		{[]string{"start", "a", "--kill-timeout=3s"}, []string{"start", "a"}, nil, map[string]any{"kill_timeout": "3s"}},
	} {
		f, args, rest, err := parseFlags(c.words)
		if err != nil || !reflect.DeepEqual(args, c.args) || !reflect.DeepEqual(rest, c.rest) || !reflect.DeepEqual(f.options(), c.options) {
			t.Errorf("%q: %q %q %v %v", c.words, args, rest, f.options(), err)
		}
	}
	for _, words := range [][]string{{"start", "--nmae", "x"}, {"start", "-i"}} {
		if _, _, _, err := parseFlags(words); err == nil {
			t.Errorf("%q is wrong", words)
		}
	}
}

// Every option of the command line is one of the schema.
func TestFlagsAreOptions(t *testing.T) {
	for name, f := range flagTable {
		if f.option == "" {
			continue
		}
		if _, _, err := ecosystem.ParseApp(map[string]any{f.option: nil, "env": nil}); err != nil {
			t.Errorf("--%s: %v", name, err)
		}
		found := false
		for _, o := range ecosystem.Options {
			found = found || o.Name == f.option
		}
		if !found {
			t.Errorf("--%s sets '%s', which is no option", name, f.option)
		}
	}
}

func TestTable(t *testing.T) {
	m := &manager{}
	now := time.UnixMilli(100_000)
	list := []control.Process{{ID: 0, Name: "x", Namespace: "default", Version: "N/A", Mode: ecosystem.ModeFork, Pid: 30279, Status: control.Online,
		Started: 100_000, Memory: 19_084_083, User: "root", Load: &control.Load{LagP99: 12.3, Requests: 0.5}}}
	got := m.table(list, now)
	want := `┌────┬──────┬─────────────┬─────────┬─────────┬──────────┬────────┬──────┬───────────┬──────────┬──────────┬──────────┬────────┬──────────┬──────────┐
│ id │ name │ namespace   │ version │ mode    │ pid      │ uptime │ ↺    │ status    │ cpu      │ mem      │ loop lag │ req/s  │ user     │ watching │
├────┼──────┼─────────────┼─────────┼─────────┼──────────┼────────┼──────┼───────────┼──────────┼──────────┼──────────┼────────┼──────────┼──────────┤
│ 0  │ x    │ default     │ N/A     │ fork    │ 30279    │ 0s     │ 0    │ online    │ 0%       │ 18.2mb   │ 12ms     │ 0.5    │ root     │ disabled │
└────┴──────┴─────────────┴─────────┴─────────┴──────────┴────────┴──────┴───────────┴──────────┴──────────┴──────────┴────────┴──────────┴──────────┘
`
	if got != want {
		t.Errorf("\n%s", got)
	}
}

func TestNarrowTable(t *testing.T) {
	for columns, last := range map[int]string{120: "watching", 80: "uptime"} {
		m := &manager{columns: columns}
		got := m.table([]control.Process{{Name: "shop-api", Status: control.Online}}, time.UnixMilli(0))
		for k, line := range strings.Split(strings.TrimSpace(got), "\n") {
			if n := utf8.RuneCountInString(line); n > columns {
				t.Errorf("line %d has %d columns of %d", k, n, columns)
			}
		}
		if !strings.Contains(got, "loop lag") || strings.Contains(got, last) {
			t.Errorf("%d:\n%s", columns, got)
		}
	}
}

func FuzzManagerFlags(f *testing.F) {
	f.Add("start", "-i4", "--")
	f.Add("-", "--=", "-=")
	f.Fuzz(func(_ *testing.T, a, b, c string) {
		if f, _, _, err := parseFlags([]string{a, b, c}); err == nil {
			f.options()
		}
	})
}
