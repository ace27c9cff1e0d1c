package ecosystem

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// amendments are the options that `restart` and `reload` can change: those that don't say what an application is, or where its files are.
var amendments = map[string]func(*App, Values){
	"args":                      func(a *App, v Values) { a.Args = get[[]string](v, "args", nil) },
	"node_args":                 func(a *App, v Values) { a.InterpreterArgs = get[[]string](v, "node_args", nil) },
	"cron_restart":              func(a *App, v Values) { a.CronRestart = cronOf(v) },
	"max_memory_restart":        func(a *App, v Values) { a.MaxMemory = v.number("max_memory_restart", 0) },
	"kill_timeout":              func(a *App, v Values) { a.KillTimeout = v.number("kill_timeout", defaultKillTimeout) },
	"listen_timeout":            func(a *App, v Values) { a.ListenTimeout = v.number("listen_timeout", defaultListenTimeout) },
	"restart_delay":             func(a *App, v Values) { a.RestartDelay = v.number("restart_delay", 0) },
	"exp_backoff_restart_delay": func(a *App, v Values) { a.Backoff = v.number("exp_backoff_restart_delay", 0) },
	"max_restarts":              func(a *App, v Values) { a.MaxRestarts = int(v.number("max_restarts", defaultMaxRestarts)) },
	"min_uptime":                func(a *App, v Values) { a.MinUptime = v.number("min_uptime", defaultMinUptime) },
	"autorestart":               func(a *App, v Values) { a.AutoRestart = get(v, "autorestart", true) },
	"stop_exit_codes":           func(a *App, v Values) { a.StopExitCodes = get[[]int](v, "stop_exit_codes", nil) },
	"wait_ready":                func(a *App, v Values) { a.WaitReady = get(v, "wait_ready", false) },
	"shutdown_with_message":     func(a *App, v Values) { a.ShutdownWithMessage = get(v, "shutdown_with_message", false) },
	"treekill":                  func(a *App, v Values) { a.TreeKill = get(v, "treekill", true) },
	"ignore_watch":              func(a *App, v Values) { a.Ignore = get[[]string](v, "ignore_watch", nil) },
	"watch_delay":               func(a *App, v Values) { a.WatchDelay = v.number("watch_delay", defaultWatchDelay) },
	"log_date_format":           func(a *App, v Values) { a.DateFormat = get(v, "log_date_format", "") },
	"time":                      func(a *App, v Values) { a.DateFormat = timeFormat },
	"log_type":                  func(a *App, v Values) { a.LogType = strings.TrimPrefix(get(v, "log_type", ""), "raw") },
	"source_map_support":        func(a *App, v Values) { a.SourceMapSupport = get(v, "source_map_support", true) },
}

// CanAmend tells whether Amend can do it.
func CanAmend(v Values) error {
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if o := find(name); amendments[name] == nil && (o == nil || !o.Inert) {
			problems = append(problems, fmt.Errorf("option '%s' can't be changed by a restart: delete the application and start it", name))
		}
	}
	return errors.Join(problems...)
}

// Amend sets what v has and leaves the rest.
func (a *App) Amend(v Values) {
	for name := range v {
		if set := amendments[name]; set != nil {
			set(a, v)
		}
	}
}
