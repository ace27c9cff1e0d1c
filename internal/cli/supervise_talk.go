package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/logs"
)

// send writes a line to a program's standard input.
func (m *manager) send() int {
	if len(m.args) < 2 {
		return m.fail(errors.New("missing arguments: send <id> <line>"))
	}
	id, err := strconv.Atoi(m.args[0])
	if err != nil {
		return m.fail(fmt.Errorf("Error: Process with ID <%s> unknown.", m.args[0]))
	}
	if err := m.call(control.MethodSend, control.Send{ID: id, Line: m.args[1] + "\n"}, nil, nil); err != nil {
		return m.fail(fmt.Errorf("Error: %w", err))
	}
	return m.list()
}

// Limits of attach when its input has ended: how long it is quiet, and how long at most.
const (
	attachQuiet = 300 * time.Millisecond
	attachLimit = 3 * time.Second
)

// attach connects this terminal with a program: lines go to its standard input, what it prints comes back.
func (m *manager) attach() int {
	if len(m.args) == 0 {
		return m.fail(errors.New("missing argument: attach <id> [command separator]"))
	}
	id, err := strconv.Atoi(m.args[0])
	if err != nil {
		fmt.Fprintln(m.err, "pm_id must be a process number (not a process name)")
		return exitFailure
	}
	end := "\n"
	if len(m.args) > 1 {
		end = m.args[1]
	}
	if m.flags.has("command-separator") {
		end = m.flags.last("command-separator")
	}
	list, err := m.named(m.args[0])
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("Process with ID <%d> unknown.", id)
	}
	if err != nil {
		return m.fail(err)
	}
	c, err := m.connect()
	if err != nil {
		return m.fail(err)
	}
	defer c.Close()
	printed, following, ended := make(chan struct{}, 1), make(chan struct{}), make(chan error, 1)
	go func() {
		first := true
		ended <- c.Call(control.MethodFollow, control.Target{Target: m.args[0], ByID: true}, nil, func(text json.RawMessage) {
			if first {
				first = false
				close(following)
				return
			}
			var l logs.Line
			if json.Unmarshal(text, &l) == nil {
				m.printAttached(l)
			}
			select {
			case printed <- struct{}{}:
			default:
			}
		})
	}()
	select {
	case <-following:
	case err := <-ended:
		return m.fail(err)
	}
	return m.converse(id, end, printed, ended)
}

func (m *manager) printAttached(l logs.Line) {
	text := l.Text
	if l.Raw != "" {
		text = l.Raw
	}
	to := m.out
	if l.Kind == logs.Err {
		to = m.err
	}
	fmt.Fprintln(to, text)
}

// converse sends the lines of the standard input until it or the program's daemon has ended, or a signal comes.
func (m *manager) converse(id int, end string, printed <-chan struct{}, ended <-chan error) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	sent := make(chan error, 1)
	go func() { sent <- m.sendLines(id, end) }()
	select {
	case <-signals:
		return 0
	case err := <-ended:
		if err != nil && err != io.EOF {
			return m.fail(err)
		}
		return 0
	case err := <-sent:
		if err != nil {
			return m.fail(fmt.Errorf("Error: %w", err))
		}
	}
	for limit, quiet := time.After(attachLimit), time.After(attachQuiet); ; {
		select {
		case <-printed:
			quiet = time.After(attachQuiet)
		case <-quiet:
			return 0
		case <-limit:
			return 0
		case <-signals:
			return 0
		}
	}
}

func (m *manager) sendLines(id int, end string) error {
	c, err := m.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadString('\n')
		if len(line) > 0 && line[len(line)-1] == '\n' {
			line = line[:len(line)-1]
		} else if line == "" && err != nil {
			return nil
		}
		if err := c.Call(control.MethodSend, control.Send{ID: id, Line: line + end}, nil, nil); err != nil {
			return err
		}
	}
}

// trigger calls an action of programs and prints what they answer.
func (m *manager) trigger() int {
	if len(m.args) < 2 {
		missing := "action_name"
		if len(m.args) == 0 {
			missing = "id|proc_name|namespace|all"
		}
		return m.fail(fmt.Errorf("missing required argument `%s'", missing))
	}
	p := control.Trigger{Target: m.args[0], Action: m.args[1]}
	if len(m.args) > 2 {
		p.Param = &m.args[2]
	}
	c, err := m.connect()
	if err != nil {
		return m.fail(err)
	}
	defer c.Close()
	var got []control.Process
	code := 0
	err = c.Call(control.MethodTrigger, p, &got, func(text json.RawMessage) {
		var r control.Reply
		if json.Unmarshal(text, &r) != nil {
			return
		}
		value := string(r.Return)
		switch {
		case r.Silent:
			value, code = "(no answer)", exitFailure
		case value == "":
			value = "undefined"
		}
		fmt.Fprintf(m.out, "[%s:%d:%s]=%s\n", r.Name, r.ID, r.Namespace, value)
	})
	if control.IsCode(err, control.NotFound) {
		fmt.Fprintln(m.err, err)
		return exitFailure
	}
	if err != nil {
		return m.fail(err)
	}
	fmt.Fprintln(m.out, m.paint("1", fmt.Sprintf("%d processes have received command %s", len(got), p.Action)))
	return code
}
