package ecosystem

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"roost/internal/sticky"
)

// what a kind is called in an error.
var kindNames = map[kind]string{
	text: "a text", flag: "true or false", integer: "a whole number", duration: "a time: milliseconds, or a text such as '10s'",
	size: "a size: bytes, or a text such as '150M'", words: "a text or a list of texts", list: "a text or a list of texts",
	codes: "an exit code or a list of them", count: "a number or 'max'", account: "a number or a name", flagOrList: "true, false, a text or a list of texts",
	variables: "an object of names and values", numberOrText: "a text", stickiness: sticky.Wanted,
}

// convert gives the value of a kind, in Go's types: string, bool, int64, []string, []int, map[string]string.
func convert(k kind, v any) (any, bool) {
	switch k {
	case text:
		s, ok := v.(string)
		return s, ok
	case numberOrText:
		return scalar(v)
	case flag:
		return toFlag(v)
	case integer:
		return toInteger(v)
	case duration:
		return toScaled(v, durationUnits)
	case size:
		return toScaled(v, sizeUnits)
	case words:
		if s, ok := v.(string); ok {
			out, err := SplitWords(s)
			return out, err == nil
		}
		return toList(v)
	case list:
		return toList(v)
	case codes:
		return toCodes(v)
	case count:
		if s, ok := v.(string); ok && s == "max" {
			return int64(0), true
		}
		return toInteger(v)
	case account:
		return scalar(v)
	case flagOrList:
		if b, ok := toFlag(v); ok {
			return b, true
		}
		return toList(v)
	case variables:
		return toVariables(v)
	case stickiness:
		return toStickiness(v)
	}
	return nil, false
}

func toFlag(v any) (any, bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		if v == "true" || v == "false" {
			return v == "true", true
		}
	}
	return nil, false
}

func toInteger(v any) (any, bool) {
	switch v := v.(type) {
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case int:
		return int64(v), true
	case int64:
		return v, true
	case string:
		n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		return n, err == nil
	}
	return nil, false
}

var durationUnits = map[string]float64{"": 1, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
var sizeUnits = map[string]float64{"": 1, "b": 1, "k": 1 << 10, "kb": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "g": 1 << 30, "gb": 1 << 30}

var scaled = regexp.MustCompile(`^\s*(-?[0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*$`)

func toScaled(v any, units map[string]float64) (any, bool) {
	s, ok := v.(string)
	if !ok {
		return toInteger(v)
	}
	m := scaled.FindStringSubmatch(s)
	if m == nil {
		return nil, false
	}
	unit, known := units[strings.ToLower(m[2])]
	n, err := strconv.ParseFloat(m[1], 64)
	if !known || err != nil || math.Abs(n*unit) > 1<<53 {
		return nil, false
	}
	return int64(n * unit), true
}

// scalar writes a text, a number or a boolean as JavaScript does.
func scalar(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		b, err := json.Marshal(v)
		return string(b), err == nil
	}
	return "", false
}

func toList(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []string:
		return v, true
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			s, ok := scalar(e)
			if !ok {
				return nil, false
			}
			out = append(out, s.(string))
		}
		return out, true
	}
	return nil, false
}

func toCodes(v any) (any, bool) {
	many, ok := v.([]any)
	if !ok {
		many = []any{v}
	}
	var out []int
	for _, e := range many {
		n, ok := toInteger(e)
		if !ok || n.(int64) < 0 || n.(int64) > 255 {
			return nil, false
		}
		out = append(out, int(n.(int64)))
	}
	return out, true
}

// toStickiness gives the text of a sticky.By.
func toStickiness(v any) (any, bool) {
	switch v := v.(type) {
	case bool:
		by, _ := sticky.Parse(strconv.FormatBool(v))
		return by.String(), true
	case string:
		by, err := sticky.Parse(v)
		return by.String(), err == nil
	}
	return nil, false
}

func toVariables(v any) (any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	out := make(map[string]string, len(m))
	for name, value := range m {
		if value == nil {
			continue
		}
		s, ok := scalar(value)
		if !ok {
			// An object, as PM2 has it for watch_options.
			b, err := json.Marshal(value)
			if err != nil {
				return nil, false
			}
			s = string(b)
		}
		out[name] = s.(string)
	}
	return out, true
}

// SplitWords splits at spaces as a shell would, with quotes and backslashes and nothing else: no shell is involved.
func SplitWords(s string) ([]string, error) {
	var out []string
	var word strings.Builder
	quote, open := rune(0), false
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, open = true, true
		case quote != 0:
			if r == quote {
				quote = 0
			} else {
				word.WriteRune(r)
			}
		case r == '\'' || r == '"':
			quote, open = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if open {
				out = append(out, word.String())
				word.Reset()
				open = false
			}
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 || escaped {
		return nil, fmt.Errorf("%q ends inside a quotation", s)
	}
	if open {
		out = append(out, word.String())
	}
	return out, nil
}
