// Package ecosystem knows the options of applications: PM2's ecosystem files, their schema, defaults and the ways to write them.
//
// Reading a file of JavaScript or TypeScript starts this program again, for the moment, so that whoever asks holds no V8. The package keeps
// no state, may be used from any goroutine, and imports nothing of this module.
//
// https://pm2.keymetrics.io/docs/usage/application-declaration/
package ecosystem

import (
	"slices"
	"strings"
)

// kind is what the value of an option may be.
type kind int

const (
	text         kind = iota
	flag              // true or false
	integer           // a whole number
	duration          // milliseconds, or '10s', '5m', '1h'
	size              // bytes, or '150M', '1G', '512K'
	words             // a list, or one text that is split at spaces
	list              // a list of texts, or one
	codes             // a list of exit codes, or one
	count             // a number of instances, or 'max'
	account           // a number or a name
	flagOrList        // true, false, or paths
	variables         // names and values
	numberOrText      // a number or a text
	stickiness        // true, false, or what clients are known by: see sticky.Parse
)

// Option is an option of an application.
type Option struct {
	Name    string
	Aliases []string
	kind    kind
	Default string // as text, for the documentation
	Doc     string
	// Inert options are of services and machinery that PM2 has and this doesn't: they are accepted and change nothing.
	Inert bool
}

// Options is the schema. env_NAME is beside it.
var Options = []Option{
	{Name: "name", kind: numberOrText, Default: "the script's name", Doc: "name of the application"},
	{Name: "script", Aliases: []string{"exec", "pm_exec_path"}, kind: text, Doc: "path of the program"},
	{Name: "args", kind: words, Doc: "arguments of the program"},
	{Name: "cwd", Aliases: []string{"pm_cwd"}, kind: text, Doc: "working directory"},
	{Name: "interpreter", Aliases: []string{"exec_interpreter"}, kind: text, Default: "node", Doc: "program that runs the script; 'none' runs the script itself, 'node' is Roost"},
	{Name: "node_args", Aliases: []string{"interpreter_args", "interpreterArgs"}, kind: words, Doc: "options of the interpreter"},
	{Name: "namespace", kind: text, Default: "default", Doc: "group that commands can name"},
	{Name: "version", kind: text, Default: "that of package.json", Doc: "shown in lists"},
	{Name: "instances", kind: count, Default: "1", Doc: "how many processes: a number, 'max' or 0 for one a processor, -1 for one less"},
	{Name: "exec_mode", kind: text, Default: "fork, or cluster with several instances", Doc: "fork, cluster or threads"},
	{Name: "sticky", kind: stickiness, Default: "false", Doc: "connections of one client reach the same instance; true: by its address, 'header:NAME' and 'cookie:NAME': by these of its requests"},
	{Name: "instance_var", kind: text, Default: "NODE_APP_INSTANCE", Doc: "variable with the number of the instance"},
	{Name: "increment_var", kind: text, Doc: "variable that grows by one from instance to instance"},
	{Name: "uid", Aliases: []string{"user"}, kind: account, Doc: "user of the program"},
	{Name: "gid", kind: account, Doc: "group of the program"},
	{Name: "port", kind: integer, Doc: "shorthand for PORT in env"},
	{Name: "autostart", kind: flag, Default: "true", Doc: "start when added"},
	{Name: "autorestart", kind: flag, Default: "true", Doc: "start again after an end"},
	{Name: "stop_exit_codes", kind: codes, Doc: "exit codes that are not followed by a restart"},
	{Name: "min_uptime", kind: duration, Default: "1000", Doc: "a shorter run counts toward max_restarts"},
	{Name: "max_restarts", kind: integer, Default: "16", Doc: "short runs in a row until the application is errored"},
	{Name: "restart_delay", kind: duration, Default: "0", Doc: "time between end and restart"},
	{Name: "exp_backoff_restart_delay", kind: duration, Default: "0", Doc: "first delay of an exponential back-off"},
	{Name: "max_memory_restart", kind: size, Doc: "memory at which the program is reloaded"},
	{Name: "cron_restart", Aliases: []string{"cron"}, kind: numberOrText, Doc: "times of restarts as in cron; 0: none"},
	{Name: "wait_ready", kind: flag, Default: "false", Doc: "the program is up when it calls process.send('ready')"},
	{Name: "listen_timeout", kind: duration, Default: "3000", Doc: "how long a program may take to come up"},
	{Name: "kill_timeout", kind: duration, Default: "1600", Doc: "time between SIGINT and SIGKILL"},
	{Name: "shutdown_with_message", kind: flag, Default: "false", Doc: "process.on('message') gets 'shutdown' instead of SIGINT"},
	{Name: "treekill", kind: flag, Default: "true", Doc: "end the program's children too"},
	{Name: "watch", kind: flagOrList, Default: "false", Doc: "restart when a file changes: true, or paths"},
	{Name: "ignore_watch", kind: list, Default: "node_modules, .git and hidden files", Doc: "paths or patterns whose changes don't count"},
	{Name: "watch_delay", kind: duration, Default: "200", Doc: "time after the last change"},
	{Name: "watch_options", kind: variables, Doc: "options of chokidar", Inert: true},
	{Name: "out_file", Aliases: []string{"output", "out", "out_log", "pm_out_log_path"}, kind: text, Doc: "log of the standard output"},
	{Name: "error_file", Aliases: []string{"error", "err", "err_file", "err_log", "pm_err_log_path"}, kind: text, Doc: "log of the standard error"},
	{Name: "log_file", Aliases: []string{"log"}, kind: flagOrList, Doc: "log of both"},
	{Name: "pid_file", Aliases: []string{"pid", "pm_pid_path"}, kind: text, Doc: "file with the process id"},
	{Name: "log_type", kind: text, Default: "raw", Doc: "raw or json"},
	{Name: "log_date_format", kind: text, Doc: "date before each line, in tokens of dayjs"},
	{Name: "time", kind: flag, Default: "false", Doc: "log_date_format: 'YYYY-MM-DDTHH:mm:ss'"},
	{Name: "merge_logs", Aliases: []string{"combine_logs"}, kind: flag, Default: "false", Doc: "instances share their log files"},
	{Name: "disable_logs", kind: flag, Default: "false", Doc: "write no log files"},
	{Name: "log_max_size", kind: size, Default: "10M", Doc: "size at which a log is put aside; 0: never"},
	{Name: "log_keep", kind: integer, Default: "30", Doc: "how many old files stay; 0: all"},
	{Name: "log_daily", kind: flag, Default: "true", Doc: "put logs aside every day"},
	{Name: "log_compress", kind: flag, Default: "true", Doc: "compress old logs"},
	{Name: "source_map_support", kind: flag, Default: "true", Doc: "--enable-source-maps"},
	{Name: "disable_source_map_support", kind: flag, Default: "false", Doc: "the opposite"},
	{Name: "env", kind: variables, Doc: "environment"},
	{Name: "append_env_to_name", Aliases: []string{"appendEnvToName"}, kind: flag, Default: "false", Doc: "the name ends in that of --env"},
	{Name: "filter_env", kind: flagOrList, Default: "false", Doc: "variables of the caller that the program doesn't get: beginnings of names, or true for all"},
	{Name: "force", kind: flag, Default: "false", Doc: "start a script that runs already"},

	{Name: "vizion", kind: flag, Doc: "version control metadata", Inert: true},
	{Name: "vizion_running", kind: flag, Doc: "version control metadata", Inert: true},
	{Name: "pmx", kind: flag, Doc: "PM2's agent in the program", Inert: true},
	{Name: "automation", kind: flag, Doc: "PM2's agent in the program", Inert: true},
	{Name: "trace", kind: flag, Doc: "tracing of PM2 Plus", Inert: true},
	{Name: "disable_trace", kind: flag, Doc: "tracing of PM2 Plus", Inert: true},
	{Name: "v8", kind: flag, Doc: "metrics of PM2 Plus", Inert: true},
	{Name: "event_loop_inspector", kind: flag, Doc: "metrics of PM2 Plus", Inert: true},
	{Name: "deep_monitoring", kind: flag, Doc: "metrics of PM2 Plus", Inert: true},
	{Name: "post_update", kind: list, Doc: "commands after `pm2 pull`", Inert: true},
	{Name: "windowsHide", kind: flag, Doc: "windows", Inert: true},
	{Name: "kill_retry_time", kind: duration, Doc: "PM2's polling", Inert: true},
	{Name: "username", kind: text, Doc: "who starts it", Inert: true},
}

// find gives the option of a name, an alias, or either in camelCase.
func find(name string) *Option {
	snake := toSnake(name)
	for k := range Options {
		o := &Options[k]
		if o.Name == name || o.Name == snake || slices.Contains(o.Aliases, name) || slices.Contains(o.Aliases, snake) {
			return o
		}
	}
	return nil
}

func toSnake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Nearest is the known name that differs least from name, or "" when none is near.
func Nearest(name string, known []string) string {
	best, least := "", max(2, len(name)/3)+1
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

func optionNames() []string {
	var out []string
	for _, o := range Options {
		out = append(append(out, o.Name), o.Aliases...)
	}
	return out
}

// distance is how many letters must be changed, added, removed or swapped with their neighbour.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
