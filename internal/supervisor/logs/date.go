package logs

import (
	"strconv"
	"strings"
	"time"
)

// Layout is a compiled log_date_format. The zero value writes nothing. Immutable after Compile.
type Layout struct{ parts []part }

// part appends a piece of the date to b.
type part func(b []byte, t time.Time) []byte

// DefaultDateFormat is what the option `time: true` means.
const DefaultDateFormat = "YYYY-MM-DDTHH:mm:ss"

// Compile reads a format in the tokens of moment and dayjs. Text in brackets, and what is no token, stands for itself.
// https://day.js.org/docs/en/display/format https://momentjs.com/docs/#/displaying/format/
func Compile(format string) Layout {
	var l Layout
	for format != "" {
		if end := strings.IndexByte(format, ']'); format[0] == '[' && end > 0 {
			l.parts = append(l.parts, literal(format[1:end]))
			format = format[end+1:]
			continue
		}
		token, rest := nextToken(format)
		if p := tokens[token]; p != nil {
			l.parts = append(l.parts, p)
		} else if long := localized[token]; long != "" {
			l.parts = append(l.parts, Compile(long).parts...)
		} else {
			l.parts = append(l.parts, literal(token))
		}
		format = rest
	}
	return l
}

// Empty tells whether nothing would be written.
func (l Layout) Empty() bool { return len(l.parts) == 0 }

// Append writes t.
func (l Layout) Append(b []byte, t time.Time) []byte {
	for _, p := range l.parts {
		b = p(b, t)
	}
	return b
}

// nextToken takes the longest token off the front, or one character.
func nextToken(s string) (token, rest string) {
	for n := min(len(s), longestToken); n > 0; n-- {
		if tokens[s[:n]] != nil || localized[s[:n]] != "" {
			return s[:n], s[n:]
		}
	}
	return s[:1], s[1:]
}

const longestToken = 4

// localized are the tokens that stand for others, in English.
var localized = map[string]string{
	"LTS": "h:mm:ss A", "LT": "h:mm A", "LLLL": "dddd, MMMM D, YYYY h:mm A", "LLL": "MMMM D, YYYY h:mm A", "LL": "MMMM D, YYYY", "L": "MM/DD/YYYY",
	"llll": "ddd, MMM D, YYYY h:mm A", "lll": "MMM D, YYYY h:mm A", "ll": "MMM D, YYYY", "l": "M/D/YYYY",
}

var tokens = map[string]part{
	"YYYY": number(4, time.Time.Year),
	"YY":   number(2, func(t time.Time) int { return t.Year() % 100 }),
	"Q":    number(1, func(t time.Time) int { return (int(t.Month())-1)/3 + 1 }),
	"MMMM": layout("January"), "MMM": layout("Jan"),
	"MM": number(2, month), "M": number(1, month),
	"Mo":   ordinal(month),
	"DDDD": number(3, time.Time.YearDay), "DDD": number(1, time.Time.YearDay),
	"DD": number(2, time.Time.Day), "D": number(1, time.Time.Day),
	"Do":   ordinal(time.Time.Day),
	"dddd": layout("Monday"), "ddd": layout("Mon"),
	"dd": func(b []byte, t time.Time) []byte { return append(b, t.Weekday().String()[:2]...) },
	"d":  number(1, weekday), "e": number(1, weekday),
	"E":    number(1, func(t time.Time) int { return (weekday(t)+6)%7 + 1 }),
	"GGGG": number(4, func(t time.Time) int { y, _ := t.ISOWeek(); return y }),
	"WW":   number(2, isoWeek), "W": number(1, isoWeek),
	"HH": number(2, time.Time.Hour), "H": number(1, time.Time.Hour),
	"hh": number(2, hour12), "h": number(1, hour12),
	"kk": number(2, hour24), "k": number(1, hour24),
	"mm": number(2, time.Time.Minute), "m": number(1, time.Time.Minute),
	"ss": number(2, time.Time.Second), "s": number(1, time.Time.Second),
	"SSS": number(3, func(t time.Time) int { return t.Nanosecond() / 1e6 }),
	"SS":  number(2, func(t time.Time) int { return t.Nanosecond() / 1e7 }),
	"S":   number(1, func(t time.Time) int { return t.Nanosecond() / 1e8 }),
	"A":   layout("PM"), "a": layout("pm"),
	"ZZ": layout("-0700"), "Z": layout("-07:00"),
	"z": layout("MST"), "zz": layout("MST"),
	"X": func(b []byte, t time.Time) []byte { return strconv.AppendInt(b, t.Unix(), 10) },
	"x": func(b []byte, t time.Time) []byte { return strconv.AppendInt(b, t.UnixMilli(), 10) },
}

func month(t time.Time) int   { return int(t.Month()) }
func weekday(t time.Time) int { return int(t.Weekday()) }
func isoWeek(t time.Time) int { _, w := t.ISOWeek(); return w }
func hour12(t time.Time) int  { return (t.Hour()+11)%12 + 1 }
func hour24(t time.Time) int  { return (t.Hour()+23)%24 + 1 }

func literal(s string) part {
	return func(b []byte, _ time.Time) []byte { return append(b, s...) }
}

func layout(goLayout string) part {
	return func(b []byte, t time.Time) []byte { return t.AppendFormat(b, goLayout) }
}

func number(width int, of func(time.Time) int) part {
	return func(b []byte, t time.Time) []byte {
		n := of(t)
		for limit, w := 10, 1; w < width; limit, w = limit*10, w+1 {
			if n < limit {
				b = append(b, '0')
			}
		}
		return strconv.AppendInt(b, int64(n), 10)
	}
}

func ordinal(of func(time.Time) int) part {
	return func(b []byte, t time.Time) []byte {
		n := of(t)
		suffix := "th"
		if n/10%10 != 1 {
			switch n % 10 {
			case 1:
				suffix = "st"
			case 2:
				suffix = "nd"
			case 3:
				suffix = "rd"
			}
		}
		return append(strconv.AppendInt(b, int64(n), 10), suffix...)
	}
}
