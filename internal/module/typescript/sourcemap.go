package typescript

import (
	"cmp"
	"slices"
	"sync"
)

// SourceMap gives the source position of a position in compiled text. It is decoded when it is first asked. Safe for
// use from several goroutines. The format: https://tc39.es/ecma426/
type SourceMap struct {
	Source   string // path of the only source
	mappings string
	once     sync.Once
	lines    [][]segment // by generated line; immutable after once
}

type segment struct{ column, sourceLine, sourceColumn int32 }

// NewSourceMap makes a map from the "mappings" text of a source map that has one source.
func NewSourceMap(source, mappings string) *SourceMap {
	return &SourceMap{Source: source, mappings: mappings}
}

// Mappings is the map in its text form, for those who hand it on.
func (m *SourceMap) Mappings() string { return m.mappings }

// Lookup finds the source position of a generated one. All numbers count from 0; columns are UTF-16 units.
// A position between two mapped ones belongs to the one before it, as in Node; in front of the first of a line, to that.
func (m *SourceMap) Lookup(line, column int) (sourceLine, sourceColumn int, ok bool) {
	m.once.Do(func() { m.lines = decodeMappings(m.mappings) })
	if line < 0 || line >= len(m.lines) || len(m.lines[line]) == 0 {
		return 0, 0, false
	}
	segments := m.lines[line]
	i, exact := slices.BinarySearchFunc(segments, int32(min(max(column, 0), 1<<30)), func(s segment, column int32) int { return cmp.Compare(s.column, column) })
	if !exact && i > 0 {
		i--
	}
	return int(segments[i].sourceLine), int(segments[i].sourceColumn), true
}

// decodeMappings reads the text as far as it is well formed. Segments without a source are left out.
func decodeMappings(text string) (lines [][]segment) {
	var line []segment
	var at segment
	for i := 0; i <= len(text); {
		if i == len(text) || text[i] == ';' {
			// Compilers write segments in order; a map that doesn't is still searched correctly.
			if !slices.IsSortedFunc(line, compareColumns) {
				slices.SortStableFunc(line, compareColumns)
			}
			lines, line, at.column = append(lines, line), nil, 0
			i++
			continue
		}
		if text[i] == ',' {
			i++
			continue
		}
		var fields [5]int32
		n := 0
		for i < len(text) && text[i] != ',' && text[i] != ';' {
			value, next, ok := decodeVLQ(text, i)
			if !ok {
				return append(lines, line)
			}
			if n < len(fields) {
				fields[n] = value
			}
			n, i = n+1, next
		}
		at.column += fields[0]
		if n >= 4 {
			at.sourceLine += fields[2]
			at.sourceColumn += fields[3]
			if at.column >= 0 && at.sourceLine >= 0 && at.sourceColumn >= 0 {
				line = append(line, at)
			}
		}
	}
	return lines
}

func compareColumns(a, b segment) int { return cmp.Compare(a.column, b.column) }

// decodeVLQ reads one base-64 variable-length quantity at text[i:].
func decodeVLQ(text string, i int) (value int32, next int, ok bool) {
	var bits uint64
	for shift := 0; i < len(text) && shift <= 30; shift += 5 {
		digit := base64Values[text[i]]
		if digit < 0 {
			return 0, i, false
		}
		i++
		bits |= uint64(digit&31) << shift
		if digit&32 == 0 {
			if bits > 1<<32 {
				return 0, i, false
			}
			value = int32(bits >> 1)
			if bits&1 != 0 {
				value = -value
			}
			return value, i, true
		}
	}
	return 0, i, false
}

var base64Values = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		values[c] = int8(i)
	}
	return values
}()
