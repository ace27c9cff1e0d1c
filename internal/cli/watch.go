package cli

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"roost/internal/handle"
	"roost/internal/loop"
	"roost/internal/module/source"
)

// settle is how long after a change the program is started again: editors write in several steps.
const settle = 200 * time.Millisecond

// watchMode is --watch: the program runs as a child, and again whenever a file changes that it has loaded, or that --watch-path names.
// https://nodejs.org/docs/latest-v24.x/api/cli.html#--watch
//
// The child writes the path of every file that its loader reads to a pipe. Everything here runs on the loop's thread, but for the goroutines
// that wait for the child, its pipe and signals, which post.
type watchMode struct {
	command  []string // of the child, without the options of watching
	title    string
	paths    []string // --watch-path
	preserve bool
	signal   syscall.Signal // --watch-kill-signal

	loop    *loop.Loop
	watcher *handle.Watcher
	timer   *loop.Timer
	watched map[string]*handle.Watch // by folder
	wanted  map[string]bool          // files whose change counts
	trees   []*handle.Watch

	child   *exec.Cmd // nil: not running
	again   bool      // the child is ended to start it again
	leaving int       // exit code when the child has ended; -1: none
}

// watch runs the program until a signal ends it.
func watch(args []string, o *parsed) int {
	name := "SIGTERM"
	if o.has("watch-kill-signal") {
		name = o.last("watch-kill-signal")
	}
	number := unix.SignalNum(name)
	if number == 0 {
		fmt.Fprintf(os.Stderr, "TypeError [ERR_UNKNOWN_SIGNAL]: Unknown signal: %s\n", name)
		return exitFailure
	}
	l, err := loop.New()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %s\n", args[0], err)
		return exitFailure
	}
	w := &watchMode{title: strings.Join(o.rest, " "), paths: o.set["watch-path"], preserve: o.has("watch-preserve-output"), signal: number,
		loop: l, watched: map[string]*handle.Watch{}, wanted: map[string]bool{}, leaving: -1}
	w.command = append(withoutWatch(o.execArgv), o.rest...)
	if w.watcher, err = handle.NewWatcher(l); err != nil {
		fmt.Fprintf(os.Stderr, "%s: --watch: %s\n", args[0], err)
		return exitFailure
	}
	w.timer = l.NewTimer(w.restart)
	for _, path := range w.paths {
		tree, err := w.watcher.Add(path, true, func(handle.Change, string) { w.changed() })
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: --watch-path: %s: %s\n", args[0], path, err)
			return exitFailure
		}
		w.trees = append(w.trees, tree)
	}
	for _, f := range o.envFiles {
		w.depend(f.path)
	}
	w.signals()
	w.start()
	l.Run(loop.RunDefault)
	return max(w.leaving, 0)
}

// withoutWatch takes the options of watching off a command line.
func withoutWatch(words []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		name, _, hasValue := strings.Cut(words[i], "=")
		switch name {
		case "--watch":
		case "--watch-path", "--watch-kill-signal":
			if !hasValue {
				i++
			}
		default:
			out = append(out, words[i])
		}
	}
	return out
}

func (w *watchMode) signals() {
	keep := w.loop.NewAsync(func() {}) // the program may have ended and no file be there to wait for
	_ = keep
	c := make(chan os.Signal, 4)
	signal.Notify(c, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		for s := range c {
			w.loop.Post(func() { w.leave(s.(syscall.Signal)) })
		}
	}()
}

// leave ends the child, then the process.
func (w *watchMode) leave(s syscall.Signal) {
	if w.child == nil || w.leaving >= 0 {
		os.Exit(0)
	}
	w.leaving = 0
	_ = w.child.Process.Signal(s)
}

// say prints a line about the program; color is a number of ANSI's.
func (w *watchMode) say(color int, what, after string) {
	text := fmt.Sprintf("%s '%s'%s", what, w.title, after)
	if term.IsTerminal(1) && os.Getenv("NO_COLOR") == "" {
		text = fmt.Sprintf("\x1b[%dm%s\x1b[39m", color, text)
	}
	fmt.Println(text)
}

const (
	red   = 31
	green = 32
	blue  = 34
)

func (w *watchMode) start() {
	cmd := exec.Command("/proc/self/exe", w.command...)
	if exe, err := os.Executable(); err == nil {
		cmd.Path = exe
	}
	cmd.Args[0] = os.Args[0]
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	r, reports, err := os.Pipe()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailure)
	}
	cmd.ExtraFiles = append(w.channel(), reports)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", source.ReportVariable, 2+len(cmd.ExtraFiles)))
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailure)
	}
	reports.Close()
	w.child = cmd
	go func() {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			path := lines.Text()
			w.loop.Post(func() { w.depend(path) })
		}
		r.Close()
	}()
	go func() {
		err := cmd.Wait()
		w.loop.Post(func() { w.ended(cmd, err) })
	}()
}

// channel keeps the descriptor of an IPC channel that this process was started with: the child's messages are for whoever started us.
func (w *watchMode) channel() []*os.File {
	fd, err := strconv.Atoi(os.Getenv("NODE_CHANNEL_FD"))
	if err != nil || fd < 3 || fd > 1023 {
		return nil
	}
	files := make([]*os.File, fd-2)
	files[fd-3] = channelFile(fd)
	return files
}

var channels = map[int]*os.File{}

func channelFile(fd int) *os.File {
	if channels[fd] == nil {
		channels[fd] = os.NewFile(uintptr(fd), "channel")
	}
	return channels[fd]
}

func (w *watchMode) ended(cmd *exec.Cmd, err error) {
	w.child = nil
	switch {
	case w.leaving >= 0:
		if code := cmd.ProcessState.ExitCode(); code > 0 {
			w.leaving = code
		}
		os.Exit(w.leaving)
	case w.again:
		w.again = false
		w.start()
	case err != nil:
		w.say(red, "Failed running", ". Waiting for file changes before restarting...")
	default:
		w.say(blue, "Completed running", ". Waiting for file changes before restarting...")
	}
}

// depend makes changes of a file count. The folder is watched, so that a file that is replaced, as editors do, is seen.
func (w *watchMode) depend(path string) {
	path, err := filepath.Abs(path)
	if err != nil || len(w.paths) > 0 || w.wanted[path] {
		return
	}
	w.wanted[path] = true
	dir := filepath.Dir(path)
	if w.watched[dir] != nil {
		return
	}
	if watch, err := w.watcher.Add(dir, false, func(_ handle.Change, name string) {
		if w.wanted[filepath.Join(dir, name)] {
			w.changed()
		}
	}); err == nil {
		w.watched[dir] = watch
	}
}

func (w *watchMode) changed() { w.timer.Start(settle, 0) }

// restart starts the program again; one that still runs is told to end first.
func (w *watchMode) restart() {
	if w.leaving >= 0 || w.again {
		return
	}
	if !w.preserve && term.IsTerminal(1) {
		fmt.Print("\x1bc")
	}
	w.say(green, "Restarting", "")
	if w.child == nil {
		w.start()
		return
	}
	w.again = true
	_ = w.child.Process.Signal(w.signal)
}

// watchConflict finds options that don't go with --watch, as the command line says it.
func watchConflict(p *parsed) error {
	for _, other := range []string{"check", "eval", "interactive"} {
		if p.has(other) {
			return fmt.Errorf("either --watch or --%s can be used, not both", other)
		}
	}
	if len(p.rest) == 0 || slices.Contains(p.rest[:1], "-") {
		return fmt.Errorf("--watch requires specifying a file")
	}
	return nil
}
