package cli

import (
	"context"
	"os"

	"golang.org/x/term"

	"roost/internal/dashboard/terminal"
)

// monit is the dashboard on the terminal. Without a terminal it prints one reading.
func (m *manager) monit() int {
	c, err := m.connect()
	if err != nil {
		return m.fail(err)
	}
	c.Close()
	if !term.IsTerminal(0) || !term.IsTerminal(1) {
		m.warn("this is no terminal: one reading, as plain text. In scripts use `roost list --json` and `roost logs`")
		if err := terminal.Once(context.Background(), m.home, m.out); err != nil {
			return m.fail(err)
		}
		return 0
	}
	if err := terminal.Run(context.Background(), terminal.Options{Home: m.home, In: os.Stdin, Out: os.Stdout, Plain: !m.colours}); err != nil {
		return m.fail(err)
	}
	return 0
}
