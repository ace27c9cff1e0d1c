package terminal

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"roost/internal/supervisor/control"
)

// Colours are the terminal's own sixteen, so that its theme decides what they look like. Bubble Tea leaves them out where NO_COLOR asks for it.
const (
	bold    = "1"
	dim     = "90"
	reverse = "7"
	red     = "31"
	green   = "32"
	yellow  = "33"
	blue    = "34"
	cyan    = "36"
)

func paint(code, text string) string {
	if code == "" || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func statusColour(status string) string {
	switch status {
	case control.Online:
		return green
	case control.Launching, control.Stopping:
		return blue
	case control.Waiting:
		return yellow
	case control.Stopped:
		return dim
	}
	return red
}

// fit makes text exactly width columns wide.
func fit(text string, width int) string {
	if width <= 0 {
		return ""
	}
	text = ansi.Truncate(text, width, "…")
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}

func fitRight(text string, width int) string {
	text = ansi.Truncate(text, width, "…")
	return strings.Repeat(" ", max(0, width-ansi.StringWidth(text))) + text
}

func bytes(n float64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%.0f B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.0f KB", n/(1<<10))
	case n < 100<<20:
		return fmt.Sprintf("%.1f MB", n/(1<<20))
	case n < 1<<30:
		return fmt.Sprintf("%.0f MB", n/(1<<20))
	}
	return fmt.Sprintf("%.2f GB", n/(1<<30))
}

func percent(p float64) string { return fmt.Sprintf("%.1f%%", p) }

// milliseconds shows a lag: three digits are enough.
func milliseconds(ms float64) string {
	switch {
	case ms >= 10_000:
		return fmt.Sprintf("%.0f s", ms/1000)
	case ms >= 1000:
		return fmt.Sprintf("%.1f s", ms/1000)
	case ms >= 100:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 10:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}

func rate(r float64) string {
	switch {
	case r >= 100_000:
		return fmt.Sprintf("%.0fk", r/1000)
	case r >= 100:
		return fmt.Sprintf("%.0f", r)
	}
	return fmt.Sprintf("%.1f", r)
}
