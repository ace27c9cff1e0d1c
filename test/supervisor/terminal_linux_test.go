package supervisor

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"golang.org/x/sys/unix"
)

// screen is a program on a pseudo terminal, and an emulator that shows what it drew.
type screen struct {
	t      *testing.T
	p      *place
	master *os.File
	slave  *os.File // kept open, so that the terminal's modes can be read when the program has ended
	before *unix.Termios
	vt     *vt.SafeEmulator
	cmd    *exec.Cmd
	ended  chan error
}

// onTerminal runs a command of roost on a terminal of this size.
func (p *place) onTerminal(width, height int, env []string, args ...string) *screen {
	p.t.Helper()
	master, slave, err := openTerminal()
	if err != nil {
		p.t.Skipf("no pseudo terminal: %v", err)
	}
	s := &screen{t: p.t, p: p, master: master, slave: slave, vt: vt.NewSafeEmulator(width, height), ended: make(chan error, 1)}
	s.size(width, height)
	if s.before, err = unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS); err != nil {
		p.t.Fatal(err)
	}
	s.cmd = exec.Command(p.roost, args...)
	s.cmd.Dir = p.dir
	s.cmd.Env = append(append(os.Environ(), "TERM=xterm-256color", "NO_COLOR=", "ROOST_HOME="+p.home), env...)
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = slave, slave, slave
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	go func() { _, _ = io.Copy(s.vt, master) }()
	go func() { _, _ = io.Copy(master, s.vt) }() // its answers to queries
	p.t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = master.Close()
		_ = slave.Close()
	})
	return s
}

func openTerminal() (master, slave *os.File, err error) {
	master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, err
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		return nil, nil, err
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	return master, slave, err
}

func (s *screen) size(width, height int) {
	s.t.Helper()
	if err := unix.IoctlSetWinsize(int(s.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(width), Row: uint16(height)}); err != nil {
		s.t.Fatal(err)
	}
}

// text is what the screen shows, without colours.
func (s *screen) text() string {
	var b strings.Builder
	e := s.vt
	for y := range e.Height() {
		for x := 0; x < e.Width(); {
			c := e.CellAt(x, y)
			if c == nil || c.Width == 0 {
				b.WriteByte(' ')
				x++
				continue
			}
			b.WriteString(c.Content)
			x += c.Width
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (s *screen) line(with string) string {
	for _, l := range strings.Split(s.text(), "\n") {
		if strings.Contains(l, with) {
			return l
		}
	}
	return ""
}

// cell gives what stands under a column's name, which is aligned right.
func (s *screen) cell(row, column string) string {
	end := strings.Index(s.line(column), column)
	line := []rune(s.line(row))
	if end < 0 || len(line) == 0 {
		return ""
	}
	end = len([]rune(s.line(column)[:end])) + len([]rune(column))
	f := strings.Fields(string(line[:min(end, len(line))]))
	return f[len(f)-1]
}

func (s *screen) press(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.master, keys); err != nil {
		s.t.Fatal(err)
	}
}

func (s *screen) until(what string, ok func(text string) bool) {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok(s.text()) {
			return
		}
	}
	s.t.Fatalf("never: %s; the screen shows\n%s", what, s.text())
}

func (s *screen) shows(text string) {
	s.t.Helper()
	s.until("it shows "+text, func(all string) bool { return strings.Contains(all, text) })
}

// quits waits for the program's end, which must leave the terminal as it was.
func (s *screen) quits() {
	s.t.Helper()
	select {
	case err := <-s.ended:
		if err != nil {
			s.t.Errorf("it ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		s.t.Fatalf("it doesn't end; the screen shows\n%s", s.text())
	}
	after, err := unix.IoctlGetTermios(int(s.slave.Fd()), unix.TCGETS)
	if err != nil || *after != *s.before {
		s.t.Errorf("the terminal's modes were\n%+v, are\n%+v (%v)", *s.before, *after, err)
	}
	s.until("the screen of before comes back", func(string) bool { return !s.vt.IsAltScreen() && !s.vt.CursorHidden() })
}

const talker = `
let n = 0; const name = process.env.name;
console.log(name, 'hello \x1b[31mred\x1b[0m\x1b[2J'); console.error('a warning of', name);
process.on('SIGUSR2', () => console.log('signal', ++n));
require('node:http').createServer((q, r) => r.end('ok')).listen(0, '127.0.0.1');
`

func TestMonit(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": talker})
	p.ok("start", "app.js", "--name", "alpha")
	p.ok("start", "app.js", "--name", "beta")
	s := p.onTerminal(120, 36, nil, "monit")
	s.shows("2/2 online")
	s.shows("alpha hello red")
	s.shows("a warning of alpha")
	if l := s.line("▸"); !strings.Contains(l, "alpha") || !strings.Contains(l, "online") {
		t.Errorf("selected is %q", l)
	}

	s.press("j")
	s.shows("logs of beta")
	s.shows("beta hello red")
	s.press("\x1b[A")
	s.shows("logs of alpha")
	s.press("\x1b[B")
	s.shows("logs of beta")

	old := p.list()[1].Pid
	s.press("r")
	s.shows("restarted beta (1)")
	s.until("beta's restarts go up", func(string) bool { return s.cell("▸ ", "↺") == "1" })
	if now := p.list()[1].Pid; now == old {
		t.Error("it was not restarted")
	}
	s.until("the new one prints", func(all string) bool { return strings.Count(all, "a warning of beta") == 2 })
	p.ok("sendSignal", "SIGUSR2", "beta")
	s.shows("signal 1")

	s.press("R")
	s.shows("reloaded beta (1)")

	s.press("s")
	s.shows("press s once more to stop beta")
	s.press("x")
	s.press("ss")
	s.shows("stopped beta (1)")
	s.shows("1/2 online")

	s.press("/alph\r")
	s.until("beta is filtered out", func(all string) bool { return strings.Contains(all, "filter: alph") && !strings.Contains(all, "beta ") })
	s.shows("logs of alpha")
	s.press("\x1b")
	s.until("beta is back", func(string) bool { return s.line("stopped") != "" })

	s.press("?")
	s.shows("one process after the other")
	s.press("x")
	s.shows("logs of alpha")
	s.press("q")
	s.quits()
}

// The daemon goes and comes back; the dashboard says so and goes on.
func TestMonitWithoutDaemon(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": talker})
	p.ok("start", "app.js", "--name", "alpha")
	s := p.onTerminal(100, 30, nil, "monit")
	s.shows("1/1 online")
	if err := syscall.Kill(p.daemon(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.shows("daemon gone, trying again")
	s.press("r")
	s.shows("the daemon doesn't answer")
	p.ok("list")
	s.shows("1/1 online")
	p.ok("sendSignal", "SIGUSR2", "alpha")
	s.shows("signal 1")
	s.press("\x03")
	s.quits()
}

// Any size of the terminal will do, and none of them is overrun.
func TestMonitSizes(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": talker, "bad.js": "console.error('the reason'); process.exit(3)"})
	p.ok("start", "app.js", "--name", "alpha")
	_, _ = p.run("start", "bad.js", "--name", "broken", "--max-restarts", "1")
	s := p.onTerminal(200, 50, []string{"NO_COLOR=1"}, "monit")
	s.shows("handles")
	s.shows("errored")
	s.press("j")
	s.shows("ended with code 3")
	for _, size := range [][2]int{{60, 20}, {40, 12}, {24, 8}, {10, 3}, {1, 1}, {100, 30}} {
		s.vt.Resize(size[0], size[1])
		s.size(size[0], size[1])
		if size[0] >= 24 {
			s.until(fmt.Sprint("it is drawn for ", size), func(all string) bool {
				return strings.Contains(all, "broken") && strings.Contains(all, "status") && strings.Contains(strings.SplitN(all, "\n", 2)[0], "Roost")
			})
		}
	}
	for y := range s.vt.Height() {
		for x := range s.vt.Width() {
			if c := s.vt.CellAt(x, y); c != nil && (c.Style.Fg != nil || c.Style.Bg != nil) {
				t.Fatalf("column %d of line %d has a colour in spite of NO_COLOR", x, y)
			}
		}
	}
	s.press("q")
	s.quits()
}

func TestMonitPiped(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": talker})
	p.ok("start", "app.js", "--name", "alpha")
	out, code := p.run("monit")
	if code != 0 || !strings.Contains(out, "no terminal") || !strings.Contains(out, "alpha") || strings.Contains(out, "\x1b") {
		t.Errorf("%d %q", code, out)
	}
}
