package logs

import (
	"encoding/json"
	"time"
)

// Kind is which of a program's streams a line came from.
type Kind string

const (
	Out Kind = "out"
	Err Kind = "err"
)

// Format says how a line is written to the files. Immutable.
type Format struct {
	JSON      bool // log_type: 'json'
	Date      Layout
	App       string // app_name of JSON lines
	Namespace string // for followers
	ID        int    // process_id of JSON lines
}

// record is a line of log_type json; fields and order are PM2's.
type record struct {
	Message   string `json:"message"`
	Timestamp string `json:"timestamp"`
	Type      Kind   `json:"type"`
	ID        int    `json:"process_id"`
	App       string `json:"app_name"`
}

// isPlain tells whether lines go through as they are.
func (f Format) isPlain() bool { return !f.JSON && f.Date.Empty() }

// appendLine writes one line, which has no line break of its own.
func (f Format) appendLine(b, line []byte, kind Kind, now time.Time) []byte {
	if f.JSON {
		return f.appendJSON(b, line, kind, now)
	}
	if !f.Date.Empty() {
		b = f.Date.Append(b, now)
		b = append(b, ": "...)
	}
	return append(append(b, line...), '\n')
}

func (f Format) appendJSON(b, line []byte, kind Kind, now time.Time) []byte {
	stamp := now.UTC().Format("2006-01-02T15:04:05.000Z07:00")
	if !f.Date.Empty() {
		stamp = string(f.Date.Append(nil, now))
	}
	text, err := json.Marshal(record{string(line) + "\n", stamp, kind, f.ID, f.App})
	if err != nil {
		return b // not reached: strings and a number always have a JSON text
	}
	return append(append(b, text...), '\n')
}
