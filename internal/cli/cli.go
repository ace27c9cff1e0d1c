// Package cli is the command line: options.go knows Node's options, run.go runs a program. It parses, calls one layer down and prints.
package cli

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/term"

	"roost/internal/engine"
	"roost/internal/module/source"
	roost "roost/internal/runtime"
	"roost/internal/sticky"
	"roost/internal/supervisor/ecosystem"
	"roost/internal/vitals"
)

func init() {
	// The main goroutine stays on the main thread: its stack is the largest, and JavaScript runs on it.
	runtime.LockOSThread()
}

// Exit codes of Node (process.html, "Exit codes").
const (
	exitFailure         = 1
	exitInvalidArgument = 9
	exitInvalidRevert   = 12
)

// NodeVersion is the API level.
const NodeVersion = "v24.12.0"

// Main runs the command line args (os.Args) and gives the exit code.
func Main(args []string) int {
	// JavaScript and Go's own goroutines must not starve each other: a thread inside V8 holds no processor, a callback needs one.
	if runtime.GOMAXPROCS(0) < 2 {
		runtime.GOMAXPROCS(2)
	}
	if code, mine := supervise(args); mine {
		return code
	}
	pages := vitals.Inherit() // whatever this process becomes, what it starts shall not have them
	meeting := sticky.Inherit()
	instances, _ := strconv.Atoi(os.Getenv(ecosystem.InstancesVariable))
	_ = os.Unsetenv(ecosystem.InstancesVariable)
	o, err := parse(args[1:], os.Getenv("NODE_OPTIONS"))
	if err == nil && len(o.envFiles) > 0 && !o.watches() { // the watched program reads them itself, afresh at every start
		if err = loadEnvFiles(o.envFiles); err == nil {
			o, err = parse(args[1:], os.Getenv("NODE_OPTIONS"))
		}
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %s\n", args[0], err)
		return exitInvalidArgument
	}
	if bad := engine.FilterFlags(o.v8); len(bad) > 0 {
		fmt.Fprintf(os.Stderr, "%s: bad option: %s\n", args[0], bad[0])
		return exitInvalidArgument
	}
	switch {
	case o.has("version"):
		fmt.Println(NodeVersion)
		return 0
	case o.has("help"):
		fmt.Print(help)
		return 0
	case o.has("v8-options"):
		fmt.Println("V8's options are listed at https://v8.dev/docs and accepted before the script.")
		return 0
	}
	for _, cve := range o.set["security-revert"] {
		// None of the reverted fixes of Node is one here.
		fmt.Fprintf(os.Stderr, "%s: Error: Attempt to revert an unknown CVE [%s]\n", args[0], cve)
		return exitInvalidRevert
	}
	if o.has("run") {
		return runScript(o.last("run"), o.rest)
	}
	source.TakeReport()
	if o.watches() {
		if err := watchConflict(o); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %s\n", args[0], err)
			return exitInvalidArgument
		}
		return watch(args, o)
	}
	c, err := o.config(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %s\n", args[0], err)
		return exitInvalidArgument
	}
	if c.Script == "" && !c.HasEval && !o.has("test") && !o.has("interactive") {
		if term.IsTerminal(int(os.Stdin.Fd())) {
			c.Options["interactive"] = ""
		} else {
			c.Script = "-"
		}
	}
	if c.Script == "-" && !c.HasEval {
		text, err := io.ReadAll(os.Stdin)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", args[0], err)
			return exitFailure
		}
		if c.Script == "-" && len(o.rest) > 0 {
			c.Argv = o.rest // process.argv[1] is "-"
		}
		c.Script, c.Eval, c.HasEval, c.Stdin = "", string(text), true, true
	}
	c.WorkerConfig = workerConfig
	c.Vitals, c.Sticky, c.Instances = pages, meeting, instances
	return roost.Run(c)
}

const help = `Usage: roost [options] [ script.js | script.ts ] [arguments]

Runs Node.js server applications: JavaScript and TypeScript, CommonJS and ES modules.
Called by the name node it behaves as node.

       roost start|list|logs|stop|...  the process manager: roost pm2 --help

Options:
  -                              script read from standard input
  --                             end of options
  -c, --check                    check the syntax of the script without running it
  -C, --conditions=...           additional conditions of package exports and imports
  -e, --eval=...                 evaluate a script
  -p, --print [...]              evaluate a script and print the result
  -r, --require=...              CommonJS module to load before the program
      --import=...               ES module to load before the program
      --env-file=...             set environment variables from a file
      --env-file-if-exists=...   the same, when the file exists
      --run=...                  run a script of package.json
      --input-type=...           how -e and standard input are read: commonjs or module
      --max-old-space-size=...   limit of the heap in megabytes
      --enable-source-maps       stacks follow the source maps of JavaScript; TypeScript is shown as written anyway
      --no-warnings              silence process warnings
      --no-deprecation           silence deprecation warnings
      --trace-warnings, --trace-deprecation, --throw-deprecation
      --unhandled-rejections=... strict, warn, none, throw (default), warn-with-error-codes
      --preserve-symlinks, --preserve-symlinks-main
      --title=...                title of the process
      --watch                    run the program again when a file changes that it has loaded
      --watch-path=..., --watch-preserve-output, --watch-kill-signal=...
  -v, --version                  print Node's version that the API follows
  -i, --interactive              REPL, even when standard input is no terminal
      --test                     run the files of tests: *.test.js, test/**, or those given
      --test-name-pattern=..., --test-skip-pattern=..., --test-only, --test-concurrency=..., --test-timeout=...
      --test-isolation=...       process (default) or none
      --test-reporter=...        spec (default), tap, dot, junit, lcov or a module
      --test-reporter-destination=..., --test-shard=i/n, --test-update-snapshots, --test-force-exit, --test-global-setup=...
      --experimental-test-coverage, --test-coverage-include=..., --test-coverage-exclude=...
      --test-coverage-lines=..., --test-coverage-branches=..., --test-coverage-functions=...
  -h, --help                     print this

Options of V8 are accepted as well. NODE_OPTIONS holds options before those of the command line.
`
