package cli

import (
	"fmt"
	"strings"

	"roost/internal/supervisor/ecosystem"
)

// flags are the options of a command of the process manager.
type flags struct {
	command string
	values  map[string][]string // by long name; without a value: ""
}

func (f flags) has(name string) bool { return len(f.values[name]) > 0 }

func (f flags) last(name string) string {
	if v := f.values[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

type arity int

const (
	noValue       arity = iota
	oneValue            // a value follows
	optionalValue       // a value may follow
	severalValues       // values follow, up to the next option
)

// flagTable are the options by their long name, with PM2's short ones. option is the name in the schema of package ecosystem, if there is one.
var flagTable = map[string]struct {
	arity  arity
	option string
}{
	"version": {noValue, ""}, "help": {noValue, ""}, "silent": {noValue, ""}, "mini-list": {noValue, ""}, "no-color": {noValue, ""}, "json": {noValue, ""}, "raw": {noValue, ""},
	"err": {noValue, ""}, "out": {noValue, ""}, "nostream": {noValue, ""}, "format": {noValue, ""}, "update-env": {noValue, ""}, "force": {noValue, ""},
	"attach": {noValue, ""}, "no-daemon": {noValue, ""}, "wait-ip": {noValue, ""}, "write": {noValue, ""}, "auto-exit": {noValue, ""},
	"port": {oneValue, ""}, "host": {oneValue, ""}, "token": {oneValue, ""}, "spa": {noValue, ""}, "ftp": {noValue, ""}, "basic-auth-username": {oneValue, ""}, "basic-auth-password": {oneValue, ""},
	"monitor": {optionalValue, ""}, "install": {noValue, ""}, "command-separator": {oneValue, ""},
	"lines": {oneValue, ""}, "timestamp": {optionalValue, ""}, "highlight": {oneValue, ""}, "env": {oneValue, ""}, "only": {oneValue, ""}, "parallel": {oneValue, ""},
	"sort": {oneValue, ""}, "user": {oneValue, ""}, "hp": {oneValue, ""}, "service-name": {oneValue, ""}, "ext": {oneValue, ""}, "delay": {oneValue, ""},

	"name": {oneValue, "name"}, "interpreter": {oneValue, "interpreter"}, "node-args": {oneValue, "node_args"}, "interpreter-args": {oneValue, "node_args"},
	"output": {oneValue, "out_file"}, "error": {oneValue, "error_file"}, "log": {optionalValue, "log_file"}, "filter-env": {optionalValue, "filter_env"},
	"log-type": {oneValue, "log_type"}, "log-date-format": {oneValue, "log_date_format"}, "time": {noValue, "time"}, "disable-logs": {noValue, "disable_logs"},
	"instances": {oneValue, "instances"}, "shutdown-with-message": {noValue, "shutdown_with_message"}, "pid": {oneValue, "pid_file"},
	"kill-timeout": {oneValue, "kill_timeout"}, "listen-timeout": {oneValue, "listen_timeout"}, "max-memory-restart": {oneValue, "max_memory_restart"},
	"restart-delay": {oneValue, "restart_delay"}, "exp-backoff-restart-delay": {oneValue, "exp_backoff_restart_delay"}, "execute-command": {noValue, ""},
	"max-restarts": {oneValue, "max_restarts"}, "min-uptime": {oneValue, "min_uptime"}, "uid": {oneValue, "uid"}, "gid": {oneValue, "gid"},
	"namespace": {oneValue, "namespace"}, "cwd": {oneValue, "cwd"}, "cron": {oneValue, "cron_restart"}, "cron-restart": {oneValue, "cron_restart"},
	"source-map-support": {noValue, "source_map_support"}, "disable-source-map-support": {noValue, "disable_source_map_support"},
	"wait-ready": {noValue, "wait_ready"}, "merge-logs": {noValue, "merge_logs"}, "watch": {optionalValue, "watch"}, "ignore-watch": {oneValue, "ignore_watch"},
	"watch-delay": {oneValue, "watch_delay"}, "no-autostart": {noValue, "autostart"}, "no-autorestart": {noValue, "autorestart"},
	"stop-exit-codes": {severalValues, "stop_exit_codes"}, "no-treekill": {noValue, "treekill"}, "exec-mode": {oneValue, "exec_mode"}, "threads": {noValue, "exec_mode"}, "sticky": {optionalValue, "sticky"},
	"instance-var": {oneValue, "instance_var"}, "increment-var": {oneValue, "increment_var"},
	"no-vizion": {noValue, "vizion"}, "no-pmx": {noValue, "pmx"}, "no-automation": {noValue, "automation"}, "trace": {noValue, "trace"},
	"disable-trace": {noValue, "disable_trace"}, "v8": {noValue, "v8"}, "event-loop-inspector": {noValue, "event_loop_inspector"},
	"deep-monitoring": {noValue, "deep_monitoring"},
}

var shortFlags = map[string]string{
	"V": "version", "v": "version", "h": "help", "s": "silent", "n": "name", "m": "mini-list", "o": "output", "e": "error", "l": "log",
	"a": "update-env", "f": "force", "i": "instances", "p": "pid", "k": "kill-timeout", "x": "execute-command", "u": "user", "c": "cron",
	"w": "write",
}

// parseFlags splits the words of a command line. Options may stand anywhere before --.
func parseFlags(words []string) (f flags, args, rest []string, err error) {
	f.values = map[string][]string{}
	for len(words) > 0 {
		w := words[0]
		words = words[1:]
		if w == "--" {
			return f, args, words, nil
		}
		if !strings.HasPrefix(w, "-") || w == "-" || isNumber(w) {
			args = append(args, w)
			continue
		}
		name, value, hasValue := strings.Cut(strings.TrimLeft(w, "-"), "=")
		if !strings.HasPrefix(w, "--") {
			if long, ok := shortFlags[name]; ok {
				name = long
			} else if long, ok := shortFlags[name[:min(1, len(name))]]; ok && len(name) > 1 && flagTable[long].arity == oneValue {
				name, value, hasValue = long, strings.TrimPrefix(w, "-")[1:], true // -i4
			}
		}
		t, known := flagTable[name]
		if !known {
			return f, nil, nil, unknownFlag(w, name)
		}
		if !hasValue {
			switch t.arity {
			case oneValue:
				if len(words) == 0 {
					return f, nil, nil, fmt.Errorf("option '%s' needs a value", w)
				}
				value, words = words[0], words[1:]
			case optionalValue: // a path may follow, not the program itself
				if len(args) > 1 && len(words) > 0 && !strings.HasPrefix(words[0], "-") {
					value, words = words[0], words[1:]
				}
			case severalValues:
				for len(words) > 0 && !strings.HasPrefix(words[0], "-") {
					f.values[name] = append(f.values[name], words[0])
					words = words[1:]
				}
				continue
			}
		}
		f.values[name] = append(f.values[name], value)
	}
	return f, args, nil, nil
}

func isNumber(s string) bool {
	return len(s) > 1 && strings.Trim(s[1:], "0123456789") == ""
}

func unknownFlag(word, name string) error {
	var known []string
	for n := range flagTable {
		known = append(known, n)
	}
	if near := ecosystem.Nearest(name, known); near != "" {
		return fmt.Errorf("unknown option '%s': did you mean '--%s'?", word, near)
	}
	return fmt.Errorf("unknown option '%s'", word)
}

// options gives what the options say of an application, to be read by ecosystem.ParseApp.
func (f flags) options() map[string]any {
	out := map[string]any{}
	for name, values := range f.values {
		t := flagTable[name]
		if t.option == "" {
			continue
		}
		last := values[len(values)-1]
		switch {
		case name == "threads":
			out[t.option] = "threads"
		case strings.HasPrefix(name, "no-"):
			out[t.option] = false
		case t.arity == noValue, t.arity == optionalValue && last == "":
			out[t.option] = true
		case t.arity == severalValues, name == "ignore-watch", name == "watch", name == "filter-env":
			var all []any
			for _, v := range values {
				for _, word := range strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == ',' }) {
					all = append(all, word)
				}
			}
			out[t.option] = all
		default:
			out[t.option] = last
		}
	}
	return out
}
