package ecosystem

import (
	"encoding/json"
	goflag "flag"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

var update = goflag.Bool("update", false, "write the schema and the types")

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ document, want string }{
		{`{"apps":[{"name":"a","script":"x.js","max_restart":3}]}`, "apps[0] (a): unknown option 'max_restart': did you mean 'max_restarts'?"},
		{`{"apps":[{"script":"x.js","wathc":true}]}`, "apps[0]: unknown option 'wathc': did you mean 'watch'?"},
		{`{"apps":[{"script":"x.js","qqqqqqqqqq":true}]}`, "apps[0]: unknown option 'qqqqqqqqqq'"},
		{`{"apps":[{"script":"x.js","instances":"two"}]}`, "apps[0]: option 'instances' must be a number or 'max', not 'two'"},
		{`{"apps":[{"script":"x.js","autorestart":"yes"}]}`, "apps[0]: option 'autorestart' must be true or false, not 'yes'"},
		{`{"apps":[{"script":"x.js","exec_mode":"thread"}]}`, "apps[0]: option 'exec_mode' must be 'fork', 'cluster', 'threads', 'fork_mode', 'cluster_mode', 'threads_mode', not 'thread'"},
		{`{"apps":[{"script":"x.js","max_memory_restart":"1T"}]}`, "apps[0]: option 'max_memory_restart' must be a size: bytes, or a text such as '150M', not '1T'"},
		{`{"apps":[{"script":"x.js","kill_timeout":1.5}]}`, "apps[0]: option 'kill_timeout' must be a time: milliseconds, or a text such as '10s', not 1.5"},
		{`{"apps":[{"script":"x.js","sticky":"ip"}]}`, "apps[0]: option 'sticky' must be true, false, 'header:NAME' or 'cookie:NAME', not 'ip'"},
		{`{"apps":[{"script":"x.js","sticky":1}]}`, "apps[0]: option 'sticky' must be true, false, 'header:NAME' or 'cookie:NAME', not 1"},
		{`{"apps":[{"name":"a"}]}`, "apps[0] (a): option 'script' is missing"},
		{`{"app":[]}`, "unknown name 'app' beside apps: did you mean 'apps'?"},
		{`3`, "no 'apps' list in it"},
		{`{"apps":[3]}`, "apps[0]: an application is an object"},
	} {
		var d any
		if err := json.Unmarshal([]byte(c.document), &d); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Parse(d); err == nil || err.Error() != c.want {
			t.Errorf("%s:\n %v\nwant\n %s", c.document, err, c.want)
		}
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		in   map[string]any
		want Values
	}{
		{map[string]any{"min_uptime": "10s", "kill_timeout": "1h", "restart_delay": 5.0}, Values{"min_uptime": int64(10000), "kill_timeout": int64(3600000), "restart_delay": int64(5)}},
		{map[string]any{"max_memory_restart": "150M"}, Values{"max_memory_restart": int64(150 << 20)}},
		{map[string]any{"max_memory_restart": "1.5G"}, Values{"max_memory_restart": int64(3 << 29)}},
		{map[string]any{"args": "a 'b c' d\\ e", "node_args": []any{"--x", 3.0}}, Values{"args": []string{"a", "b c", "d e"}, "node_args": []string{"--x", "3"}}},
		{map[string]any{"instances": "max"}, Values{"instances": int64(0)}},
		{map[string]any{"error": "e.log", "output": "o.log", "combine_logs": true, "exec": "x.js"}, Values{"error_file": "e.log", "out_file": "o.log", "merge_logs": true, "script": "x.js"}},
		{map[string]any{"maxMemoryRestart": 3.0, "interpreterArgs": "-r x"}, Values{"max_memory_restart": int64(3), "node_args": []string{"-r", "x"}}},
		{map[string]any{"stop_exit_codes": 0.0, "watch": "src", "env": map[string]any{"A": 1.0, "B": true, "C": nil}},
			Values{"stop_exit_codes": []int{0}, "watch": []string{"src"}, "env": map[string]string{"A": "1", "B": "true"}}},
		{map[string]any{"out": "alias", "out_file": "own"}, Values{"out_file": "own"}},
		{map[string]any{"cwd": nil}, Values{}},
		{map[string]any{"sticky": true}, Values{"sticky": "address"}},
		{map[string]any{"sticky": false}, Values{"sticky": ""}},
		{map[string]any{"sticky": "header:X-Forwarded-For"}, Values{"sticky": "header:x-forwarded-for"}},
	} {
		got, _, err := ParseApp(c.in)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %v, %v; want %v", c.in, got, err, c.want)
		}
	}
}

func TestInertOptionsAreToldOf(t *testing.T) {
	_, w, err := ParseApp(map[string]any{"vizion": false, "trace": true})
	if err != nil || len(w) != 1 || !strings.Contains(w[0], "'trace' has no effect") {
		t.Errorf("%v %v", w, err)
	}
}

func TestNew(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"app.js": "", "run.sh": "", "tool": "#!/usr/bin/env node\n", "bin": "\x7fELF", "package.json": `{"version":"1.2.3"}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c := Caller{Home: "/h", Cwd: dir, Env: []string{"PATH=/bin:" + dir, "A=caller", "SECRET_X=1", "NODE_CHANNEL_FD=3"}, Environment: "production"}
	a, err := New(Values{"script": "app.js", "env": map[string]string{"A": "own", "B": "own"}, "env_production": map[string]string{"B": "prod"},
		"filter_env": []string{"SECRET"}, "time": true, "port": int64(80)}, c)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"PATH": "/bin:" + dir, "A": "own", "B": "prod", "PORT": "80"}; !reflect.DeepEqual(a.Env, want) {
		t.Errorf("environment %v", a.Env)
	}
	if a.Name != "app" || a.Interpreter != "node" || a.ExecMode != ModeFork || a.Version != "1.2.3" || a.OutFile != "/h/logs/app-out.log" ||
		a.KillTimeout != 1600 || !a.AutoRestart || a.DateFormat == "" || a.Instances != 1 || !a.MergeLogs {
		t.Errorf("%+v", a)
	}
	for script, want := range map[string]string{"run.sh": "bash", "tool": "node", "bin": "none"} {
		if a, err := New(Values{"script": script}, c); err != nil || a.Interpreter != want || a.Script != filepath.Join(dir, script) {
			t.Errorf("%s: %s %v", script, a.Interpreter, err)
		}
	}
	c.Cwd = "/"
	if a, err := New(Values{"script": "tool"}, c); err != nil || a.Script != filepath.Join(dir, "tool") {
		t.Errorf("a program of PATH: %s %v", a.Script, err)
	}
	if _, err := New(Values{"script": "none.js"}, c); err == nil || err.Error() != "Script not found: /none.js" {
		t.Errorf("%v", err)
	}
	c.Cwd = dir
	for n, want := range map[int64]int{0: runtime.NumCPU(), 3: 3, -1: max(1, runtime.NumCPU()-1)} {
		if a, err := New(Values{"script": "app.js", "instances": n}, c); err != nil || a.Instances != want || a.ExecMode != ModeCluster || a.MergeLogs {
			t.Errorf("%d instances: %+v %v", n, a, err)
		}
	}
	if _, err := New(Values{"script": "app.js", "env_prodution": map[string]string{}}, c); err == nil || !strings.Contains(err.Error(), "did you mean 'prodution'") {
		t.Errorf("%v", err)
	}
}

func TestWithID(t *testing.T) {
	if got := WithID("/x/a-out.log", 3); got != "/x/a-out-3.log" {
		t.Error(got)
	}
}

// The schema and the types that are shipped are those of Options.
func TestShipped(t *testing.T) {
	for path, want := range map[string][]byte{
		"../../../packages/ecosystem/schema.json": Schema(), "../../../packages/ecosystem/index.d.ts": Declarations(),
	} {
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != string(want) {
			t.Errorf("%s differs: run this test with -update (%v)", path, err)
		}
	}
}

func FuzzSplitWords(f *testing.F) {
	f.Add(`a "b c" 'd' \e`)
	f.Add(`"`)
	f.Fuzz(func(t *testing.T, s string) {
		words, err := SplitWords(s)
		if err != nil {
			return
		}
		for _, w := range words {
			if len(w) > len(s)*3 {
				t.Errorf("%q: %q", s, w)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"apps":[{"script":"x","env":{"A":[1]},"watch":[true],"instances":1e99}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var d any
		if json.Unmarshal(text, &d) == nil {
			_, _, _ = Parse(d)
		}
	})
}
