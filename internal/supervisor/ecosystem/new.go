package ecosystem

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"roost/internal/sticky"
	"roost/internal/vitals"
)

// Caller is who asks for an application to be started.
type Caller struct {
	Home        string   // the state folder
	Cwd         string   // absolute; paths are relative to it
	Env         []string // KEY=value
	Environment string   // --env: which env_NAME to use
}

// Defaults, in milliseconds.
const (
	defaultMinUptime     = 1000
	defaultMaxRestarts   = 16
	defaultListenTimeout = 3000
	defaultKillTimeout   = 1600
	defaultWatchDelay    = 200
	defaultLogMaxSize    = 10 << 20
	defaultLogKeep       = 30
)

func get[T any](v Values, name string, otherwise T) T {
	if x, ok := v[name].(T); ok {
		return x
	}
	return otherwise
}

func (v Values) number(name string, otherwise int64) int64 { return get(v, name, otherwise) }

// New completes the options of an application. Its errors are what is shown.
func New(v Values, c Caller) (App, error) {
	a := App{
		Args: get[[]string](v, "args", nil), InterpreterArgs: get[[]string](v, "node_args", nil),
		Namespace: get(v, "namespace", "default"), Sticky: get(v, "sticky", ""), InstanceVar: get(v, "instance_var", "NODE_APP_INSTANCE"), IncrementVar: get(v, "increment_var", ""),
		Port: int(v.number("port", 0)), AutoStart: get(v, "autostart", true), AutoRestart: get(v, "autorestart", true),
		StopExitCodes: get[[]int](v, "stop_exit_codes", nil), MinUptime: v.number("min_uptime", defaultMinUptime),
		MaxRestarts: int(v.number("max_restarts", defaultMaxRestarts)), RestartDelay: v.number("restart_delay", 0),
		Backoff: v.number("exp_backoff_restart_delay", 0), MaxMemory: v.number("max_memory_restart", 0), CronRestart: cronOf(v),
		WaitReady: get(v, "wait_ready", false), ListenTimeout: v.number("listen_timeout", defaultListenTimeout),
		KillTimeout: v.number("kill_timeout", defaultKillTimeout), ShutdownWithMessage: get(v, "shutdown_with_message", false),
		TreeKill: get(v, "treekill", true), Ignore: get[[]string](v, "ignore_watch", nil), WatchDelay: v.number("watch_delay", defaultWatchDelay),
		DateFormat: get(v, "log_date_format", ""), DisableLogs: get(v, "disable_logs", false),
		LogMaxSize: v.number("log_max_size", defaultLogMaxSize), LogKeep: int(v.number("log_keep", defaultLogKeep)),
		LogDaily: get(v, "log_daily", true), LogCompress: get(v, "log_compress", true),
		SourceMapSupport: get(v, "source_map_support", true) && !get(v, "disable_source_map_support", false),
		AppendEnv:        get(v, "append_env_to_name", false),
	}
	if a.DateFormat == "" && get(v, "time", false) {
		a.DateFormat = timeFormat
	}
	if get(v, "log_type", "") == "json" {
		a.LogType = "json"
	}
	a.Cwd = absolute(c.Cwd, get(v, "cwd", "."))
	if info, err := os.Stat(a.Cwd); err != nil || !info.IsDir() {
		return a, fmt.Errorf("option 'cwd': %s is no folder", a.Cwd)
	}
	if err := a.setScript(v, c); err != nil {
		return a, err
	}
	a.Name = get(v, "name", strings.TrimSuffix(filepath.Base(a.Script), filepath.Ext(a.Script)))
	if a.Name == "" || a.Name == "all" {
		return a, fmt.Errorf("option 'name': an application can't be called '%s'", a.Name)
	}
	if a.AppendEnv && c.Environment != "" {
		a.Name += "-" + c.Environment
	}
	a.setMode(v)
	if a.Sticky != "" && a.ExecMode == ModeFork {
		return a, errors.New("option 'sticky' is for programs of Node.js in cluster or threads mode: set 'instances'")
	}
	a.Version = get(v, "version", packageVersion(filepath.Dir(a.Script)))
	if err := a.setOwner(v); err != nil {
		return a, err
	}
	a.setWatch(v)
	a.setLogs(v, c)
	return a, a.setEnv(v, c)
}

// timeFormat is what `time` stands for.
const timeFormat = "YYYY-MM-DDTHH:mm:ss"

// cronOf: 0 turns it off.
func cronOf(v Values) string {
	c := get(v, "cron_restart", "")
	if c == "0" || c == "false" {
		return ""
	}
	return c
}

func absolute(dir, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// ServeScript is the script of an application that serves a folder; Serve is its interpreter: this program with ServeArgument alone. What it serves
// stands in variables: PM2_SERVE_PATH, _PORT, _HOST, _SPA, _HOMEPAGE, _FTP, _BASIC_AUTH_USERNAME, _BASIC_AUTH_PASSWORD.
const (
	ServeScript   = "serve"
	Serve         = "serve"
	ServeArgument = "--roost-serve"
)

// InstancesVariable tells a program of cluster mode how many instances there are: of several, each takes less memory for what is young. The
// program removes it.
const InstancesVariable = "ROOST_INSTANCES"

// interpreters by the ending of a file, as PM2 has them; "node" is this program.
var interpreters = map[string]string{
	".js": "node", ".cjs": "node", ".mjs": "node", ".ts": "node", ".cts": "node", ".mts": "node", ".tsx": "node",
	".sh": "bash", ".py": "python3", ".rb": "ruby", ".php": "php", ".pl": "perl", ".coffee": "coffee", ".ls": "lsc",
}

func (a *App) setScript(v Values, c Caller) error {
	name := get(v, "script", "")
	if name == "" {
		return errors.New("option 'script' is missing")
	}
	a.Script = absolute(a.Cwd, name)
	info, err := os.Stat(a.Script)
	if err != nil && (name == ServeScript || name == "expose") {
		a.Script, a.Interpreter = ServeScript, Serve
		return nil
	}
	if err != nil && !strings.Contains(name, "/") {
		if found := inPath(name, c.Env); found != "" {
			a.Script = found
			info, err = os.Stat(found)
		}
	}
	if err != nil || info.IsDir() {
		return fmt.Errorf("Script not found: %s", a.Script)
	}
	a.Interpreter = get(v, "interpreter", "")
	if a.Interpreter == "" {
		a.Interpreter = interpreterOf(a.Script, info)
	}
	return nil
}

// interpreterOf looks at the ending, then at the first line: a script for node is ours, another program runs itself.
func interpreterOf(path string, info fs.FileInfo) string {
	if i := interpreters[filepath.Ext(path)]; i != "" {
		return i
	}
	f, err := os.Open(path)
	if err != nil {
		return "none"
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(f, 256).ReadSlice('\n')
	if strings.HasPrefix(string(line), "#!") && strings.Contains(string(line), "node") {
		return "node"
	}
	if info.Mode()&0o111 == 0 {
		return "node"
	}
	return "none"
}

func inPath(name string, env []string) string {
	for _, e := range env {
		value, ok := strings.CutPrefix(e, "PATH=")
		if !ok {
			continue
		}
		for _, dir := range filepath.SplitList(value) {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); filepath.IsAbs(path) && err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				return path
			}
		}
	}
	return ""
}

func (a *App) setMode(v Values) {
	asked, given := v["instances"].(int64)
	a.Instances = int(asked)
	if !given {
		a.Instances = 1
	}
	if n := runtime.NumCPU(); a.Instances <= 0 {
		a.Instances = max(1, n+a.Instances)
	}
	switch get(v, "exec_mode", "") {
	case "cluster", ModeCluster:
		a.ExecMode = ModeCluster
	case "threads", ModeThreads:
		a.ExecMode = ModeThreads
	case "fork", ModeFork:
		a.ExecMode = ModeFork
	default:
		a.ExecMode = ModeFork
		if given {
			a.ExecMode = ModeCluster
		}
	}
	if a.Interpreter != "node" {
		a.ExecMode = ModeFork // node:cluster is what it works by
	}
	a.MergeLogs = get(v, "merge_logs", false) || a.ExecMode == ModeFork
}

func packageVersion(dir string) string {
	for {
		if text, err := os.ReadFile(filepath.Join(dir, "package.json")); err == nil {
			var p struct{ Version string }
			if json.Unmarshal(text, &p) == nil && p.Version != "" {
				return p.Version
			}
			return "N/A"
		}
		if filepath.Dir(dir) == dir {
			return "N/A"
		}
		dir = filepath.Dir(dir)
	}
}

func (a *App) setOwner(v Values) error {
	if name := get(v, "uid", ""); name != "" {
		id, err := strconv.Atoi(name)
		if err != nil {
			u, err := user.Lookup(name)
			if err != nil {
				return fmt.Errorf("option 'uid': no user '%s'", name)
			}
			id, _ = strconv.Atoi(u.Uid)
			if gid, err := strconv.Atoi(u.Gid); err == nil {
				a.GID = &gid
			}
		}
		a.UID = &id
	}
	if name := get(v, "gid", ""); name != "" {
		id, err := strconv.Atoi(name)
		if err != nil {
			g, err := user.LookupGroup(name)
			if err != nil {
				return fmt.Errorf("option 'gid': no group '%s'", name)
			}
			id, _ = strconv.Atoi(g.Gid)
		}
		a.GID = &id
	}
	return nil
}

func (a *App) setWatch(v Values) {
	switch w := v["watch"].(type) {
	case bool:
		if w {
			a.Watch = []string{a.Cwd}
		}
	case []string:
		for _, path := range w {
			a.Watch = append(a.Watch, absolute(a.Cwd, path))
		}
	}
}

var unsafeInName = regexp.MustCompile(`[^a-zA-Z0-9.\-_]`)

// FileName is a name as part of a file's name.
func FileName(name string) string { return unsafeInName.ReplaceAllString(name, "-") }

func (a *App) setLogs(v Values, c Caller) {
	base := FileName(a.Name)
	path := func(option, otherwise string) string {
		switch p := get(v, option, otherwise); p {
		case "NULL", "/dev/null":
			return "/dev/null"
		default:
			return absolute(a.Cwd, p)
		}
	}
	a.OutFile = path("out_file", filepath.Join(c.Home, "logs", base+"-out.log"))
	a.ErrorFile = path("error_file", filepath.Join(c.Home, "logs", base+"-error.log"))
	a.PidFile = path("pid_file", filepath.Join(c.Home, "pids", base+".pid"))
	switch l := v["log_file"].(type) {
	case bool:
		if l {
			a.LogFile = filepath.Join(c.Home, "logs", base+".log")
		}
	case []string:
		a.LogFile = absolute(a.Cwd, l[0])
	}
}

// WithID puts the number of a process into the name of a file: app-out.log becomes app-out-3.log.
func WithID(path string, id int) string {
	if path == "/dev/null" || path == "" {
		return path
	}
	ext := filepath.Ext(path)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ext), id, ext)
}

func (a *App) setEnv(v Values, c Caller) error {
	switch f := v["filter_env"].(type) {
	case bool:
		if f {
			a.FilterEnv = []string{"*"}
		}
	case []string:
		a.FilterEnv = f
	}
	a.Own = map[string]string{}
	for name, value := range get[map[string]string](v, "env", nil) {
		a.Own[name] = value
	}
	if a.Port != 0 {
		a.Own["PORT"] = strconv.Itoa(a.Port)
	}
	for name := range v {
		if short, ok := strings.CutPrefix(name, "env_"); ok {
			if a.Environments == nil {
				a.Environments = map[string]map[string]string{}
			}
			a.Environments[short] = v[name].(map[string]string)
		}
	}
	if c.Environment != "" && len(a.Environments) > 0 && a.Environments[c.Environment] == nil {
		var names []string
		for n := range a.Environments {
			names = append(names, n)
		}
		hint := ""
		if near := Nearest(c.Environment, names); near != "" {
			hint = fmt.Sprintf(": did you mean '%s'?", near)
		}
		return fmt.Errorf("%s: there is no 'env_%s'%s", a.Name, c.Environment, hint)
	}
	a.Env = a.Environment(c.Env, c.Environment)
	return nil
}

// callerOnly are variables that a program must not inherit: they speak of the process that called.
var callerOnly = map[string]bool{
	"NODE_CHANNEL_FD": true, "NODE_CHANNEL_SERIALIZATION_MODE": true, "NODE_UNIQUE_ID": true, "NODE_APP_INSTANCE": true, "pm_id": true,
	"ROOST_CHANNEL_RETURN": true, "ROOST_HOST_LEAVES": true,
	vitals.Variable: true, sticky.Variable: true,
}

// Environment is what the program gets when the caller has env and chose the environment name.
func (a *App) Environment(env []string, name string) map[string]string {
	out := map[string]string{}
	for _, e := range env {
		k, value, ok := strings.Cut(e, "=")
		if ok && k != "" && !callerOnly[k] && !a.isFiltered(k) {
			out[k] = value
		}
	}
	for k, value := range a.Own {
		out[k] = value
	}
	for k, value := range a.Environments[name] {
		out[k] = value
	}
	return out
}

func (a *App) isFiltered(name string) bool {
	for _, f := range a.FilterEnv {
		if f == "*" && name != "PATH" && name != "HOME" || f != "" && f != "*" && strings.HasPrefix(name, f) {
			return true
		}
	}
	return false
}
