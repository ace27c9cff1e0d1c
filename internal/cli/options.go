package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	roost "roost/internal/runtime"
	"roost/internal/sys"
)

// kind is how an option takes its value.
type kind uint8

const (
	boolean  kind = iota // --x, --no-x; --x=false is --no-x
	value                // --x=v or --x v; the last counts
	list                 // the same; all count
	optional             // --x or --x=v
)

type option struct {
	kind kind
	env  bool // allowed in NODE_OPTIONS
}

// options are Node's options that Roost knows, by long name (cli.html, "Options"). Those that change nothing here are accepted.
var options = map[string]option{
	"abort-on-uncaught-exception": {boolean, true}, "addons": {boolean, true}, "allow-addons": {boolean, true}, "check": {boolean, false},
	"conditions": {list, true}, "cpu-prof": {boolean, true}, "cpu-prof-dir": {value, true}, "cpu-prof-interval": {value, true}, "cpu-prof-name": {value, true}, "deprecation": {boolean, true},
	"diagnostic-dir": {value, true}, "disable-proto": {value, true}, "disable-warning": {list, true}, "disable-wasm-trap-handler": {boolean, true},
	"dns-result-order": {value, true}, "enable-network-family-autoselection": {boolean, true}, "enable-source-maps": {boolean, true},
	"entry-url": {boolean, true}, "env-file": {list, false}, "env-file-if-exists": {list, false}, "eval": {value, false},
	"experimental-abortcontroller": {boolean, true}, "experimental-detect-module": {boolean, true}, "experimental-eventsource": {boolean, true},
	"disable-sigusr1": {boolean, true}, "experimental-network-inspection": {boolean, true}, "experimental-fetch": {boolean, true}, "experimental-global-navigator": {boolean, true}, "experimental-import-meta-resolve": {boolean, true},
	"experimental-json-modules": {boolean, true}, "experimental-loader": {list, true}, "experimental-modules": {boolean, true},
	"experimental-print-required-tla": {boolean, true}, "experimental-repl-await": {boolean, true}, "experimental-require-module": {boolean, true},
	"experimental-shadow-realm": {boolean, true}, "experimental-sqlite": {boolean, true}, "experimental-strip-types": {boolean, true},
	"experimental-test-coverage": {boolean, false}, "experimental-test-isolation": {value, false}, "experimental-test-module-mocks": {boolean, false},
	"experimental-transform-types": {boolean, true}, "experimental-vm-modules": {boolean, true}, "experimental-wasm-modules": {boolean, true},
	"experimental-webstorage": {boolean, true}, "experimental-websocket": {boolean, true}, "experimental-worker": {boolean, true},
	"experimental-eventtarget-error": {boolean, true}, "experimental-async-context-frame": {boolean, true}, "async-context-frame": {boolean, true},
	"experimental-global-customevent": {boolean, true}, "experimental-global-webcrypto": {boolean, true}, "experimental-permission": {boolean, true},
	"expose-internals": {boolean, false}, "extra-info-on-fatal-exception": {boolean, true}, "force-async-hooks-checks": {boolean, true},
	"force-context-aware": {boolean, true}, "force-node-api-uncaught-exceptions-policy": {boolean, true}, "frozen-intrinsics": {boolean, true},
	"global-search-paths": {boolean, true}, "heap-prof": {boolean, true}, "heap-prof-dir": {value, true}, "heap-prof-interval": {value, true}, "heap-prof-name": {value, true},
	"heapsnapshot-near-heap-limit": {value, true}, "heapsnapshot-signal": {value, true}, "help": {boolean, false}, "http-parser": {value, true},
	"icu-data-dir": {value, true}, "import": {list, true}, "input-type": {value, true}, "inspect": {optional, true}, "inspect-brk": {optional, true}, "inspect-wait": {optional, true},
	"inspect-port": {value, true}, "inspect-publish-uid": {value, true}, "insecure-http-parser": {boolean, true},
	"interactive": {boolean, false}, "localstorage-file": {value, true}, "max-old-space-size-percentage": {value, true}, "max-http-header-size": {value, true},
	"network-family-autoselection": {boolean, true}, "network-family-autoselection-attempt-timeout": {value, true}, "no-addons": {boolean, true},
	"node-memory-debug": {boolean, true}, "node-snapshot": {boolean, true}, "openssl-config": {value, true}, "pending-deprecation": {boolean, true},
	"preserve-symlinks": {boolean, true}, "preserve-symlinks-main": {boolean, true}, "print": {optional, false}, "redirect-warnings": {value, true},
	"report-on-fatalerror": {boolean, true}, "report-on-signal": {boolean, true}, "report-uncaught-exception": {boolean, true},
	"report-dir": {value, true}, "report-directory": {value, true}, "report-filename": {value, true}, "report-signal": {value, true},
	"report-compact": {boolean, true}, "report-exclude-network": {boolean, true}, "report-exclude-env": {boolean, true},
	"require": {list, true}, "run": {value, false}, "security-revert": {list, true}, "secure-heap": {value, true}, "secure-heap-min": {value, true}, "test": {boolean, false},
	"test-concurrency": {value, true}, "test-coverage-branches": {value, true}, "test-coverage-exclude": {list, true}, "test-coverage-functions": {value, true},
	"test-coverage-include": {list, true}, "test-coverage-lines": {value, true}, "test-force-exit": {boolean, true}, "test-global-setup": {value, true},
	"test-isolation": {value, true}, "test-name-pattern": {list, true}, "test-only": {boolean, true}, "test-reporter": {list, true},
	"test-reporter-destination": {list, true}, "test-rerun-failures": {value, true}, "test-shard": {value, true}, "test-skip-pattern": {list, true},
	"test-timeout": {value, true}, "test-update-snapshots": {boolean, true},
	"throw-deprecation": {boolean, true}, "title": {value, true}, "tls-cipher-list": {value, true}, "tls-keylog": {value, true},
	"tls-max-v1.2": {boolean, true}, "tls-max-v1.3": {boolean, true}, "tls-min-v1.0": {boolean, true}, "tls-min-v1.1": {boolean, true},
	"tls-min-v1.2": {boolean, true}, "tls-min-v1.3": {boolean, true}, "trace-deprecation": {boolean, true},
	"trace-env": {boolean, true}, "trace-env-js-stack": {boolean, true}, "trace-env-native-stack": {boolean, true},
	"trace-event-categories": {value, true}, "trace-event-file-pattern": {value, true}, "trace-exit": {boolean, true},
	"trace-promises": {boolean, true}, "trace-require-module": {optional, true}, "trace-sigint": {boolean, true}, "trace-sync-io": {boolean, true},
	"trace-tls": {boolean, true}, "trace-uncaught": {boolean, true}, "trace-warnings": {boolean, true}, "track-heap-objects": {boolean, true},
	"unhandled-rejections": {value, true}, "use-bundled-ca": {boolean, true}, "use-env-proxy": {boolean, true}, "use-openssl-ca": {boolean, true},
	"use-system-ca": {boolean, true}, "v8-options": {boolean, false}, "v8-pool-size": {value, true}, "verify-base-objects": {boolean, true},
	"version": {boolean, false}, "warnings": {boolean, true}, "watch": {boolean, true}, "watch-path": {list, true}, "watch-preserve-output": {boolean, true}, "watch-kill-signal": {value, true},
	"webstorage": {boolean, true}, "zero-fill-buffers": {boolean, true},
}

// aliases are the short and older spellings.
var aliases = map[string]string{
	"-c": "check", "-C": "conditions", "-e": "eval", "-h": "help", "-i": "interactive", "-p": "print", "-r": "require", "-v": "version",
	"-pe": "print", "-?": "help", "loader": "experimental-loader", "es-module-specifier-resolution": "", "debug-port": "inspect-port",
	"prof-process": "", "report-dir": "report-directory",
}

// v8Values are V8's options that take their value from the next word.
var v8Values = map[string]bool{"max-old-space-size": true, "max-semi-space-size": true, "min-semi-space-size": true, "stack-trace-limit": true,
	"max-heap-size": true, "stack-size": true}

// v8InEnv are V8's options that NODE_OPTIONS may hold.
var v8InEnv = map[string]bool{"max-old-space-size": true, "max-semi-space-size": true, "stack-trace-limit": true,
	"jitless": true, "expose-gc": true, "interpreted-frames-native-stack": true, "huge-max-old-generation-size": true, "disallow-code-generation-from-strings": true,
	"perf-basic-prof": true, "perf-prof": true, "abort-on-uncaught-exception": true, "experimental-shadow-realm": true}

// parsed is a command line taken apart.
type parsed struct {
	set      map[string][]string // options given, with their values; "" for booleans. A negated boolean is under "no-x"
	v8       []string            // options that Node doesn't have
	envFiles []envFile           // --env-file, --env-file-if-exists in their order
	execArgv []string
	rest     []string // script and its arguments
}

// watches tells whether the program is one that is watched and started again.
func (p *parsed) watches() bool { return (p.has("watch") || p.has("watch-path")) && !p.has("test") }

func (p *parsed) has(name string) bool { return len(p.set[name]) > 0 }
func (p *parsed) last(name string) string {
	if v := p.set[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

// parse takes the command line apart: NODE_OPTIONS first, then the words before the script.
func parse(args []string, environment string) (*parsed, error) {
	p := &parsed{set: map[string][]string{}}
	words, err := splitEnvironment(environment)
	if err != nil {
		return nil, err
	}
	if _, err := p.words(words, true); err != nil {
		return nil, err
	}
	n, err := p.words(args, false)
	if err != nil {
		return nil, err
	}
	if p.has("max-old-space-size-percentage") { // counts over a size
		p.v8 = slices.DeleteFunc(p.v8, func(f string) bool {
			return strings.HasPrefix(strings.ReplaceAll(f, "_", "-"), "--max-old-space-size=")
		})
	}
	p.execArgv = args[:n]
	p.rest = args[n:]
	if len(p.rest) > 0 && p.rest[0] == "--" {
		p.rest = p.rest[1:]
	}
	return p, nil
}

// words reads options until the first word that is none. It gives their number.
func (p *parsed) words(args []string, env bool) (int, error) {
	i := 0
	for i < len(args) {
		word := args[i]
		if word == "--" || word == "-" || !strings.HasPrefix(word, "-") {
			if env {
				return 0, fmt.Errorf("%s is not allowed in NODE_OPTIONS", word)
			}
			break
		}
		i++
		name, text, hasText := strings.Cut(word, "=")
		shown := name
		if long, ok := aliases[name]; ok {
			name = long
		} else if long, ok := strings.CutPrefix(name, "--"); ok {
			name = strings.ReplaceAll(long, "_", "-")
			if to, ok := aliases[name]; ok {
				name = to
			}
		} else {
			return 0, fmt.Errorf("bad option: %s", word)
		}
		if name == "debug" || name == "debug-brk" {
			return 0, errors.New("[DEP0062]: `node --debug` and `node --debug-brk` are invalid. Please use `node --inspect` and `node --inspect-brk` instead.")
		}
		o, known := options[name]
		positive, negated := strings.CutPrefix(name, "no-")
		if !known && negated {
			if other, ok := options[positive]; ok {
				if other.kind != boolean {
					return 0, fmt.Errorf("%s is an invalid negation because it is not a boolean option", shown)
				}
				o, known = other, true
			}
		}
		if !known {
			if env && !v8InEnv[name] {
				return 0, fmt.Errorf("%s is not allowed in NODE_OPTIONS", shown)
			}
			if v8Values[name] && !hasText {
				if i >= len(args) {
					return 0, fmt.Errorf("%s requires an argument", shown)
				}
				word += "=" + args[i]
				i++
			}
			p.v8 = append(p.v8, word)
			continue
		}
		if env && !o.env {
			return 0, fmt.Errorf("%s is not allowed in NODE_OPTIONS", shown)
		}
		switch o.kind {
		case boolean:
			p.setBoolean(name, hasText && text == "false")
		case optional:
			if !hasText && name == "print" && i < len(args) && !strings.HasPrefix(args[i], "-") {
				text, hasText = args[i], true
				i++
			}
			p.set[name] = append(p.set[name], text)
			if name == "print" && hasText {
				p.set["eval"] = append(p.set["eval"], text)
			}
		default:
			if !hasText {
				if i >= len(args) {
					return 0, fmt.Errorf("%s requires an argument", shown)
				}
				text = args[i]
				if strings.HasPrefix(text, "-") && len(text) > 1 && name != "title" {
					return 0, fmt.Errorf("%s requires an argument", shown)
				}
				i++
			} else if text == "" && name != "eval" {
				return 0, fmt.Errorf("%s= requires an argument", shown)
			}
			p.set[name] = append(p.set[name], strings.TrimPrefix(text, `\`))
			if name == "env-file" || name == "env-file-if-exists" {
				p.envFiles = append(p.envFiles, envFile{text, name != "env-file"})
			}
		}
	}
	return i, nil
}

// setBoolean sets a boolean option, or its opposite. Some are in the table under their negated name alone.
func (p *parsed) setBoolean(name string, opposite bool) {
	other := "no-" + name
	if positive, negated := strings.CutPrefix(name, "no-"); negated {
		other = positive
	}
	if opposite {
		name, other = other, name
	}
	delete(p.set, other)
	p.set[name] = []string{""}
}

// splitEnvironment splits NODE_OPTIONS at spaces; double quotes group, backslashes escape within them.
func splitEnvironment(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	quoted, started := false, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			if i+1 == len(text) {
				return nil, errors.New("invalid value for NODE_OPTIONS (invalid escape)")
			}
			i++
			word.WriteByte(text[i])
		case c == '"':
			quoted, started = !quoted, true
		case c == ' ' && !quoted:
			if started {
				words = append(words, word.String())
				word.Reset()
				started = false
			}
		default:
			word.WriteByte(c)
			started = true
		}
	}
	if quoted {
		return nil, errors.New("invalid value for NODE_OPTIONS (unterminated string)")
	}
	if started {
		words = append(words, word.String())
	}
	return words, nil
}

// config makes the program's configuration of it.
func (p *parsed) config(args []string) (roost.Config, error) {
	c := roost.Config{Argv0: args[0], ExecArgv: p.execArgv, Options: map[string]string{}, EnvironmentFlags: environmentFlags()}
	c.ExecPath, _ = os.Executable()
	if link := calledAsNode(args[0], c.ExecPath); link != "" {
		c.ExecPath = link
	} else if real, err := filepath.EvalSymlinks(c.ExecPath); err == nil && real != c.ExecPath && filepath.Base(c.ExecPath) == filepath.Base(real) {
		c.ExecPath = real
	}
	for name, v := range p.set {
		c.Options[name] = strings.Join(v, "\x00")
	}
	c.Require, c.Import, c.Conditions = p.set["require"], p.set["import"], p.set["conditions"]
	c.Check, c.Print = p.has("check"), p.has("print")
	if p.has("eval") {
		c.Eval, c.HasEval = p.last("eval"), true
	} else if c.Print {
		return c, errors.New("--print requires an argument")
	}
	if c.Check && c.HasEval {
		return c, errors.New("either --check or --eval can be used, not both")
	}
	switch t := p.last("input-type"); t {
	case "", "commonjs", "module", "commonjs-typescript", "module-typescript":
	default:
		return c, errors.New(`--input-type must be "module","commonjs", "module-typescript" or "commonjs-typescript"`)
	}
	switch t := p.last("unhandled-rejections"); t {
	case "", "strict", "warn", "none", "throw", "warn-with-error-codes":
	default:
		return c, errors.New("invalid value for --unhandled-rejections")
	}
	if strings.HasPrefix(p.last("heapsnapshot-near-heap-limit"), "-") {
		return c, errors.New("--heapsnapshot-near-heap-limit must not be negative")
	}
	for _, kind := range []string{"cpu-prof", "heap-prof"} {
		for _, part := range []string{"name", "dir", "interval"} {
			if p.has(kind+"-"+part) && !p.has(kind) {
				return c, fmt.Errorf("--%s-%s must be used with --%s", kind, part, kind)
			}
		}
	}
	switch p.last("disable-proto") {
	case "", "delete", "throw":
	default:
		return c, errors.New("invalid mode passed to --disable-proto")
	}
	if p.has("use-openssl-ca") && p.has("use-bundled-ca") {
		return c, errors.New("either --use-openssl-ca or --use-bundled-ca can be used, not both")
	}
	if p.has("tls-min-v1.3") && p.has("tls-max-v1.2") {
		return c, errors.New("either --tls-min-v1.3 or --tls-max-v1.2 can be used, not both")
	}
	for _, name := range []string{"secure-heap", "secure-heap-min"} {
		if n, err := strconv.Atoi(p.last(name)); err == nil && n >= 2 && n&(n-1) != 0 {
			return c, fmt.Errorf("--%s must be a power of 2", name)
		}
	}
	rest := p.rest
	if p.has("test") {
		for _, other := range []string{"check", "interactive", "eval", "print", "watch-path"} {
			if p.has(other) {
				return c, fmt.Errorf("either --test or --%s can be used, not both", other)
			}
		}
		switch t := p.last("test-isolation"); t {
		case "", "process", "none":
		default:
			return c, errors.New("invalid value for --test-isolation")
		}
	}
	if !c.HasEval && !p.has("test") && len(rest) > 0 {
		c.Script, rest = rest[0], rest[1:]
		if _, err := os.Stat(c.Script); c.Script == "inspect" && err != nil {
			return c, errors.New("the command-line debugger (inspect) is not there: start the program with --inspect-brk and connect an editor or chrome://inspect")
		}
	}
	c.Argv = rest
	for _, f := range p.v8 {
		name, text, _ := strings.Cut(strings.TrimPrefix(strings.ReplaceAll(f, "_", "-"), "--"), "=")
		if name == "max-old-space-size" {
			mb, err := strconv.ParseUint(text, 10, 40)
			if err != nil {
				return c, fmt.Errorf("illegal value for flag --max-old-space-size=%s of type size_t", text)
			}
			c.HeapLimit = mb << 20
		}
	}
	if p.has("max-old-space-size-percentage") {
		limit, err := heapShare(p.last("max-old-space-size-percentage"))
		if err != nil {
			return c, err
		}
		c.HeapLimit = limit
	}
	if p.has("abort-on-uncaught-exception") {
		p.v8 = append(p.v8, "--abort-on-uncaught-exception")
	}
	c.V8Flags = strings.Join(p.v8, " ")
	return c, nil
}

// heapShare is the heap's limit in bytes for --max-old-space-size-percentage: a share of what the process may use, which is never more than
// V8's cage for compressed pointers.
func heapShare(text string) (uint64, error) {
	percent, err := strconv.ParseFloat(text, 64)
	if err != nil || !(percent > 0 && percent <= 100) {
		return 0, fmt.Errorf("--max-old-space-size-percentage must be greater than 0 and up to 100. Got: %s", text)
	}
	const cage = 4 << 30
	total, err := sys.TotalMemory()
	if err != nil {
		return 0, err
	}
	if limit := sys.ConstrainedMemory(); limit > 0 && limit < total {
		total = limit
	}
	return uint64(float64(min(total, cage)) * percent / 100), nil
}

// environmentFlags are process.allowedNodeEnvironmentFlags.
func environmentFlags() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(options)) {
		if options[name].env {
			out = append(out, "--"+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v8InEnv)) {
		out = append(out, "--"+name)
	}
	return append(out, "-C", "-r")
}
