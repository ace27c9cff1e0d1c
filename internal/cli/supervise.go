package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"roost/internal/hosting"
	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
)

// manager is one call of a command of the process manager: `roost start`, `roost pm2 start`, or this program called pm2.
type manager struct {
	home    control.Home
	program string   // path of this program
	args    []string // the command's, without options
	rest    []string // behind --
	flags   flags
	out     io.Writer
	err     io.Writer
	colours bool
	columns int // of the terminal; 0: it is none
}

// command is one of the process manager's.
type command struct {
	names []string
	run   func(*manager) int
}

var commands = []command{
	{[]string{"start"}, (*manager).start},
	{[]string{"startOrRestart"}, (*manager).startOrRestart},
	{[]string{"startOrReload", "startOrGracefulReload"}, (*manager).startOrReload},
	{[]string{"stop"}, (*manager).stop},
	{[]string{"restart"}, (*manager).restart},
	{[]string{"reload"}, (*manager).reload},
	{[]string{"delete", "del"}, (*manager).delete},
	{[]string{"scale"}, (*manager).scale},
	{[]string{"list", "ls", "l", "ps", "status"}, (*manager).list},
	{[]string{"jlist"}, (*manager).jlist},
	{[]string{"prettylist"}, (*manager).prettylist},
	{[]string{"describe", "desc", "info", "show"}, (*manager).describe},
	{[]string{"env"}, (*manager).env},
	{[]string{"id"}, (*manager).id},
	{[]string{"pid"}, (*manager).pid},
	{[]string{"logs", "log"}, (*manager).logs},
	{[]string{"flush"}, (*manager).flush},
	{[]string{"reloadLogs"}, (*manager).reloadLogs},
	{[]string{"save", "dump"}, (*manager).save},
	{[]string{"resurrect"}, (*manager).resurrect},
	{[]string{"cleardump"}, (*manager).cleardump},
	{[]string{"startup"}, (*manager).startup},
	{[]string{"unstartup"}, (*manager).unstartup},
	{[]string{"init", "ecosystem"}, (*manager).init},
	{[]string{"sendSignal"}, (*manager).sendSignal},
	{[]string{"send"}, (*manager).send},
	{[]string{"attach"}, (*manager).attach},
	{[]string{"trigger"}, (*manager).trigger},
	{[]string{"serve", "expose"}, (*manager).serve},
	{[]string{"reset"}, (*manager).reset},
	{[]string{"ping"}, (*manager).ping},
	{[]string{"kill"}, (*manager).kill},
	{[]string{"update", "updatePM2"}, (*manager).update},
	{[]string{"set"}, (*manager).set},
	{[]string{"get"}, (*manager).get},
	{[]string{"conf", "config"}, (*manager).conf},
	{[]string{"unset"}, (*manager).unset},
	{[]string{"runtime"}, (*manager).runtime},
	{[]string{"multiset"}, (*manager).multiset},
	{[]string{"report"}, (*manager).report},
	{[]string{"slist", "sysinfos"}, (*manager).sysinfos},
	{[]string{"logrotate"}, (*manager).logrotate},
	{[]string{"examples"}, (*manager).examples},
	{[]string{"monit", "imonit", "dashboard", "dash"}, (*manager).monit},
	{[]string{"web"}, (*manager).web},
	{[]string{"metrics"}, (*manager).metrics},
}

// pm2Only are commands behind pm2 alone: a script or a folder may well be called so.
var pm2Only = map[string]bool{"multiset": true, "report": true, "slist": true, "sysinfos": true, "logrotate": true, "examples": true, "dash": true, "dashboard": true, "imonit": true}

// elsewhere are commands of PM2's that are no business of a process manager here: said so under its name alone, as a script of Node's own may be
// called like one (`roost inspect app.js`).
var elsewhere = map[string]string{
	"deploy": "deployment is out of scope: a CI job or ssh does it, then `startOrReload`",
	"pull":   vcs, "forward": vcs, "backward": vcs,
	"install": modules, "module:install": modules, "uninstall": modules, "module:uninstall": modules, "module:update": modules,
	"module:generate": modules, "package": modules, "publish": modules, "module:publish": modules,
	"link": plus, "unlink": plus, "monitor": plus, "unmonitor": plus, "open": plus, "plus": plus, "register": plus, "login": plus, "logout": plus,
	"install-otel": plus, "uninstall-otel": plus,
	"profile:mem": inside, "profile:cpu": inside, "inspect": "start the program with --node-args=--inspect",
	"create": "there are no templates; `init` writes an ecosystem file", "deepUpdate": "a new binary and `update` do it", "autoinstall": "nothing is installed",
}

const (
	vcs     = "version control is out of scope: a CI job does it, then `reload`"
	modules = "there are no modules; log rotation is built in"
	plus    = "PM2 Plus is a service of somebody else; nothing here speaks to it"
	inside  = "the daemon runs no JavaScript that could be profiled"
)

func findCommand(name string) *command {
	for k := range commands {
		for _, n := range commands[k].names {
			if n == name {
				return &commands[k]
			}
		}
	}
	return nil
}

// daemonArgument starts the daemon. It is no command of users.
const daemonArgument = "--roost-daemon"

// supervise runs args (os.Args) if they are for the process manager.
func supervise(args []string) (code int, mine bool) {
	if len(args) == 2 && args[1] == daemonArgument {
		return runDaemon(), true
	}
	if len(args) == 2 && args[1] == ecosystem.ServeArgument {
		return runServe(), true
	}
	if len(args) == 2 && args[1] == hosting.Argument {
		return runHost(), true
	}
	switch name := filepath.Base(args[0]); {
	case name == "node":
		return 0, false
	case strings.HasPrefix(name, "pm2-runtime"), strings.HasPrefix(name, "pm2-docker"):
		return manage(append([]string{"runtime"}, args[1:]...)), true
	case name == "pm2":
		return manage(args[1:]), true
	case len(args) > 1 && args[1] == "pm2":
		return manage(args[2:]), true
	case len(args) > 1 && (findCommand(args[1]) != nil && !pm2Only[args[1]] || args[1] == "deploy" && !exists(args[1])):
		return manage(args[1:]), true
	}
	return 0, false
}

// manage runs one command line of PM2's.
func manage(words []string) int {
	if len(words) > 0 && elsewhere[words[0]] != "" {
		words = words[:1] // its options are nobody's
	}
	m := &manager{out: os.Stdout, err: os.Stderr, colours: term.IsTerminal(1) && os.Getenv("NO_COLOR") == ""}
	if columns, _, err := term.GetSize(1); err == nil {
		m.columns = columns
	}
	var err error
	if m.flags, m.args, m.rest, err = parseFlags(words); err != nil {
		return m.fail(err)
	}
	if m.flags.has("no-color") {
		m.colours = false
	}
	if m.flags.has("silent") {
		m.out = io.Discard
	}
	if m.program, err = os.Executable(); err != nil {
		return m.fail(err)
	}
	if m.home, err = control.FindHome(); err != nil {
		return m.fail(err)
	}
	if m.flags.has("version") {
		fmt.Fprintln(m.out, supervisorVersion)
		return 0
	}
	if len(m.args) == 0 || m.flags.has("help") {
		fmt.Fprint(m.out, managerHelp)
		return 0
	}
	c := findCommand(m.args[0])
	if why := elsewhere[m.args[0]]; c == nil && why != "" {
		return m.fail(fmt.Errorf("%s is not there: %s", m.args[0], why))
	}
	if c == nil {
		return m.fail(fmt.Errorf("Command not found: %s", m.args[0]))
	}
	m.args = m.args[1:]
	if len(m.args) > 0 {
		m.flags.command = c.names[0]
	}
	return c.run(m)
}

// supervisorVersion is the version of PM2 whose commands these are.
const supervisorVersion = "7.0.4"

// connect gives the daemon, started if need be.
func (m *manager) connect() (*control.Client, error) {
	c, started, err := control.EnsureBlocking(m.home, m.program, []string{daemonArgument})
	if err != nil {
		return nil, err
	}
	if started {
		m.say("Daemon started with home %s", m.home)
	}
	return c, nil
}

// call calls one method of the daemon.
func (m *manager) call(method string, params, result any, note func(control.Note)) error {
	c, err := m.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Call(method, params, result, noteReader(note))
}

func (m *manager) processes() ([]control.Process, error) {
	var list []control.Process
	return list, m.call(control.MethodList, nil, &list, nil)
}

// target gives the command's only argument.
func (m *manager) target() (string, error) {
	if len(m.args) == 0 {
		return "", errors.New("missing argument: id, name, namespace or all")
	}
	return m.args[0], nil
}

const mark = "[Roost]"

func (m *manager) say(format string, args ...any) {
	fmt.Fprintf(m.out, "%s %s\n", m.paint("32", mark), fmt.Sprintf(format, args...))
}

func (m *manager) warn(format string, args ...any) {
	fmt.Fprintf(m.err, "%s %s\n", m.paint("33", mark+"[WARN]"), fmt.Sprintf(format, args...))
}

// fail prints an error and gives the exit code for it.
func (m *manager) fail(err error) int {
	fmt.Fprintf(m.err, "%s %s\n", m.paint("31", mark+"[ERROR]"), err)
	return exitFailure
}

// paint colours text; code is ANSI's.
func (m *manager) paint(code, text string) string {
	if !m.colours {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

const managerHelp = `Usage: roost <command> [options]          (also: roost pm2 <command>, or this program by the name pm2)

  start <file|name|ecosystem file> [-- arguments]    start an application, or those of an ecosystem file
  stop, restart, reload, delete <id|name|namespace|all|/expression/>
  startOrRestart, startOrReload <ecosystem file>
  scale <name> <number>                              number may be +N or -N
  list, jlist, prettylist                            list --json too
  describe <id|name>, env <id>, id <name>, pid [name]
  logs [id|name|namespace]                           --lines N --err --out --raw --json --timestamp --highlight TEXT --nostream
  flush [name], reloadLogs
  save, resurrect, cleardump, startup, unstartup
  monit                                              the dashboard on a terminal: figures, logs, keys to act
  web                                                the dashboard in a browser: --port 9615 --host 127.0.0.1 --token TEXT (or $ROOST_WEB_TOKEN)
  metrics                                            Prometheus format from the daemon: --port 9209 --host 127.0.0.1 --token TEXT; metrics off
  sendSignal <signal> <id|name>, send <id> <line>, reset <id|name|all>
  attach <id> [command separator]                    its standard input and output on this terminal
  trigger <id|name|namespace|all> <action> [parameter]
  serve [path] [port]                                static files: --host --spa --ftp --basic-auth-username --basic-auth-password
  ping, update, kill
  set, get, unset, conf, multiset
  report, sysinfos, examples, logrotate              behind pm2 alone
  init [simple]                                      write an ecosystem file
  runtime <file|ecosystem file>                      in the foreground, for containers

Options of start, those of ecosystem files by their names:
  -n --name  -i --instances  --threads  --sticky [by]  --namespace  --cwd  --interpreter  --node-args  -o --output  -e --error  -l --log  --log-type
  --log-date-format  --time  --merge-logs  --disable-logs  --watch [paths]  --ignore-watch  --watch-delay  --max-memory-restart  -c --cron-restart
  --env  -a --update-env  --wait-ready  --listen-timeout  -k --kill-timeout  --shutdown-with-message  --no-autorestart  --stop-exit-codes
  --restart-delay  --exp-backoff-restart-delay  --max-restarts  --min-uptime  --uid  --gid  --no-treekill  --filter-env  --only  --no-daemon
  --attach  -f --force  -s --silent  -m --mini-list  --no-color
`
